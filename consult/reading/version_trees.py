"""The provisions of two versions without their words: what stands in what, what it is called."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select

from consult.core.db import db
from consult.drafts.models import Provision


class Node(NamedTuple):
    """A provision's name and the id of the one it stands in."""

    key: str
    kind: str
    citation: str
    title: str
    parent: int | None


# A version's provisions by id, in the draft's order.
Tree = dict[int, Node]


def trees(old_id: int, new_id: int) -> tuple[Tree, Tree]:
    """Return the provisions of both versions; one query."""
    rows = db.session.execute(
        select(
            Provision.version_id,
            Provision.id,
            Provision.key,
            Provision.kind,
            Provision.citation,
            Provision.title,
            Provision.parent_id,
        )
        .where(Provision.version_id.in_((old_id, new_id)))
        .order_by(Provision.ordinal)
    )
    found: dict[int, Tree] = {old_id: {}, new_id: {}}
    for version_id, id_, *node in rows:
        found[version_id][id_] = Node._make(node)
    return found[old_id], found[new_id]


def lineage(id_: int, tree: Tree) -> Iterator[int]:
    """Yield the provision and all that it stands in, from below."""
    at: int | None = id_
    while at is not None and at in tree:
        yield at
        at = tree[at].parent
