"""Word 97–2003 files: their text and properties put in the terms of the .docx reader.

Follows [MS-DOC]: the piece table tells where the text lies, pages of properties tell of each
stretch what it is. What comes out is WordprocessingML for `readers.docx`, so that tables,
automatic numbers, notes and accepted changes are treated alike in both.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (lxml's element types are partial.)
from __future__ import annotations

import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree

from consult.drafts.parsing.model import Limits, UnreadableDocument
from consult.drafts.parsing.readers import doc_lists, docx
from consult.drafts.parsing.readers.doc_styles import (
    Properties,
    Stretches,
    Styles,
    fonts,
    properties,
)
from consult.drafts.parsing.readers.numbering import Numbering
from consult.drafts.parsing.readers.ole import Compound
from consult.drafts.parsing.readers.xml import W
from consult.drafts.parsing.source import Source

_OLDEST: Final = 193  # Word 97
_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_FOOTNOTES, _ENDNOTES, _CHARS, _PARAS, _FONTS, _PIECES = 2, 46, 12, 13, 15, 33
_IN_TABLE, _ROW_END, _LEVEL, _LIST, _HUGE = 0x2416, 0x2417, 0x260A, 0x460B, 0x6646
_INNER_CELL, _INNER_ROW = 0x244B, 0x244C
_DELETED, _INSERTED, _BOLD, _HIDDEN, _FONT = 0x0800, 0x0801, 0x0835, 0x083C, 0x4A4F
_SYMBOL: Final = 0x6A09
_HYPHENS: Final = {"\x1e": "noBreakHyphen", "\x1f": "softHyphen"}
_MARK: Final = re.compile("[\r\x07\x0c]")
_SPECIAL: Final = re.compile("[\x00-\x08\x0b-\x1f(\ud800-\udfff\ufffe\uffff]")
_WORDS: Final = re.compile(f"{_SPECIAL.pattern}|{_SPECIAL.pattern.replace('[', '[^', 1)}+")


def read(path: Path, limits: Limits) -> Source:
    """Return the source in the Word 97–2003 file at ``path``.

    Raises UnreadableDocument: ``broken``, ``encrypted``, ``macros``, ``old_word`` (Word 6 and
    95 wrote another format) or ``too_much_text``.
    """
    compound = Compound(path.read_bytes())
    main = compound.stream("WordDocument")
    if not main:
        raise UnreadableDocument("encrypted" if compound.holds("EncryptedPackage") else "broken")
    if len(main) < 34 or struct.unpack_from("<H", main)[0] not in (0xA5EC, 0xA5DC):
        raise UnreadableDocument("broken")
    version, flags = struct.unpack_from("<H", main, 2)[0], struct.unpack_from("<H", main, 10)[0]
    if flags & _ENCRYPTED:
        raise UnreadableDocument("encrypted")
    if compound.holds("VBA") or compound.holds("_VBA_PROJECT"):
        raise UnreadableDocument("macros")
    if version < _OLDEST:
        raise UnreadableDocument("old_word")
    try:
        file = _File(main, compound, second=bool(flags & _SECOND_TABLE), limits=limits)
        body, notes = file.body(), file.notes()
        numbering = Numbering(doc_lists.numbering(file.table, file.extent), None)
    except (struct.error, IndexError, ValueError):
        raise UnreadableDocument("broken") from None
    return docx.source(body, numbering, notes, None)


class _File:
    def __init__(self, main: bytes, compound: Compound, *, second: bool, limits: Limits) -> None:
        self.main = main
        self.table = compound.stream("1Table" if second else "0Table")
        self.data = compound.stream("Data")
        self.lengths = struct.unpack_from("<8I", main, 76)
        self.limits = limits
        self.starts: list[int] = []
        self.pieces: list[tuple[int, int]] = []
        self.text = self._read_pieces()
        self.paras = Stretches(main, self.extent(_PARAS), paragraphs=True)
        self.chars = Stretches(main, self.extent(_CHARS), paragraphs=False)
        self.styles = Styles(self.extent(1))
        self.fonts = fonts(self.extent(_FONTS))
        self.references = self._references()

    def extent(self, number: int) -> bytes:
        """Return the part of the table stream that the ``number``-th pair of the header names."""
        if 154 + 8 * number + 8 > len(self.main):
            return b""
        start, length = struct.unpack_from("<II", self.main, 154 + 8 * number)
        return self.table[start : start + length]

    def _read_pieces(self) -> str:
        clx, at = self.extent(_PIECES), 0
        while at < len(clx) and clx[at] == 1:
            at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
        if at >= len(clx) or clx[at] != 2:
            raise UnreadableDocument("broken")
        count = (struct.unpack_from("<I", clx, at + 1)[0] - 4) // 12
        places = struct.unpack_from(f"<{count + 1}I", clx, at + 5)
        if places[-1] > self.limits.max_text:
            raise UnreadableDocument("too_much_text")
        out: list[str] = []
        for index in range(count):
            raw = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * index + 2)[0]
            width = 1 if raw & 0x40000000 else 2
            offset = (raw & 0x3FFFFFFF) // (3 - width)
            length = places[index + 1] - places[index]
            piece = self.main[offset : offset + length * width]
            if length < 0 or len(piece) != length * width:
                raise UnreadableDocument("broken")
            out.append(_decoded(piece, width))
            self.starts.append(places[index])
            self.pieces.append((offset, width))
        return "".join(out)

    def _place(self, at: int) -> tuple[int, int]:
        """Return where in the file the character ``at`` lies, and its bytes' number."""
        index = max(0, bisect_right(self.starts, at) - 1)
        offset, width = self.pieces[index]
        return offset + (at - self.starts[index]) * width, width

    def _references(self) -> dict[int, tuple[str, str]]:
        out: dict[int, tuple[str, str]] = {}
        for number, name in ((_FOOTNOTES, "footnote"), (_ENDNOTES, "endnote")):
            data = self.extent(number)
            count = max(0, (len(data) - 4) // 6)
            for at, place in enumerate(struct.unpack_from(f"<{count}I", data)):
                out[place] = (name, str(at))
        return out

    def body(self) -> Any:
        """Return the main text, and after it the words of its text boxes, as ``w:body``."""
        out = etree.Element(f"{W}body")
        self._flow(out, 0, self.lengths[0])
        boxes = sum(self.lengths[:6])
        self._flow(out, boxes, boxes + self.lengths[6])
        return out

    def notes(self) -> dict[str, Any]:
        """Return foot- and endnotes by name ("footnote0"), as elements with paragraphs."""
        out: dict[str, Any] = {}
        for number, name, first in (
            (_FOOTNOTES + 1, "footnote", self.lengths[0]),
            (_ENDNOTES + 1, "endnote", sum(self.lengths[:5])),
        ):
            data = self.extent(number)
            places = struct.unpack_from(f"<{len(data) // 4}I", data)
            for at in range(len(places) - 2):
                node = etree.Element(f"{W}{name}")
                self._flow(node, first + places[at], first + places[at + 1])
                out[f"{name}{at}"] = node
        return out

    def _flow(self, out: Any, start: int, end: int) -> None:
        """Add the paragraphs and tables between two places of the text to ``out``."""
        table: Any = None
        row: list[Any] = []
        cell = etree.Element(f"{W}tc")
        field: list[bool] = []
        while start < min(end, len(self.text)):
            mark = _MARK.search(self.text, start, end)
            at = mark.start() if mark else min(end, len(self.text)) - 1
            known = self._paragraph_properties(at)
            paragraph = self._paragraph(start, at if mark else at + 1, known, field)
            start = at + 1
            if not known.on(_IN_TABLE):
                table = None
                out.append(paragraph)
            elif known.on(_ROW_END):
                if table is None:
                    table = etree.SubElement(out, f"{W}tbl")
                etree.SubElement(table, f"{W}tr").extend(row)
                row, cell = [], etree.Element(f"{W}tc")
            elif not known.on(_INNER_ROW):
                cell.append(paragraph)
                if self.text[at] == "\x07":
                    row.append(cell)
                    cell = etree.Element(f"{W}tc")
        for left in (*row, cell):  # a row that never ended
            out.extend(list(left))

    def _paragraph_properties(self, at: int) -> Properties:
        style, grpprl, _ = self.paras.at(self._place(at)[0])
        direct = properties(grpprl)
        if _HUGE in direct:
            where = int.from_bytes(direct[_HUGE], "little")
            size = int.from_bytes(self.data[where : where + 2], "little")
            direct = {**direct, **properties(self.data[where + 2 : where + 2 + size])}
        return Properties({**self.styles.paragraph(style), **direct}, style)

    def _paragraph(self, start: int, end: int, known: Properties, field: list[bool]) -> Any:
        paragraph = etree.Element(f"{W}p")
        about = etree.SubElement(paragraph, f"{W}pPr")
        number = known.number(_LIST)
        if 0 < number < 0x7FF:
            listed = etree.SubElement(about, f"{W}numPr")
            etree.SubElement(listed, f"{W}ilvl").set(f"{W}val", str(known.number(_LEVEL)))
            etree.SubElement(listed, f"{W}numId").set(f"{W}val", str(number))
        base = self.styles.characters(known.style)
        if end < len(self.text) and self._run_properties(end, base)[0].on(_DELETED):
            etree.SubElement(etree.SubElement(about, f"{W}rPr"), f"{W}del")
        for first, last, run in self._runs(start, end, base):
            self._run(paragraph, first, last, run, field)
        return paragraph

    def _run_properties(self, at: int, base: dict[int, bytes]) -> tuple[Properties, int]:
        place, width = self._place(at)
        _, grpprl, until = self.chars.at(place)
        left = max(1, (until - place) // width)
        return self.styles.run(base, properties(grpprl)), left

    def _runs(
        self, start: int, end: int, base: dict[int, bytes]
    ) -> Iterator[tuple[int, int, Properties]]:
        while start < end:
            run, left = self._run_properties(start, base)
            index = bisect_right(self.starts, start)
            piece_end = self.starts[index] if index < len(self.starts) else end
            until = min(end, start + left, piece_end)
            yield start, until, run
            start = until

    def _run(
        self, paragraph: Any, start: int, end: int, known: Properties, field: list[bool]
    ) -> None:
        parent = paragraph
        if known.on(_DELETED) or known.on(_INSERTED):
            kind = "del" if known.on(_DELETED) else "ins"
            parent = etree.SubElement(paragraph, f"{W}{kind}")
        run = etree.SubElement(parent, f"{W}r")
        about = etree.SubElement(run, f"{W}rPr")
        font = known.number(_FONT)
        if font < len(self.fonts):
            etree.SubElement(about, f"{W}rFonts").set(f"{W}ascii", self.fonts[font])
        for code, name in ((_BOLD, "b"), (_HIDDEN, "vanish")):
            if known.on(code):
                etree.SubElement(about, f"{W}{name}")
        symbol = known.values.get(_SYMBOL)
        for words in _WORDS.finditer(self.text, start, end):
            if not _SPECIAL.match(words[0]):
                if not any(field):
                    etree.SubElement(run, f"{W}t").text = words[0]
            elif words[0] in "\x13\x14\x15":
                _follow(field, words[0])
            elif not any(field):
                self._special(run, words[0], words.start(), symbol)

    def _special(self, run: Any, char: str, at: int, symbol: bytes | None) -> None:
        """Add what stands for a character that is none of the text."""
        if at in self.references:
            name, number = self.references[at]
            etree.SubElement(run, f"{W}{name}Reference").set(f"{W}id", number)
        elif char == "(":
            if symbol is None:
                etree.SubElement(run, f"{W}t").text = char
            else:
                sign = etree.SubElement(run, f"{W}sym")
                font = int.from_bytes(symbol[:2], "little")
                sign.set(f"{W}font", self.fonts[font] if font < len(self.fonts) else "")
                sign.set(f"{W}char", f"{int.from_bytes(symbol[2:4], 'little'):04X}")
        elif char == "\x0b":
            etree.SubElement(run, f"{W}br")
        elif char in _HYPHENS:
            etree.SubElement(run, f"{W}{_HYPHENS[char]}")


def _follow(field: list[bool], char: str) -> None:
    """Keep account of nested fields: of each, only the result is read."""
    if char == "\x13":
        field.append(True)
    elif field and char == "\x14":
        field[-1] = False
    elif field:
        field.pop()


def _decoded(piece: bytes, width: int) -> str:
    """Return one character for each ``width`` bytes, so that places stay what they are."""
    if width == 1:
        return piece.decode("cp1252", "replace")
    return "".join(map(chr, struct.unpack(f"<{len(piece) // 2}H", piece)))
