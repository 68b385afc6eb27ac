"""From rows to documents of the index: rounds, the provisions under consultation, points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import contains_eager, joinedload

from consult.accounts.models import User
from consult.consultations.models import Audience, Consultation, PointsVisibility, Stage
from consult.core.db import db
from consult.drafts.models import Provision
from consult.search.engine import Changes, Doc
from consult.submissions.models import Authorship, Point, Submission
from consult.submissions.queries import contributor, standing

_ROUND_KINDS = ("round", "provision")
_BATCH = 500


def everything() -> Iterator[Doc]:
    """Yield every document of the database, in a few streaming queries a round."""
    for round_id in db.session.scalars(select(Consultation.id).order_by(Consultation.id)).all():
        round_ = db.session.get_one(Consultation, round_id)
        yield from _round_docs(round_)
        yield from _point_docs([round_], Point.consultation_id == round_id)


def changes(
    submission_ids: set[int], round_ids: set[int], indexed: dict[int, tuple[int, int]]
) -> Changes:
    """Return what the index must be told about those submissions and rounds.

    ``indexed`` says of each round how many of its points are in the index (public,
    restricted). The points of a round are sent again only when that is not what it should
    be, for a round changes its stage seldom and may have thousands of them.
    """
    rounds = _rounds(Consultation.id.in_(round_ids))
    moved = [round_ for round_ in rounds if indexed.get(round_.id) != _expected(round_)]
    replaced = [(round_id, _ROUND_KINDS) for round_id in sorted(round_ids)]
    replaced += [(round_.id, ("point",)) for round_ in moved]
    ids = db.session.scalars(select(Point.id).where(Point.submission_id.in_(submission_ids))).all()
    return Changes(
        docs=_changed_docs(rounds, moved, submission_ids),
        gone=tuple(_point_key(id_) for id_ in ids),
        rounds=tuple(replaced),
    )


def _changed_docs(
    rounds: Iterable[Consultation], moved: list[Consultation], submission_ids: set[int]
) -> Iterator[Doc]:
    for round_ in rounds:
        yield from _round_docs(round_)
    for round_ in moved:
        yield from _point_docs([round_], Point.consultation_id == round_.id)
    if submission_ids:
        affected = select(Submission.consultation_id).where(Submission.id.in_(submission_ids))
        others = [r for r in _rounds(Consultation.id.in_(affected)) if r not in moved]
        yield from _point_docs(others, Point.submission_id.in_(submission_ids))


def _rounds(condition: ColumnElement[bool]) -> list[Consultation]:
    return list(db.session.scalars(select(Consultation).where(condition).order_by(Consultation.id)))


def _expected(round_: Consultation) -> tuple[int, int]:
    """Return how many points of the round belong in the (public, restricted) index."""
    count = 0
    if _published(round_):
        count = db.session.scalar(
            select(func.count(Point.id)).where(
                Point.consultation_id == round_.id, Point.hidden_at.is_(None), *standing()
            )
        )
    return (count or 0, 0) if _points_public(round_) else (0, count or 0)


def _published(round_: Consultation) -> bool:
    return round_.stage is not Stage.PREPARING


def _public(round_: Consultation) -> bool:
    return _published(round_) and round_.audience is Audience.EVERYONE


def _points_public(round_: Consultation) -> bool:
    shown = round_.points_visibility
    closed = round_.stage in (Stage.CLOSED, Stage.ANSWERED)
    return _public(round_) and (
        shown is PointsVisibility.AT_ONCE or (shown is PointsVisibility.AFTER_CLOSING and closed)
    )


def _round_docs(round_: Consultation) -> Iterator[Doc]:
    if not _published(round_):
        return
    public = _public(round_)
    yield Doc(
        key=f"round-{round_.id}",
        kind="round",
        round_id=round_.id,
        title=round_.title,
        body=f"{round_.summary}\n{round_.agency.name}",
        public=public,
    )
    provisions = db.session.scalars(
        select(Provision)
        .where(Provision.version_id == round_.version_id)
        .order_by(Provision.ordinal)
        .execution_options(yield_per=_BATCH)
    )
    for provision in provisions:
        yield Doc(
            # Two rounds may be held on one version.
            key=f"provision-{round_.id}-{provision.id}",
            kind="provision",
            round_id=round_.id,
            title=f"{provision.citation}. {provision.title}",
            body=provision.text,
            public=public,
        )


def _point_docs(rounds: list[Consultation], condition: ColumnElement[bool]) -> Iterator[Doc]:
    published = {round_.id: _points_public(round_) for round_ in rounds if _published(round_)}
    if not published:
        return
    points = db.session.scalars(
        select(Point)
        .join(Point.submission)
        .join(Submission.authorship)
        .options(
            contains_eager(Point.submission)
            .contains_eager(Submission.authorship)
            .options(
                joinedload(Authorship.user).lazyload(User.roles),
                joinedload(Authorship.organisation),
            ),
            joinedload(Point.provision),
        )
        .where(
            condition,
            Point.consultation_id.in_(published),
            Point.hidden_at.is_(None),
            *standing(),
        )
        .order_by(Point.id)
        .execution_options(yield_per=_BATCH)
    )
    for point in points:
        # Only what may be shown of the author: a sealed name never reaches the index.
        author = contributor(point.submission.authorship)
        yield Doc(
            key=_point_key(point.id),
            kind="point",
            round_id=point.consultation_id,
            title=point.provision.citation if point.provision else "",
            body="\n".join(
                (point.argument, point.proposed_wording, author.name, author.organisation)
            ),
            public=published[point.consultation_id],
            stance=point.stance.value,
        )


def _point_key(point_id: int) -> str:
    return f"point-{point_id}"
