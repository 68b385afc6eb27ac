"""Drawing a sample, reading it in twos without seeing each other, settling what differs."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import delete, func, select

from consult.consultations.queries import locked
from consult.core import audit, clock
from consult.core.db import db, dialect_insert, insert_rows
from consult.submissions.models import code_of
from consult.summaries import coding_queries
from consult.summaries.coding_models import (
    PAIR,
    Code,
    Coder,
    Coding,
    CodingPoint,
    CodingSample,
)

LEAST, MOST = 2, 500


class Refused(Exception):
    """It cannot be done with the sample as it is now; the subclasses say why."""


class Gone(Refused):
    """The sample was dropped, or is not of this round."""


class Taken(Refused):
    """Two others read it already."""


class NotReading(Refused):
    """The person does not read the sample, or is done with it."""


class Open(Refused):
    """Both are done: what they read is seen, and stays."""


class StillRead(Refused):
    """Not both are done."""


class Unread(Refused):
    """Points of the sample have not been read; ``number`` says how many."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class TooFewPoints(Refused):
    """The round has only ``number`` points."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


class DrawnAlready(Refused):
    """A sample of that size is being read."""


class Mine(Struct, frozen=True):
    """A sample of a round, and who does something with it."""

    consultation_id: int
    sample_id: int
    user_id: int


def draw(consultation_id: int, size: int, *, actor_id: int | None) -> CodingSample:
    """Draw a sample; raises ValueError for a size out of bounds, TooFewPoints, DrawnAlready.

    Writes the sample with its points, an audit entry.
    """
    if not LEAST <= size <= MOST:
        raise ValueError("the size is out of bounds")
    locked(consultation_id)
    if any(row.size == size and not row.is_open for row in coding_queries.samples(consultation_id)):
        raise DrawnAlready
    point_ids, number = coding_queries.drawn(consultation_id, size)
    if number < size:
        raise TooFewPoints(number)
    row = CodingSample(
        consultation_id=consultation_id,
        size=size,
        drawn_from=number,
        created_at=clock.now(),
        created_by=actor_id,
    )
    db.session.add(row)
    db.session.flush()
    insert_rows(
        CodingPoint,
        [
            {"sample_id": row.id, "point_id": point_id, "ordinal": ordinal}
            for ordinal, point_id in enumerate(point_ids, start=1)
        ],
    )
    _record("drawn", consultation_id, actor_id, points=size)
    return row


def join(mine: Mine) -> None:
    """Become one of the two who read the sample; raises Gone, Taken. Again, nothing happens."""
    row = _sample(mine)
    if row.coder(mine.user_id):
        return
    if len(row.coders) == PAIR:
        raise Taken
    taken = {coder.place for coder in row.coders}
    place = next(place for place in range(1, PAIR + 1) if place not in taken)
    db.session.add(
        Coder(sample_id=row.id, user_id=mine.user_id, place=place, joined_at=clock.now())
    )
    db.session.flush()
    _record("joined", mine.consultation_id, mine.user_id)


def keep(mine: Mine, codes: Mapping[int, Code]) -> None:
    """Keep what the person reads in points; others than the sample's are left out.

    Raises Gone, NotReading. Writes readings.
    """
    _reading(mine)
    theirs = set(
        db.session.scalars(
            select(CodingPoint.point_id).where(
                CodingPoint.sample_id == mine.sample_id, CodingPoint.point_id.in_(codes)
            )
        )
    )
    if not theirs:
        return
    now = clock.now()
    statement = dialect_insert(Coding).values(
        [
            {
                "sample_id": mine.sample_id,
                "point_id": point_id,
                "user_id": mine.user_id,
                "code": codes[point_id],
                "coded_at": now,
            }
            for point_id in sorted(theirs)
        ]
    )
    new = statement.excluded
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["sample_id", "point_id", "user_id"],
            set_={"code": new.code, "coded_at": new.coded_at},
        )
    )


def finish(mine: Mine) -> None:
    """Say that the person is done; raises Gone, NotReading, Unread. Writes an audit entry."""
    coder = _reading(mine)
    left = db.session.scalar(
        select(func.count())
        .select_from(CodingPoint)
        .outerjoin(
            Coding,
            (Coding.sample_id == CodingPoint.sample_id)
            & (Coding.point_id == CodingPoint.point_id)
            & (Coding.user_id == mine.user_id),
        )
        .where(CodingPoint.sample_id == mine.sample_id, Coding.user_id.is_(None))
    )
    if left:
        raise Unread(left)
    coder.done_at = clock.now()
    db.session.flush()
    _record("finished", mine.consultation_id, mine.user_id)


def resume(mine: Mine) -> None:
    """Take back having finished, while the other has not; raises Gone, NotReading, Open."""
    row = _sample(mine)
    coder = row.coder(mine.user_id)
    if row.is_open:
        raise Open
    if coder is None:
        raise NotReading
    coder.done_at = None
    db.session.flush()
    _record("resumed", mine.consultation_id, mine.user_id)


def leave(mine: Mine) -> None:
    """Give the reading up, so that somebody else can take it; raises Gone, NotReading, Open.

    Deletes what the person had read; writes an audit entry.
    """
    row = _sample(mine)
    coder = row.coder(mine.user_id)
    if row.is_open:
        raise Open
    if coder is None:
        raise NotReading
    db.session.execute(
        delete(Coding).where(Coding.sample_id == row.id, Coding.user_id == mine.user_id)
    )
    db.session.delete(coder)
    db.session.flush()
    _record("left", mine.consultation_id, mine.user_id)


def drop(mine: Mine) -> None:
    """Drop a sample that not both have read; raises Gone, Open. Its rows stay, unseen."""
    row = _sample(mine)
    if row.is_open:
        raise Open
    row.dropped_at = clock.now()
    db.session.flush()
    _record("dropped", mine.consultation_id, mine.user_id)


def settle(mine: Mine, point_id: int, code: Code) -> None:
    """Keep what a point that the two read differently is taken for; anew, the newest counts.

    Raises Gone, StillRead; Gone for a point that they read alike, too. Writes the point, an
    audit entry.
    """
    row = _sample(mine)
    if not row.is_open:
        raise StillRead
    found = set(coding_queries.both_read(row, [point_id]).values())
    point = db.session.get(CodingPoint, (row.id, point_id))
    if point is None or len(found) != PAIR:
        raise Gone
    point.settled, point.settled_at, point.settled_by = code, clock.now(), mine.user_id
    db.session.flush()
    _record("settled", mine.consultation_id, mine.user_id, codes=code_of(point_id))


def _sample(mine: Mine) -> CodingSample:
    locked(mine.consultation_id)
    row = coding_queries.sample(mine.consultation_id, mine.sample_id)
    if row is None:
        raise Gone
    return row


def _reading(mine: Mine) -> Coder:
    coder = _sample(mine).coder(mine.user_id)
    if coder is None or coder.done_at is not None:
        raise NotReading
    return coder


def _record(what: str, consultation_id: int, actor_id: int | None, **details: object) -> None:
    audit.record(
        f"coding.{what}",
        actor_id=actor_id,
        subject=("round", consultation_id),
        details=details,
    )
