"""Reading a round point by point: what a person has read, importance, notes, filters."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.submissions.models import Point, Stance
from consult.submissions.queries import point_options, standing
from consult.summaries import matrix
from consult.summaries.decision_models import PointDecision
from consult.summaries.queries import Cell, conditions_of
from consult.summaries.reading_models import PointImportance, PointNote, PointReading
from consult.summaries.theme_models import ThemePoint

UNREAD, READ = "unread", "read"
SIZE = 25


class Wanted(Struct, frozen=True):
    """Which received points ``user_id`` wants to see.

    ``show`` is `UNREAD`, `READ` or ""; ``importance`` 0 means those without any. The points
    of ``kept`` are shown whatever the filters say: what was just read does not jump away.
    """

    cell: Cell
    user_id: int
    show: str = ""
    theme_id: int | None = None
    importance: int | None = None
    noted: bool = False
    kept: tuple[int, ...] = ()


class Row(NamedTuple):
    """A point as one person meets it in the list."""

    point: Point
    read_at: datetime | None
    importance: PointImportance | None
    place: ThemePoint | None
    decision: PointDecision | None

    @property
    def read(self) -> bool:
        """Whether the person has read the words that the point has now."""
        return self.read_at is not None and not self.changed

    @property
    def changed(self) -> bool:
        """Whether its author has revised it since."""
        revised = self.point.revised_at
        return revised is not None and self.read_at is not None and self.read_at < revised


def page(wanted: Wanted, *, after: int = 0, before: int = 0) -> list[Row]:
    """Return up to `SIZE` rows by id: those after a point, or the last ones before one.

    Two queries, whatever the number of points.
    """
    statement = (
        select(Point, PointReading.read_at, PointImportance, ThemePoint, PointDecision)
        .outerjoin(PointReading, _own(wanted.user_id))
        .outerjoin(PointImportance, PointImportance.point_id == Point.id)
        .outerjoin(ThemePoint, ThemePoint.point_id == Point.id)
        .outerjoin(PointDecision, PointDecision.point_id == Point.id)
        .where(
            *_received(wanted.cell.consultation_id),
            or_(and_(*_conditions(wanted)), Point.id.in_(wanted.kept)),
        )
        .options(*point_options(), joinedload(PointImportance.setter).lazyload("*"))
        .limit(SIZE)
    )
    if before:
        statement = statement.where(Point.id < before).order_by(Point.id.desc())
    else:
        statement = statement.where(Point.id > after).order_by(Point.id)
    rows = [Row(*row) for row in db.session.execute(statement).unique()]
    return sorted(rows, key=lambda row: row.point.id)


class Progress(NamedTuple):
    """How many points were received and read, meet the filters, stand before and after a page."""

    received: int
    read: int
    found: int
    before: int
    after: int


def progress(wanted: Wanted, rows: Collection[Row]) -> Progress:
    """Return the numbers beside the page of ``rows``; one query."""
    ids = [row.point.id for row in rows] or [0]
    found = and_(*_conditions(wanted))
    counted = (
        _read(),
        found,
        and_(found, Point.id < min(ids)),
        and_(found, Point.id > max(ids)),
    )
    row = db.session.execute(
        select(func.count(Point.id), *(func.count(case((c, 1))) for c in counted))
        .select_from(Point)
        .outerjoin(PointReading, _own(wanted.user_id))
        .where(*_received(wanted.cell.consultation_id))
    ).one()
    return Progress(*row)


def _received(consultation_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Point.consultation_id == consultation_id, Point.received_at.is_not(None)


def _own(user_id: int) -> ColumnElement[bool]:
    return and_(PointReading.point_id == Point.id, PointReading.user_id == user_id)


def _read() -> ColumnElement[bool]:
    return and_(
        PointReading.read_at.is_not(None),
        or_(Point.revised_at.is_(None), PointReading.read_at >= Point.revised_at),
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return the conditions of the filters; the person's readings are joined."""
    conditions = [Point.id.is_not(None), *conditions_of(wanted.cell)]
    if wanted.cell.not_quoted_in is not None:
        conditions += standing()
    if wanted.show == READ:
        conditions.append(_read())
    elif wanted.show == UNREAD:
        # Not simply the opposite: what was never read has nothing to compare.
        conditions.append(case((_read(), 0), else_=1) == 1)
    if wanted.theme_id is not None:
        there = exists().where(
            ThemePoint.point_id == Point.id, ThemePoint.theme_id == wanted.theme_id
        )
        conditions.append(there.correlate(Point))
    if wanted.importance is not None:
        rated = exists().where(PointImportance.point_id == Point.id)
        if wanted.importance:
            conditions.append(
                rated.where(PointImportance.level == wanted.importance).correlate(Point)
            )
        else:
            conditions.append(~rated.where(PointImportance.level > 0).correlate(Point))
    if wanted.noted:
        noted = exists().where(PointNote.point_id == Point.id, PointNote.removed_at.is_(None))
        conditions.append(noted.correlate(Point))
    return conditions


def places(consultation_id: int, lines: Sequence[matrix.Line]) -> list[matrix.Row]:
    """Return the rows of provisions with received points on them or their parts; one query.

    Of the rows only the totals mean something: stances and authors are not looked at.
    """
    rows = db.session.execute(
        select(Point.provision_id, func.count())
        .where(*_received(consultation_id))
        .group_by(Point.provision_id)
    )
    counts = [
        matrix.Count(provision, Stance.NONE, on_behalf=False, number=n) for provision, n in rows
    ]
    return matrix.build(lines, counts).commented()


def reading_states(
    consultation_id: int, point_ids: Collection[int], user_id: int
) -> dict[int, bool]:
    """Return which of those received points of the round the person has read; one query."""
    rows = db.session.execute(
        select(Point.id, case((_read(), 1), else_=0))
        .outerjoin(PointReading, _own(user_id))
        .where(*_received(consultation_id), Point.id.in_(point_ids))
    )
    return {point_id: bool(read) for point_id, read in rows}


def notes(point_ids: Collection[int]) -> dict[int, list[PointNote]]:
    """Return the notes on those points, oldest first, removed ones too; one query."""
    found: dict[int, list[PointNote]] = {}
    rows = db.session.scalars(
        select(PointNote)
        .where(PointNote.point_id.in_(point_ids))
        .options(
            joinedload(PointNote.writer).lazyload("*"), joinedload(PointNote.remover).lazyload("*")
        )
        .order_by(PointNote.id)
    )
    for note in rows:
        found.setdefault(note.point_id, []).append(note)
    return found


def note(consultation_id: int, note_id: int) -> PointNote | None:
    """Return the note of that id on a point of the round, or None; one query."""
    return db.session.scalars(
        select(PointNote)
        .join(Point, Point.id == PointNote.point_id)
        .where(PointNote.id == note_id, *_received(consultation_id))
    ).first()
