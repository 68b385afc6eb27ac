"""From a corrected tree back to a parsed document: keys, citations, remainder, warnings."""

from __future__ import annotations

from itertools import groupby

from consult.drafts.corrections.doubts import warnings
from consult.drafts.corrections.tree import Tree, Unit, node
from consult.drafts.parsing import ParsedDocument, ParsedPart, ParsedProvision, naming
from consult.drafts.parsing.outline import Node


def document(tree: Tree) -> ParsedDocument:
    """Return the tree as a document, named as the parser names its own."""
    parts, provisions = named(tree)
    remainder = "\n\n".join(tree.text[start:end] for start, end in tree.unassigned())
    found = warnings(tree, provisions)
    return ParsedDocument(tree.text, tuple(parts), tuple(provisions), found, remainder)


def named(tree: Tree) -> tuple[list[ParsedPart], list[ParsedProvision]]:
    """Return the parts, and a provision for each unit of the tree, named."""
    namer = naming.Namer()
    parts: list[ParsedPart] = []
    provisions: list[ParsedProvision] = []
    for part, grouped in groupby(tree.units, key=lambda unit: unit.part):
        units = list(grouped)
        key = namer.open(part.key, part.name)
        nodes = _nodes(units)
        naming.number(nodes)
        for unit, own in zip(units, nodes, strict=True):
            words = tree.own(unit)
            name = namer.name(own, words)
            provisions.append(
                ParsedProvision(
                    name.key, key, unit.kind, own.number[:20], unit.title, words,
                    namer.key_of(own.parent), name.citation, unit.start, unit.end, own.depth,
                )
            )  # fmt: skip
        end = max(unit.end for unit in units)
        parts.append(ParsedPart(key, part.title, units[0].start, end))
    return parts, provisions


def _nodes(units: list[Unit]) -> list[Node]:
    """Return the units of a part as nodes that know one another."""
    root = Node("root", "root", "", "", 0, 0, 0, None, -1)
    made: dict[Unit, Node] = {}
    for unit in units:
        made[unit] = node(unit, made[unit.parent] if unit.parent else root)
    return list(made.values())
