"""What units are called: their numbers by place, their keys and citations, part after part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from consult.drafts.parsing import citation, keys
from consult.drafts.parsing.outline import Node

COUNTED: Final = frozenset({"bullet", "paragraph", "table", "quote"})


class Name(NamedTuple):
    """A unit's key, whether another unit had wanted the same, and the citation."""

    key: str
    repeated: bool
    citation: str


def number(nodes: Iterable[Node]) -> None:
    """Give bullets, paragraphs, tables and quotations of one part their place as number."""
    counts: Counter[tuple[int, str]] = Counter()
    for node in nodes:
        if node.kind not in COUNTED or node.family == "unnumbered":
            continue
        kind = "note" if node.family == "note" else node.kind
        scope = 0 if kind in {"table", "note"} else id(node.parent)
        counts[scope, kind] += 1
        node.number = str(counts[scope, kind])


class Namer:
    """Names the units of one document, in its order; keys are handed out once each."""

    def __init__(self) -> None:
        self._unique = keys.Unique()
        self._keys: dict[int, str] = {}
        self._prefix = self._part = ""

    def open(self, key: str, name: str) -> str:
        """Begin a part: "main", or ``key`` if it is free; ``name`` stands in citations.

        Returns the key that the part has.
        """
        taken = key if key == "main" else self._unique.take(key)[0]
        self._prefix, self._part = "" if taken == "main" else taken, name
        self._keys.clear()  # no unit's parent stands in another part
        return taken

    def name(self, node: Node, text: str) -> Name:
        """Return the name of ``node``, whose own words are ``text``, in the part opened last."""
        word = keys.own_word(node, text or node.title)
        if node.family == "appendix":
            wanted = f"{self._prefix}.tieu-de"
        else:
            wanted = keys.path(self._base(node), word)
        key, repeated = self._unique.take(wanted)
        self._keys[id(node)] = key
        return Name(key, repeated, citation.cite(node, self._part))

    def cite(self, node: Node) -> str:
        """Return the citation of ``node`` in the part opened last; "" for no unit."""
        return "" if node.kind == "root" else citation.cite(node, self._part)

    def key_of(self, node: Node | None) -> str | None:
        """Return the key that ``node`` was given; None for no unit or the root."""
        return None if node is None else self._keys.get(id(node))

    def _base(self, node: Node) -> str:
        """Return the key a unit's own word is appended to: articles and tables count through
        the part, so a chapter inserted before them leaves their keys alone."""
        parent = node.parent
        through = node.kind in {"article", "table"} or node.family == "note"
        if through or parent is None or parent.family in {"root", "appendix"}:
            return self._prefix
        return self._keys[id(parent)]
