"""Counts the SQL statements that a block runs, so that a page's number can be held."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from consult.core.db import db


@contextmanager
def counted(app: Flask) -> Generator[list[str]]:
    """Yield the list that receives each statement (without BEGIN and COMMIT) as it is run."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            found.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
