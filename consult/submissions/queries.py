"""Reading submissions and points: filters, counts, and the one door to an author's name."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import joinedload, raiseload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from consult.accounts.models import User
from consult.core.db import db
from consult.core.text import fold
from consult.submissions.models import (
    Authorship,
    Identity,
    Point,
    PointKind,
    Stance,
    Submission,
    SubmissionState,
)

# --- who stands behind an opinion --------------------------------------------------------------


class Contributor(Struct, frozen=True):
    """What may be shown of an author: empty strings are what must not be.

    ``organisation`` is the one on whose behalf the person wrote.
    """

    identity: Identity
    name: str = ""
    organisation: str = ""

    @property
    def sealed(self) -> bool:
        """Whether neither the name nor the organisation may be shown."""
        return self.identity is Identity.SEALED


def contributor(authorship: Authorship) -> Contributor:
    """Return what may be shown of who stands behind a submission; with `shown`, the only way.

    Public: the name, and the organisation if there is one. Organisation: only that. Sealed:
    neither. Reads ``user`` and ``organisation``, which `points_statement` loads.
    """
    return shown(
        authorship.identity,
        authorship.user.full_name if authorship.user else authorship.name,
        authorship.organisation.name if authorship.organisation else authorship.organisation_name,
    )


def shown(identity: Identity, name: str, organisation: str) -> Contributor:
    """Return what ``identity`` lets through of a name and an organisation read as columns."""
    if identity is Identity.SEALED:
        return Contributor(identity)
    if identity is Identity.ORGANISATION:
        return Contributor(identity, organisation=organisation)
    return Contributor(identity, name, organisation)


# --- lists of points ---------------------------------------------------------------------------


class PointState(enum.Enum):
    """Which received points a filter keeps."""

    STANDING = "standing"  # received and not withdrawn
    WITHDRAWN = "withdrawn"
    RECEIVED = "received"  # both


class Anywhere(enum.Enum):
    """The mark that a filter does not look at the provision (None is the whole draft)."""

    ANY = "any"


ANY = Anywhere.ANY


class PointFilter(Struct, frozen=True):
    """Which points of a round: None as ``provision_id`` means those on the whole draft.

    ``q`` is searched in argument and proposed wording, without regard to diacritics or case; in
    those hidden from the public only for whoever ``reads_hidden`` words.
    """

    consultation_id: int
    provision_id: int | Anywhere | None = ANY
    stance: Stance | None = None
    kind: PointKind | None = None
    state: PointState = PointState.STANDING
    q: str = ""
    reads_hidden: bool = False


def standing() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions of a point that counts: received and not withdrawn."""
    return Point.received_at.is_not(None), Point.withdrawn_at.is_(None)


def points_statement(wanted: PointFilter, *, files: bool = True) -> Select[Point]:
    """Return the statement for ``wanted``, newest first.

    One query gives each point with its submission, authorship, author, organisation,
    provision and question, another one (for each batch) their ``files``; callers may add
    conditions and another order.
    """
    return (
        select(Point)
        .options(*point_options(files=files))
        .where(*point_conditions(wanted))
        .order_by(Point.received_at.desc(), Point.id.desc())
    )


def point_options(*, files: bool = True) -> tuple[ExecutableOption, ...]:
    """Return the options that load with each point all that is shown of it.

    Without ``files``, its attachments may not be touched.
    """
    return (
        # Options, not joins: counting the rows then reads no other table.
        joinedload(Point.submission, innerjoin=True)
        .joinedload(Submission.authorship, innerjoin=True)
        .options(
            joinedload(Authorship.user).lazyload(User.roles),
            joinedload(Authorship.organisation),
        ),
        joinedload(Point.provision),
        joinedload(Point.question),
        selectinload(Point.attachments) if files else raiseload(Point.attachments),
    )


