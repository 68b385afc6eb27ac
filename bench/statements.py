"""How many SQL statements each page and each post takes, whoever asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from bench.client import Person
from consult.core.db import db

# The driver of PostgreSQL begins by itself; for SQLite the product says it. Neither counts.
_COUNTED = re.compile(r"\s*(?!BEGIN\b|PRAGMA\b)", re.I)


@dataclass(frozen=True)
class Visit:
    """One answered request."""

    who: str
    path: str
    status: int
    statements: int
    bytes: int


@contextmanager
def counting(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that the application sends in the block."""
    seen: list[str] = []

    def keep(_c: Any, _k: Any, statement: str, _p: Any, _x: Any, _m: Any) -> None:
        if _COUNTED.match(statement):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", keep)


def visit(
    app: Flask, who: str, person: Person, path: str, fields: dict[str, str] | None = None
) -> Visit:
    """Ask for ``path`` (post ``fields`` when given) inside this process and count."""
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": person.cookie} if person.cookie else {}
    with counting(app) as seen:
        if fields is None:
            answer = client.get(path, headers=headers)
        else:
            form = {"csrf_token": person.token, **fields}
            answer = client.post(path, headers=headers, data=form)
        answer.get_data()
    return Visit(who, path, answer.status_code, len(seen), len(answer.data))


def pages(app: Flask, values: Mapping[str, str | int]) -> list[str]:
    """Return the path of every page that can be read, its parameters filled from ``values``.

    Raises KeyError, naming the parameter, when a page wants one that ``values`` has not.
    """
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    with app.test_request_context():
        return sorted(
            app.url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})
            for rule in rules
        )


def walk(app: Flask, people: Mapping[str, Person], paths: Iterable[str]) -> list[Visit]:
    """Visit every path as everybody."""
    return [visit(app, who, person, path) for path in paths for who, person in people.items()]
