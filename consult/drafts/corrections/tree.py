"""The tree that corrections change: units over one text, in its order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from consult.core.text import shorten
from consult.drafts.corrections import rules
from consult.drafts.corrections.messages import Refused
from consult.drafts.parsing import ParsedDocument, ParsedProvision
from consult.drafts.parsing.citation import cite
from consult.drafts.parsing.outline import Node


@dataclass(slots=True, eq=False)
class Part:
    """A document within the document; ``name`` stands in the citations of its units."""

    key: str
    title: str
    name: str


@dataclass(slots=True, eq=False)
class Unit:
    """A provision being corrected: its extent, where its own words begin, what it is.

    ``id`` is its name in corrections: the offset where it begins, with a dash if it is empty.
    """

    id: str
    start: int
    body: int
    end: int
    kind: str
    family: str
    number: str
    title: str
    parent: Unit | None
    part: Part

    @property
    def what(self) -> tuple[str, str]:
        """The unit's kind and family."""
        return self.kind, self.family


class Tree:
    """Units in the order of the text. ``corrected`` holds the ids of those a person changed.

    While ``replaying``, what was accepted once is not judged by the rules of today.
    """

    def __init__(self, guess: ParsedDocument, units: list[Unit], parts: list[Part]) -> None:
        self.guess = guess
        self.text = guess.text
        self.units = units
        self.parts = parts
        self.corrected: set[str] = set()
        self.replaying = False

    @classmethod
    def of(cls, guess: ParsedDocument) -> Tree:
        """Return the parser's guess as a tree."""
        parts = {p.key: Part(p.key, p.title, "") for p in guess.parts}
        units: list[Unit] = []
        by_key: dict[str, Unit] = {}
        for p in guess.provisions:
            part = parts.setdefault(p.part, Part(p.part, "", ""))
            parent = by_key[p.parent] if p.parent else None
            unit = _unit(guess.text, p, parent, part)
            if units and units[-1].id == unit.id:  # two empty ones at one place
                unit.id += "-"
            units.append(unit)
            by_key[p.key] = unit
        tree = cls(guess, units, list(dict.fromkeys(unit.part for unit in units)))
        tree._name_parts()
        return tree

    def _name_parts(self) -> None:
        """Find the parts' names in the parser's citations: what follows a unit's own."""
        for unit, provision in zip(self.units, self.guess.provisions, strict=True):
            part = unit.part
            if part.name or part.key == "main" or unit.kind == "appendix":
                continue
            own = cite(node(unit))
            if provision.citation.startswith(f"{own} "):
                part.name = provision.citation[len(own) + 1 :]

    def find(self, unit_id: str) -> Unit:
        """Return the unit of that id. Raises Refused "gone"."""
        found = next((unit for unit in self.units if unit.id == unit_id), None)
        if found is None:
            raise Refused("gone")
        return found

    def at(self, offset: int) -> Unit | None:
        """Return the unit whose extent holds ``offset``, or None in unassigned text."""
        index = bisect_right(self.units, offset, key=lambda unit: unit.start) - 1
        if index >= 0 and offset < self.units[index].end:
            return self.units[index]
        return None

    def before(self, unit: Unit) -> Unit | None:
        """Return the unit before ``unit`` in the text, or None."""
        index = self.units.index(unit)
        return self.units[index - 1] if index else None

    def after(self, unit: Unit) -> Unit | None:
        """Return the unit after ``unit`` in the text, or None."""
        index = self.units.index(unit) + 1
        return self.units[index] if index < len(self.units) else None

    def parents(self, unit: Unit) -> list[Unit]:
        """Return the units that are open where ``unit`` begins, deepest first."""
        before = self.before(unit)
        return list(chain(before)) if before and before.part is unit.part else []

    def own(self, unit: Unit) -> str:
        """Return the unit's own words: neither its number and title nor its children's."""
        return self.text[unit.body : unit.end].strip()

    def label(self, unit: Unit) -> str:
        """Return the unit's first words, to name it in a sentence."""
        return shorten(self.text[unit.start : unit.end], 50) or unit.title or unit.number

    def unassigned(self) -> list[tuple[int, int]]:
        """Return the runs of text that stand in no unit, in order, without white space around."""
        runs: list[tuple[int, int]] = []
        at = 0
        for start, end in [(u.start, u.end) for u in self.units] + [(len(self.text),) * 2]:
            gap = self.text[at:start]
            if gap.strip():
                first = at + len(gap) - len(gap.lstrip())
                runs.append((first, at + len(gap.rstrip())))
            at = max(at, end)
        return runs

    def settle(self, changed: Unit) -> None:
        """Give units that follow ``changed`` a parent again when theirs is no longer open.

        Such a unit comes under ``changed`` or the nearest unit above that is of a higher level,
        as if the parser had met ``changed`` as it is now.
        """
        holders = list(chain(changed))
        stack: list[Unit] = []
        begin = self.units.index(changed) + 1
        for index, unit in enumerate(self.units):
            if unit.part is not changed.part:
                continue
            lost = unit.parent is not None and (
                unit.parent not in stack
                or (unit.parent is changed and not rules.may_hold(changed.what, unit.what))
            )
            if lost and index >= begin:
                unit.parent = next((h for h in holders if h in stack and _above(h, unit)), None)
            while stack and stack[-1] is not unit.parent:
                stack.pop()
            stack.append(unit)


def chain(unit: Unit | None) -> Iterator[Unit]:
    """Yield the unit, its parent and so on to the top."""
    while unit is not None:
        yield unit
        unit = unit.parent


def node(unit: Unit, parent: Node | None = None) -> Node:
    """Return the unit as the parser's own naming wants it; ``parent`` None takes the unit's."""
    if parent is None:
        above = unit.parent
        parent = node(above) if above else Node("root", "root", "", "", 0, 0, 0, None, -1)
    return Node(
        unit.kind, unit.family, unit.number, unit.title, unit.start, unit.body, unit.end, parent,
        parent.depth + 1,
    )  # fmt: skip


def _above(holder: Unit, unit: Unit) -> bool:
    lower = rules.rank(*holder.what) < rules.rank(*unit.what)
    return lower and rules.may_hold(holder.what, unit.what)


def _unit(text: str, p: ParsedProvision, parent: Unit | None, part: Part) -> Unit:
    extent = text[p.start : p.end]
    body = p.end
    if p.text:
        body = p.start + max(len(extent.rstrip()) - len(p.text), 0)
    name = str(p.start) if p.end > p.start else f"{p.start}-"
    family = rules.family(p.kind, p.number, extent, title=p.title, key=p.key)
    return Unit(name, p.start, body, p.end, p.kind, family, p.number, p.title, parent, part)
