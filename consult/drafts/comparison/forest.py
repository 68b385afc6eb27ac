"""One version as a tree: its parts, its units below them, and the words of each."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from consult.drafts.comparison.model import Comparable
from consult.drafts.comparison.tokens import canonical, folded, is_syllable, tokens

# What stands before a unit's words in the document.
_LABELS = {
    "part": "Phần {}", "chapter": "Chương {}", "section": "Mục {}", "subsection": "Tiểu mục {}",
    "article": "Điều {}.", "appendix": "Phụ lục {}", "clause": "{}.", "roman": "{}.",
    "numeral": "{}.", "decimal": "{}.", "letter": "{})", "bullet": "–",
}  # fmt: skip
# Kinds whose number is their place among their siblings, not written in the text.
UNNUMBERED = frozenset(
    {"bullet", "paragraph", "table", "quote", "preamble", "signature", "recipients"}
)
HEADINGS = frozenset({"part", "chapter", "section", "subsection", "article", "appendix"})


@dataclass(slots=True)
class Node:
    """A unit, or the part of the document or the document that holds units.

    ``exact`` is its wording with letter case where case counts, ``plain`` without any;
    ``syllables`` its words for likeness; ``size`` the syllables of the whole subtree and
    ``deep`` its fingerprint, numbers left out.
    """

    at: int
    parent: int
    unit: Comparable | None
    kind: str
    number: str
    exact: str = ""
    plain: str = ""
    title_size: int = 0
    syllables: list[str] = field(default_factory=list[str])
    children: list[int] = field(default_factory=list[int])
    size: int = 0
    deep: int = 0

    @property
    def key(self) -> str:
        """The unit's key; empty for the document and its parts."""
        return self.unit.key if self.unit else ""


class Forest:
    """All nodes in reading order, parents first; node 0 is the document."""

    def __init__(self, units: Sequence[Comparable]) -> None:
        self.nodes = [Node(0, -1, None, "document", "")]
        places: dict[str, int] = {}
        parts: dict[str, int] = {}
        for unit in units:
            parent = places.get(unit.parent or "", -1)
            if parent < 0:
                if unit.part not in parts:
                    parts[unit.part] = self._add(None, 0, "document part", unit.part)
                parent = parts[unit.part]
            places[unit.key] = self._add(unit, parent, unit.kind, unit.number)
        self._measure()

    def _add(self, unit: Comparable | None, parent: int, kind: str, number: str) -> int:
        node = Node(len(self.nodes), parent, unit, kind, number)
        if unit is not None:
            title = [token for token in tokens(unit.title) if not token.isspace()]
            text = [token for token in tokens(unit.text) if not token.isspace()]
            small = [folded(token) for token in title + text]
            node.plain = " ".join(small)
            node.exact = " ".join([*small[: len(title)], *map(canonical, text)])
            node.title_size = len(title)
            node.syllables = [word for word in small if is_syllable(word)]
        self.nodes.append(node)
        self.nodes[parent].children.append(node.at)
        return node.at

    def _measure(self) -> None:
        for node in reversed(self.nodes):
            below = [self.nodes[child] for child in node.children]
            node.size = len(node.syllables) + sum(child.size for child in below)
            node.deep = hash((node.plain, *(child.deep for child in below)))

    def subtree(self, at: int, most: int | None = None) -> list[int]:
        """Return the node and what is below it, level by level; ``most`` nodes at most."""
        found = [at]
        for node in found:
            found += self.nodes[node].children
            if most is not None and len(found) >= most:
                break
        return found[:most]

    def by_wording(self, done: Container[int]) -> dict[str, list[int]]:
        """Return the nodes that are not done by their words without case; empty ones left out."""
        found: dict[str, list[int]] = {}
        for node in self.nodes:
            if node.at not in done and node.plain:
                found.setdefault(node.plain, []).append(node.at)
        return found

    def label(self, at: int) -> tuple[str, str]:
        """Return kind and number as far as they are the unit's own: (kind, "") without one.

        A number that repeats its parent's ("2.1" under "2") counts from there on.
        """
        node = self.nodes[at]
        if node.kind in UNNUMBERED:
            return "", ""
        number = node.number.casefold()
        above = self.nodes[node.parent].number.casefold() if node.parent >= 0 else ""
        if above and number.startswith(above + "."):
            number = number[len(above) + 1 :]
        return node.kind, number


def label(kind: str, number: str) -> str:
    """Return what stands before the words of a unit of this kind and number; may be empty."""
    return _LABELS.get(kind, "").format(number)


def same_wording(old: Node, new: Node) -> bool:
    """Whether nothing that counts as wording differs.

    Words that went from title to text or back lost or gained a title's format, no more.
    """
    if old.exact == new.exact:
        return True
    return old.plain == new.plain and old.title_size != new.title_size
