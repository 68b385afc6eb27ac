"""What the page of a comparison shows: filters, one page of changes, differences, suggestions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec import Struct

from consult.accounts import queries as accounts
from consult.core.i18n import _
from consult.core.paging import Page
from consult.core.text import shorten
from consult.drafts import change_queries
from consult.drafts import queries as drafts
from consult.drafts.change_queries import MappedChange, ShownChange
from consult.drafts.comparison import KINDS, Change, Unit, word_diffs
from consult.drafts.models import VersionComparison
from consult.drafts.queries import ProvisionLine
from consult.responses import version_queries
from consult.responses.differences import Run, runs
from consult.responses.forms import DISPOSITIONS
from consult.responses.version_queries import AnswerOn
from consult.submissions.models import code_of

# Filters besides the kinds themselves.
CHANGES, DOUBTFUL, UNEXPLAINED, ALL = "", "doubtful", "unexplained", "all"
# The likenesses from which on doubtful mappings are confirmed at once, and the one proposed.
PERCENTS, PERCENT = (90, 80, 70, 60, 50, 40, 0), 80
_MOST_SUGGESTED = 3


class Wanted(Struct, frozen=True):
    """Which changes are listed.

    A kind, the doubtful ones, those without a reason, all, or all but the unchanged.
    """

    name: str

    @classmethod
    def named(cls, name: str) -> Wanted:
        """Return the filter of that name; nonsense means what is changed."""
        return cls(name if name in (*KINDS, DOUBTFUL, UNEXPLAINED, ALL) else CHANGES)

    def keeps(self, change: MappedChange) -> bool:
        """Whether the change is listed."""
        if self.name == DOUBTFUL:
            return change.doubtful
        if self.name == UNEXPLAINED:
            return change.lacks_reason
        if self.name == CHANGES:
            return change.kind != "unchanged" or change.doubtful or change.decided
        return self.name in (ALL, change.kind)


def counts(changes: Iterable[MappedChange]) -> dict[str, int]:
    """Return how many changes each filter lists, by its name."""
    changes = list(changes)
    kinds = Counter(change.kind for change in changes)
    return {
        name: kinds[name] if name in KINDS else sum(map(Wanted(name).keeps, changes))
        for name in (CHANGES, DOUBTFUL, UNEXPLAINED, *KINDS, ALL)
    }


def confirmable(changes: Iterable[MappedChange]) -> dict[int, int]:
    """Return how many doubtful mappings are alike by at least each of the PERCENTS."""
    alike = [change.first.similarity for change in changes if change.doubtful]
    return {percent: sum(one >= percent / 100 for one in alike) for percent in PERCENTS}


class Card(Struct, frozen=True):
    """A change as the page shows it, with the points on its old provisions.

    ``decided_by`` is empty when nobody decided or the name is unknown.
    """

    shown: ShownChange
    segments: list[Run]
    answers: list[AnswerOn]
    decided_by: str

    @property
    def change(self) -> MappedChange:
        """What became of the provisions."""
        return self.shown.change

    @property
    def points(self) -> int:
        """How many points stand on the old provisions."""
        return sum(answer.points for answer in self.answers)

    @property
    def round_ids(self) -> list[int]:
        """The rounds in which they were written."""
        return sorted({answer.round_id for answer in self.answers})

    @property
    def unanswered(self) -> int:
        """How many of them have no published answer."""
        return sum(answer.points for answer in self.answers if not answer.published)

    @property
    def suggestion(self) -> str:
        """Words for the reason, from the published answers to the points."""
        published = [answer for answer in self.answers if answer.published]
        return "\n".join(map(_suggested, published[:_MOST_SUGGESTED]))


def _suggested(answer: AnswerOn) -> str:
    words = {
        "disposition": dict(DISPOSITIONS)[str(answer.disposition)],
        "point": code_of(answer.first),
        "reason": shorten(answer.reason or "", 300),
    }
    if words["reason"]:
        return _("%(disposition)s (%(point)s): %(reason)s", **words)
    return _("%(disposition)s (%(point)s).", **words)


def page(
    old_id: int, new_id: int, changes: Sequence[MappedChange], *, number: int, size: int
) -> Page[Card]:
    """Return one page of the changes between two versions; three queries."""
    here = changes[(number - 1) * size : number * size]
    shown = change_queries.with_texts(old_id, new_id, here) if here else []
    answers = version_queries.answers_on([line.id for s in shown for line in s.old])
    names = accounts.names_of({r.decided_by for c in here for r in c.rows if r.decided_by})
    cards = [
        Card(
            one,
            segments,
            [answer for line in one.old for answer in answers.get(line.id, [])],
            next((names.get(r.decided_by or 0, "") for r in one.change.rows if r.decided_at), ""),
        )
        for one, segments in zip(shown, differences(shown), strict=True)
    ]
    return Page(cards, number, size, len(changes))


def differences(shown: Sequence[ShownChange]) -> list[list[Run]]:
    """Return the difference of wording of each change, text moved among them marked."""
    found = word_diffs(
        [_unit(line) for one in shown for line in one.old],
        [_unit(line) for one in shown for line in one.new],
        [
            Change(
                "changed",
                one.change.wording_changed,
                tuple(line.key for line in one.old),
                tuple(line.key for line in one.new),
                one.change.first.similarity,
            )
            for one in shown
        ],
    )
    return [runs(segments, one.old, one.new) for one, segments in zip(shown, found, strict=True)]


def _unit(line: ProvisionLine) -> Unit:
    return Unit(line.key, line.part, line.kind, line.number, line.title, line.text, None)


def candidates(
    record: VersionComparison, changes: Iterable[MappedChange], *, for_old: bool
) -> list[ProvisionLine]:
    """Return the provisions of the other version without a counterpart, in order; one query.

    ``for_old`` looks for one of the new version.
    """
    keys = {
        key
        for change in changes
        if change.kind == ("added" if for_old else "deleted")
        for key in (change.new if for_old else change.old)
    }
    version_id = record.new_version_id if for_old else record.old_version_id
    return [line for line in drafts.provisions(version_id) if line.key in keys]
