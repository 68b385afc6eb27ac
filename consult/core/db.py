"""The database handle, the declarative base and the one place that commits."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Index,
    MetaData,
    TypeDecorator,
    event,
    insert,
    literal_column,
    text,
)
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection

# Named constraints, so that migrations can drop and alter them on both engines.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database; a naive value is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored: give it a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


db = SQLAlchemy(metadata=Base.metadata)

# How long a writer waits for the others of its process before it asks the database all the same.
_TURN_SECONDS = 60.0

_writing: ContextVar[bool] = ContextVar("consult_writing", default=True)
_inside: ContextVar[bool] = ContextVar("consult_inside_transaction", default=False)


@contextmanager
def transaction(*, write: bool = True) -> Generator[Session]:
    """Run the block in one database transaction; the only commit of the whole tree.

    Returning commits, raising rolls back and re-raises. ``write=False`` opens a reading
    transaction, which SQLite lets run beside a writer; writing transactions begin IMMEDIATE,
    because deferred ones lose updates under load. Blocks do not nest: RuntimeError.
    The session is closed at the end in either case. Needs an application context.
    """
    if _inside.get():
        raise RuntimeError("a transaction is already open: services never open their own")
    inside, writing = _inside.set(True), _writing.set(write)
    session = db.session()
    try:
        yield session
        if write:
            session.commit()
        else:
            session.rollback()
    except BaseException:
        session.rollback()
        raise
    finally:
        db.session.remove()
        _inside.reset(inside)
        _writing.reset(writing)


def release() -> None:
    """End the transaction so far, so that slow work that follows holds no lock.

    Only for a request that has read and not yet written: what was read is read anew when it is
    next needed, in a new transaction. RuntimeError when writes are waiting.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("what was written would be lost: release before the first write")
    session.rollback()


def engine_options(url: str) -> dict[str, Any]:
    """Return the engine options for ``url``: driver, pool and time limits.

    Errors do not quote a statement's values: they go to the log, where no sealed name belongs.
    """
    common = {"hide_parameters": True}
    if make_url(url).get_backend_name() == "sqlite":
        from pysqlite3 import dbapi2  # the bundled SQLite: Debian's has a WAL fault

        connect = {"timeout": 15, "check_same_thread": False}
        return {**common, "module": dbapi2, "connect_args": connect}
    pool = {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 10, "pool_timeout": 15}
    return {**common, **pool}


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """Return an index of the rows for which ``where`` (SQL) holds.

    `prepare_engine` gives the condition to the engine that is used: named here, the other one's
    dialect would be loaded at every start.
    """
    return Index(name, *columns, unique=unique, info={"where": where})


def prepare_engine(engine: Engine) -> None:
    """Attach the settings that the engine needs; called once for each engine, with all models."""
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            if where := index.info.get("where"):
                index.dialect_options[engine.dialect.name]["where"] = text(where)
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def configure(connection: DBAPIConnection, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        # SQLAlchemy's own BEGIN below takes over from the driver's implicit one.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "busy_timeout=15000",
            "foreign_keys=ON",
            "journal_mode=WAL",
            "synchronous=FULL",
            "cache_size=-2000",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    _begin_by_turns(engine)


def _begin_by_turns(engine: Engine) -> None:
    """Begin transactions as they are meant; writers of this process one after the other.

    SQLite lets whoever asks at the right moment write first, so that of many who wait, one may
    wait until its patience ends. Other processes' writers still meet there.
    """
    turn = threading.Lock()

    def give_up(connection: Connection) -> None:
        if connection.info.pop("turn", False):
            turn.release()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        if not _writing.get():
            connection.exec_driver_sql("BEGIN")
            return
        if not connection.info.get("turn"):
            connection.info["turn"] = turn.acquire(timeout=_TURN_SECONDS)
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except BaseException:
            give_up(connection)
            raise

    # They come before the statement itself; for its moment the next one waits at the database.
    event.listen(engine, "commit", give_up)
    event.listen(engine, "rollback", give_up)


@cache
def _insert(model: type[Base]) -> Any:
    return insert(model.__table__)  # pyright: ignore[reportArgumentType]


def insert_rows(model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert ``rows`` (the same columns in each) at once; other columns get their defaults.

    Costs a quarter of what the unit of work takes, for rows that are only written. What they
    refer to must have been flushed.
    """
    if rows:
        # A list of one would go the slower way of many.
        parameters = rows[0] if len(rows) == 1 else rows
        db.session().connection().execute(_insert(model), parameters)


def dialect_insert(model: type[Base]) -> Any:
    """Return the engine's own INSERT for ``model``, which knows ON CONFLICT."""
    if db.session().get_bind().dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert
    else:
        from sqlalchemy.dialects.postgresql import insert
    return insert(model)


def insert_ignore(model: type[Base], values: dict[str, Any], *unique: str) -> bool:
    """Insert one row unless a row with the same ``unique`` columns exists.

    Returns whether it was inserted. Safe under concurrency on both engines.
    """
    statement = dialect_insert(model).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=list(unique))
    # The row that comes back tells; the count of an INSERT is not to be relied on.
    statement = statement.returning(literal_column("1"))
    return db.session().connection().execute(statement).first() is not None
