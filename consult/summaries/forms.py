"""The summary workspace's form: fixed fields, and those that each provision adds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import request
from wtforms import TextAreaField

from consult.core.forms import Form, Longest
from consult.core.i18n import _, _l, format_number
from consult.core.text import nfc
from consult.summaries.commands import SaveSummary
from consult.summaries.matrix import Line

LONGEST = 20_000
_SEEN = "seen-"


class SummaryForm(Form):
    """The words on the round as a whole."""

    introduction = TextAreaField(_l("Introduction"), validators=[Longest(LONGEST)])
    conclusion = TextAreaField(_l("Conclusion"), validators=[Longest(LONGEST)])


@dataclass
class Typed:
    """What was typed on the provisions, by provision (None: the whole draft).

    ``seen`` and ``ticked`` are what the page began with, as `SaveSummary` has them.
    """

    narratives: dict[int | None, str] = field(default_factory=dict[int | None, str])
    additions: dict[int | None, str] = field(default_factory=dict[int | None, str])
    shown: frozenset[int] = frozenset()
    quoted: frozenset[int] = frozenset()
    seen: dict[str, str] = field(default_factory=dict[str, str])
    ticked: frozenset[int] | None = None
    errors: dict[str, str] = field(default_factory=dict[str, str])


def typed(lines: Iterable[Line]) -> Typed:
    """Return what the present post says of the provisions in ``lines`` and the whole draft.

    ``errors`` goes by the fields' names.
    """
    found = Typed(shown=_ids("shown"), quoted=_ids("quote"))
    found.seen = {
        name.removeprefix(_SEEN): value
        for name, value in request.form.items()
        if name.startswith(_SEEN)
    }
    if "ticked" in request.form:
        found.ticked = _ids("ticked")
    for provision_id in (*(line.id for line in lines), None):
        for prefix, kept in (("narrative", found.narratives), ("add", found.additions)):
            name = f"{prefix}-{provision_id or 0}"
            if name not in request.form:
                continue
            words = nfc(request.form[name]).strip()
            if len(words) > LONGEST:
                found.errors[name] = _(
                    "At most %(limit)s characters; there are %(length)s now.",
                    limit=format_number(LONGEST),
                    length=format_number(len(words)),
                )
            if words or prefix == "narrative":
                kept[provision_id] = words
    return found


def _ids(name: str) -> frozenset[int]:
    return frozenset(int(value) for value in request.form.getlist(name) if value.isdecimal())


def command(form: SummaryForm, words: Typed, summary_id: int, actor_id: int | None) -> SaveSummary:
    """Return the command that keeps what the form and the provisions' fields say."""
    return SaveSummary(
        summary_id=summary_id,
        actor_id=actor_id,
        introduction=form.introduction.data or "",
        conclusion=form.conclusion.data or "",
        narratives=words.narratives,
        shown=words.shown,
        quoted=words.quoted,
        additions=words.additions,
        seen=words.seen,
        ticked=words.ticked,
    )
