"""What a person has contributed and what became of it; certificates of it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.critiques.models import Commission, CommissionStage, PanelRole, Seat, SeatState
from consult.critiques.review_models import Review
from consult.documents.certificate_models import Certificate
from consult.drafts.models import Provision
from consult.people.models import Organisation
from consult.responses.models import Disposition
from consult.responses.queries import published_for
from consult.submissions.joint.models import (
    JointSignature,
    JointState,
    JointSubmission,
    SignatureKind,
)
from consult.submissions.models import Authorship, Identity, Point, Submission, code_of
from consult.submissions.voices.queries import Tally, tallies

# The stages in which a panel's work is done and no secret any more.
_DELIVERED = (CommissionStage.REPORTED, CommissionStage.ANSWERED)


class PointLine(Struct, frozen=True):
    """One point of the person: where, when, how, and the published answer to it if any."""

    id: int
    round_id: int
    round: str
    citation: str
    received_at: datetime
    withdrawn_at: datetime | None
    hidden: bool
    identity: Identity
    organisation: str
    outcome: Disposition | None
    voices: Tally

    @property
    def code(self) -> str:
        """The reference under which the point is cited."""
        return code_of(self.id)

    @property
    def sealed(self) -> bool:
        """Whether nobody but the person may learn whose it is."""
        return self.identity is Identity.SEALED


class PanelLine(Struct, frozen=True):
    """A panel on which the person sat."""

    commission_id: int
    title: str
    role: PanelRole
    stage: CommissionStage
    sent_at: datetime | None

    @property
    def delivered(self) -> bool:
        """Whether the person's review went into a delivered report."""
        return self.sent_at is not None and self.stage in _DELIVERED


class JointLine(Struct, frozen=True):
    """A joint submission that the person signed."""

    title: str
    round: str
    organisation: str
    sent_at: datetime


class Record(Struct, frozen=True):
    """Everything that a person has contributed."""

    points: list[PointLine]
    panels: list[PanelLine]
    joint: list[JointLine]

    def outcomes(self) -> list[tuple[Disposition, int]]:
        """Return how many standing points got each answer, in the answers' order."""
        found = Counter(line.outcome for line in self.standing())
        return [(outcome, found[outcome]) for outcome in Disposition if found[outcome]]

    def standing(self) -> list[PointLine]:
        """Return the points that are not withdrawn."""
        return [line for line in self.points if line.withdrawn_at is None]


def record(user_id: int, written: ColumnElement[bool]) -> Record:
    """Return the person's record, the newest first; five queries.

    ``written`` says which authorships: `vault.written_anywhere` for the person's own eyes.
    """
    return Record(_points(written), _panels(user_id), _joint(user_id))


def _points(written: ColumnElement[bool]) -> list[PointLine]:
    rows = db.session.execute(
        select(
            Point.id,
            Consultation.id,
            Consultation.title,
            Provision.citation,
            Point.received_at,
            Point.withdrawn_at,
            Point.hidden_at,
            Authorship.identity,
            Organisation.name,
        )
        .join(Submission, Submission.id == Point.submission_id)
        .join(Authorship, Authorship.submission_id == Submission.id)
        .join(Consultation, Consultation.id == Submission.consultation_id)
        .outerjoin(Provision, Provision.id == Point.provision_id)
        .outerjoin(Organisation, Organisation.id == Authorship.organisation_id)
        .where(written, Point.received_at.is_not(None))
        .order_by(Point.received_at.desc(), Point.id.desc())
    ).all()
    ids = [row[0] for row in rows]
    answers, voices = published_for(ids), tallies(ids)
    return [
        PointLine(
            id=row[0],
            round_id=row[1],
            round=row[2],
            citation=row[3] or "",
            received_at=received,
            withdrawn_at=row[5],
            hidden=row[6] is not None,
            identity=row[7],
            organisation=row[8] or "",
            outcome=answers[row[0]].disposition if row[0] in answers else None,
            voices=voices.get(row[0], Tally()),
        )
        for row in rows
        if (received := row[4]) is not None
    ]


