"""Rows of any table as JSON lines, and back, on both engines."""

from __future__ import annotations

import base64
import enum
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Enum,
    LargeBinary,
    Table,
    bindparam,
    func,
    select,
    text,
    update,
)

from consult.core.db import UTCDateTime, db

_BATCH = 500


def dump(table: Table, path: Path) -> int:
    """Write the table's rows to ``path``, one JSON object a line; return how many."""
    count = 0
    statement = select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)
    with path.open("w", encoding="utf-8") as handle:
        for row in db.session.execute(statement).mappings():
            plain = {column.name: _plain(row[column.name]) for column in table.columns}
            handle.write(json.dumps(plain, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def clear(tables: Sequence[Table]) -> None:
    """Delete every row of ``tables``, which are in the order of their dependence."""
    if db.session.get_bind().dialect.name == "sqlite":
        # References are checked at the end of the transaction instead of at each statement.
        db.session.execute(text("PRAGMA defer_foreign_keys=ON"))
    for table in reversed(tables):
        own = _own_references(table)
        if own:
            db.session.execute(update(table).values({column.name: None for column in own}))
        db.session.execute(table.delete())


def load(table: Table, path: Path) -> None:
    """Insert the rows of ``path`` into the (empty) table and set its sequence."""
    own = [column.name for column in _own_references(table)]
    key = [column.name for column in table.primary_key]
    later: list[dict[str, Any]] = []
    rows = _rows(table, path)
    while batch := list(islice(rows, _BATCH)):
        for row in batch:
            # A row may refer to a later one of its own table.
            held = {name: row[name] for name in own if row[name] is not None}
            if held:
                later.append({f"at_{name}": row[name] for name in key} | held)
                row.update(dict.fromkeys(held))
        db.session.execute(table.insert(), batch)
    for name in own:
        values = [row for row in later if name in row]
        if values:
            db.session.execute(
                update(table)
                .where(*(table.c[k] == bindparam(f"at_{k}") for k in key))
                .values({name: bindparam(name)}),
                [{k: row[k] for k in (*(f"at_{k}" for k in key), name)} for row in values],
                execution_options={"synchronize_session": None},
            )
    _set_sequence(table)


def _own_references(table: Table) -> list[Column[Any]]:
    return [
        column
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def _rows(table: Table, path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as handle:
        for line in handle:
            row = json.loads(line)
            yield {column.name: _value(column, row[column.name]) for column in table.columns}


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value


def _value(column: Column[Any], plain: Any) -> Any:
    kind = column.type
    if plain is None:
        return None
    if isinstance(kind, (UTCDateTime, DateTime)):
        return datetime.fromisoformat(plain)
    if isinstance(kind, Date):
        return date.fromisoformat(plain)
    if isinstance(kind, LargeBinary):
        return base64.b64decode(plain)
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(plain)
    return plain


def _set_sequence(table: Table) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    column = table.autoincrement_column
    if column is None or db.session.get_bind().dialect.name == "sqlite":
        return
    highest = db.session.scalar(select(func.max(column)))
    sequence = db.session.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
    if sequence is not None and highest is not None:
        db.session.execute(select(func.setval(sequence, highest)))
