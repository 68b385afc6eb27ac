"""What waits on somebody's desk, gathered from several rooms in few queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import aliased

from consult.accounts.models import User
from consult.consultations.models import Consultation, Stage
from consult.core.db import db
from consult.core.paging import Page
from consult.drafts.models import Draft, DraftVersion, Provision
from consult.people.models import WAITING, Membership, Organisation, Profile
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import Authorship, Point, Submission, SubmissionState
from consult.summaries.models import Summary

_MOST_LINES = 10


class DraftLine(NamedTuple):
    """A draft's newest text; ``rounds`` counts those on the draft that were not cancelled."""

    version_id: int
    title: str
    number: int
    created_at: datetime
    provisions: int
    rounds: int


def drafts_without_round(agencies: Sequence[int]) -> list[DraftLine]:
    """Return the agencies' newest drafts that no round was opened on; one query."""
    rows = db.session.execute(_drafts(agencies).where(_rounds_on_draft() == 0).limit(_MOST_LINES))
    return [DraftLine._make(row) for row in rows]


def drafts(agencies: Sequence[int], *, number: int, size: int = 25) -> Page[DraftLine]:
    """Return a page of all the agencies' drafts, the one last uploaded first; two queries."""
    total = db.session.scalar(select(func.count(Draft.id)).where(Draft.agency_id.in_(agencies)))
    rows = db.session.execute(_drafts(agencies).limit(size).offset((number - 1) * size))
    return Page([DraftLine._make(row) for row in rows], number, size, total or 0)


def _drafts(agencies: Sequence[int]) -> Select[int, str, int, datetime, int, int]:
    """Select the newest version of each of the agencies' drafts as columns of a `DraftLine`."""
    other = aliased(DraftVersion)
    newer = select(other.id).where(
        other.draft_id == DraftVersion.draft_id, other.number > DraftVersion.number
    )
    count = select(func.count(Provision.id)).where(Provision.version_id == DraftVersion.id)
    return (
        select(
            DraftVersion.id,
            Draft.title,
            DraftVersion.number,
            DraftVersion.created_at,
            count.correlate(DraftVersion).scalar_subquery(),
            _rounds_on_draft(),
        )
        .join(Draft, Draft.id == DraftVersion.draft_id)
        .where(Draft.agency_id.in_(agencies), ~newer.correlate(DraftVersion).exists())
        .order_by(DraftVersion.created_at.desc(), DraftVersion.id.desc())
    )


def _rounds_on_draft() -> ScalarSelect[int]:
    any_version = aliased(DraftVersion)
    return (
        select(func.count(Consultation.id))
        .join(any_version, any_version.id == Consultation.version_id)
        .where(any_version.draft_id == DraftVersion.draft_id)
        .where(Consultation.stage != Stage.CANCELLED)
        .correlate(DraftVersion)
        .scalar_subquery()
    )


class SummaryLine(NamedTuple):
    """A released summary, and how far its round is."""

    id: int
    number: int
    title: str
    released_at: datetime
    consultation_id: int
    stage: Stage


def released_summaries() -> list[SummaryLine]:
    """Return the newest released summaries; one query."""
    rows = db.session.execute(
        select(
            Summary.id,
            Summary.number,
            Consultation.title,
            Summary.released_at,
            Consultation.id,
            Consultation.stage,
        )
        .join(Consultation, Consultation.id == Summary.consultation_id)
        .where(Summary.released_at.is_not(None))
        .order_by(Summary.released_at.desc(), Summary.id.desc())
        .limit(_MOST_LINES)
    )
    return [SummaryLine._make(row) for row in rows]


class WaitingPerson(NamedTuple):
    """Somebody who waits for a decision: on the profile, or on joining ``club``."""

    user_id: int
    name: str
    since: datetime | None
    club_id: int | None
    club: str
    total: int


def pending_profiles() -> list[WaitingPerson]:
    """Return who has waited longest for verification, with how many wait; one query."""
    rows = db.session.execute(
        select(User.id, User.full_name, Profile.requested_at, func.count().over())
        .join(Profile, Profile.user_id == User.id)
        .where(Profile.state.in_(WAITING))
        .order_by(Profile.requested_at, User.id)
        .limit(_MOST_LINES)
    )
    return [WaitingPerson(*row[:3], None, "", row[3]) for row in rows]


def club_requests(user_id: int) -> list[WaitingPerson]:
    """Return who asks to join the clubs of which the user is an officer; one query."""
    mine = aliased(Membership)
    rows = db.session.execute(
        select(
            User.id,
            User.full_name,
            Membership.requested_at,
            Organisation.id,
            Organisation.name,
            func.count().over(),
        )
        .join(User, User.id == Membership.user_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(mine, mine.organisation_id == Membership.organisation_id)
        .where(
            Membership.state == "requested",
            mine.user_id == user_id,
            mine.state == "accepted",
            mine.role.in_(("secretary", "chair")),
        )
        .order_by(Membership.requested_at, User.id)
        .limit(_MOST_LINES)
    )
    return [WaitingPerson._make(row) for row in rows]


def profile_state(user_id: int) -> tuple[str, str]:
    """Return the state of the user's profile ("" without one) and the note on it; one query."""
    row = db.session.execute(
        select(Profile.state, Profile.decision_note).where(Profile.user_id == user_id)
    ).first()
    return ("", "") if row is None else (row[0], row[1])


class BasketLine(NamedTuple):
    """Points that are written and not sent."""

    consultation_id: int
    title: str
    closes_at: datetime | None
    stage: Stage
    points: int


def baskets(written: ColumnElement[bool]) -> list[BasketLine]:
    """Return somebody's unsent points by round, the nearest closing first; one query.

    ``written`` is `vault.written_anywhere`.
    """
    rows = db.session.execute(
        select(
            Consultation.id,
            Consultation.title,
            Consultation.closes_at,
            Consultation.stage,
            func.count(Point.id),
        )
        .join(Submission, Submission.consultation_id == Consultation.id)
        .join(Authorship, Authorship.submission_id == Submission.id)
        .outerjoin(Point, Point.submission_id == Submission.id)
        .where(
            written,
            Submission.state == SubmissionState.DRAFT,
            or_(Point.id.is_not(None), Submission.sheets.any()),
        )
        .group_by(Consultation.id)
        .order_by(Consultation.closes_at, Consultation.id)
        .limit(_MOST_LINES)
    )
    return [BasketLine._make(row) for row in rows]


class AnswerLine(Struct, frozen=True):
    """A published answer to one of the user's points."""

    point_id: int
    title: str
    citation: str | None
    disposition: Disposition
    published_at: datetime


def answers(written: ColumnElement[bool]) -> list[AnswerLine]:
    """Return the newest published answers to somebody's points, as for `baskets`; one query."""
    rows = db.session.execute(
        select(
            Point.id,
            Consultation.title,
            Provision.citation,
            Response.disposition,
            Response.published_at,
        )
        .join(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .join(Response, Response.id == AnsweredPoint.response_id)
        .join(Authorship, Authorship.submission_id == Point.submission_id)
        .join(Consultation, Consultation.id == Point.consultation_id)
        .outerjoin(Provision, Provision.id == Point.provision_id)
        .where(written, Response.published_at.is_not(None))
        .order_by(Response.published_at.desc(), Point.id)
        .limit(_MOST_LINES)
    )
    return [AnswerLine(*row) for row in rows]
