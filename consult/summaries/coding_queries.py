"""Reading samples: who reads which, how far they are, and what both read once both are done."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from consult.core.db import db
from consult.submissions.models import Point
from consult.submissions.queries import standing
from consult.summaries.coding_agreement import Agreement
from consult.summaries.coding_models import Code, Coder, Coding, CodingPoint, CodingSample


def drawn(consultation_id: int, size: int) -> tuple[list[int], int]:
    """Return the sample of that size of the round's standing points, and how many these are.

    The order is that of a hash of round, size and point, so the same points give the same
    sample, whoever draws it; one query.
    """
    everything = db.session.scalars(
        select(Point.id).where(Point.consultation_id == consultation_id, *standing())
    ).all()

    def lot(point_id: int) -> bytes:
        return hashlib.sha256(f"{consultation_id}:{size}:{point_id}".encode()).digest()

    return sorted(everything, key=lot)[:size], len(everything)


def samples(consultation_id: int) -> Sequence[CodingSample]:
    """Return the round's samples but dropped ones, newest first, readers loaded; two queries."""
    return db.session.scalars(
        _samples()
        .where(CodingSample.consultation_id == consultation_id, CodingSample.dropped_at.is_(None))
        .order_by(CodingSample.id.desc())
    ).all()


def sample(consultation_id: int, sample_id: int) -> CodingSample | None:
    """Return the round's sample with its readers, None for a dropped one; two queries."""
    return db.session.scalars(
        _samples()
        .where(
            CodingSample.id == sample_id,
            CodingSample.consultation_id == consultation_id,
            CodingSample.dropped_at.is_(None),
        )
        .execution_options(populate_existing=True)
    ).first()


def _samples() -> Select[CodingSample]:
    readers = selectinload(CodingSample.coders).joinedload(Coder.user, innerjoin=True)
    return select(CodingSample).options(readers.lazyload("*"))


def progress(sample_ids: Collection[int]) -> dict[tuple[int, int], int]:
    """Return how many points each reader has read, by (sample, person); one query."""
    rows = db.session.execute(
        select(Coding.sample_id, Coding.user_id, func.count())
        .where(Coding.sample_id.in_(sample_ids))
        .group_by(Coding.sample_id, Coding.user_id)
    )
    return {(sample_id, user_id): number for sample_id, user_id, number in rows}


def points(sample_id: int) -> Select[CodingPoint]:
    """Return the statement for the sample's points in their order, with their words."""
    return (
        select(CodingPoint)
        .where(CodingPoint.sample_id == sample_id)
        .options(joinedload(CodingPoint.point, innerjoin=True).joinedload(Point.provision))
        .order_by(CodingPoint.ordinal)
    )


def own(sample_id: int, user_id: int) -> dict[int, Code]:
    """Return what the person has read in the sample so far, by point; one query."""
    rows = db.session.execute(
        select(Coding.point_id, Coding.code).where(
            Coding.sample_id == sample_id, Coding.user_id == user_id
        )
    )
    return dict(rows.all())


def first_unread(sample_id: int, user_id: int) -> int | None:
    """Return the place of the first point that the person has not read, or None; one query."""
    read = select(Coding.point_id).where(Coding.sample_id == sample_id, Coding.user_id == user_id)
    return db.session.scalar(
        select(func.min(CodingPoint.ordinal)).where(
            CodingPoint.sample_id == sample_id, CodingPoint.point_id.not_in(read)
        )
    )


class NotOpen(Exception):
    """What was read is not to be seen before both are done."""


class Result(Struct, frozen=True):
    """What both have read: their agreement, the differing points (paged), and the outcome.

    ``outcomes`` counts the points of which the stance is clear, because both read the same or
    it was settled, and how many of them were read as their authors declared.
    """

    agreement: Agreement
    differing: Select[CodingPoint]
    settled: int
    outcomes: tuple[int, int]


def result(shown: CodingSample) -> Result:
    """Return the result of a sample that both have read; raises NotOpen before; one query."""
    if not shown.is_open:
        raise NotOpen
    first, second = aliased(Coding), aliased(Coding)
    one, other = (coder.user_id for coder in shown.coders)
    both = (
        select(CodingPoint)
        .join(first, _of(first, one))
        .join(second, _of(second, other))
        .where(CodingPoint.sample_id == shown.id)
    )
    rows = db.session.execute(
        both.join(CodingPoint.point).with_only_columns(
            first.code, second.code, CodingPoint.settled, Point.stance
        )
    ).all()
    table: dict[tuple[Code, Code], int] = {}
    clear = declared = settled = 0
    for a, b, decided, stance in rows:
        table[a, b] = table.get((a, b), 0) + 1
        settled += a is not b and decided is not None
        outcome = a if a is b else decided
        if outcome not in (None, Code.UNCLEAR):
            clear += 1
            declared += outcome.value == stance.value
    differing = (
        both.where(first.code != second.code)
        .options(
            joinedload(CodingPoint.point, innerjoin=True).joinedload(Point.provision),
            joinedload(CodingPoint.settler).lazyload("*"),
        )
        .order_by(CodingPoint.ordinal)
    )
    return Result(Agreement(table), differing, settled, (clear, declared))


def _of(reading: type[Coding], user_id: int) -> ColumnElement[bool]:
    return (
        (reading.sample_id == CodingPoint.sample_id)
        & (reading.point_id == CodingPoint.point_id)
        & (reading.user_id == user_id)
    )


def both_read(shown: CodingSample, point_ids: Collection[int]) -> dict[tuple[int, int], Code]:
    """Return what both read in those points, by (person, point); NotOpen before; one query."""
    if not shown.is_open:
        raise NotOpen
    rows = db.session.execute(
        select(Coding.user_id, Coding.point_id, Coding.code).where(
            Coding.sample_id == shown.id, Coding.point_id.in_(point_ids)
        )
    )
    return {(user_id, point_id): code for user_id, point_id, code in rows}
