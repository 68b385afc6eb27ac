"""Filling the comparison table of two versions of a draft."""

from __future__ import annotations

from typing import Final

from consult.core.portal import portal
from consult.documents import comparison_sheet, comparison_table, queries
from consult.documents.comparison_model import ComparisonRow, ComparisonTable, Mark, Side, Span
from consult.documents.model import Signature
from consult.documents.services import letterhead
from consult.drafts import change_queries
from consult.drafts.change_queries import ShownChange
from consult.drafts.models import VersionComparison
from consult.drafts.queries import ProvisionLine
from consult.responses.comparison_page import differences
from consult.responses.differences import Run

# The words that the interface has for them in Vietnamese.
KINDS: Final = {
    "changed": "Sửa đổi",
    "moved": "Chuyển vị trí",
    "renumbered": "Đổi số thứ tự",
    "split": "Tách",
    "merged": "Gộp",
    "added": "Bổ sung",
    "deleted": "Lược bỏ",
}


def docx(record: VersionComparison) -> bytes:
    """Return the comparison as a Word file, to be numbered, dated and signed by hand."""
    return comparison_table.render_docx(_table(record))


def xlsx(record: VersionComparison) -> bytes:
    """Return the comparison as a workbook."""
    return comparison_sheet.render_xlsx(_table(record))


def _table(record: VersionComparison) -> ComparisonTable:
    """Return all that changed between the two versions; a constant number of queries."""
    old, new = record.old_version, record.new_version
    changed = [c for c in change_queries.changes(record.id) if c.kind != "unchanged"]
    shown = change_queries.with_texts(old.id, new.id, changed) if changed else []
    return ComparisonTable(
        letterhead=letterhead(queries.agency(new.draft.agency_id), portal(), ""),
        subject=new.draft.title,
        versions=f"Phiên bản {old.number} và phiên bản {new.number}",
        rows=tuple(
            _row(one, segments) for one, segments in zip(shown, differences(shown), strict=True)
        ),
        signature=Signature(None, "Thủ trưởng cơ quan", None),
        recipients=tuple(queries.addressees()),
    )


def _row(shown: ShownChange, segments: list[Run]) -> ComparisonRow:
    change = shown.change
    kind = KINDS[change.kind]
    if change.wording_changed and change.kind in ("moved", "renumbered", "split", "merged"):
        kind = f"{kind}, {KINDS['changed'].lower()}"
    return ComparisonRow(
        before=Side(_places(shown.old), _spans(segments, "deleted")),
        after=Side(_places(shown.new), _spans(segments, "inserted")),
        kind=kind,
        reason=change.reason,
    )


def _places(lines: tuple[ProvisionLine, ...]) -> str:
    place = "; ".join(line.citation for line in lines)
    return place[:1].upper() + place[1:]


def _spans(segments: list[Run], own: Mark) -> tuple[Span, ...]:
    """Return one side's words: what both have, and what is deleted or inserted there."""
    return tuple(
        Span(s.text, "" if s.minor or s.op == "equal" else own)
        for s in segments
        if s.op in ("equal", own)
    )
