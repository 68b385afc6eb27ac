"""Báo cáo tóm tắt: two pages on a summary for the People's Council."""

from __future__ import annotations

from collections.abc import Iterator

from consult.core.plain import plain
from consult.core.text import shorten
from consult.documents.critique_words import numbered
from consult.documents.layout import format_number_vn
from consult.documents.official import Block, Column, Official, Table, Words
from consult.documents.services import STANCES
from consult.documents.summary_material import Material
from consult.documents.summary_words import (
    chart,
    figures,
    head,
    heading,
    passage,
    stances,
    subject,
)
from consult.submissions.models import Stance
from consult.summaries.models import Passage
from consult.summaries.sections import SectionView

# What fits on two pages.
_MOST_DISCUSSED, _HEARD, _DIFFERING = 5, 2, 5
_PASSAGE, _CONCLUSION = 240, 600
_SEE = "Nội dung đầy đủ: xem báo cáo tổng hợp."


def brief_document(material: Material) -> Official:
    """Return the brief: figures, a chart, what was discussed most, what differs, what is asked.

    Passages are whole or not there; a long conclusion is cut and says so.
    """
    return Official(
        letterhead=head(material, ""),
        title=material.settings.brief_title,
        subject=subject(material),
        state=material.state,
        blocks=tuple(numbered(_parts(material))),
        signatures=(),
        small_print=(material.log,),
    )


def _parts(material: Material) -> list[tuple[str, list[Block]]]:
    ranked = sorted(
        (section for section in material.sections if section.total), key=lambda one: -one.total
    )
    heard: list[Block] = []
    for section in ranked[:_HEARD]:
        heard += _voices(section)
    return [
        ("Số liệu chính", [Words(figures(material)), chart(material)]),
        ("Nội dung được góp ý nhiều nhất", _discussed(ranked[:_MOST_DISCUSSED])),
        ("Ý kiến tiêu biểu", heard),
        ("Ý kiến còn khác nhau, ý kiến bảo lưu", list(_differing(material))),
        ("Kết luận, kiến nghị", list(_asked(material))),
    ]


def _discussed(sections: list[SectionView]) -> list[Block]:
    columns = (
        Column("Điều, khoản", 0.4),
        *(Column(name, 0.12, "center") for name in STANCES.values()),
        Column("Tổng số", 0.12, "center"),
    )
    rows = tuple(
        (
            shorten(heading(section.line), 80),
            *(format_number_vn(section.counts.get(stance, 0)) for stance in STANCES),
            format_number_vn(section.total),
        )
        for section in sections
    )
    return [Table(columns, rows)] if rows else []


def _voices(section: SectionView) -> Iterator[Block]:
    """Yield one short passage for the provision and one against it, if there are such."""
    for stance in (Stance.AGREE, Stance.AGREE_WITH_CHANGES, Stance.DISAGREE):
        found = [one for one in section.of(stance) if _fits(one)]
        if found:
            place = shorten(heading(section.line), 60)
            name = STANCES[stance]
            yield Words(f"{name[0].lower()}{name[1:]}:", f"{place},", keep=True)
            yield passage(found[0])


def _fits(one: Passage) -> bool:
    return one.point.hidden_at is None and len(plain(one.text)) <= _PASSAGE


def _differing(material: Material) -> Iterator[Block]:
    found = [section for section in material.sections if section.differs]
    for section in found[:_DIFFERING]:
        yield Words(f"{stances(section)}.", f"{shorten(heading(section.line), 80)}:")
    number = len(found) - _DIFFERING
    if number > 0:
        yield Words(f"Và {format_number_vn(number)} điều, khoản khác. {_SEE}")
    if material.dissents:
        kept = format_number_vn(len(material.dissents))
        yield Words(f"Có {kept} ý kiến bảo lưu, ghi nguyên văn trong báo cáo tổng hợp.")


def _asked(material: Material) -> Iterator[Block]:
    words = material.conclusion.strip()
    if words:
        short = shorten(words, _CONCLUSION)
        yield Words(short if short == words else f"{short}\n{_SEE}")
