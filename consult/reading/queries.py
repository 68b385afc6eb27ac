"""What the public pages show of several rooms, each in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload

from consult.accounts.models import User
from consult.consultations.models import Audience, Consultation, Kind, Stage
from consult.core.db import db
from consult.core.text import fold
from consult.drafts.models import Provision
from consult.drafts.queries import HEADINGS, ProvisionLine
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.answers.models import AnswerSheet
from consult.submissions.identity.queries import opened_options
from consult.submissions.models import Authorship, Point, Stance, Submission, SubmissionState
from consult.submissions.queries import standing
from consult.summaries.models import Passage, Summary

SHOWN_STAGES = (Stage.OPEN, Stage.SCHEDULED, Stage.CLOSED, Stage.ANSWERED, Stage.CANCELLED)

# --- rounds ------------------------------------------------------------------------------------


class RoundFilter(Struct, frozen=True):
    """Which rounds: ``restricted`` includes those that only verified people and staff read."""

    restricted: bool
    stages: Collection[Stage] = SHOWN_STAGES
    kind: Kind | None = None
    q: str = ""


def rounds_statement(wanted: RoundFilter) -> Select[Consultation]:
    """Return the statement for ``wanted``; open rounds first, then by closing instant.

    With ``q`` it asks the database once for all titles: no engine folds Vietnamese letters.
    """
    statement = (
        select(Consultation)
        .options(lazyload(Consultation.version))  # a list shows no text
        .where(Consultation.stage.in_([s for s in wanted.stages if s is not Stage.PREPARING]))
    )
    if not wanted.restricted:
        statement = statement.where(Consultation.audience == Audience.EVERYONE)
    if wanted.kind is not None:
        statement = statement.where(Consultation.kind == wanted.kind)
    if wanted.q.strip():
        statement = statement.where(Consultation.id.in_(_with_words(wanted.q)))
    return statement.order_by(
        (Consultation.stage != Stage.OPEN), Consultation.closes_at.desc(), Consultation.id.desc()
    )


def _with_words(q: str) -> list[int]:
    words = fold(q).split()
    return [
        id_
        for id_, title in db.session.execute(select(Consultation.id, Consultation.title))
        if all(word in fold(title) for word in words)
    ]


def open_rounds(*, restricted: bool, limit: int) -> list[Consultation]:
    """Return the rounds that are open or will be, the one that closes first on top."""
    return list(db.session.scalars(_shown_first(Stage.OPEN, Stage.SCHEDULED, restricted, limit)))


def answered_rounds(*, restricted: bool, limit: int) -> list[Consultation]:
    """Return the rounds that have been answered or are being, the latest closed on top."""
    return list(db.session.scalars(_shown_first(Stage.ANSWERED, Stage.CLOSED, restricted, limit)))


@cache  # building them, and telling them apart, costs more than the database takes
def _shown_first(first: Stage, second: Stage, restricted: bool, limit: int) -> Select[Consultation]:
    closes = Consultation.closes_at
    return (
        rounds_statement(RoundFilter(restricted, (first, second)))
        .order_by(None)
        .order_by(
            Consultation.stage != first,
            closes if first is Stage.OPEN else closes.desc(),
            Consultation.id,
        )
        .limit(limit)
    )


def submission_counts(consultation_ids: Collection[int] | None = None) -> dict[int, int]:
    """Return how many submissions that stand each round has received; one query.

    Of all rounds when ``consultation_ids`` is None; rounds without any are left out.
    """
    statement = (
        select(Submission.consultation_id, func.count())
        .where(Submission.state == SubmissionState.RECEIVED)
        .group_by(Submission.consultation_id)
    )
    if consultation_ids is not None:
        statement = statement.where(Submission.consultation_id.in_(consultation_ids))
    return dict(db.session.execute(statement).all())


class Stamp(NamedTuple):
    """How much of a round stands, and when the last of it came: with the round's text, this
    tells whether the counts of its provisions are still what they were."""

    submissions: int
    points: int
    last: datetime | None


def stamp(consultation_id: int) -> Stamp:
    """Return the round's stamp; one query over indexes."""
    row = db.session.execute(
        select(
            select(func.count())
            .select_from(Submission)
            .where(
                Submission.consultation_id == consultation_id,
                Submission.state == SubmissionState.RECEIVED,
            )
            .scalar_subquery(),
            func.count(),
            func.max(Point.received_at),
        )
        .select_from(Point)
        .where(Point.consultation_id == consultation_id, *standing())
    ).one()
    return Stamp(*row)


class Totals(NamedTuple):
    """The portal in numbers: published rounds, verified people, points answered in public."""

    rounds: int
    people: int
    answered: int


def totals() -> Totals:
    """Return the portal's numbers; one query."""
    return Totals(*db.session.execute(_totals()).one())


