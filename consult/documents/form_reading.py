"""What a filled form says: points as their author wrote them, and all that cannot be taken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final, TypeVar

from msgspec import Struct, field

from consult.core.i18n import N_
from consult.core.text import nfc
from consult.documents.form_file import CHOOSE, IDENTITIES, WRITE, printed
from consult.documents.form_places import FormOf, Mark, mark_of, read_mark, read_tag
from consult.documents.services import KINDS, STANCES
from consult.drafts.parsing.controls import Control, FilledForm
from consult.submissions.commands import LONGEST, NewPoint
from consult.submissions.incoming import table as importing
from consult.submissions.incoming.table import words
from consult.submissions.models import Identity, PointKind, Stance

MOST_POINTS: Final = 500

REFUSALS: Final = {
    "no_file": N_("Choose the filled form first."),
    "no_form": N_(
        "The file is not a form of this portal, or its fields were taken out. Download the form "
        "again and copy what you wrote into its fields."
    ),
    "other_round": N_(
        "This is the form of another consultation. Open that consultation and upload it there."
    ),
    "other_text": N_(
        "This form was made for another text of the draft, which has changed since. Download the "
        "form again and copy what you wrote into its fields."
    ),
    "too_many": N_("The form holds more than %(limit)s points. Divide it into several forms."),
    "nothing": N_("The form is empty: no point is written in its fields."),
}
PROBLEMS: Final = {
    "no_argument": N_("No argument is written, so this was not taken over."),
    "too_long": N_(
        "The text has more than %(limit)s characters, so this was not taken over. Divide it."
    ),
    "no_wording": N_(
        "It is called a wording proposal, but no wording is written: taken over as a remark."
    ),
    "unknown_choice": N_("“%(text)s” is none of the choices: taken over without it."),
    "unknown_place": N_("The form asks about no such place, so this was not taken over."),
}


class Refused(Exception):
    """The file is no form that can be read here; ``reason`` is a key of REFUSALS."""

    def __init__(self, reason: str, **params: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


class Problem(Struct, frozen=True):
    """Something that was not taken over as it stands; ``code`` is a key of PROBLEMS.

    ``citation`` is the place, None for the whole draft; ``text`` is what stands there.
    """

    code: str
    citation: str | None
    text: str
    params: dict[str, str | int] = field(default_factory=dict[str, str | int])


class Filled(Struct, frozen=True):
    """What a form holds: its points in order, who sent it, what was not taken over.

    ``outside`` are the lines written outside the fields.
    """

    points: list[NewPoint]
    name: str
    organisation: str
    identity: Identity | None
    problems: list[Problem]
    outside: list[str]


def mark(form: FilledForm, round_id: int, version_id: int) -> Mark:
    """Return which form the file is; it must be of this round and text.

    Raises Refused: ``no_form``, ``other_round`` or ``other_text``.
    """
    found = next((m for control in form.controls if (m := read_mark(control.tag))), None)
    if found is None:
        raise Refused("no_form")
    if found.round_id != round_id:
        raise Refused("other_round")
    if found.version_id != version_id:
        raise Refused("other_text")
    return found


def understand(filled: FilledForm, form: FormOf, address: str) -> Filled:
    """Return what the file says; ``form`` and ``address`` are those it was made with.

    Raises Refused: ``too_many`` or ``nothing``.
    """
    reader = _Reader(form)
    about: dict[str, str] = {}
    groups: list[tuple[str, dict[str, str]]] = []
    for control in filled.controls:
        text = _typed(control)
        tag = read_tag(control.tag)
        if tag is None:
            about.setdefault(control.tag, text)
            continue
        slot, name = tag
        # A copied table repeats its fields: that is a further point on the same place.
        if not groups or groups[-1][0] != slot or name in groups[-1][1]:
            groups.append((slot, {}))
        groups[-1][1][name] = text
    for slot, fields in groups:
        if any(fields.values()):
            reader.take(slot, fields)
    if len(reader.points) > MOST_POINTS:
        raise Refused("too_many", limit=MOST_POINTS)
    known = {words(line) for line in printed(form, address)} | {""}
    outside = [nfc(line) for line in filled.outside if words(line) not in known]
    if not reader.points and not reader.problems and not outside:
        raise Refused("nothing")
    identity = _chosen(_IDENTITIES, about.get("identity", ""))
    return Filled(
        reader.points,
        about.get("name", ""),
        about.get("organisation", ""),
        Identity(identity) if identity else None,
        reader.problems,
        outside,
    )


def is_of(form: FormOf, found: Mark) -> bool:
    """Whether a file with that mark was made from the form."""
    return mark_of(form) == found


def _typed(control: Control) -> str:
    """Return what a person typed in a field: LibreOffice leaves the prompt before or behind it."""
    text = nfc(control.text).strip()
    for prompt in (CHOOSE, WRITE):
        text = text.removeprefix(prompt).removesuffix(prompt).strip()
    return text


_Choice = TypeVar("_Choice", bound=StrEnum)


def _meanings(printed_as: Mapping[_Choice, str], aliases: Mapping[_Choice, str]) -> dict[str, str]:
    found = {words(label): choice.value for choice, label in printed_as.items()}
    for choice, others in aliases.items():
        for alias in others.split("|"):
            found.setdefault(words(alias), choice.value)
    return found


_KINDS = _meanings(KINDS, importing.KINDS)
_STANCES = _meanings(STANCES, importing.STANCES)
_IDENTITIES = _meanings(IDENTITIES, {})


def _chosen(meanings: Mapping[str, str], text: str) -> str | None:
    return meanings.get(words(text)) if text else None


class _Reader:
    """Makes points of the filled fields, one place after the other."""

    def __init__(self, form: FormOf) -> None:
        self.points: list[NewPoint] = []
        self.problems: list[Problem] = []
        self._round = form.consultation.id
        self._places = {f"p{line.id}": line for line in form.places}
        self._questions = {f"q{question.ordinal}": question for question in form.questions}
        self._seen: dict[str, int] = {}

    def take(self, slot: str, fields: Mapping[str, str]) -> None:
        """Take over the point in ``fields``, or say why not."""
        line, question = self._places.get(slot), self._questions.get(slot)
        citation = line.citation if line else question and question.text
        argument, wording = fields.get("argument", ""), fields.get("wording", "")
        text = "\n".join(filter(None, fields.values()))
        if not (line or question or slot == "p0"):
            self.problems.append(Problem("unknown_place", slot, text))
        elif not argument:
            self.problems.append(Problem("no_argument", citation, text))
        elif max(len(argument), len(wording)) > LONGEST:
            self.problems.append(Problem("too_long", citation, text, {"limit": LONGEST}))
        else:
            stance = Stance(self._choice(citation, _STANCES, fields, "stance") or "none")
            kind = self._kind(citation, fields, wording)
            number = question.ordinal if question else None
            key = self._key([slot, kind, stance, argument, wording])
            place = line.key if line else None
            self.points.append(
                NewPoint(place, stance, argument, key, wording, question=number, kind=kind)
            )

    def _kind(self, citation: str | None, fields: Mapping[str, str], wording: str) -> PointKind:
        chosen = self._choice(citation, _KINDS, fields, "kind")
        if chosen == PointKind.WORDING and not wording:
            text = fields.get("argument", "")
            self.problems.append(Problem("no_wording", citation, text))
            return PointKind.REMARK
        return PointKind(chosen or (PointKind.WORDING if wording else PointKind.REMARK))

    def _choice(
        self,
        citation: str | None,
        meanings: Mapping[str, str],
        fields: Mapping[str, str],
        name: str,
    ) -> str | None:
        text = fields.get(name, "")
        found = _chosen(meanings, text)
        if text and found is None:
            problem = Problem(
                "unknown_choice", citation, fields.get("argument", ""), {"text": text[:100]}
            )
            self.problems.append(problem)
        return found

    def _key(self, typed: Sequence[str]) -> str:
        """Return a key that the same point in the same file has each time it is read."""
        message = json.dumps([self._round, *typed])
        again = self._seen[message] = self._seen.get(message, 0) + 1
        digest = hashlib.sha256(json.dumps([message, again]).encode()).hexdigest()
        return f"form:{digest[:48]}"
