"""Which warnings remain after corrections: the parser's, pruned, and new ones on numbers."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from consult.drafts.corrections import rules
from consult.drafts.corrections.tree import Tree, Unit
from consult.drafts.parsing import ParsedProvision, ParsedWarning, recognise

_NUMBERS: Final = frozenset({"duplicate_number", "number_gap"})
# Warnings that nothing of these kinds was found.
_STRUCTURE: Final = {"no_structure": rules.NUMBERED, "no_marks": frozenset({"article"})}


class _Place(NamedTuple):
    """What a warning about a unit's number rests on: the unit and the one before it."""

    kind: str
    number: str
    before: int | None
    number_before: str


def warnings(tree: Tree, provisions: Sequence[ParsedProvision]) -> tuple[ParsedWarning, ...]:
    """Return the warnings of ``tree``, whose units have become ``provisions``, by line.

    The parser's warnings stay while what they are about is as it was. Numbers that a correction
    touched are looked at anew; unassigned text is told run by run.
    """
    lines = Lines(tree.text)
    keys: dict[int, str] = {}
    by_line: dict[int, Unit] = {}
    for unit, provision in zip(tree.units, provisions, strict=True):
        keys.setdefault(lines.of(unit.start), provision.key)
        by_line.setdefault(lines.of(unit.start), unit)
    now, then = _places(tree), _places(Tree.of(tree.guess))
    found: list[ParsedWarning] = []
    kinds = {unit.kind for unit in tree.units}
    for warning in tree.guess.warnings:
        unit = by_line.get(warning.line or 0)
        moved = unit is not None and now.get(unit.id) != then.get(unit.id)
        if warning.code == "unassigned_text" or (unit and unit.id in tree.corrected):
            continue
        if warning.code in _NUMBERS and moved:
            continue
        if kinds & _STRUCTURE.get(warning.code, frozenset()):
            continue
        key = keys.get(warning.line or 0, warning.provision) if warning.provision else None
        found.append(replace(warning, provision=key))
    for unit in tree.units:
        place = now.get(unit.id)
        if place is None or place == then.get(unit.id):
            continue
        code = _doubt(unit, place)
        if code:
            line = lines.of(unit.start)
            found.append(_numbering(tree, unit, place, code, line, keys[line]))
    for start, end in tree.unassigned():
        text = recognise.excerpt(tree.text[start:end])
        found.append(ParsedWarning("unassigned_text", None, lines.of(start), {"excerpt": text}))
    return tuple(sorted(found, key=lambda warning: warning.line or 0))


class Lines:
    """Line numbers of a text, counted from 1, and the offsets where lines begin."""

    def __init__(self, text: str) -> None:
        self.starts = [0]
        for line in text.split("\n"):
            self.starts.append(self.starts[-1] + len(line) + 1)

    def of(self, offset: int) -> int:
        """Return the number of the line that holds ``offset``."""
        return bisect_right(self.starts, offset)


def _places(tree: Tree) -> dict[str, _Place]:
    """Return the place of every numbered unit by its id: articles count through their part."""
    last: dict[tuple[int, str], Unit] = {}
    places: dict[str, _Place] = {}
    for unit in tree.units:
        if unit.kind not in rules.NUMBERED:
            continue
        scope = id(unit.part) if unit.kind == "article" else id(unit.parent or unit.part)
        before = last.get((scope, unit.family))
        start, number = (before.start, before.number) if before else (None, "")
        places[unit.id] = _Place(unit.kind, unit.number, start, number)
        last[scope, unit.family] = unit
    return places


def _doubt(unit: Unit, place: _Place) -> str:
    """Return the warning that a number deserves after the one before it, or ""."""
    if place.before is None:
        return ""
    if unit.kind in rules.STRUCTURAL and unit.kind != "article":
        step = recognise.ordinal_value(unit.number) - recognise.ordinal_value(place.number_before)
        if step == 0 and unit.number != place.number_before:
            return ""
    else:
        step = recognise.follows(unit.family, place.number_before, unit.number)
    return "duplicate_number" if step == 0 else "number_gap" if step > 1 else ""


def _numbering(
    tree: Tree, unit: Unit, place: _Place, code: str, line: int, key: str
) -> ParsedWarning:
    params = {"label": recognise.excerpt(tree.text[unit.start : unit.end], 30)}
    if code == "number_gap":
        params["previous"] = place.number_before
    return ParsedWarning(code, key, line, dict(params))
