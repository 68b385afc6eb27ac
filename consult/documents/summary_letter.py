"""Văn bản phản biện xã hội: the Front's letter to the drafting agency."""

from __future__ import annotations

from collections.abc import Iterator

from consult.core.i18n import format_date
from consult.core.plain import plain
from consult.core.text import shorten
from consult.documents.critique_words import inside, numbered, written
from consult.documents.official import Block, Column, Official, Table, Words
from consult.documents.services import STANCES
from consult.documents.summary_material import Material
from consult.documents.summary_words import (
    course,
    differing,
    dissents,
    figures,
    head,
    heading,
    hidden,
    others,
    signature,
    title,
)
from consult.submissions.models import Point, Stance
from consult.summaries.sections import SectionView

_DRAFT_LENGTH = 700
_COLUMNS = (
    Column("Nội dung dự thảo", 0.3),
    Column("Ý kiến phản biện", 0.42),
    Column("Đề nghị sửa", 0.28),
)


def letter_document(material: Material) -> Official:
    """Return the letter with its customary parts; opinions bear codes, contributors no names.

    Dissents bear the names that their authors chose to show.
    """
    agency = material.consultation.agency.name
    return Official(
        letterhead=head(material, material.settings.letter_symbol),
        title=material.settings.letter_title,
        subject=f"Đối với {inside(title(material))}",
        state=material.state,
        blocks=(Words(f"{agency}.", "Kính gửi:"), *numbered(_parts(material))),
        signatures=(signature(material),),
        recipients=("Như trên", *others(material)),
        small_print=(material.log,),
    )


def _parts(material: Material) -> list[tuple[str, list[Block]]]:
    whole = [one for one in material.sections if one.line is None]
    general = [block for one in whole for block in written(one.narrative)]
    rows = tuple(_row(material, section) for section in material.sections)
    return [
        ("Căn cứ và quá trình phản biện", [Words(course(material)), Words(figures(material))]),
        ("Nhận xét chung", [*written(material.introduction), *general]),
        ("Ý kiến cụ thể", [Table(_COLUMNS, rows)] if rows else []),
        ("Ý kiến còn khác nhau", list(differing(material, named=False))),
        ("Ý kiến bảo lưu", list(dissents(material))),
        ("Kiến nghị", written(material.conclusion)),
        ("Đề nghị phản hồi", [Words(_reply(material))]),
    ]


def _row(material: Material, section: SectionView) -> tuple[str, str, str]:
    line = section.line
    words = shorten(material.draft.get(line.id, "").strip(), _DRAFT_LENGTH) if line else ""
    draft = f"{heading(line)}\n{words}"
    points = {one.point_id: one.point for one in section.passages}
    proposed = "\n".join(
        f"“{point.proposed_wording.strip()}” ({point.code})"
        for point in points.values()
        if point.proposed_wording.strip() and point.hidden_at is None
    )
    narrative = section.narrative.strip() if line else ""
    return draft, "\n".join([narrative, *_opinions(section)]), proposed


def _opinions(section: SectionView) -> Iterator[str]:
    for stance in Stance:
        found = section.of(stance)
        if found:
            yield f"{STANCES[stance]} ({section.counts.get(stance, 0)} ý kiến):"
        for one in found:
            yield f"- {_words(one.point, one.text)} ({one.point.code})"


def _words(point: Point, words: str) -> str:
    return hidden(point) if point.hidden_at is not None else f"“{plain(words).strip()}”"


def _reply(material: Material) -> str:
    asked = material.settings.reply_request.strip().rstrip(".;,")
    until = material.consultation.answer_by
    return f"{asked} trước ngày {format_date(until)}." if until else f"{asked}."