def _panels(user_id: int) -> list[PanelLine]:
    rows = db.session.execute(
        select(Commission.id, Commission.title, Seat.role, Commission.stage, Review.sent_at)
        .join(Seat, Seat.commission_id == Commission.id)
        .outerjoin(Review, (Review.seat_id == Seat.id) & (Review.number == 1))
        .where(Seat.user_id == user_id, Seat.state == SeatState.ACCEPTED)
        .order_by(Commission.id.desc())
    )
    return [PanelLine(*row) for row in rows]


def _joint(user_id: int) -> list[JointLine]:
    rows = db.session.execute(
        select(
            JointSubmission.title, Consultation.title, Organisation.name, JointSubmission.sent_at
        )
        .join(JointSignature, JointSignature.joint_id == JointSubmission.id)
        .join(Consultation, Consultation.id == JointSubmission.consultation_id)
        .join(Organisation, Organisation.id == JointSubmission.organisation_id)
        .where(
            JointSignature.user_id == user_id,
            JointSignature.kind == SignatureKind.SIGNED,
            JointSignature.voided_at.is_(None),
            JointSubmission.state == JointState.SENT,
            JointSubmission.sent_at.is_not(None),
        )
        .order_by(JointSubmission.sent_at.desc())
    )
    return [JointLine(title, about, club, at) for title, about, club, at in rows if at]


# --- what a certificate says ---------------------------------------------------------------------


def openly(user_id: int, *, with_organisations: bool) -> ColumnElement[bool]:
    """Return the condition on authorships under the person's name, the organisations' if wanted.

    A sealed one never is among them: its row holds nobody's id.
    """
    identities = [Identity.PUBLIC, *([Identity.ORGANISATION] if with_organisations else [])]
    return (Authorship.user_id == user_id) & Authorship.identity.in_(identities)


def contents(found: Record, *, titled: str) -> dict[str, Any]:
    """Return what a certificate says of the record, as JSON; instants as ISO 8601 in UTC.

    Points that are withdrawn or hidden from the public are left out, and so are panels whose
    report has not been delivered. ``titled`` is the name with the verified titles.
    """
    points = [line for line in found.standing() if not line.hidden]
    return {
        "titled": titled,
        "points": [
            {
                "code": line.code,
                "round_id": line.round_id,
                "round": line.round,
                "citation": line.citation,
                "at": line.received_at.isoformat(),
                "outcome": line.outcome.value if line.outcome else "",
                "organisation": line.organisation if line.identity is Identity.ORGANISATION else "",
                "sealed": line.sealed,
            }
            for line in points
        ],
        "panels": [
            {"title": line.title, "role": line.role.value, "at": line.sent_at.isoformat()}
            for line in found.panels
            if line.delivered and line.sent_at
        ],
        "joint": [
            {
                "title": line.title,
                "round": line.round,
                "organisation": line.organisation,
                "at": line.sent_at.isoformat(),
            }
            for line in found.joint
        ],
    }


def certificate(certificate_id: int) -> Certificate | None:
    """Return the certificate, or None."""
    return db.session.get(Certificate, certificate_id)


def issued(certificate_id: int) -> Certificate | None:
    """Return the certificate if it was ever issued, revoked since or not; else None."""
    row = certificate(certificate_id)
    return row if row is not None and row.code is not None else None


def by_code(code: str) -> Certificate | None:
    """Return the issued certificate, revoked since or not, with that code."""
    statement = select(Certificate).where(Certificate.code == code)
    return db.session.scalars(statement).unique().first() if code else None


def own_certificates(user_id: int) -> list[Certificate]:
    """Return what the person has asked for, the newest first; one query."""
    statement = select(Certificate).where(Certificate.user_id == user_id)
    statement = statement.options(joinedload(Certificate.user).lazyload("*"))
    return list(db.session.scalars(statement.order_by(Certificate.id.desc())).unique())


def certificates_statement(state: str) -> Select[Any]:
    """Return the SELECT of certificates in ``state`` (all when empty), the newest first."""
    statement = select(Certificate).options(joinedload(Certificate.user).lazyload("*"))
    if state:
        statement = statement.where(Certificate.state == state)
    return statement.order_by(Certificate.id.desc())
