"""The history of a point as pages show it: each revision against the words before it."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

from msgspec import Struct

from consult.drafts.comparison import Segment, diff
from consult.submissions.models import Point
from consult.submissions.revisions.models import PointRevision
from consult.submissions.revisions.queries import Wording, revisions_of, wordings


class Step(Struct, frozen=True):
    """A revision: the words it brought, those before, and the difference word by word.

    ``argument`` and ``proposed`` are empty where nothing is different.
    """

    number: int
    at: datetime | None
    before: Point | PointRevision
    after: Point | PointRevision
    argument: list[Segment]
    proposed: list[Segment]


class History(Struct, frozen=True):
    """What a point said first, and its revisions, the first one first."""

    first: Wording
    steps: list[Step]


def history(point: Point) -> History | None:
    """Return the history of a point, None for one that was never revised; at most one query."""
    if point.revised_at is None:
        return None
    return history_of(point, revisions_of([point.id]).get(point.id, []))


def history_of(point: Point, revisions: list[PointRevision]) -> History:
    """Return the history that ``revisions`` (all of the point, in order) make."""
    known = wordings(point, revisions)
    steps = [
        Step(
            number=after.number,
            at=after.at,
            before=before.words,
            after=after.words,
            argument=_difference(before.words.argument, after.words.argument),
            proposed=_difference(before.words.proposed_wording, after.words.proposed_wording),
        )
        for before, after in pairwise(known)
    ]
    return History(known[0], steps)


def _difference(old: str, new: str) -> list[Segment]:
    return diff(old, new) if old != new else []
