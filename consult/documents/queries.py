"""Reading what goes into exports: one pass over the points, whatever their number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import defer, joinedload

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.drafts.models import Provision
from consult.people.models import Organisation
from consult.responses.models import AnsweredPoint, Response
from consult.submissions.models import Point
from consult.submissions.queries import PointFilter, PointState, points_statement

_BATCH = 500


def consultation(consultation_id: int) -> Consultation:
    """Return the round with version, agency and the agency's parent; one query.

    Raises LookupError when there is none.
    """
    found = db.session.scalars(
        select(Consultation)
        .where(Consultation.id == consultation_id)
        .options(joinedload(Consultation.agency).joinedload(Organisation.parent))
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise LookupError(f"there is no round {consultation_id}")
    return found


def agency(organisation_id: int) -> Organisation:
    """Return the agency with its parent; NoResultFound when there is none; one query."""
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.id == organisation_id)
        .options(joinedload(Organisation.parent))
    ).one()


def union() -> Organisation | None:
    """Return the union whose panels write critiques, under its name in force; one query."""
    return _in_force("union")


def front() -> Organisation | None:
    """Return the Front with the body above it, under its name in force; one query."""
    return _in_force("front")


def _in_force(kind: str) -> Organisation | None:
    return db.session.scalars(
        select(Organisation)
        .where(Organisation.kind == kind, Organisation.valid_to.is_(None))
        .options(joinedload(Organisation.parent))
        .order_by(Organisation.id)
        .limit(1)
    ).first()


def received_points(consultation_id: int) -> dict[int, Point]:
    """Return all received points of the round with their authors, withdrawn ones too; one query."""
    statement = points_statement(
        PointFilter(consultation_id, state=PointState.RECEIVED), files=False
    ).options(defer(Point.argument_html))
    points = db.session.scalars(statement.order_by(None).order_by(Point.id)).unique()
    return {point.id: point for point in points}


def draft_words(provision_ids: Collection[int]) -> dict[int, str]:
    """Return the draft's own words at those provisions; one query."""
    rows = db.session.execute(
        select(Provision.id, Provision.text).where(Provision.id.in_(provision_ids))
    )
    return dict(rows.all())


def answered_points(consultation_id: int) -> Iterator[tuple[Point, Response | None]]:
    """Yield the standing points with their published answers, streamed; one query.

    In the draft's order, those on the whole draft last. Their files are not loaded.
    """
    statement = (
        points_statement(PointFilter(consultation_id), files=False)
        .outerjoin(Provision, Provision.id == Point.provision_id)
        .outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .outerjoin(
            Response,
            and_(Response.id == AnsweredPoint.response_id, Response.published_at.is_not(None)),
        )
        .add_columns(Response)
        .options(defer(Point.argument_html))
        .order_by(None)
        .order_by(Point.provision_id.is_(None), Provision.ordinal, Point.received_at, Point.id)
    )
    rows = db.session.execute(statement, execution_options={"yield_per": _BATCH})
    yield from rows


def received_and_withdrawn(consultation_id: int) -> tuple[int, int]:
    """Return how many points of the round were received, and how many of them withdrawn."""
    received, withdrawn = db.session.execute(
        select(func.count(Point.id), func.count(Point.withdrawn_at)).where(
            Point.consultation_id == consultation_id, Point.received_at.is_not(None)
        )
    ).one()
    return received, withdrawn


def addressees() -> Sequence[str]:
    """Return the names in force of the Front and the council, to whom reports go; one query."""
    return db.session.scalars(
        select(Organisation.name)
        .where(Organisation.kind.in_(("front", "council")), Organisation.valid_to.is_(None))
        .order_by(Organisation.kind.desc(), Organisation.id)
    ).all()
