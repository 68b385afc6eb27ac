"""The operations: divide, merge, retitle, move under another parent, change the kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any, Final

from msgspec import Struct

from consult.core.text import squeeze
from consult.drafts.corrections import rules
from consult.drafts.corrections.messages import Refused
from consult.drafts.corrections.tree import Part, Tree, Unit, chain
from consult.drafts.parsing import keys

LONGEST_NUMBER: Final = 20
LONGEST_NAME: Final = 80


class Correction(Struct, frozen=True):
    """One operation with its parameters, as stored.

    split: ``unit``, ``at``, ``kind``, ``number``, ``title``, ``under`` ("sibling" or "child");
    mark: ``at``, ``kind``, ``number``, ``title``: a place in a unit's own words or in unassigned
    text becomes a unit where one of that kind belongs;
    merge, unmark: ``unit`` joins ``into``, the one before it in the text;
    retitle: ``unit``, ``title``; retype: ``unit``, ``kind``, ``number``, ``title``;
    reparent: ``unit``, ``parent`` (None: under nothing);
    attach: ``at``, ``name``: at the beginning of a unit, in its own words or in unassigned text, a
    document of its own begins, which ``name`` calls in citations, and reaches to the next part.
    Units are named by their ids, ``at`` is an offset, ``title`` words of the text ("" for none).
    """

    operation: str
    params: Mapping[str, Any]


def apply(tree: Tree, correction: Correction) -> Unit:
    """Change ``tree`` and return the unit that a person will want to see.

    Raises Refused, after which the tree is in no defined state.
    """
    return OPERATIONS[correction.operation](tree, correction.params)


def _split(tree: Tree, params: Mapping[str, Any]) -> Unit:
    host = tree.find(params["unit"])
    new = _divide(tree, host, params)
    new.parent = host if params["under"] == "child" else host.parent
    _check_parent(tree, new, new.parent)
    return _placed(tree, new, host)


def _mark(tree: Tree, params: Mapping[str, Any]) -> Unit:
    host = tree.at(params["at"])
    if host is None:
        return _mark_unassigned(tree, params)
    new = _divide(tree, host, params)
    new.parent = _home(chain(host), new)
    return _placed(tree, new, host)


def _mark_unassigned(tree: Tree, params: Mapping[str, Any]) -> Unit:
    at = params["at"]
    run = next((end for start, end in tree.unassigned() if start <= at < end), None)
    if run is None:
        raise Refused("not_unassigned")
    before = next((unit for unit in reversed(tree.units) if unit.end <= at), None)
    new = _new(tree, at, run, before.part if before else tree.parts[0], params)
    new.parent = _home(chain(before), new)
    return _placed(tree, new, before)


def _divide(tree: Tree, host: Unit, params: Mapping[str, Any]) -> Unit:
    """Return the second half of ``host`` as a unit without parent; the host keeps the first."""
    at = params["at"]
    if not host.body <= at < host.end or not tree.text[at : at + 1].strip():
        raise Refused("not_its_text")
    if not tree.text[host.start : at].strip():
        raise Refused("nothing_before")
    new = _new(tree, at, host.end, host.part, params)
    host.end = host.start + len(tree.text[host.start : at].rstrip())
    host.body = min(host.body, host.end)
    return new


def _new(tree: Tree, at: int, end: int, part: Part, params: Mapping[str, Any]) -> Unit:
    unit = Unit(str(at), at, at, end, "", "", "", "", None, part)
    _become(tree, unit, params)
    return unit


def _become(tree: Tree, unit: Unit, params: Mapping[str, Any]) -> None:
    """Set the kind, number and title of ``unit`` as ``params`` say."""
    kind, number = params["kind"], squeeze(params["number"])
    if kind not in rules.CHOICES:
        raise Refused("kind_unknown")
    if kind in rules.NUMBERED and not number:
        raise Refused("number_missing")
    if len(number) > LONGEST_NUMBER:
        raise Refused("number_too_long")
    if kind not in rules.NUMBERED and kind != "appendix":
        number = ""
    begins_with = rules.number_end(tree.text, unit.start, unit.end, kind, number) > unit.start
    # What the parser counted itself, in a list without visible numbers, may stay, and so may
    # what an earlier release accepted.
    if number and number != unit.number and not (begins_with or tree.replaying):
        raise Refused("number_not_first")
    unit.kind, unit.number = kind, number
    _entitle(tree, unit, "" if kind in rules.UNTITLED else params["title"])
    text = tree.text[unit.start : unit.end]
    unit.family = rules.family(kind, unit.number, text, title=unit.title)


def _entitle(tree: Tree, unit: Unit, title: str) -> None:
    """Make the words ``title``, which come right after the number, the title of ``unit``."""
    text = tree.text
    begin = rules.number_end(text, unit.start, unit.end, unit.kind, unit.number)
    at = begin
    for word in title.split():
        if not text.startswith(word, at, unit.end):
            raise Refused("title_not_first")
        at = _past_space(text, at + len(word), unit.end)
    if title:
        # Half a word is no title; a stop right behind belongs to it.
        behind = begin + len(text[begin:at].rstrip())
        if behind < unit.end and text[behind].isalnum() and text[behind - 1].isalnum():
            raise Refused("title_not_first")
        while behind < unit.end and text[behind] in ".:;,":
            behind += 1
        at = _past_space(text, behind, unit.end)
    unit.title = squeeze(text[begin:at])
    unit.body = at


def _past_space(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _home(opened: Iterable[Unit], unit: Unit) -> Unit | None:
    """Return the parent, among the open units (deepest first), that the kind of ``unit`` asks for:
    that of the nearest unit of its kind, else the nearest of a higher level."""
    opened = list(opened)
    if unit.kind in rules.FRAME:
        return None
    for other in opened:
        if other.what == unit.what:
            return other.parent
    rank = rules.rank(*unit.what)
    for other in opened:
        if rules.rank(*other.what) < rank and rules.may_hold(other.what, unit.what):
            return other
    return None


def _check_parent(tree: Tree, unit: Unit, parent: Unit | None) -> None:
    if parent is None or rules.may_hold(parent.what, unit.what):
        return
    if unit.kind in rules.FRAME:
        raise Refused("frame")
    raise Refused("cannot_hold", unit=tree.label(unit), parent=tree.label(parent))


def _placed(tree: Tree, new: Unit, after: Unit | None) -> Unit:
    """Put ``new`` behind ``after`` in the tree; an appendix begins a part of its own."""
    tree.units.insert(tree.units.index(after) + 1 if after else 0, new)
    _begin_part(tree, new)
    tree.corrected.add(new.id)
    tree.settle(new)
    return new


def _begin_part(tree: Tree, unit: Unit) -> None:
    before = tree.before(unit)
    if unit.family != "appendix" or (before and before.part is not unit.part):
        return
    if before is None:
        raise Refused("first_appendix")
    word = keys.number_word(unit.number) if unit.number else ""
    part = Part(f"pl{word}", unit.title, f"Phụ lục {unit.number}".strip())
    _give_over(tree, unit, part)


def _give_over(tree: Tree, first: Unit, part: Part) -> None:
    """Make ``first`` and what follows it in its part units of the new ``part``."""
    tree.parts.insert(tree.parts.index(first.part) + 1, part)
    old, first.parent = first.part, None
    for other in tree.units[tree.units.index(first) :]:
        if other.part is not old:
            break
        other.part = part


def _attach(tree: Tree, params: Mapping[str, Any]) -> Unit:
    at, what = params["at"], {"kind": "paragraph", "number": "", "title": ""}
    unit = tree.at(at)
    if unit is None:
        unit = _mark_unassigned(tree, {**what, "at": at})
    elif at > unit.start:
        host = unit
        unit = _divide(tree, host, {**what, "at": at})
        tree.units.insert(tree.units.index(host) + 1, unit)
    before = tree.before(unit)
    if before is None:
        raise Refused("first_attached")
    if before.part is not unit.part:
        raise Refused("part_already")
    name = squeeze(params["name"])
    if not name:
        raise Refused("name_missing")
    if len(name) > LONGEST_NAME:
        raise Refused("name_too_long", limit=str(LONGEST_NAME))
    used = {part.key for part in tree.parts}
    key = next(f"p{n}" for n in count(2) if f"p{n}" not in used)
    title = squeeze(tree.text[unit.start : unit.end].partition("\n")[0])
    _give_over(tree, unit, Part(key, title, name))
    tree.corrected.add(unit.id)
    tree.settle(unit)
    return unit


def _merge(tree: Tree, params: Mapping[str, Any]) -> Unit:
    unit, into = tree.find(params["unit"]), tree.find(params["into"])
    before = tree.before(unit)
    if before is None:
        raise Refused("first_unit")
    if before is not into:
        raise Refused("not_adjacent", other=tree.label(before))
    if tree.text[into.end : unit.start].strip():
        raise Refused("unassigned_between")
    if unit.part is not into.part:
        for other in tree.units:
            if other.part is unit.part and other is not unit:
                other.part = into.part
        tree.parts.remove(unit.part)
    into.end = max(into.end, unit.end)
    tree.units.remove(unit)
    tree.corrected.add(into.id)
    tree.settle(into)
    return into


def _unmark(tree: Tree, params: Mapping[str, Any]) -> Unit:
    unit = tree.find(params["unit"])
    if not (unit.number or unit.title):
        raise Refused("no_heading")
    return _merge(tree, params)


def _retitle(tree: Tree, params: Mapping[str, Any]) -> Unit:
    unit = tree.find(params["unit"])
    if params["title"] and unit.kind in rules.UNTITLED:
        raise Refused("title_none")
    before = unit.title
    _entitle(tree, unit, params["title"])
    if unit.title == before:
        raise Refused("same_kind")
    unit.family = rules.family(
        unit.kind, unit.number, tree.text[unit.start : unit.end], title=unit.title
    )
    tree.corrected.add(unit.id)
    tree.settle(unit)
    return unit


def _retype(tree: Tree, params: Mapping[str, Any]) -> Unit:
    unit = tree.find(params["unit"])
    before = (unit.kind, unit.number, unit.title)
    _become(tree, unit, params)
    if (unit.kind, unit.number, unit.title) == before:
        raise Refused("same_kind")
    if unit.kind in rules.FRAME:
        unit.parent = None
    elif unit.parent is not None and not rules.may_hold(unit.parent.what, unit.what):
        unit.parent = _home(tree.parents(unit), unit)
    _begin_part(tree, unit)
    tree.corrected.add(unit.id)
    tree.settle(unit)
    return unit


def _reparent(tree: Tree, params: Mapping[str, Any]) -> Unit:
    unit = tree.find(params["unit"])
    parent = None if params["parent"] is None else tree.find(params["parent"])
    if parent is unit.parent:
        raise Refused("same_place")
    if parent is not None and parent not in tree.parents(unit):
        raise Refused("not_open", parent=tree.label(parent))
    _check_parent(tree, unit, parent)
    unit.parent = parent
    tree.corrected.add(unit.id)
    tree.settle(unit)
    return unit


OPERATIONS: Final[dict[str, Callable[[Tree, Mapping[str, Any]], Unit]]] = {
    "split": _split,
    "mark": _mark,
    "merge": _merge,
    "unmark": _unmark,
    "retitle": _retitle,
    "retype": _retype,
    "reparent": _reparent,
    "attach": _attach,
}
