"""The figures of a round and of its provisions, from which alone summaries take their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace
from sqlalchemy import cast, false, func, literal, null, select, true, union_all

from consult.core.db import db
from consult.submissions.models import Authorship, Point, Stance, Submission
from consult.submissions.queries import contributor_columns, received_in, standing
from consult.summaries.decision_queries import not_set_aside
from consult.summaries.text_queries import Texts

_NO_STANCE = cast(null(), Point.stance.type)


class Figures(Struct, frozen=True):
    """How many points there are of each stance, from how many people and organisations.

    Points that are withdrawn or set aside do not count, duplicates do. ``texts`` are the
    different ones among them (`text_queries`). ``contributions`` is known of a whole round only.
    """

    stances: Mapping[Stance, int] = field(default_factory=dict[Stance, int])
    people: int = 0
    organisations: int = 0
    contributions: int | None = None
    texts: int = 0

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


def figures(consultation_id: int) -> RoundFigures:
    """Return the round's figures; one query, whatever the number of points."""
    counted = (
        Point.consultation_id == consultation_id,
        *standing(),
        not_set_aside(),
    )
    people, organisations = contributor_columns()
    nobody, texts = literal(0), Texts()
    stances = (
        select(Point.provision_id, Point.stance, func.count(), nobody, nobody, false())
        .where(*counted)
        .group_by(Point.provision_id, Point.stance)
    )
    authors = (
        texts.join(
            select(Point.provision_id, _NO_STANCE, texts.number, people, organisations, false())
            .select_from(Point)
            .join(Authorship, Authorship.submission_id == Point.submission_id)
        )
        .where(*counted)
        .group_by(Point.provision_id)
    )
    everybody = (
        select(null(), _NO_STANCE, func.count(Submission.id), people, organisations, true())
        .join(Submission.authorship)
        .where(*received_in(consultation_id))
    )
    return _gathered(db.session.execute(union_all(stances, authors, everybody)).all())


def _gathered(rows: Iterable[Sequence[Any]]) -> RoundFigures:
    counts: dict[int | None, dict[Stance, int]] = {}
    authors: dict[int | None, Sequence[int]] = {}
    whole = NOTHING
    for place, stance, number, people, organisations, is_whole in rows:
        if is_whole:
            whole = Figures({}, people, organisations, number)
        elif stance is None:
            authors[place] = people, organisations, number
        else:
            counts.setdefault(place, {})[Stance(stance)] = number
    places: dict[int | None, Figures] = {}
    for place, row in counts.items():
        people, organisations, texts = authors[place]
        places[place] = Figures(row, people, organisations, texts=texts)
    sums = {stance: sum(one.of(stance) for one in places.values()) for stance in Stance}
    different = sum(one.texts for one in places.values())
    return RoundFigures(replace(whole, stances=sums, texts=different), places)
