"""The tree: parts and blocks in, provisions with disjoint extents out."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Final

from consult.drafts.parsing import recognise
from consult.drafts.parsing.headings import Head
from consult.drafts.parsing.outline import Node, continues, kind_of, place
from consult.drafts.parsing.recognise import BULLETS, Marker
from consult.drafts.parsing.source import NOTE, PARA, TABLE, Block
from consult.drafts.parsing.zones import Zone

_RANKS: Final = {
    "appendix": -2,
    "form": -1,
    "part": 0,
    "chapter": 1,
    "section": 2,
    "subsection": 3,
    "article": 4,
}
_SPLIT_KINDS: Final = frozenset(
    {"part", "chapter", "section", "subsection", "appendix", "roman", "numeral", "decimal"}
)
_OPENERS: Final = frozenset({"roman", "upper", "numeral", "decimal", "slashed"})


@dataclass(slots=True)
class Doubt:
    """A warning to be: its code, the line, what it is about. ``node`` is the unit so numbered,
    or with ``kept`` the one that took the words up as text."""

    code: str
    line: int
    label: str
    previous: str = ""
    node: Node | None = None
    kept: bool = False


@dataclass(slots=True)
class Tree:
    """The nodes of one part in document order, and the doubts met."""

    nodes: list[Node] = field(default_factory=list[Node])
    doubts: list[Doubt] = field(default_factory=list[Doubt])


def build(zone: Zone, blocks: list[Block], quotes: dict[int, int]) -> Tree:
    """Return the tree of ``zone``; ``quotes`` maps a quotation's first block to its last.

    Every block of the zone lies in exactly one node.
    """
    return _Builder(zone, blocks, quotes).run()


class _Builder:
    def __init__(self, zone: Zone, blocks: list[Block], quotes: dict[int, int]) -> None:
        self.zone = zone
        self.blocks = blocks
        self.quotes = quotes
        self.tree = Tree()
        self.root = Node("root", "root", "", "", 0, 0, 0, None, -1)
        self.stack = [self.root]
        self.outline = not any(head.kind == "article" for head in zone.heads.values())
        self.openers = [at for at in range(zone.first, zone.stop) if self._opens(at)]

    def run(self) -> Tree:
        at = self._opening()
        while at < self.zone.stop:
            at = self._step(at)
        self._split_paragraphs()
        return self.tree

    # What stands before the first unit.

    def _opening(self) -> int:
        zone = self.zone
        if zone.kind == "appendix":
            return self._appendix_head()
        first = self._first_unit()
        if first > zone.first:
            start, end = self.blocks[zone.first].start, self.blocks[first - 1].end
            self._add("preamble", "preamble", "", "", start, start, end, self.root)
        return first

    def _appendix_head(self) -> int:
        zone = self.zone
        start = self.blocks[zone.first].start
        end = self.blocks[zone.head_stop - 1].end if zone.head_stop > zone.first else start
        node = self._add(
            "appendix", "appendix", zone.number, zone.title, start, end, end, self.root
        )
        self.stack.append(node)
        return zone.head_stop

    def _first_unit(self) -> int:
        zone = self.zone
        if zone.heads:
            first = min(zone.heads)
            if self.outline:
                first = min(first, self._first_marker(first))
            return first
        first = self._first_marker(zone.stop)
        return first if first < zone.stop else self._after_title()

    def _first_marker(self, stop: int) -> int:
        for at in range(self.zone.first, min(stop, self.zone.stop)):
            if at in self.zone.roles or at in self.quotes:
                return stop
            block = self.blocks[at]
            found = recognise.marker(block.text) if block.kind == PARA and not block.role else None
            if found and found.family in _OPENERS and recognise.is_first(found.family, found.label):
                return at
        return stop

    def _opens(self, at: int) -> bool:
        """Whether the block reads like a unit of an outline's upper levels."""
        block = self.blocks[at]
        found = recognise.marker(block.text) if block.kind == PARA and not block.role else None
        return found is not None and found.family in _OPENERS

    def _after_title(self) -> int:
        """In a text without numbers, the preamble ends after the last line in capitals."""
        stop = self.zone.first
        for at in range(self.zone.first, min(self.zone.first + 12, self.zone.stop)):
            block = self.blocks[at]
            framed = block.role == "letterhead" or block.text.startswith(("(Kèm", "(Ban hành"))
            if framed or (block.kind == PARA and recognise.is_caps(block.text)):
                stop = at + 1
        if self.zone.kind == "main":
            self.tree.doubts.append(Doubt("no_structure", 0, ""))
        return stop

    # One block after the other.

    def _step(self, at: int) -> int:
        zone, block = self.zone, self.blocks[at]
        if at in zone.heads:
            return self._head(zone.heads[at], at)
        if at in zone.roles:
            kind, stop = zone.roles[at]
            self._frame(kind, at, stop)
            return stop
        if at in self.quotes:
            last = min(self.quotes[at], zone.stop - 1)
            parent = self.stack[-1]
            start, end = block.start, self.blocks[last].end
            self._add("quote", "quote", "", "", start, start, end, parent)
            return last + 1
        if block.kind == TABLE:
            self._add("table", "table", "", "", block.start, block.start, block.end, self.stack[-1])
            return at + 1
        if block.kind == NOTE:
            parent = self.stack[-1]
            self._add("paragraph", "note", "", "", block.start, block.start, block.end, parent)
            return at + 1
        found = None if block.role else recognise.marker(block.text)
        if found and self._unit(found, at):
            return at + 1
        self._plain(at)
        return at + 1

    def _head(self, head: Head, at: int) -> int:
        block = self.blocks[at]
        rank = _RANKS[head.kind]
        while len(self.stack) > 1 and _RANKS.get(self.stack[-1].family, 9) >= rank:
            self.stack.pop()
        last = self.blocks[head.last]
        body = last.end
        if head.inline:
            match = recognise.ARTICLE.match(block.text)
            body = block.start + (match.end() if match else 0)
        kind = "appendix" if head.kind == "form" else head.kind
        node = self._add(
            kind, head.kind, head.number, head.title, block.start, body, last.end, self.stack[-1]
        )
        if head.inline:
            node.paragraphs.append((body, last.end))
            node.colon = last.text.endswith(":")
        self.stack.append(node)
        return head.last + 1

    def _frame(self, kind: str, first: int, stop: int) -> None:
        del self.stack[1:]
        start, end = self.blocks[first].start, self.blocks[stop - 1].end
        self._add(kind, kind, "", "", start, start, end, self.root)

    def _unit(self, found: Marker, at: int) -> bool:
        block = self.blocks[at]
        placed = place(self.stack, found, definite=self._sound(at))
        label = block.text[: found.rest].strip()
        if isinstance(placed, str):
            if placed:
                around = self.stack[-1]
                self.tree.doubts.append(Doubt(placed, block.line, label, "", around, kept=True))
            return False
        while self.stack[-1] is not placed.parent:
            self.stack.pop()
        kind = kind_of(found, placed.parent)
        rest = block.text[found.rest :]
        in_article = any(node.kind == "article" for node in self.stack)
        headed = kind in {"roman", "numeral", "decimal"} and not (in_article and kind == "decimal")
        title = rest if headed and recognise.is_title_like(rest) else ""
        body = block.end if title else block.start + found.rest
        node = self._add(
            kind, found.family, found.label, title, block.start, body, block.end, placed.parent
        )
        if placed.doubt:
            doubt = Doubt(placed.doubt, block.line, label, placed.previous, node)
            self.tree.doubts.append(doubt)
        if not title and rest:
            node.paragraphs.append((body, block.end))
        node.colon = rest.endswith(":")
        if found.family == "roman":
            placed.parent.roman = found.label
        self.stack.append(node)
        return True

    def _sound(self, at: int) -> bool:
        """Whether the paragraph before is at its end, so that a number here is no wrap."""
        before = self.blocks[at - 1].text if at else ""
        return (
            self.blocks[at].definite
            or not before
            or before[-1] in '.;:!?”"…)'
            or (recognise.is_title_like(before) and len(before) < 160)
        )

    def _plain(self, at: int) -> None:
        block = self.blocks[at]
        text = block.text
        if self._unnumbered(at):
            return
        if self.stack[-1].kind == "root" or (recognise.is_closing(text) and self._is_last(at)):
            del self.stack[1 if self.zone.kind != "appendix" else 2 :]
            self._paragraph(block)
            return
        if self.stack[-1].family in BULLETS and not text[0].islower():
            while self.stack[-1].family in BULLETS:
                self.stack.pop()
            self._paragraph(block)
            return
        node = self.stack[-1]
        if self.tree.nodes[-1] is not node:
            self._paragraph(block)
            return
        if (
            node.title
            and recognise.is_caps(node.title)
            and recognise.is_caps(text)
            and not (node.paragraphs)
        ):
            node.title = f"{node.title} {text}"
            node.body = node.end = block.end
            return
        node.paragraphs.append((block.start, block.end))
        node.end = block.end
        node.colon = text.endswith(":")

    def _is_last(self, at: int) -> bool:
        """Whether no open sequence goes on below the closing formula at ``at``: reports say
        "Trên đây là" of a calculation as well."""
        index = bisect_right(self.openers, at)
        if index == len(self.openers):
            return True
        found = recognise.marker(self.blocks[self.openers[index]].text)
        return found is None or not continues(self.stack, found)

    def _unnumbered(self, at: int) -> bool:
        block = self.blocks[at]
        if not recognise.UNNUMBERED.match(block.text):
            return False
        del self.stack[1 if self.zone.kind != "appendix" else 2 :]
        parent = self.stack[-1]
        node = self._add(
            "paragraph", "unnumbered", "", block.text, block.start, block.end, block.end, parent
        )
        self.stack.append(node)
        return True

    def _paragraph(self, block: Block) -> None:
        parent = self.stack[-1]
        self._add("paragraph", "paragraph", "", "", block.start, block.start, block.end, parent)

    def _add(
        self, kind: str, family: str, number: str, title: str, start: int, body: int, end: int,
        parent: Node,
    ) -> Node:  # fmt: skip
        node = Node(kind, family, number, title, start, body, end, parent, parent.depth + 1)
        parent.children += 1
        self.tree.nodes.append(node)
        return node

    def _split_paragraphs(self) -> None:
        """Make the paragraphs under an outline heading provisions where there are several."""
        out: list[Node] = []
        for node in self.tree.nodes:
            out.append(node)
            several = len(node.paragraphs) > 1 and node.title
            if (node.kind in _SPLIT_KINDS and several) or (node.family == "unnumbered" and several):
                for start, end in node.paragraphs:
                    kind = "paragraph"
                    out.append(Node(kind, kind, "", "", start, start, end, node, node.depth + 1))
                node.end = node.body
        self.tree.nodes = out
