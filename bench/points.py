"""Points, answers, a summary and notices for the rounds that are measured on."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bench.words import Opinion
from consult.consultations.models import Consultation
from consult.core import clock
from consult.drafts.models import Provision
from consult.notifications.models import Notification
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions import vault
from consult.submissions.models import (
    Authorship,
    Identity,
    Point,
    SealedIdentity,
    Stance,
    Submission,
    SubmissionState,
)
from consult.summaries import release_services, review_services
from consult.summaries import services as summaries
from consult.summaries.commands import Approve, Release


def add_points(
    session: Session,
    random: Random,
    round_id: int,
    number: int,
    words: Sequence[Opinion],
    users: dict[str, int],
) -> None:
    """Add ``number`` received points by all the authors, two to a submission."""
    version_id = session.get_one(Consultation, round_id).version_id
    provisions = session.scalars(
        select(Provision.id).where(Provision.version_id == version_id)
    ).all()
    # "author" comes first, so that he or she has written in the smallest round too.
    authors = itertools.cycle(
        user_id for name, user_id in users.items() if name.startswith(("author", "person"))
    )
    rows = [
        {
            "submission_id": submission_id,
            "consultation_id": round_id,
            "provision_id": random.choice([None, *provisions]),
            "ordinal": ordinal,
            "stance": random.choice(list(Stance)),
            "argument": opinion.argument,
            "argument_html": opinion.html,
            "proposed_wording": opinion.wording,
            "folded": opinion.folded,
            "form_key": f"f{ordinal}",
            "created_at": at,
            "received_at": at,
        }
        for submission_id, at in _submissions(session, random, round_id, number, authors)
        for ordinal in (1, 2)
        for opinion in [random.choice(words)]
    ]
    if rows:
        session.execute(insert(Point), rows)


def _submissions(
    session: Session, random: Random, round_id: int, points: int, authors: itertools.cycle[int]
) -> list[tuple[int, datetime]]:
    now = clock.now()
    instants = [
        now - timedelta(seconds=random.randint(3600, 2_000_000)) for _ in range(points // 2)
    ]
    if not instants:
        return []
    rows = [
        {
            "reference": f"B{round_id}-{n}",
            "consultation_id": round_id,
            "state": SubmissionState.RECEIVED,
            "created_at": at,
            "received_at": at,
        }
        for n, at in enumerate(instants)
    ]
    statement = insert(Submission).returning(Submission.id, sort_by_parameter_order=True)
    ids = list(session.scalars(statement, rows))
    identities = list(Identity)[::2]  # public and sealed: the third needs an organisation
    behind = [(id_, next(authors), random.choice(identities)) for id_ in ids]
    session.execute(
        insert(Authorship),
        [
            {
                "submission_id": submission_id,
                "idempotency_key": f"k{submission_id}",
                "identity": identity,
                "user_id": None if identity is Identity.SEALED else author,
                "tag": (
                    vault.tag(vault.Author(author), round_id)
                    if identity is Identity.SEALED
                    else None
                ),
            }
            for submission_id, author, identity in behind
        ],
    )
    sealed = [(s, author) for s, author, identity in behind if identity is Identity.SEALED]
    if sealed:
        session.execute(
            insert(SealedIdentity),
            [vault.sealed_row(s, vault.Author(author)) for s, author in sealed],
        )
    return list(zip(ids, instants, strict=True))


def add_answers(session: Session, round_id: int, official_id: int, now: datetime) -> None:
    """Answer every point of the round, ten by one answer, and publish the answers."""
    points = session.scalars(select(Point.id).where(Point.consultation_id == round_id)).all()
    for n in range(0, len(points), 10):
        response = Response(
            consultation_id=round_id,
            disposition=list(Disposition)[n // 10 % 4],
            reason="Cơ quan chủ trì đã nghiên cứu ý kiến và giải trình như trong tờ trình.",
            created_by=official_id,
            created_at=now,
            published_by=official_id,
            published_at=now,
        )
        response.answered = [AnsweredPoint(point_id=point) for point in points[n : n + 10]]
        session.add(response)
    session.flush()


def add_summary(round_id: int, front_id: int, approver_id: int) -> int:
    """Start and release the round's summary as the Front does, and return its id."""
    summary = summaries.start(round_id, actor_id=front_id)
    sent = review_services.send(summary.id, actor_id=front_id, step_id=0).steps[-1]
    approve = Approve(summary.id, approver_id, sent.id, points_seen=True)
    approved = review_services.approve(approve).steps[-1]
    return release_services.release(Release(summary.id, front_id, approved.id, early="Đo.")).id


def add_notices(session: Session, user_id: int, now: datetime) -> int:
    """Add thirty notices to the user and return the id of one."""
    rows = [
        Notification(
            user_id=user_id,
            kind="round.opened",
            params={"round": "Dự thảo Quyết định", "closes": "08:00 01/08/2026"},
            url="/rounds/1",
            dedupe_key=f"bench:{n}",
            created_at=now,
        )
        for n in range(30)
    ]
    session.add_all(rows)
    session.flush()
    return rows[0].id


def add_basket(session: Session, round_id: int, user_id: int) -> int:
    """Add an unsent point of the user in the round and return its id."""
    now = clock.now()
    submission = Submission(
        reference=f"D{round_id}",
        consultation_id=round_id,
        state=SubmissionState.DRAFT,
        draft_of=vault.basket_mark(user_id, round_id),
        created_at=now,
    )
    submission.authorship = Authorship(
        tag=vault.basket_mark(user_id, round_id),
        identity=Identity.SEALED,
        idempotency_key=f"D{round_id}",
    )
    point = Point(
        consultation_id=round_id,
        ordinal=1,
        stance=Stance.AGREE,
        argument="Chưa gửi.",
        argument_html="<p>Chưa gửi.</p>",
        form_key="unsent",
        created_at=now,
    )
    submission.points = [point]
    session.add(submission)
    session.flush()
    session.add(SealedIdentity(**vault.sealed_row(submission.id, vault.Author(user_id))))
    session.flush()
    return point.id


def own_point(session: Session, round_id: int, user_id: int) -> int:
    """Return one of the user's points in the round."""
    return session.scalars(
        select(Point.id)
        .join(Point.submission)
        .join(Submission.authorship)
        .where(Point.consultation_id == round_id, vault.written_by(user_id, [round_id]))
        .limit(1)
    ).one()


def own_reference(session: Session, round_id: int, user_id: int) -> str:
    """Return the reference of one of the user's submissions in the round."""
    return session.scalars(
        select(Submission.reference)
        .join(Submission.authorship)
        .where(Submission.consultation_id == round_id, vault.written_by(user_id, [round_id]))
        .limit(1)
    ).one()
