"""Reading what a round's summary may have missed; the queries count, `missed` concludes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import and_, case, false, func, select

from consult.accounts.models import User
from consult.core.db import db
from consult.critiques.models import Commission, CommissionStage
from consult.critiques.queries import with_seats
from consult.critiques.review_models import Review
from consult.people.models import Profile
from consult.submissions.models import Authorship, Identity, Point, Submission
from consult.submissions.queries import contributor_columns, received_in, standing
from consult.summaries.decision_queries import not_set_aside, undecided
from consult.summaries.missed import Cell, Group, Panel, panel
from consult.summaries.queries import quoted_ids


def cells(consultation_id: int, summary_id: int | None) -> list[Cell]:
    """Return the counts of standing points by provision and stance; one query.

    Without a summary, nothing is quoted.
    """
    quoted = false() if summary_id is None else Point.id.in_(quoted_ids(summary_id))
    counted = (not_set_aside(), and_(quoted, undecided()), and_(~quoted, undecided()))
    rows = db.session.execute(
        select(
            Point.provision_id,
            Point.stance,
            func.count(Point.id),
            *(func.count(case((condition, 1))) for condition in counted),
        )
        .where(Point.consultation_id == consultation_id, *standing())
        .group_by(Point.provision_id, Point.stance)
        .order_by(Point.provision_id, Point.stance)
    )
    return [Cell(*row) for row in rows]


def people(consultation_id: int) -> tuple[list[Group], list[Group]]:
    """Return the verified people by field of science and by locality; one query.

    Heard is only who wrote under his or her own name: what people wrote under seal, or under
    the name of an organisation alone, would tell something of who they are.
    """
    openly = (
        select(Authorship.user_id)
        .join(Submission, Submission.id == Authorship.submission_id)
        .where(
            *received_in(consultation_id),
            Authorship.identity == Identity.PUBLIC,
            Authorship.user_id.is_not(None),
        )
    )
    rows = db.session.execute(
        select(
            Profile.field_code,
            Profile.locality,
            func.count(),
            func.count(case((User.id.in_(openly), 1))),
        )
        .join(User, User.id == Profile.user_id)
        .where(User.verified_at.is_not(None), User.disabled_at.is_(None))
        .group_by(Profile.field_code, Profile.locality)
    ).all()
    fields = [Group(field, verified, heard) for field, _, verified, heard in rows]
    return fields, [Group(locality, verified, heard) for _, locality, verified, heard in rows]


def organisations_heard(consultation_id: int) -> int:
    """Return on behalf of how many organisations something was sent that stands; one query.

    Those of sealed contributions are not among them.
    """
    _people, organisations = contributor_columns()
    return (
        db.session.scalar(
            select(organisations)
            .select_from(Submission)
            .join(Submission.authorship)
            .where(*received_in(consultation_id))
        )
        or 0
    )


def panels(consultation_id: int) -> Sequence[Panel]:
    """Return the panels of the critiques commissioned in the round; three queries.

    Whoever shows one asks "commission.read" for its commission.
    """
    given_up = (CommissionStage.DECLINED, CommissionStage.CANCELLED)
    commissions = db.session.scalars(
        select(Commission)
        .where(Commission.consultation_id == consultation_id, Commission.stage.not_in(given_up))
        .options(with_seats())
        .order_by(Commission.id)
    ).all()
    sent = set(
        db.session.scalars(
            select(Review.seat_id).where(
                Review.commission_id.in_([row.id for row in commissions]),
                Review.sent_at.is_not(None),
            )
        )
        if commissions
        else ()
    )
    return [found for row in commissions if (found := panel(row, sent)).invited]