@cache
def _totals() -> Select[int, int, int]:
    rounds = select(func.count(Consultation.id)).where(Consultation.stage.in_(SHOWN_STAGES))
    people = select(func.count(User.id)).where(User.verified_at.is_not(None))
    answered = (
        select(func.count(AnsweredPoint.point_id))
        .join(AnsweredPoint.response)
        .where(Response.published_at.is_not(None))
    )
    return select(rounds.scalar_subquery(), people.scalar_subquery(), answered.scalar_subquery())


# --- the text of a round -------------------------------------------------------------------------


class Line(NamedTuple):
    """A provision as the reading page shows it.

    ``level`` is the heading level, 0 for text; ``tally`` the (stance, count) of its points.
    """

    key: str
    label: str
    title: str
    text: str
    citation: str
    depth: int
    level: int
    tally: list[tuple[str, int]]


def lines(
    provisions: Iterable[ProvisionLine], counts: dict[int | None, dict[Stance, int]]
) -> list[Line]:
    """Return the text with heading levels (from 3, none skipped) and tallies; no query."""
    levels: dict[int | None, int] = {None: 2}
    shown: list[Line] = []
    for p in provisions:
        above = levels.get(p.parent_id, 2)
        heads = p.kind in HEADINGS and bool(p.title or p.kind == "article")
        levels[p.id] = min(above + 1, 6) if heads else above
        tally = counts.get(p.id)
        shown.append(
            Line(
                p.key,
                # The law writes "Điều 3. Title" but "Chương I" alone on its line.
                f"{p.label}." if p.kind == "article" else p.label,
                p.title,
                p.text,
                p.citation,
                min(p.depth, 7),
                levels[p.id] if heads else 0,
                tally_of(tally) if tally else [],
            )
        )
    return shown


def tally_of(counts: dict[Stance, int]) -> list[tuple[str, int]]:
    """Return the stances that occur with their counts, in the stances' order."""
    return [(stance.value, counts[stance]) for stance in Stance if counts.get(stance)]


def answered_points(consultation_id: int) -> int:
    """Return how many points of the round have a published answer; one query."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AnsweredPoint)
            .join(AnsweredPoint.response)
            .where(Response.consultation_id == consultation_id, Response.published_at.is_not(None))
        )
        or 0
    )


# --- answers, and places to look for points ------------------------------------------------------


class Place(NamedTuple):
    """A provision that has points, for a choice; key and citation are None for the whole draft."""

    key: str | None
    citation: str | None
    points: int


_COUNTS = (
    select(Point.provision_id, func.count().label("points"))
    .where(Point.consultation_id == bindparam("round"), *standing())
    .group_by(Point.provision_id)
    .subquery()
)
# Put together once, as the statement of a list's points is.
_PLACES = (
    select(Provision.key, Provision.citation, _COUNTS.c.points)
    .select_from(_COUNTS)
    .outerjoin(Provision, _COUNTS.c.provision_id == Provision.id)
    .order_by(Provision.ordinal)
)


def places(consultation_id: int) -> list[Place]:
    """Return where the round's standing points are, in the draft's order; one query.

    Together the places hold every standing point.
    """
    rows = db.session.execute(_PLACES, {"round": consultation_id})
    return [Place(*row) for row in rows]


def published_responses(
    consultation_id: int, disposition: Disposition | None = None
) -> Select[Response]:
    """Return the statement for the round's published answers, with their points' ids."""
    statement = (
        select(Response)
        .options(selectinload(Response.answered))
        .where(Response.consultation_id == consultation_id, Response.published_at.is_not(None))
        .where(Response.answered.any())
        .order_by(Response.published_at, Response.id)
    )
    if disposition is not None:
        statement = statement.where(Response.disposition == disposition)
    return statement


# --- one's own -----------------------------------------------------------------------------------


def own_submissions(written: ColumnElement[bool]) -> Select[Submission]:
    """Return the statement for what an author has sent, newest first, with the points.

    ``written`` is `vault.written_anywhere`.
    """
    return (
        select(Submission)
        .join(Submission.authorship)
        .options(
            contains_eager(Submission.authorship).joinedload(Authorship.organisation),
            opened_options(),
            joinedload(Submission.consultation),
            joinedload(Submission.sheets).lazyload(AnswerSheet.answers),
            selectinload(Submission.points).options(
                joinedload(Point.provision), joinedload(Point.question)
            ),
        )
        .where(written, Submission.received_at.is_not(None))
        .order_by(Submission.received_at.desc(), Submission.id.desc())
    )


def quoted_in_summaries(point_ids: Sequence[int]) -> dict[int, Summary]:
    """Return, for each point quoted in a released summary, the newest such; one query."""
    rows = db.session.execute(
        select(Passage.point_id, Summary)
        .join(Summary, Summary.id == Passage.summary_id)
        .options(joinedload(Summary.consultation))
        .where(Passage.point_id.in_(point_ids), Summary.released_at.is_not(None))
        .order_by(Summary.number)
    )
    return dict(rows.all())
