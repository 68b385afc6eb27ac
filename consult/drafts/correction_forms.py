"""The forms of corrections by hand: divide, change kind and title, begin a document, move."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from typing import Any

from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from consult.core.forms import Form, Longest
from consult.core.i18n import _, _l
from consult.core.text import squeeze
from consult.drafts import correction_labels as labels
from consult.drafts.corrections import (
    Correction,
    Refused,
    Tree,
    Unit,
    operations,
    places,
    rules,
)

_LONGEST_WORDS = 2000
_TOP = "-"


class CorrectionForm(Form):
    """``seen`` is the step of the tree that the page showed; ``main`` the field that a refusal
    stands beside when it is about no other."""

    main = "kind"
    seen = IntegerField(widget=HiddenInput())

    def correction(self, tree: Tree, unit: Unit | None) -> Correction:
        """Return what is asked for of ``unit``, or of unassigned text. Raises Refused."""
        raise NotImplementedError

    def refuse(self, error: Exception) -> None:
        """Say beside the field concerned why the correction was not made."""
        reason = error.reason if isinstance(error, Refused) else ""
        name = reason.partition("_")[0]
        field: Any = self[name if name in self else self.main]
        field.errors = [*field.errors, labels.refusal(error)]


class _Described(CorrectionForm):
    """What a provision is: kind, number, title."""

    kind = SelectField(_l("Kind of provision"), choices=list(labels.KINDS.items()))
    number = StringField(_l("Number"), [Longest(20)])
    title = StringField(_l("Title"), [Longest(_LONGEST_WORDS)])

    def what(self, text: str) -> dict[str, str]:
        """Return the kind, number and title typed; a number left out is that of ``text``."""
        kind, number = str(self.kind.data), str(self.number.data or "").strip()
        if kind in rules.NUMBERED or kind == "appendix":
            number = number or rules.number_shown(text)
        else:
            number = ""
        return {"kind": kind, "number": number, "title": str(self.title.data or "")}


class Describe(_Described):
    """Corrects what a provision is."""

    def fill(self, unit: Unit) -> None:
        """Show what the unit is now."""
        self.kind.data, self.number.data, self.title.data = unit.kind, unit.number, unit.title
        if unit.kind not in rules.NUMBERED and unit.kind != "appendix":
            self.number.data = ""

    def correction(self, tree: Tree, unit: Unit | None) -> Correction:
        assert unit is not None
        what = self.what(tree.text[unit.start : unit.end])
        same = (what["kind"], what["number"]) == (unit.kind, unit.number)
        if same or (what["kind"] == unit.kind and unit.kind not in rules.NUMBERED):
            return Correction("retitle", {"unit": unit.id, "title": what["title"]})
        if what["kind"] == "paragraph" and squeeze(what["title"]) == unit.title:
            what["title"] = ""  # the title of what it was, which nobody typed for a paragraph
        return Correction("retype", {"unit": unit.id, **what})


class Divide(_Described):
    """Where a provision's text is divided and what the second half is.

    Without a kind, the second half becomes what its first line looks like.
    """

    main = "at"
    kind = SelectField(
        _l("Kind of provision"),
        choices=[("", _l("As it looks in the text")), *labels.KINDS.items()],
    )
    at = SelectField(_l("Where the new provision begins"), validate_choice=False)
    words = StringField(_l("Or its first words, as they stand in the text"), [Longest(200)])
    under = RadioField(
        _l("Its place in the tree"),
        choices=[
            ("auto", _l("Where its kind belongs; what follows comes under it as far as it fits")),
            ("sibling", _l("Beside the provision that is divided")),
            ("child", _l("Inside the provision that is divided")),
        ],
        default="auto",
    )

    def offer(self, tree: Tree, start: int, end: int, *, first: bool) -> None:
        """Offer the places between two offsets, the very first one only if ``first``."""
        found = places.places(tree.text, start, end)
        choices = [
            (str(p.at), p.words if p.line else f"… {p.words}")
            for p in found
            if first or tree.text[start : p.at].strip()
        ]
        self.at.choices = [("", _("Choose a place")), *choices]
        self.span = (start, end)

    def validate_at(self, field: Any) -> None:
        if field.data and not str(field.data).isdecimal():
            raise ValidationError(labels.refusal(Refused("no_place")))

    def correction(self, tree: Tree, unit: Unit | None) -> Correction:
        at = self._place(tree)
        line = tree.text[at:].partition("\n")[0]
        if self.kind.data:
            what: dict[str, str] = self.what(line)
        else:
            what = places.propose(line, in_article=_in_article(unit))._asdict()
        params: dict[str, Any] = {"at": at, **what}
        if unit is None or self.under.data == "auto":
            return Correction("mark", params)
        return Correction("split", {"unit": unit.id, "under": self.under.data, **params})

    def _place(self, tree: Tree) -> int:
        words = str(self.words.data or "")
        if words:
            return places.find(tree.text, *self.span, words)
        if not self.at.data:
            raise Refused("no_place")
        return min(int(self.at.data), len(tree.text))

    span = (0, 0)


class Begin(CorrectionForm):
    """Where a document of its own begins: an attached one, or an appendix."""

    main = "at"
    at = SelectField(_l("Where it begins"), validate_choice=False)
    what = RadioField(
        _l("What begins here"),
        choices=[
            ("attached", _l("An attached document, such as a regulation or a charter")),
            ("appendix", _l("An appendix")),
        ],
        default="attached",
    )
    name = StringField(_l("What citations call it"), [Longest(operations.LONGEST_NAME)])

    def offer(self, tree: Tree, start: int, end: int) -> None:
        """Offer the places between two offsets, the very first one included."""
        self.at.choices = [(str(p.at), p.words) for p in places.places(tree.text, start, end)]

    def validate_at(self, field: Any) -> None:
        if not str(field.data or "").isdecimal():
            raise ValidationError(labels.refusal(Refused("no_place")))

    def correction(self, tree: Tree, unit: Unit | None) -> Correction:
        at = min(int(self.at.data), len(tree.text))
        line = tree.text[at:].partition("\n")[0]
        if self.what.data == "attached":
            name = str(self.name.data or "").strip() or places.document_name(line)
            return Correction("attach", {"at": at, "name": name})
        what = {"kind": "appendix", "number": rules.number_shown(line), "title": ""}
        if unit is not None and at == unit.start:
            return Correction("retype", {"unit": unit.id, **what})
        return Correction("mark", {"at": at, **what})


def _in_article(unit: Unit | None) -> bool:
    while unit is not None and unit.kind != "article":
        unit = unit.parent
    return unit is not None


class Move(CorrectionForm):
    """Under which provision one stands."""

    main = "parent"
    parent = SelectField(_l("Stands under"))

    def offer(self, tree: Tree, unit: Unit, names: dict[str, str]) -> None:
        """Offer the parents that are open where the unit begins, by their citations."""
        found = [p for p in tree.parents(unit) if rules.may_hold(p.what, unit.what)]
        self.parent.choices = [
            *((p.id, names.get(p.id, tree.label(p))) for p in reversed(found)),
            (_TOP, _("No other provision")),
        ]

    def fill(self, unit: Unit) -> None:
        """Show where the unit stands now."""
        self.parent.data = unit.parent.id if unit.parent else _TOP

    def correction(self, tree: Tree, unit: Unit | None) -> Correction:
        assert unit is not None
        parent = None if self.parent.data == _TOP else str(self.parent.data)
        above = tree.label(tree.find(parent)) if parent else ""
        return Correction("reparent", {"unit": unit.id, "parent": parent, "above": above})


FORMS: dict[str, type[CorrectionForm]] = {
    "describe": Describe,
    "divide": Divide,
    "begin": Begin,
    "move": Move,
}
