"""Word files: paragraphs with their automatic numbers, tables, footnotes, accepted changes."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (lxml's element types are partial.)
from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any, Final

from consult.core.text import nfc
from consult.drafts.parsing import legacy
from consult.drafts.parsing.closing import is_signature
from consult.drafts.parsing.model import Limits, ParsedWarning, UnreadableDocument
from consult.drafts.parsing.readers.docx_fonts import PLAIN, Fonts, Typed
from consult.drafts.parsing.readers.numbering import Numbering
from consult.drafts.parsing.readers.symbols import symbol
from consult.drafts.parsing.readers.xml import W, child, load, switched_on, value
from consult.drafts.parsing.source import NOTE, TABLE, Block, Source, visible

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_WRAPPERS: Final = frozenset(
    f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo")
)
_GONE: Final = frozenset({f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr"})
_CHANGES: Final = frozenset({f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo"})
_CHARS: Final = {
    f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": "\t",
    f"{W}softHyphen": "\xad",  # in TCVN3 the letter ư; in Unicode nobody sees it
}  # fmt: skip
_HEAD: Final = re.compile(r"C[ỘO]NG H(?:ÒA|OÀ) XÃ HỘI|ĐẢNG CỘNG SẢN VIỆT NAM", re.IGNORECASE)
_FOOT: Final = re.compile(r"^\s*Nơi nhận", re.IGNORECASE)
_LAYOUT_ROWS: Final = 6
_DEEPEST: Final = 40
_WIDEST_SPAN: Final = 63  # Word's own limit of columns


def read(path: Path, limits: Limits) -> Source:
    """Return the source in the Word file at ``path``.

    Raises UnreadableDocument: ``broken``, ``bomb``, ``entities`` or ``embedded_text``.
    """
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError):
        raise UnreadableDocument("broken") from None
    with archive:
        document = load(archive, "word/document.xml", limits)
        if document is None or child(document, "body") is None:
            raise UnreadableDocument("broken")
        styles = load(archive, "word/styles.xml", limits)
        numbering = Numbering(load(archive, "word/numbering.xml", limits), styles)
        notes = _notes(load(archive, "word/footnotes.xml", limits), "footnote")
        notes |= _notes(load(archive, "word/endnotes.xml", limits), "endnote")
    return source(child(document, "body"), numbering, notes, styles)


def source(body: Any, numbering: Numbering, notes: dict[str, Any], styles: Any | None) -> Source:
    """Return the source in the ``w:body`` element; ``notes`` has its notes by kind and number,
    ``styles`` is the styles part or None."""
    reader = _Reader(numbering, notes, Fonts(styles, [body, *notes.values()]))
    reader.container(body, 0)
    return reader.source()


def _notes(root: Any | None, name: str) -> dict[str, Any]:
    if root is None:
        return {}
    return {
        f"{name}{note.get(f'{W}id')}": note
        for note in root.iterchildren(f"{W}{name}")
        if note.get(f"{W}type") not in {"separator", "continuationSeparator"}
    }


class _Reader:
    def __init__(self, numbering: Numbering, notes: dict[str, Any], fonts: Fonts) -> None:
        self.numbering = numbering
        self.fonts = fonts
        self.style: str | None = None
        self.before: list[str] = []
        self.after: list[str] = []
        self.notes = notes
        self.used: list[str] = []
        self.pending: list[str] = []
        self.blocks: list[Block] = []
        self.boxes: list[Any] = []
        self.changed = self.hidden = False
        self.join = False
        self.cells = 0

    def source(self) -> Source:
        """Return what was read, with the warnings."""
        warnings: list[ParsedWarning] = []
        if self.changed:
            warnings.append(ParsedWarning("tracked_changes"))
        if self.hidden:
            warnings.append(ParsedWarning("hidden_text"))
        if self.used:
            params: dict[str, str | int] = {"count": len(self.used)}
            warnings.append(ParsedWarning("footnotes", params=params))
        reading = self.fonts.reading
        if reading:
            warnings.append(ParsedWarning(reading))
        sample = legacy.sample(self.before, self.after)
        return Source(
            self.blocks, definite=True, warnings=warnings, reading=reading, reading_sample=sample
        )

    def container(self, node: Any, depth: int) -> None:
        """Read the paragraphs and tables in ``node`` in order."""
        if depth > _DEEPEST:
            raise UnreadableDocument("bomb")
        for element in node.iterchildren():
            tag = element.tag
            if tag == f"{W}p":
                self._paragraph(element, depth)
                self._footnotes(depth)
            elif tag == f"{W}tbl":
                self._table(element, depth)
                self._footnotes(depth)
            elif tag in _WRAPPERS:
                self.changed = self.changed or tag in _CHANGES
                self.container(element, depth + 1)
            elif tag == f"{_MC}AlternateContent":
                choice = element.find(f"{_MC}Choice")
                if choice is not None:
                    self.container(choice, depth + 1)
            elif tag == f"{W}altChunk":  # another file, of which Word makes paragraphs
                raise UnreadableDocument("embedded_text")

    def _footnotes(self, depth: int) -> None:
        """Add the notes referred to since the last paragraph; those of cells follow the table."""
        if depth and self.cells:
            return
        while self.pending:
            name = self.pending.pop(0)
            text = " ".join(self._text(p) for p in self.notes[name].iter(f"{W}p"))
            number = self.used.index(name) + 1
            self.blocks.append(Block(f"[{number}] {_clean(text)}", kind=NOTE, definite=True))

    def _paragraph(self, element: Any, depth: int, role: str = "") -> None:
        """Add the paragraph's lines as blocks; text boxes anchored in it stand before it."""
        label, text = self._labelled(element)
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.container(box, depth + 1)
        bold = _is_bold(element)
        pieces = [_clean(piece) for piece in text.split("\n")]
        pieces = [piece for piece in pieces if piece]
        if label:
            pieces = [f"{label} {pieces[0]}", *pieces[1:]] if pieces else []
        kept = bool(pieces)
        if self.join and self.blocks and pieces:
            self.blocks[-1].text = f"{self.blocks[-1].text} {pieces.pop(0)}"
        deleted = _mark_deleted(element)
        self.changed = self.changed or deleted
        # A paragraph of which nothing is left joins nothing: the one before it stays as it is.
        if kept or not deleted:
            self.join = deleted
        self.blocks += [Block(p, role=role, bold=bold, definite=True) for p in pieces]

    def _labelled(self, element: Any) -> tuple[str, str]:
        properties = child(element, "pPr")
        text = self._text(element)
        if not text.strip():
            return "", ""
        label = self.numbering.label(properties, value(properties, "pStyle"))
        return self.fonts.label(label), text

    def _text(self, node: Any) -> str:
        out: list[tuple[str, Typed]] = []
        self.style = value(child(node, "pPr"), "pStyle")
        self._collect(node, out, 0, PLAIN)
        text = self.fonts.words(out)
        if self.fonts.reading:
            self.before.append("".join(piece for piece, _ in out))
            self.after.append(text)
        return text

    def _collect(self, node: Any, out: list[tuple[str, Typed]], depth: int, typed: Typed) -> None:
        if depth > _DEEPEST:
            raise UnreadableDocument("bomb")
        for element in node.iterchildren():
            tag = element.tag
            if tag in _CHANGES:
                self.changed = True
            if tag in (f"{W}t", f"{_MATH}t"):
                out.append((element.text or "", typed))
            elif tag == f"{W}sym":
                out.append((symbol(element.get(f"{W}font"), element.get(f"{W}char")), PLAIN))
            elif tag in _CHARS:
                out.append((_CHARS[tag], typed))
            elif tag in _GONE:
                continue
            elif tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
                self._reference(element, out)
            elif tag == f"{W}r":
                if switched_on(child(element, "rPr"), "vanish"):
                    self.hidden = True
                else:
                    self._collect(element, out, depth + 1, self.fonts.typed(element, self.style))
            elif tag == f"{W}txbxContent":
                self.boxes.append(element)
            elif tag == f"{_MC}AlternateContent":
                choice = element.find(f"{_MC}Choice")
                self._collect(element if choice is None else choice, out, depth + 1, typed)
            else:
                self._collect(element, out, depth + 1, typed)

    def _reference(self, element: Any, out: list[tuple[str, Typed]]) -> None:
        kind = "footnote" if element.tag.endswith("footnoteReference") else "endnote"
        name = f"{kind}{element.get(f'{W}id')}"
        if name in self.notes and name not in self.used:
            self.used.append(name)
            self.pending.append(name)
            out.append((f"[{len(self.used)}]", PLAIN))

    def _table(self, element: Any, depth: int) -> None:
        rows = [_within(row, "tc") for row in _within(element, "tr")]
        plain = "\n".join("".join(p.itertext(f"{W}t")) for p in element.iter(f"{W}p"))
        single = len(rows) == 1 and len(rows[0]) == 1
        if single or (len(rows) <= _LAYOUT_ROWS and len(plain) < 6000 and _is_frame(plain)):
            self._flow(rows, depth, frame=not single)
            return
        lines = ["\t".join(self._cells(row, depth + 1)) for row in rows]
        text = "\n".join(line.rstrip() for line in lines if line.strip())
        if text:
            self.blocks.append(Block(text, kind=TABLE, definite=True))

    def _flow(self, rows: list[list[Any]], depth: int, *, frame: bool) -> None:
        """Read a layout table cell by cell: letterhead, recipients and signature, a frame."""
        foot = False
        for row in rows:
            for cell in row:
                first = len(self.blocks)
                self.container(cell, depth + 1)
                added = self.blocks[first:]
                if not frame:
                    continue
                words = "\n".join(block.text for block in added)
                foot = foot or _FOOT.search(words) is not None
                role = _role(words, foot=foot)
                for block in added:
                    block.role = block.role or role

    def _cells(self, row: list[Any], depth: int) -> list[str]:
        """Return the words of a row's cells; one that spans columns has empty ones beside it."""
        out: list[str] = []
        for cell in row:
            out.append(self._cell(cell, depth))
            span = value(child(cell, "tcPr"), "gridSpan") or "1"
            out += [""] * (min(int(span), _WIDEST_SPAN) - 1 if span.isdecimal() else 0)
        return out

    def _cell(self, cell: Any, depth: int) -> str:
        """Return a table cell's words on one line; numbers count on inside tables."""
        if depth > _DEEPEST:
            raise UnreadableDocument("bomb")
        kept, self.blocks = self.blocks, []
        self.cells += 1
        self.container(cell, depth + 1)
        self.cells -= 1
        inner, self.blocks = self.blocks, kept
        self.join = False
        return " ".join(_clean(block.text.replace("\n", " ")) for block in inner)


