"""Attached pictures that are more than a picture, or larger than any screen."""

from __future__ import annotations

import struct
import zlib
from typing import Final

from consult.drafts.parsing.cleaning_pictures import segments
from consult.drafts.parsing.model import UnreadableDocument

_MOST_POINTS: Final = 60_000_000  # of a picture; a telephone's camera makes 12 to 50 million
_MOST_SCANS: Final = 100
_MOST_PROFILE: Final = 4_000_000
_PNG_HEAD: Final = 8
_SOS: Final = 0xDA
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_SAMPLES: Final = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# What behind a picture would make it a document or a program for somebody else.
_OTHERS: Final = (
    b"PK\x03\x04", b"PK\x05\x06", b"%PDF-", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"<?php",
    b"<script", b"<html",
)  # fmt: skip
_PROGRAMS: Final = (b"MZ", b"\x7fELF")


def check(data: bytes, kind: str) -> None:
    """Return for a harmless picture of ``kind`` "png" or "jpg".

    Raises UnreadableDocument ``broken``, ``bomb``, ``too_many_pixels`` or ``polyglot``.
    """
    end = _png(data) if kind == "png" else _jpeg(data)
    behind = data[end:]
    if behind.lstrip(b"\0\r\n ").startswith(_PROGRAMS) or any(sign in behind for sign in _OTHERS):
        raise UnreadableDocument("polyglot")


def _png(data: bytes) -> int:
    """Return where the picture ends (ISO/IEC 15948, 5)."""
    place, points, room = _PNG_HEAD, zlib.decompressobj(), 0
    while place + 12 <= len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            break
        body = data[place + 8 : end - 4]
        if name == b"IHDR":
            room = _room(body)
        elif name == b"IDAT":
            room -= _unpacked(points, body, room)
        elif name == b"iCCP":
            packed = body.partition(b"\0")[2][1:]
            _unpacked(zlib.decompressobj(), packed, _MOST_PROFILE)
        elif name == b"IEND":
            return end
        place = end
    raise UnreadableDocument("broken")


def _room(header: bytes) -> int:
    """Return how many bytes the points may unpack to."""
    if len(header) < 13:
        raise UnreadableDocument("broken")
    width, height, bits, colour = struct.unpack_from(">IIBB", header)
    if not width * height or width * height > _MOST_POINTS:
        raise UnreadableDocument("too_many_pixels" if width * height else "broken")
    bits *= _SAMPLES.get(colour, 4)
    # Interlaced, a picture has up to seven beginnings of lines for one.
    return height * (width * bits // 8 + 2) + 14 * (width + height) + 1024


def _unpacked(stream: zlib._Decompress, packed: bytes, room: int) -> int:  # pyright: ignore[reportPrivateUsage]
    size = 0
    try:
        while packed:
            size += len(stream.decompress(packed, 1 << 20))
            if size > room:
                raise UnreadableDocument("bomb")
            packed = stream.unconsumed_tail
    except zlib.error:
        raise UnreadableDocument("broken") from None
    return size


def _jpeg(data: bytes) -> int:
    """Return where the picture ends (ITU-T T.81, B.1)."""
    scans = last = points = 0
    for marker, start, end in segments(data):
        if marker in _FRAMES and end - start >= 9:
            height, width = struct.unpack_from(">HH", data, start + 5)
            points = max(points, width * height)
        scans += marker == _SOS
        last = end
    if points > _MOST_POINTS:
        raise UnreadableDocument("too_many_pixels")
    if scans > _MOST_SCANS:
        raise UnreadableDocument("bomb")
    if not scans or not points:
        raise UnreadableDocument("broken")
    return last
