"""What a round's form asks: its places, its questions, and the tags that find its fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from msgspec import Struct

from consult.consultations.models import Consultation, Question
from consult.drafts.queries import ProvisionLine

# The fields of one point, in the order in which the form has them.
FIELDS: Final = ("kind", "stance", "argument", "wording")
WHOLE_DRAFT: Final = "p0"

_DIVISIONS: Final = frozenset({"part", "chapter", "section", "subsection", "appendix"})
_ASKED: Final = frozenset({"article", "appendix", "roman", "numeral"})
_TAG: Final = re.compile(r"([pq][0-9]{1,10})\.(kind|stance|argument|wording)")
_MARK: Final = re.compile(r"consult\.([0-9]{1,10})\.([0-9]{1,10})\.([0-9]{1,10})")


class FormOf(Struct, frozen=True):
    """A form: its round, the provisions asked about, the questions answered in words.

    ``division`` is the chapter (or part, section) that it is confined to, None for the whole
    draft; ``by_choice`` says whether the round has questions that the form cannot ask.
    """

    consultation: Consultation
    places: tuple[ProvisionLine, ...]
    questions: tuple[Question, ...]
    division: ProvisionLine | None = None
    by_choice: bool = False


class Mark(NamedTuple):
    """Which form a file is: round, version of the draft, division (0: the whole draft), ids."""

    round_id: int
    version_id: int
    division_id: int

    @property
    def tag(self) -> str:
        """The tag of the field that says so in the file."""
        return f"consult.{self.round_id}.{self.version_id}.{self.division_id}"


def form_of(
    consultation: Consultation,
    lines: Sequence[ProvisionLine],
    questions: Sequence[Question],
    division: ProvisionLine | None = None,
) -> FormOf:
    """Return the form on the version's provisions ``lines``, or on those of one ``division``.

    It asks about articles and their like; where a draft has none, about its topmost units.
    """
    inside = lines if division is None else _below(division, lines)
    places = [line for line in inside if line.kind in _ASKED]
    if not places:
        top = min((line.depth for line in inside), default=0)
        places = [line for line in inside if line.depth == top]
    return FormOf(
        consultation,
        tuple(places),
        tuple(question for question in questions if not question.on_sheet),
        division,
        any(question.on_sheet for question in questions),
    )


def divisions(lines: Sequence[ProvisionLine]) -> list[ProvisionLine]:
    """Return the parts, chapters, sections and appendices for which there can be a form."""
    return [line for line in lines if line.kind in _DIVISIONS]


def mark_of(form: FormOf) -> Mark:
    """Return which form it is."""
    consultation = form.consultation
    division = form.division.id if form.division else 0
    return Mark(consultation.id, consultation.version_id, division)


def read_mark(tag: str) -> Mark | None:
    """Return the mark that a tag holds, None for another tag."""
    found = _MARK.fullmatch(tag)
    return Mark(*map(int, found.groups())) if found else None


def read_tag(tag: str) -> tuple[str, str] | None:
    """Return (slot, field) of a point's field, such as ("p12", "stance"); None for another tag."""
    found = _TAG.fullmatch(tag)
    return (found[1], found[2]) if found else None


def _below(division: ProvisionLine, lines: Sequence[ProvisionLine]) -> list[ProvisionLine]:
    inside = {division.id}
    below = [division]
    for line in lines:  # in the draft's order: what is above comes first
        if line.parent_id in inside:
            inside.add(line.id)
            below.append(line)
    return below