def _within(node: Any, name: str) -> list[Any]:
    """Return the rows or cells of ``node``, looking through content controls and changes."""
    out: list[Any] = []
    for element in node.iterchildren():
        if element.tag == f"{W}{name}":
            out.append(element)
        elif element.tag in _WRAPPERS:
            out += _within(element, name)
    return out


def _role(words: str, *, foot: bool) -> str:
    if _HEAD.search(words):
        return "letterhead"
    if _FOOT.search(words):
        return "recipients"
    signed = foot or any(is_signature(line) for line in words.split("\n"))
    return "signature" if signed else "letterhead"


def _is_frame(plain: str) -> bool:
    return any(
        _HEAD.search(line) or _FOOT.search(line) or is_signature(line.strip())
        for line in plain.split("\n")
    )


def _is_bold(element: Any) -> bool:
    runs = [run for run in element.iter(f"{W}r") if run.find(f"{W}t") is not None]
    return bool(runs) and all(switched_on(child(run, "rPr"), "b") for run in runs)


def _mark_deleted(element: Any) -> bool:
    """Whether the paragraph's mark went away in a tracked change: the next one joins it."""
    marks = child(child(element, "pPr"), "rPr")
    return marks is not None and any(child(marks, name) is not None for name in ("del", "moveFrom"))


def _clean(text: str) -> str:
    return " ".join(visible(nfc(text)).split())
