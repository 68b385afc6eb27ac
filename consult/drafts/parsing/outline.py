"""The numbered levels below the headings: clauses, points, outline numbers, bullets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from consult.drafts.parsing import recognise
from consult.drafts.parsing.recognise import BULLETS, Marker

STRUCTURAL: Final = frozenset(
    {"part", "chapter", "section", "subsection", "article", "appendix", "root"}
)
_RANKS: Final = {
    "roman": 1, "upper": 1, "numeral": 2, "slashed": 2, "decimal": 3, "paren": 4, "letter": 4,
    "letterdot": 4, "enclosed": 5, "star": 4.5, "dash": 6, "plus": 7,
}  # fmt: skip
_COUNTED: Final = frozenset({"numeral", "slashed"})
_MOST_MISSING: Final = 4
# What a wrapped line may begin with by chance: "(nêu rõ lý ⏎ do) kèm theo …".
_IN_SENTENCES: Final = frozenset({"letter", "letterdot", "enclosed", "paren"})

# Points that a careless hand writes with either sign.
_SIGNS: Final = {"letterdot": "letter", "letter": "letterdot"}


@dataclass(slots=True, eq=False)
class Node:
    """A provision being built; offsets into the linear text, ``body`` where its words begin."""

    kind: str
    family: str
    number: str
    title: str
    start: int
    body: int
    end: int
    parent: Node | None
    depth: int
    paragraphs: list[tuple[int, int]] = field(default_factory=list["tuple[int, int]"])
    children: int = 0
    line: int = 0
    doubt: str = ""
    previous: str = ""
    colon: bool = False
    # The last Roman number right below, open or not.
    roman: str = ""


@dataclass(slots=True)
class Placement:
    """Where a marker belongs: under ``parent``; ``doubt`` is a warning's code or empty."""

    parent: Node
    doubt: str = ""
    previous: str = ""


def place(stack: list[Node], found: Marker, *, definite: bool) -> Placement | str:
    """Return where the unit marked ``found`` goes, or why it is only text.

    ``stack`` holds the open units from the root down to the deepest. The number must be the
    next of an open sequence or the first of a new one; gaps and repetitions are accepted with a
    doubt where they stand as a paragraph of their own.
    """
    if found.family == "decimal":
        return _place_decimal(stack, found)
    mismatch: tuple[int, int] | None = None
    for index in range(len(stack) - 1, 0, -1):
        node = stack[index]
        if node.kind in STRUCTURAL:
            break
        if node.family != found.family:
            continue
        step = recognise.follows(found.family, node.number, found.label)
        if step == 1:
            return Placement(stack[index - 1])
        mismatch = mismatch or (index, step)
    if recognise.is_first(found.family, found.label):
        return _place_first(stack, found, mismatch)
    if mismatch is None:
        if found.family == "roman":
            return _place_roman(stack, found)
        if definite and found.family in _SIGNS:
            return _place_resigned(stack, found)
        if definite and found.family == "numeral" and _begins_late(stack[-1], found):
            return Placement(stack[-1], "number_gap", "–")
        return "doubtful_heading" if found.family == "numeral" else ""
    index, step = mismatch
    if not definite and found.family in _IN_SENTENCES:
        return ""
    if not definite or step < 0 or step > _MOST_MISSING:
        return "doubtful_heading"
    code = "duplicate_number" if step == 0 else "number_gap"
    return Placement(stack[index - 1], code, stack[index].number)


def _place_roman(stack: list[Node], found: Marker) -> Placement | str:
    """Return where a Roman number goes whose sequence is no longer open."""
    over = next(node for node in reversed(stack) if node.kind in STRUCTURAL)
    if over.roman and recognise.follows("roman", over.roman, found.label) == 1:
        return Placement(over)
    return "doubtful_heading"


def _is_fresh(node: Node) -> bool:
    """Whether nothing stands yet below a titled unit."""
    return bool(node.title) and not node.paragraphs and not node.children


def _begins_late(node: Node, found: Marker) -> bool:
    """Whether "2." stands right below a heading, its "1." gone."""
    return _is_fresh(node) and 0 < recognise.ordinal_value(found.label) <= _MOST_MISSING


