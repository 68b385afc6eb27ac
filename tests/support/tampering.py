"""The eight ways of tampering with an entry of the log, tried on one entry of each kind."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select

from consult.cli.ledger import sources
from consult.core.db import transaction
from consult.ledger.models import Leaf

_AT = "'2026-01-01 00:00:00.000000'"


def unnamed(after: Callable[[str], list[str]], *kinds: str) -> list[str]:
    """Return the edits of entries of ``kinds``, all in the log, that the audit does not name.

    ``after`` does one, returns the lines of the audit and undoes it.
    """
    with transaction(write=False) as session:
        rows = session.execute(
            select(func.max(Leaf.index), Leaf.kind)
            .where(Leaf.salt != "", Leaf.kind.in_(kinds))
            .group_by(Leaf.kind)
        )
        last = {kind: index for index, kind in rows}
        size = session.scalar(select(func.count(Leaf.index))) or 0
        subject = {kind: session.get_one(Leaf, index).subject_id for kind, index in last.items()}
    assert set(kinds) == last.keys()
    missed: list[str] = []
    for kind, index in last.items():
        table = "ledger_redactions" if kind == "redaction" else sources()[kind].table
        for statements, expected in _edits(index, table, subject[kind], size):
            lines = after(statements)
            if not any(line.startswith(expected) for line in lines):
                missed.append(f"{kind}: {statements}: {expected} is not in {lines}")
    return missed


def _edits(index: int, table: str, subject: int, size: int) -> list[tuple[str, str]]:
    change, here = "UPDATE ledger_leaves SET", f'WHERE "index" = {index}'
    other = 1 if index == 0 else 0
    columns = "leaf_hash, kind, subject_id, salt, at, format, blind"
    return [
        (f"{change} leaf_hash = repeated {here}", f"altered {table} {subject} "),
        (f"{change} salt = repeated {here}", f"altered {table} {subject} "),
        (f"{change} at = {_AT} {here}", f"altered {table} {subject} "),
        (f"{change} subject_id = 999 {here}", f"deleted {table} 999 "),
        (f"{change} kind = 'other' {here}", f"altered ledger_leaves {index} unknown kind"),
        (f"DELETE FROM ledger_leaves {here}", f"deleted ledger_leaves {index} "),
        (
            f'{change} "index" = {size + 1} {here}; {change} "index" = {index} WHERE'
            f' "index" = {other}; {change} "index" = {other} WHERE "index" = {size + 1}',
            f"reordered ledger_leaves {other} recorded as entry {index}",
        ),
        (
            f'INSERT INTO ledger_leaves ("index", {columns})'
            f" SELECT {size}, {columns} FROM ledger_leaves {here}",
            f"inserted ledger_leaves {size} ",
        ),
    ]
