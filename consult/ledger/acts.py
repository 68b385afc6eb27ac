"""A table's side of the audit where each act on a row has a leaf, of a kind of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute

from consult.core.db import Base, db
from consult.ledger.auditing import Finding, logged
from consult.ledger.models import Leaf
from consult.ledger.services import append


class Act(Struct, frozen=True):
    """What the leaf of an act covers of its row, and which rows must have it.

    Without ``done`` every row; ``detail`` says what of the row is altered when the leaf lacks.
    """

    content: Callable[[Any], dict[str, Any]]
    done: ColumnElement[bool] | None = None
    detail: str = ""


class Acts:
    """An `auditing.Source` over the rows of a model, told by the column that is its ``key``.

    ``acts`` are by the kind of their leaf, the first being that the row was made.
    """

    def __init__(self, key: InstrumentedAttribute[int], acts: Mapping[str, Act]) -> None:
        model: Any = key.class_
        self._key, self._model, self._acts = key, model, acts
        self.table: str = model.__tablename__

    @property
    def kinds(self) -> Iterable[str]:
        """The kinds of leaves that it knows."""
        return self._acts

    def append(self, kind: str, row: Base, *, at: datetime) -> Leaf:
        """Append the leaf of an act on a flushed ``row`` and return it; writes two rows."""
        row_id = getattr(row, self._key.key)
        return append(kind, row_id, self._acts[kind].content(row), at=at)

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf whose row is there."""
        wanted = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(select(self._model).where(self._key.in_(wanted)))
        known: dict[int, Base] = {getattr(row, self._key.key): row for row in rows}
        return {
            leaf.index: self._acts[leaf.kind].content(known[leaf.subject_id])
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield rows, and acts on them, that no leaf covers."""
        for place, (kind, act) in enumerate(self._acts.items()):
            recorded = logged(kind)
            done = true() if act.done is None else act.done
            for row_id in db.session.scalars(select(self._key).where(done).order_by(self._key)):
                if row_id not in recorded:
                    problem = "altered" if place else "inserted"
                    yield Finding(problem, self.table, row_id, detail=act.detail)