def _place_resigned(stack: list[Node], found: Marker) -> Placement | str:
    """Return where a point goes whose sequence was begun with the other sign: "đ)", "e."."""
    for index in range(len(stack) - 1, 0, -1):
        node = stack[index]
        if node.kind in STRUCTURAL:
            break
        if node.family == _SIGNS[found.family]:
            step = recognise.follows(found.family, node.number, found.label)
            return Placement(stack[index - 1]) if step == 1 else ""
    return ""


def continues(stack: list[Node], found: Marker) -> bool:
    """Whether ``found`` is the next number of a sequence that is open in ``stack``."""
    if recognise.is_first(found.family, found.label):
        return False
    placed = place(stack, found, definite=True)
    return isinstance(placed, Placement) and not placed.doubt


def _place_first(
    stack: list[Node], found: Marker, mismatch: tuple[int, int] | None
) -> Placement | str:
    deepest = stack[-1]
    if mismatch is not None and deepest.family != found.family:
        if _is_fresh(deepest) or deepest.colon:
            return Placement(deepest)
        for node in reversed(stack[mismatch[0] + 1 :]):
            if 0 < _rank(node) <= _RANKS[found.family] and node.family != found.family:
                return Placement(node)
    if mismatch is not None:
        index, _ = mismatch
        return Placement(stack[index - 1], "duplicate_number", stack[index].number)
    return Placement(_shelter(stack, found.family))


def _shelter(stack: list[Node], family: str) -> Node:
    """Return the open unit under which a new level of ``family`` begins."""
    rank = _RANKS[family]
    # Where "1.1" stands right below "I.", a list "1.", "2." belongs to it.
    inner = family == "numeral" and not any(node.family in _COUNTED for node in stack)
    index = len(stack) - 1
    while index > 0:
        node = stack[index]
        if node.kind in STRUCTURAL or node.colon or (inner and node.family == "decimal"):
            break
        own = _rank(node)
        bullet = node.family in BULLETS and family not in BULLETS
        if not (own > rank or bullet or node.family == family):
            break
        index -= 1
    return stack[index]


def _rank(node: Node) -> float:
    """Return the rank of an open unit; "V.1" stands right below its Roman number."""
    if node.family == "decimal" and not node.number[:1].isdigit():
        return 1.5
    return _RANKS.get(node.family, 0)


def _place_decimal(stack: list[Node], found: Marker) -> Placement | str:
    prefix, _, _ = found.label.rpartition(".")
    counted = False
    for index in range(len(stack) - 1, 0, -1):
        node = stack[index]
        if node.family == "decimal" and node.number.rpartition(".")[0] == prefix:
            step = recognise.follows("decimal", node.number, found.label)
            if step == 1:
                return Placement(stack[index - 1])
            if 0 <= step <= _MOST_MISSING:
                code = "duplicate_number" if step == 0 else "number_gap"
                return Placement(stack[index - 1], code, node.number)
            return "doubtful_heading"
        # "II." → "2.1." where no "1.", "2." stands between.
        if _same_number(node, prefix) and not (counted and node.kind == "roman"):
            first = recognise.is_first("decimal", found.label)
            return Placement(node, "" if first else "number_gap", "" if first else "–")
        if node.kind == "roman":
            break
        counted = counted or node.family in _COUNTED
    return "doubtful_heading" if prefix.count(".") else ""


def _same_number(node: Node, prefix: str) -> bool:
    if node.family in {"decimal", "upper", "numeral", "slashed"}:
        return node.number == prefix
    if node.kind in {"chapter", "section", "part", "clause", "roman"}:
        return node.number == prefix or (
            prefix.isdigit() and recognise.ordinal_value(node.number) == int(prefix)
        )
    return False


def kind_of(found: Marker, parent: Node) -> str:
    """Return the kind of the unit marked ``found`` under ``parent``."""
    if found.family in BULLETS:
        return "bullet"
    if found.family in {"roman", "upper"}:
        return "roman"
    if found.family == "decimal":
        return "decimal"
    if found.family in {"numeral", "slashed"}:
        return "clause" if parent.kind == "article" else "numeral"
    return "letter"