def points_by_id(consultation_id: int, point_ids: Collection[int]) -> dict[int, Point]:
    """Return those points of the round, withdrawn ones included, by id; two queries."""
    wanted = PointFilter(consultation_id, state=PointState.RECEIVED)
    statement = points_statement(wanted).where(Point.id.in_(point_ids))
    return {point.id: point for point in db.session.scalars(statement)}


def point_conditions(wanted: PointFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on `Point` alone that ``wanted`` means."""
    conditions: list[ColumnElement[bool]] = [
        Point.consultation_id == wanted.consultation_id,
        Point.received_at.is_not(None),
    ]
    if wanted.state is PointState.STANDING:
        conditions.append(Point.withdrawn_at.is_(None))
    elif wanted.state is PointState.WITHDRAWN:
        conditions.append(Point.withdrawn_at.is_not(None))
    if wanted.provision_id is None:
        conditions.append(Point.provision_id.is_(None))
    elif not isinstance(wanted.provision_id, Anywhere):
        conditions.append(Point.provision_id == wanted.provision_id)
    if wanted.stance is not None:
        conditions.append(Point.stance == wanted.stance)
    if wanted.kind is not None:
        conditions.append(Point.kind == wanted.kind)
    if wanted.q.strip():
        conditions.append(Point.folded.contains(fold(wanted.q.strip()), autoescape=True))
        if not wanted.reads_hidden:
            conditions.append(Point.hidden_at.is_(None))
    return conditions


# --- counts of points received and standing ------------------------------------------------------


def counts_by_provision(consultation_id: int) -> dict[int | None, dict[Stance, int]]:
    """Return, for each provision that has any, how many points of each stance stand.

    The key None is the whole draft; one query.
    """
    counts: defaultdict[int | None, dict[Stance, int]] = defaultdict(dict)
    for provision_id, stance, number in db.session.execute(
        select(Point.provision_id, Point.stance, func.count())
        .where(Point.consultation_id == consultation_id, *standing())
        .group_by(Point.provision_id, Point.stance)
    ):
        counts[provision_id][stance] = number
    return dict(counts)


def counts_by_stance(consultation_id: int) -> dict[Stance, int]:
    """Return how many points of each stance stand in the round, zeros included; one query."""
    found = dict(
        db.session.execute(
            select(Point.stance, func.count())
            .where(Point.consultation_id == consultation_id, *standing())
            .group_by(Point.stance)
        ).all()
    )
    return {stance: found.get(stance, 0) for stance in Stance}


class PeopleCounts(Struct, frozen=True):
    """How much was received in a round and stands, and from how many.

    ``people`` counts distinct accounts and the names of imported sheets, ``organisations`` those
    on whose behalf somebody wrote. Whoever writes both openly and under seal counts as two, and
    the organisation of a sealed contribution not at all: the numbers would tell who it is.
    """

    points: int = 0
    submissions: int = 0
    people: int = 0
    organisations: int = 0


def people_counts(consultation_id: int) -> PeopleCounts:
    """Return the counts of the round; two queries."""
    points = db.session.scalar(
        select(func.count(Point.id)).where(Point.consultation_id == consultation_id, *standing())
    )
    row = db.session.execute(
        select(func.count(Submission.id), *contributor_columns())
        .join(Submission.authorship)
        .where(*received_in(consultation_id))
    ).one()
    submissions, people, organisations = row
    return PeopleCounts(points or 0, submissions, people, organisations)


def received_in(consultation_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions of the round's submissions that have been received."""
    return (
        Submission.consultation_id == consultation_id,
        Submission.state == SubmissionState.RECEIVED,
    )


def contributor_columns() -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Return what counts the people, and the organisations, of the authorships that are read."""
    people = (Authorship.user_id, Authorship.tag, func.nullif(Authorship.name, ""))
    bodies = (Authorship.organisation_id, func.nullif(Authorship.organisation_name, ""))
    return _distinct(people), _distinct(bodies)


def _distinct(columns: Iterable[Any]) -> ColumnElement[int]:
    first, *others = (func.count(distinct(column)) for column in columns)
    return sum(others, start=first)
