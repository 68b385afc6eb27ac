"""Báo cáo tóm tắt: two pages on a summary for the People's Council."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil
from typing import Final

from msgspec import Struct

from consult.core.plain import plain
from consult.core.text import shorten
from consult.documents.critique_words import numbered
from consult.documents.layout import format_number_vn
from consult.documents.official import Bars, Block, Column, Official, Quote, Table, Words
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


class _Limits(Struct, frozen=True):
    """How much of each is told: numbers of bars and provisions, characters of texts."""

    bars: int
    discussed: int
    heard: int
    differing: int
    passage: int
    conclusion: int
    name: int


# The first that fits on two pages by estimate is taken, else the last.
_LIMITS: Final = (
    _Limits(bars=12, discussed=5, heard=2, differing=5, passage=240, conclusion=600, name=80),
    _Limits(bars=8, discussed=4, heard=1, differing=3, passage=240, conclusion=400, name=60),
    _Limits(bars=6, discussed=3, heard=1, differing=2, passage=240, conclusion=250, name=40),
)
# Lines of running text, by an estimate on the high side, that two pages hold below the head.
_LINES: Final = 72
_SEE = "Nội dung đầy đủ: xem báo cáo tổng hợp."


def brief_document(material: Material) -> Official:
    """Return the brief: figures, a chart, what was discussed most, what differs, what is asked.

    Passages are whole or not there; a long conclusion is cut and says so. Where there is much to
    tell, less is told of each.
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
    told: list[tuple[str, list[Block]]] = []
    for limits in _LIMITS:
        told = _told(material, limits)
        if _height(told, len(subject(material))) <= _LINES:
            break
    return told


def _told(material: Material, limits: _Limits) -> list[tuple[str, list[Block]]]:
    ranked = sorted(
        (section for section in material.sections if section.total), key=lambda one: -one.total
    )
    heard: list[Block] = []
    for section in ranked[: limits.heard]:
        heard += _voices(section, limits)
    return [
        ("Số liệu chính", [Words(figures(material)), chart(material, limits.bars)]),
        ("Nội dung được góp ý nhiều nhất", _discussed(ranked[: limits.discussed], limits)),
        ("Ý kiến tiêu biểu", heard),
        ("Ý kiến còn khác nhau, ý kiến bảo lưu", list(_differing(material, limits))),
        ("Kết luận, kiến nghị", list(_asked(material, limits))),
    ]


def _height(parts: list[tuple[str, list[Block]]], subject_length: int) -> float:
    """Return an estimate of the lines of running text in whose place the parts stand."""
    blocks = [block for _heading, some in parts for block in some]
    return ceil(subject_length / 65) + 1.7 * len(parts) + sum(map(_lines, blocks))


def _lines(block: Block) -> float:
    if isinstance(block, Words):
        return ceil(len(block.lead + block.text) / 72) + 0.5
    if isinstance(block, Quote):
        return ceil(len(block.text) / 70) + 0.6 + 0.7 * ceil(len(block.note) / 100)
    if isinstance(block, Bars):
        return 3.5 + sum(0.3 + 0.8 * ceil(len(name) / 24) for name, _counts in block.rows)
    if isinstance(block, Table):
        return 2.5 + sum(0.4 + 0.9 * ceil(len(row[0]) / 28) for row in block.rows)
    return 1.5


def _discussed(sections: list[SectionView], limits: _Limits) -> list[Block]:
    columns = (
        Column("Điều, khoản", 0.4),
        *(Column(name, 0.12, "center") for name in STANCES.values()),
        Column("Tổng số", 0.12, "center"),
    )
    rows = tuple(
        (
            shorten(heading(section.line), limits.name),
            *(format_number_vn(section.counts.get(stance, 0)) for stance in STANCES),
            format_number_vn(section.total),
        )
        for section in sections
    )
    return [Table(columns, rows)] if rows else []


def _voices(section: SectionView, limits: _Limits) -> Iterator[Block]:
    """Yield one short passage for the provision and one against it, if there are such."""
    for stance in (Stance.AGREE, Stance.AGREE_WITH_CHANGES, Stance.DISAGREE):
        found = [one for one in section.of(stance) if _fits(one, limits)]
        if found:
            place = shorten(heading(section.line), min(60, limits.name))
            name = STANCES[stance]
            yield Words(f"{name[0].lower()}{name[1:]}:", f"{place},", keep=True)
            yield passage(found[0])


def _fits(one: Passage, limits: _Limits) -> bool:
    return one.point.hidden_at is None and len(plain(one.text)) <= limits.passage


def _differing(material: Material, limits: _Limits) -> Iterator[Block]:
    found = [section for section in material.sections if section.differs]
    for section in found[: limits.differing]:
        yield Words(f"{stances(section)}.", f"{shorten(heading(section.line), limits.name)}:")
    number = len(found) - limits.differing
    if number > 0:
        yield Words(f"Và {format_number_vn(number)} điều, khoản khác. {_SEE}")
    if material.dissents:
        kept = format_number_vn(len(material.dissents))
        yield Words(f"Có {kept} ý kiến bảo lưu, ghi nguyên văn trong báo cáo tổng hợp.")


def _asked(material: Material, limits: _Limits) -> Iterator[Block]:
    words = material.conclusion.strip()
    if words:
        short = shorten(words, limits.conclusion)
        yield Words(short if short == words else f"{short}\n{_SEE}")
