"""Automatic numbers of Word 97–2003 files, as the numbering part of a .docx ([MS-DOC] LST, LFO)."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (lxml's element types are partial.)
from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any, Final

from lxml import etree

from consult.drafts.parsing.readers.xml import W

_LISTS, _OVERRIDES = 73, 74
_FORMATS: Final = {
    0: "decimal", 1: "upperRoman", 2: "lowerRoman", 3: "upperLetter", 4: "lowerLetter",
    22: "decimalZero", 23: "bullet", 255: "none",
}  # fmt: skip
_LEGAL, _NO_RESTART = 0x04, 0x08


def numbering(table: bytes, extent: Callable[[int], bytes]) -> Any:
    """Return a ``w:numbering`` element; ``extent`` gives the parts of ``table`` by number.

    Raises struct.error or IndexError when the lists are damaged.
    """
    root = etree.Element(f"{W}numbering")
    lists, overrides = extent(_LISTS), extent(_OVERRIDES)
    if len(lists) < 2 or len(overrides) < 4:
        return root
    count = struct.unpack_from("<H", lists)[0]
    # The levels follow the list of lists, outside of the length that it states.
    at = table.index(lists) + 2 + 28 * count
    known: dict[int, str] = {}
    for number in range(count):
        identity = struct.unpack_from("<i", lists, 2 + 28 * number)[0]
        simple = lists[2 + 28 * number + 26] & 1
        node = etree.SubElement(root, f"{W}abstractNum")
        known[identity] = str(number)
        node.set(f"{W}abstractNumId", str(number))
        for level in range(1 if simple else 9):
            at = _level(node, level, table, at)
    _numbers(root, overrides, known)
    return root


def _numbers(root: Any, overrides: bytes, known: dict[int, str]) -> None:
    count = struct.unpack_from("<I", overrides)[0]
    at = 4 + 16 * count
    for number in range(min(count, len(overrides) // 16)):
        identity, changed = struct.unpack_from("<i8xB", overrides, 4 + 16 * number)
        node = etree.SubElement(root, f"{W}num")
        node.set(f"{W}numId", str(number + 1))
        _value(node, "abstractNumId", known.get(identity, ""))
        at += 4
        for _ in range(changed):
            start, about = struct.unpack_from("<iI", overrides, at)
            at += 8
            override = etree.SubElement(node, f"{W}lvlOverride")
            override.set(f"{W}ilvl", str(about & 0xF))
            if about & 0x20:
                at = _level(override, about & 0xF, overrides, at)
            elif about & 0x10:
                _value(override, "startOverride", str(start))


def _level(parent: Any, level: int, data: bytes, at: int) -> int:
    """Add the level that begins at ``at`` and return where it ends."""
    start, form, flags = struct.unpack_from("<iBB", data, at)
    characters, paragraph, limit = struct.unpack_from("<BBB", data, at + 24)
    at += 28 + characters + paragraph
    length = struct.unpack_from("<H", data, at)[0]
    words = data[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    node = etree.SubElement(parent, f"{W}lvl")
    node.set(f"{W}ilvl", str(level))
    _value(node, "start", str(start))
    _value(node, "numFmt", _FORMATS.get(form, "decimal"))
    if flags & _NO_RESTART:
        _value(node, "lvlRestart", str(limit))
    if flags & _LEGAL:
        etree.SubElement(node, f"{W}isLgl")
    signs = (f"%{ord(sign) + 1}" if sign < "\t" else sign for sign in words)
    _value(node, "lvlText", "".join(sign for sign in signs if sign >= " "))
    return at + 2 + 2 * length


def _value(parent: Any, name: str, value: str) -> None:
    etree.SubElement(parent, f"{W}{name}").set(f"{W}val", value)
