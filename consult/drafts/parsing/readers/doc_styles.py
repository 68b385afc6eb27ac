"""Properties, styles and fonts in Word 97–2003 files ([MS-DOC], sprm and STSH)."""

from __future__ import annotations

import struct
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

# Bytes of an operand by the three highest bits of its property's code; 6 is of any length.
_SIZES: Final = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_TABLE_DEFINITION: Final = 0xD608
_TABS: Final = 0xC615
_CHARACTER_STYLE: Final = 0x4A30
_FONT: Final = 0x4A4F
_NONE: Final = 0xFFF
_DEEPEST: Final = 20
_AS_STYLE, _NOT_AS_STYLE = 0x80, 0x81


def properties(grpprl: bytes) -> dict[int, bytes]:
    """Return the operands in ``grpprl`` by property code; what is cut off ends the list."""
    out: dict[int, bytes] = {}
    at = 0
    while at + 2 < len(grpprl):
        code = int.from_bytes(grpprl[at : at + 2], "little")
        at += 2
        size = _SIZES.get(code >> 13)
        if code == _TABLE_DEFINITION:
            size = int.from_bytes(grpprl[at : at + 2], "little") + 1
        elif size is None and code == _TABS and grpprl[at] == 255:
            break  # a length that must be counted; nothing of interest follows it
        elif size is None:
            size = 1 + grpprl[at]
        out[code] = grpprl[at : at + size]
        at += size
    return out


@dataclass(slots=True)
class Properties:
    """Operands by property code, and the paragraph style's number."""

    values: dict[int, bytes]
    style: int = 0

    def on(self, code: int) -> bool:
        """Whether the on/off property ``code`` is there and not off."""
        return any(self.values.get(code, b"")[:1])

    def number(self, code: int) -> int:
        """Return the unsigned number of ``code``, 0 when it is not there."""
        return int.from_bytes(self.values.get(code, b"")[:2], "little")


class Stretches:
    """Properties by place in the file: pages of 512 bytes that a list of places points to."""

    def __init__(self, main: bytes, index: bytes, *, paragraphs: bool) -> None:
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.found: list[tuple[int, bytes]] = []
        count = max(0, (len(index) - 4) // 8)
        for number in struct.unpack_from(f"<{count}I", index, 4 * (count + 1)) if count else ():
            page = main[(number & 0x3FFFFF) * 512 :][:512]
            if len(page) == 512:
                self._page(page, paragraphs=paragraphs)

    def _page(self, page: bytes, *, paragraphs: bool) -> None:
        count = page[511]
        places = struct.unpack_from(f"<{count + 1}I", page)
        first, step = 4 * (count + 1), 13 if paragraphs else 1
        for at in range(count):
            offset = 2 * page[first + step * at]
            style, grpprl = 0, b""
            if offset and paragraphs:
                size = 2 * page[offset] - 1
                if size < 0:
                    offset, size = offset + 1, 2 * page[offset + 1]
                data = page[offset + 1 : offset + 1 + size]
                style, grpprl = int.from_bytes(data[:2], "little"), data[2:]
            elif offset:
                grpprl = page[offset + 1 : offset + 1 + page[offset]]
            self.starts.append(places[at])
            self.ends.append(places[at + 1])
            self.found.append((style, grpprl))

    def at(self, place: int) -> tuple[int, bytes, int]:
        """Return style, property bytes and where the stretch ends, for the byte at ``place``."""
        index = bisect_right(self.starts, place) - 1
        if index < 0 or place >= self.ends[index]:
            following = self.starts[index + 1] if index + 1 < len(self.starts) else 1 << 32
            return 0, b"", following
        return *self.found[index], self.ends[index]


class Styles:
    """The style sheet: what each style says, its ancestors' words included."""

    def __init__(self, sheet: bytes) -> None:
        self._bases: list[int] = []
        self._paragraphs: list[dict[int, bytes]] = []
        self._characters: list[dict[int, bytes]] = []
        self._default: dict[int, bytes] = {}
        if len(sheet) > 20:
            self._read(sheet)

    def paragraph(self, style: int) -> dict[int, bytes]:
        """Return the paragraph properties of ``style``."""
        return self._inherited(style, self._paragraphs)

    def characters(self, style: int) -> dict[int, bytes]:
        """Return the character properties of ``style``."""
        return {**self._default, **self._inherited(style, self._characters)}

    def run(self, base: dict[int, bytes], direct: dict[int, bytes]) -> Properties:
        """Return what holds for a run: its paragraph's ``base``, its style's and its own words."""
        under = base
        if _CHARACTER_STYLE in direct:
            style = int.from_bytes(direct[_CHARACTER_STYLE], "little")
            under = {**base, **self._inherited(style, self._characters)}
        out = {**under, **direct}
        for code, operand in direct.items():
            if operand in (bytes([_AS_STYLE]), bytes([_NOT_AS_STYLE])) and code < 0x2000:
                styled = any(under.get(code, b""))
                out[code] = bytes([styled == (operand[0] == _AS_STYLE)])
        return Properties(out)

    def _inherited(self, style: int, own: list[dict[int, bytes]]) -> dict[int, bytes]:
        chain: list[int] = []
        while style < len(own) and len(chain) < _DEEPEST:
            chain.append(style)
            style = self._bases[style]
        out: dict[int, bytes] = {}
        for number in reversed(chain):
            out |= own[number]
        return out

    def _read(self, sheet: bytes) -> None:
        header = int.from_bytes(sheet[:2], "little")
        count, base_size = struct.unpack_from("<HH", sheet, 2)
        if header >= 18:
            self._default = {_FONT: sheet[14:16]}
        at = 2 + header
        for _ in range(count):
            size = int.from_bytes(sheet[at : at + 2], "little")
            self._style(sheet[at + 2 : at + 2 + size], base_size)
            at += 2 + size + size % 2

    def _style(self, data: bytes, base_size: int) -> None:
        paragraph: dict[int, bytes] = {}
        characters: dict[int, bytes] = {}
        base = _NONE
        if len(data) > base_size + 2:
            kind = int.from_bytes(data[2:4], "little") & 0xF
            base = int.from_bytes(data[2:4], "little") >> 4
            name = int.from_bytes(data[base_size : base_size + 2], "little")
            at = base_size + 2 + 2 * name + 2
            updates: list[bytes] = []
            for _ in range(2 if kind == 1 else 1):
                at += at % 2
                size = int.from_bytes(data[at : at + 2], "little")
                updates.append(data[at + 2 : at + 2 + size])
                at += 2 + size
            if kind == 1:
                paragraph, characters = properties(updates[0][2:]), properties(updates[1])
            elif kind == 2:
                characters = properties(updates[0])
        self._bases.append(base)
        self._paragraphs.append(paragraph)
        self._characters.append(characters)


def fonts(table: bytes) -> list[str]:
    """Return the names in the font table, in its order."""
    if len(table) < 4:
        return []
    count, at = int.from_bytes(table[:2], "little"), 4
    out: list[str] = []
    for _ in range(count):
        if at >= len(table):
            break
        entry = table[at + 1 : at + 1 + table[at]]
        name = entry[39:].decode("utf-16-le", "ignore").split("\x00")[0]
        # XML takes no control characters; a name that has some is none.
        out.append(name if name.isprintable() else "")
        at += 1 + table[at]
    return out
