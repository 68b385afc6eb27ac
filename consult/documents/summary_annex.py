"""Phụ lục công khai: every received point, and where the summary counts it."""

from __future__ import annotations

from collections.abc import Iterator

from consult.consultations.models import PointsVisibility
from consult.core.plain import plain
from consult.documents.critique_words import numbered
from consult.documents.layout import format_number_vn
from consult.documents.official import Block, Column, Official, Table, Words
from consult.documents.services import HIDDEN_AUTHOR, STANCES, heading
from consult.documents.summary_material import Material
from consult.documents.summary_words import REASONS, accounting, figures, head, hidden, subject, who
from consult.submissions.models import Point, code_of

STAFF_ONLY = "Nội dung do cơ quan tổng hợp lưu giữ"
_NOBODY = "–"
_COLUMNS = (
    Column("Mã ý kiến", 0.12, "center"),
    Column("Điều, khoản", 0.17),
    Column("Quan điểm", 0.13),
    Column("Chủ thể góp ý", 0.17),
    Column("Nội dung", 0.41),
)


def annex_document(material: Material) -> Official:
    """Return the public annex: hidden points are counted, their words and names stay out.

    Of a round whose points are for staff only, quoted points alone are given with their words.
    """
    return Official(
        letterhead=head(material, ""),
        title=material.settings.annex_title,
        subject=subject(material),
        state=material.state,
        blocks=(Words(figures(material)), accounting(material), *numbered(_lists(material))),
        signatures=(),
        small_print=(material.log,),
    )


def _lists(material: Material) -> list[tuple[str, list[Block]]]:
    quoted = [material.points[one] for one in material.manifest["body"]]
    return [
        ("Ý kiến được trích trong báo cáo", _listed(quoted, shown=True)),
        ("Ý kiến không được trích trong báo cáo", appendix(material)),
        *apart(material),
    ]


def appendix(material: Material, *, in_full: bool = False) -> list[Block]:
    """Return the table of the points that the summary lists without quoting them.

    ``in_full`` says that their words may be shown even where the round's points are not public.
    """
    listed = [material.points[one] for one in material.manifest["appendix"]]
    public = material.consultation.points_visibility is not PointsVisibility.STAFF_ONLY
    return _listed(listed, shown=in_full or public)


def _listed(points: list[Point], *, shown: bool) -> list[Block]:
    return [Table(_COLUMNS, tuple(_row(point, shown) for point in points))] if points else []


def _row(point: Point, shown: bool) -> tuple[str, ...]:
    place, stance = heading(point.provision), STANCES[point.stance]
    if point.hidden_at is not None:
        return (point.code, place, stance, HIDDEN_AUTHOR, hidden(point))
    if not shown:
        return (point.code, place, stance, _NOBODY, STAFF_ONLY)
    return (point.code, place, stance, who(point), plain(point.argument))


def apart(material: Material) -> list[tuple[str, list[Block]]]:
    """Return the lists of what is counted neither as quoted nor as listed, empty ones too."""
    return [
        ("Ý kiến trùng với ý kiến khác", list(_duplicates(material))),
        ("Ý kiến không đưa vào tổng hợp", list(_set_aside(material))),
        ("Ý kiến đã được người góp ý rút", _withdrawn(material)),
        ("Tệp đính kèm chưa được đọc", _unread(material)),
    ]


def _duplicates(material: Material) -> Iterator[Block]:
    columns = (Column("Ý kiến được nêu", 0.25, "center"), Column("Các ý kiến trùng", 0.75))
    rows = tuple(
        (code_of(leader), ", ".join(map(code_of, sorted(others))))
        for leader, others in sorted(material.apart.duplicates.items())
    )
    if rows:
        yield Words("Mỗi ý kiến dưới đây được tính cùng quan điểm của ý kiến mà nó trùng.")
        yield Table(columns, rows)


def _set_aside(material: Material) -> Iterator[Block]:
    columns = (Column("Mã ý kiến", 0.2, "center"), Column("Lý do", 0.8))
    rows = tuple(
        (code_of(point_id), f"{REASONS[why]}. {words}".strip())
        for point_id, why, words in sorted(material.apart.set_aside)
    )
    if rows:
        yield Table(columns, rows)


def _withdrawn(material: Material) -> list[Block]:
    codes = ", ".join(map(code_of, sorted(material.manifest["withdrawn"])))
    return [Words(f"{codes}.")] if codes else []


def _unread(material: Material) -> list[Block]:
    files = sum(material.apart.unread.values())
    if not files:
        return []
    return [Words(f"{format_number_vn(files)} tệp đính kèm chưa được đọc khi tổng hợp.")]
