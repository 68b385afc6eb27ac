"""What stands beside the fields of a summary: the figures to insert, doubts about typed ones."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from consult.core.i18n import N_, _, format_number
from consult.submissions.models import Stance
from consult.summaries.figures import Figures, RoundFigures
from consult.summaries.merging import is_narrative, provision_of
from consult.summaries.placeholders import PLACEHOLDERS, Placeholder, in_braces, values
from consult.summaries.typed_figures import Doubt, doubts

STANCE_NAMES = {
    Stance.AGREE: N_("Agree"),
    Stance.AGREE_WITH_CHANGES: N_("Agree with changes"),
    Stance.DISAGREE: N_("Disagree"),
    Stance.NONE: N_("No stance"),
}


class Item(Struct, frozen=True):
    """A placeholder as it is typed, what it is called, and what it prints today."""

    typed: str
    label: str
    value: str


class Beside(Struct, frozen=True):
    """The figures that a field's words may name, and sentences on what was typed instead."""

    items: list[Item]
    doubts: list[str]


def beside(words: Mapping[str, str], found: RoundFigures) -> dict[str, Beside]:
    """Return what stands beside each field, given the ``words`` in it."""
    told: dict[str, Beside] = {}
    for name, text in words.items():
        figures = found.at(provision_of(name)) if is_narrative(name) else found.whole
        told[name] = Beside(_items(figures), [_sentence(d, figures) for d in doubts(text, figures)])
    return told


def called(one: Placeholder) -> str:
    """Return what the placeholder's value is, in the reader's language."""
    if one.stance is None:
        return _(one.label)
    return f"{_(STANCE_NAMES[one.stance])}: {_(one.label)}"


def _items(figures: Figures) -> list[Item]:
    """Return the placeholders but those of stances that nobody took."""
    return [
        Item(in_braces(name), called(PLACEHOLDERS[name]), value)
        for name, value in values(figures).items()
        if (stance := PLACEHOLDERS[name].stance) is None or figures.of(stance)
    ]


def _sentence(doubt: Doubt, figures: Figures) -> str:
    name = in_braces(doubt.placeholder) if doubt.placeholder else ""
    if doubt.fits is not None:
        return _(
            "“%(typed)s” does not fit the figures: it is %(count)s of %(total)s points, for which "
            "the scale has “%(word)s”. %(name)s always prints the word that fits.",
            typed=doubt.typed,
            count=format_number(doubt.count),
            total=format_number(figures.points),
            word=doubt.fits.value,
            name=name,
        )
    if doubt.is_word:
        return _(
            "“%(typed)s” cannot be right here: on the scale no part of %(total)s points is called "
            "so.",
            typed=doubt.typed,
            total=format_number(figures.points),
        )
    value = values(figures).get(doubt.placeholder or "")
    if value is None:
        return _(
            "“%(typed)s” is typed by hand. If it counts contributions, have the portal count: "
            "the introduction and the conclusion can print %(name)s.",
            typed=doubt.typed,
            name=name,
        )
    return _(
        "“%(typed)s” is typed by hand. If it counts opinions or authors, insert %(name)s instead: "
        "it is counted, now %(value)s.",
        typed=doubt.typed,
        name=name,
        value=value,
    )
