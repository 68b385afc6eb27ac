"""The figures of a round and of its provisions, from which alone summaries take their numbers."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field
from sqlalchemy import select

from consult.core.db import db
from consult.submissions.models import Authorship, Point, Stance
from consult.submissions.queries import contributor_columns, contributor_counts, standing
from consult.summaries.decision_queries import not_set_aside

Counts = Mapping[int | None, Mapping[Stance, int]]


class Figures(Struct, frozen=True):
    """How many points there are of each stance, from how many people and organisations.

    Points that are withdrawn or set aside do not count, duplicates do. ``contributions`` is
    known of a whole round only.
    """

    stances: Mapping[Stance, int] = field(default_factory=dict[Stance, int])
    people: int = 0
    organisations: int = 0
    contributions: int | None = None

    @property
    def points(self) -> int:
        """How many points there are."""
        return sum(self.stances.values())

    def of(self, *stances: Stance) -> int:
        """Return how many points have one of those stances."""
        return sum(self.stances.get(stance, 0) for stance in stances)


NOTHING = Figures()


class RoundFigures(Struct, frozen=True):
    """The figures of the whole round, and by provision (None: points on the whole draft)."""

    whole: Figures
    places: Mapping[int | None, Figures]

    def at(self, provision_id: int | None) -> Figures:
        """Return the figures of a provision, all 0 where nobody wrote on it."""
        return self.places.get(provision_id, NOTHING)


def figures(consultation_id: int, counts: Counts) -> RoundFigures:
    """Return the round's figures, given its ``counts`` of points; two queries.

    ``counts`` are by provision and stance, of standing points that are not set aside.
    """
    rows = db.session.execute(
        select(Point.provision_id, *contributor_columns())
        .join(Authorship, Authorship.submission_id == Point.submission_id)
        .where(Point.consultation_id == consultation_id, *standing(), not_set_aside())
        .group_by(Point.provision_id)
    ).all()
    authors = {place: (people, organisations) for place, people, organisations in rows}
    places = {
        place: Figures(dict(stances), *authors.get(place, (0, 0)))
        for place, stances in counts.items()
    }
    all_in = contributor_counts(consultation_id)
    sums = {stance: sum(one.of(stance) for one in places.values()) for stance in Stance}
    whole = Figures(sums, all_in.people, all_in.organisations, all_in.submissions)
    return RoundFigures(whole, places)
