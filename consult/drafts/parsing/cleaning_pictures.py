"""Pictures without what they say of camera, place and maker; their points are not touched.

JPEG (ITU-T T.81, B.1) is a row of marked segments, PNG (ISO/IEC 15948, 5) a row of chunks: those
that only describe are left out, and what follows the picture's end.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from consult.drafts.parsing.model import UnreadableDocument

_PNG: Final = b"\x89PNG\r\n\x1a\n"
# What a reader needs to show the picture in its colours and size.
_CHUNKS: Final = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
     b"bKGD", b"pHYs", b"acTL", b"fcTL", b"fdAT", b"cICP"}
)  # fmt: skip
_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a segment
_APP: Final = range(0xE0, 0xF0)
_ORIENTATION: Final = 0x0112


def png(data: bytes) -> bytes:
    """Return the PNG picture without describing chunks; UnreadableDocument for a broken one."""
    if not data.startswith(_PNG):
        raise UnreadableDocument("broken")
    kept, place = [_PNG], len(_PNG)
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        name, end = data[place + 4 : place + 8], place + 12 + length
        if end > len(data):
            break
        if name in _CHUNKS:
            kept.append(data[place:end])
        if name == b"IEND":
            return b"".join(kept)
        place = end
    raise UnreadableDocument("broken")


def jpeg(data: bytes) -> bytes:
    """Return the JPEG picture without describing segments; UnreadableDocument for a broken one.

    How the picture is to be turned stays, as the only entry of a new Exif segment; so does its
    colour profile.
    """
    kept, turned = [data[:2]], 0
    for marker, start, end in segments(data):
        body = data[start + 4 : end]
        if marker == 0xE1 and body.startswith(b"Exif\x00\x00"):
            turned = turned or _orientation(body[6:])
        if shown(marker, body):
            kept.append(data[start:end])
    if turned > 1:
        kept.insert(1, _turned(turned))
    return b"".join(kept)


def segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield (marker, start, end) of what a JPEG picture is made of, to its end marker.

    The compressed points belong to the segment that begins them. UnreadableDocument ``broken``.
    """
    if data[:2] != bytes((0xFF, _SOI)):
        raise UnreadableDocument("broken")
    place = 2
    while place + 2 <= len(data) and data[place] == 0xFF:
        marker = data[place + 1]
        if marker == 0xFF:  # filling
            place += 1
            continue
        end = place + 2
        if marker != _EOI and marker not in _ALONE:
            end += int.from_bytes(data[place + 2 : place + 4], "big")
            if end < place + 4 or end > len(data):
                break
        if marker == _SOS:
            end = _scan_end(data, end)
        yield marker, place, end
        if marker == _EOI:
            return
        place = end
    raise UnreadableDocument("broken")


def shown(marker: int, body: bytes) -> bool:
    """Return whether the segment matters to what is seen: JFIF, colour profile, Adobe's colours."""
    if marker == _COM:
        return False
    if marker not in _APP:
        return True
    return (
        (marker == 0xE0 and body.startswith(b"JFIF\x00"))
        or (marker == 0xE2 and body.startswith(b"ICC_PROFILE\x00"))
        or (marker == 0xEE and body.startswith(b"Adobe"))
    )


def _scan_end(data: bytes, place: int) -> int:
    """Return where the compressed points that begin at ``place`` end: at the next true marker."""
    while (place := data.find(b"\xff", place)) >= 0 and place + 1 < len(data):
        if data[place + 1] != 0 and data[place + 1] not in _ALONE:
            return place
        place += 2
    raise UnreadableDocument("broken")


def _orientation(tiff: bytes) -> int:
    """Return the orientation (1 to 8) that the Exif block gives, 0 for none."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 8:
        return 0
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    if first + 2 > len(tiff):
        return 0
    (number,) = struct.unpack_from(f"{order}H", tiff, first)
    for index in range(number):
        at = first + 2 + 12 * index
        if at + 12 > len(tiff):
            return 0
        tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, at)
        if tag == _ORIENTATION:
            return value if 1 <= value <= 8 else 0
    return 0


def _turned(orientation: int) -> bytes:
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    tiff = b"MM\x00*\x00\x00\x00\x08\x00\x01" + entry + bytes(4)
    body = b"Exif\x00\x00" + tiff
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
