"""Pages of a list, by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from flask import request
from msgspec import Struct
from sqlalchemy import Select, func, select

from consult.core.db import db

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """One page: its rows, its number (from 1), the rows of a full page and of the whole."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def page_number() -> int:
    """Return the page that the present request asks for; nonsense means the first."""
    return min(max(request.args.get("page", 1, type=int) or 1, 1), 100_000)


def paginate(statement: Select[Any], *, number: int, size: int = 25) -> Page[Any]:
    """Run ``statement`` (one entity or column) for one page; two queries."""
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
    rows = db.session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, size, total or 0)
