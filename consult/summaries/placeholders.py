"""Placeholders for figures in a summary's words: their names, their values, filling them in.

A placeholder is a name in double braces. Case, diacritics and spaces in it do not matter:
``{{Số người}}`` is ``{{so_nguoi}}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from consult.core.i18n import N_, format_number_vn
from consult.core.text import fold
from consult.submissions.models import Stance
from consult.summaries.figures import Figures
from consult.summaries.quantities import quantity

_FORM = re.compile(r"\{\{([^{}]*)\}\}")
_BROKEN = re.compile(r"\{\{[^\s{}]*|[^\s{}]*\}\}")
STANCES = {
    Stance.AGREE: "tan_thanh",
    Stance.AGREE_WITH_CHANGES: "tan_thanh_co_sua",
    Stance.DISAGREE: "khong_tan_thanh",
    Stance.NONE: "khong_neu_quan_diem",
}


class Placeholder(Struct, frozen=True):
    """What a name stands for: ``label`` says it (a msgid), of points of ``stance`` if any."""

    name: str
    label: str
    value: Callable[[Figures], str | None]
    stance: Stance | None = None

    @property
    def typed(self) -> str:
        """The name as it is typed into a text."""
        return in_braces(self.name)


def in_braces(name: str) -> str:
    """Return what is typed for the figure of that name."""
    return f"{{{{{name}}}}}"


def _contributions(figures: Figures) -> str | None:
    return None if figures.contributions is None else format_number_vn(figures.contributions)


def _of_stance(stance: Stance, name: str) -> Iterable[Placeholder]:
    yield Placeholder(
        f"so_{name}", N_("Number of points"), lambda f: format_number_vn(f.of(stance)), stance
    )
    yield Placeholder(
        f"phan_{name}",
        N_("Word of quantity for their share"),
        lambda f: quantity(f.of(stance), f.points).value,
        stance,
    )
    yield Placeholder(
        f"ty_le_{name}", N_("Their share"), lambda f: share(f.of(stance), f.points), stance
    )


def _all() -> Iterable[Placeholder]:
    yield Placeholder("so_y_kien", N_("Number of points"), lambda f: format_number_vn(f.points))
    yield Placeholder("so_nguoi", N_("Number of people"), lambda f: format_number_vn(f.people))
    yield Placeholder(
        "so_to_chuc", N_("Number of organisations"), lambda f: format_number_vn(f.organisations)
    )
    yield Placeholder(
        "so_noi_dung_khac_nhau",
        N_("Number of different texts"),
        lambda f: format_number_vn(f.texts),
    )
    yield Placeholder("so_ban_gop_y", N_("Number of contributions"), _contributions)
    for stance, name in STANCES.items():
        yield from _of_stance(stance, name)


PLACEHOLDERS: Mapping[str, Placeholder] = {one.name: one for one in _all()}


def share(count: int, total: int) -> str:
    """Return the share in per cent with at most one decimal: "62,5%".

    Only none is 0% and only all of them 100%: what would be rounded to these is not.
    """
    if not total:
        return "0%"
    exact = Decimal(count * 100) / total
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if 0 < count < total:
        rounded = min(max(rounded, Decimal("0.1")), Decimal("99.9"))
    return f"{format_number_vn(rounded).removesuffix(',0')}%"


def canonical(name: str) -> str:
    """Return the name as this module has it: "Số đồng ý" is "so_tan_thanh"."""
    plain = re.sub(r"[\W_]+", "_", fold(name)).strip("_").replace("dong_y", "tan_thanh")
    return f"so_{plain}" if plain in STANCES.values() else plain


def values(figures: Figures) -> dict[str, str]:
    """Return what each placeholder prints with these figures."""
    found = {name: one.value(figures) for name, one in PLACEHOLDERS.items()}
    return {name: value for name, value in found.items() if value is not None}


def fill(text: str, printed: Mapping[str, str]) -> str:
    """Return ``text`` with the values in ``printed`` in place of the placeholders.

    A word that begins a sentence gets a capital. Names that have no value stay as they are.
    """

    def one(match: re.Match[str]) -> str:
        value = printed.get(canonical(match[1]))
        if value is None:
            return match[0]
        begins = _begins_sentence(text[: match.start()])
        return value[:1].upper() + value[1:] if begins else value

    return _FORM.sub(one, text)


def _begins_sentence(before: str) -> bool:
    words = before.rstrip()
    blanks = before[len(words) :]
    ended = bool(blanks) and words.rstrip('"”)').endswith((".", "!", "?", "…"))
    return not words or "\n" in blanks or ended


def unknown(text: str, *, whole_round: bool) -> list[str]:
    """Return the placeholders in ``text`` that stand for nothing there, as they are typed.

    Braces that are not closed, or not opened, are among them.
    """
    names = PLACEHOLDERS.keys() if whole_round else PLACEHOLDERS.keys() - {"so_ban_gop_y"}
    wrong = [match[0] for match in _FORM.finditer(text) if canonical(match[1]) not in names]
    wrong += _BROKEN.findall(_FORM.sub(" ", text))
    return list(dict.fromkeys(wrong))


def without(text: str) -> str:
    """Return ``text`` with blanks, as many, in place of its placeholders."""
    return _FORM.sub(lambda match: " " * len(match[0]), text)
