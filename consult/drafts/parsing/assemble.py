"""From a read source to the parsed document: parts, keys, citations, remainder, warnings."""

from __future__ import annotations

from consult.drafts.parsing import keys, naming, recognise, titles
from consult.drafts.parsing.lines import whole_headings
from consult.drafts.parsing.model import (
    DEFAULT,
    Limits,
    ParsedDocument,
    ParsedPart,
    ParsedProvision,
    ParsedWarning,
    UnreadableDocument,
)
from consult.drafts.parsing.outline import Node
from consult.drafts.parsing.quotes import find_quotes
from consult.drafts.parsing.source import Source
from consult.drafts.parsing.structure import Doubt, build
from consult.drafts.parsing.zones import Zone, divide


def assemble(source: Source, limits: Limits = DEFAULT) -> ParsedDocument:
    """Return the document that ``source`` holds.

    Raises UnreadableDocument: ``empty``, ``too_much_text`` or ``too_many_provisions``.
    """
    source.blocks = whole_headings([block for block in source.blocks if block.text.strip()])
    text = source.linear()
    if not text.strip():
        raise UnreadableDocument("empty")
    if len(text) > limits.max_text:
        raise UnreadableDocument("too_much_text")
    runs, quote_warnings = find_quotes(source.blocks)
    plan = divide(source, runs)
    writer = _Writer(source, text, dict(runs), limits)
    writer.told = {warning.line for warning in plan.warnings}
    for zone in plan.zones:
        if zone.stop > zone.first:
            writer.zone(zone)
    remainder = writer.outside(plan.outside)
    warnings = [*quote_warnings, *plan.warnings, *writer.warnings, *writer.unmarked()]
    warnings.sort(key=lambda warning: warning.line or 0)
    return ParsedDocument(
        text,
        tuple(writer.parts),
        tuple(writer.provisions),
        (*source.warnings, *warnings),
        remainder,
    )


class _Writer:
    def __init__(self, source: Source, text: str, runs: dict[int, int], limits: Limits) -> None:
        self.limits = limits
        self.source = source
        self.text = text
        self.runs = runs
        self.namer = naming.Namer()
        self.parts: list[ParsedPart] = []
        self.provisions: list[ParsedProvision] = []
        self.warnings: list[ParsedWarning] = []
        self.quiet = False
        self.told: set[int | None] = set()
        # Parents and kinds whose last child repeated a number: a run is told once.
        self.repeats: set[tuple[int, str]] = set()

    def zone(self, zone: Zone) -> None:
        """Write one part and its provisions."""
        blocks = self.source.blocks
        title = "" if zone.kind == "appendix" else titles.title_of(blocks[zone.first : zone.stop])
        title = title or zone.title
        key = self._open(zone, title)
        self.parts.append(
            ParsedPart(key, title, blocks[zone.first].start, blocks[zone.stop - 1].end)
        )
        tree = build(zone, blocks, self.runs)
        most = self.limits.max_provisions
        if len(self.provisions) + len(tree.nodes) > most:
            raise UnreadableDocument("too_many_provisions", limit=most)
        naming.number(tree.nodes)
        # The forms and tables of an appendix number as they please: no doubts there.
        self.quiet = zone.kind == "appendix"
        self._doubts(tree.doubts)
        for node in tree.nodes:
            self._write(node, key)

    def _open(self, zone: Zone, title: str) -> str:
        """Begin the part of ``zone``, which has this title, and return its key."""
        if not self.parts:
            return self.namer.open("main", "")
        if zone.kind == "appendix":
            word = keys.number_word(zone.number) if zone.number else ""
            return self.namer.open(f"pl{word}", f"Phụ lục {zone.number}".strip())
        name = f"{zone.number or titles.type_of(title) or 'Văn bản'} kèm theo"
        return self.namer.open(f"p{len(self.parts) + 1}", name)

    def _write(self, node: Node, part: str) -> None:
        body = self.text[node.body : node.end].strip()
        key, repeated, cited = self.namer.name(node, body)
        run = (id(node.parent), node.kind)
        if repeated and node.number and run not in self.repeats and not self.quiet:
            self._repeated(node, key, cited)
        (self.repeats.add if repeated else self.repeats.discard)(run)
        self.provisions.append(
            ParsedProvision(
                key, part, node.kind, node.number[:20], " ".join(node.title.split()), body,
                self.namer.key_of(node.parent), cited, node.start, node.end, node.depth,
            )
        )  # fmt: skip

    def _repeated(self, node: Node, key: str, cited: str) -> None:
        line = self.text.count("\n", 0, node.start) + 1
        if line not in self.told and not any(w.line == line for w in self.warnings):
            params: dict[str, str | int] = {"label": cited}
            self.warnings.append(ParsedWarning("duplicate_number", key, line, params))

    def _doubts(self, doubts: list[Doubt]) -> None:
        for doubt in () if self.quiet else doubts:
            label = self.namer.cite(doubt.node) if doubt.node else ""
            if doubt.kept or not label:
                label = f"{doubt.label} ({label})" if label else doubt.label
            params: dict[str, str | int] = {"label": label, "previous": doubt.previous}
            self.warnings.append(ParsedWarning(doubt.code, line=doubt.line or None, params=params))

    def unmarked(self) -> list[ParsedWarning]:
        """Return a warning where no article was found but lines read "Dieu 1."."""
        if any(provision.kind == "article" for provision in self.provisions):
            return []
        for block in self.source.blocks:
            if recognise.UNMARKED_ARTICLE.match(block.text):
                params: dict[str, str | int] = {"excerpt": recognise.excerpt(block.text)}
                return [ParsedWarning("no_marks", line=block.line, params=params)]
        return []

    def outside(self, runs: list[tuple[int, int]]) -> str:
        """Return the remainder: the text of the block runs outside all parts, with a warning
        for each run."""
        blocks = self.source.blocks
        pieces: list[str] = []
        for first, stop in runs:
            piece = "\n".join(block.text for block in blocks[first:stop])
            pieces.append(piece)
            params: dict[str, str | int] = {"excerpt": recognise.excerpt(piece)}
            self.warnings.append(
                ParsedWarning("unassigned_text", line=blocks[first].line, params=params)
            )
        return "\n\n".join(pieces)
