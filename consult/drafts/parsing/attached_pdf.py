"""Attached PDF files that do more than be read: scripts, programs, files inside, passwords.

What matters is named in the file's objects (ISO 32000-1, 7.3.5): plain ones are looked through as
they are, those in object streams (7.5.7) unpacked. Pages' contents can call nothing.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (pypdfium2 is not typed.)
from __future__ import annotations

import re
import zlib
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from consult.drafts.parsing.attached import EICAR
from consult.drafts.parsing.model import UnreadableDocument

_MOST_OBJECTS: Final = 60_000_000
_STREAM: Final = re.compile(rb"stream\r?\n")
_HEX: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_ENDS: Final = rb"(?![A-Za-z0-9_.\-])"
_ACTIVE: Final = re.compile(
    rb"/(JavaScript|JS|Launch|RichMedia|XFA|SubmitForm|ImportData|Rendition)" + _ENDS
)
_FILES: Final = re.compile(rb"/(EmbeddedFiles?|FileAttachment|GoToE|EF)" + _ENDS)
_PACKED: Final = re.compile(rb"/ObjStm" + _ENDS)
_OTHERS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"MZ\x90", b"Rar!", b"<script", b"<html", b"<?php")


def check(data: bytes) -> None:
    """Return for a harmless document.

    Raises UnreadableDocument ``encrypted``, ``active``, ``embedded``, ``polyglot``, ``virus``,
    ``bomb`` or ``broken``.
    """
    _check_password(data)
    behind = data[data.rfind(b"%%EOF") :] if b"%%EOF" in data else b""
    if any(sign in behind for sign in _OTHERS):
        raise UnreadableDocument("polyglot")
    objects = _objects(data)
    if EICAR in objects:
        raise UnreadableDocument("virus")
    if _ACTIVE.search(objects):
        raise UnreadableDocument("active")
    if _FILES.search(objects):
        raise UnreadableDocument("embedded")


def _check_password(data: bytes) -> None:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        locked = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD
        raise UnreadableDocument("encrypted" if locked else "broken") from None
    with document:
        if raw.FPDF_GetSecurityHandlerRevision(document) != -1:
            raise UnreadableDocument("encrypted")


def _objects(data: bytes) -> bytes:
    """Return the file's objects without their streams, those in object streams too."""
    found: list[bytes] = []
    place = size = 0
    while begin := _STREAM.search(data, place):
        before = data[place : begin.start()]
        end = data.find(b"endstream", begin.end())
        end = len(data) if end < 0 else end
        found.append(before)
        if _PACKED.search(_plain(before[before.rfind(b"obj") :])):
            inside = _inflated(data[begin.end() : end], _MOST_OBJECTS - size)
            size += len(inside)
            found.append(inside)
        place = end + len(b"endstream")
    found.append(data[place:])
    return _plain(b"\n".join(found))


def _plain(text: bytes) -> bytes:
    """Return ``text`` with names written as themselves: "/J#53" is "/JS"."""
    return _HEX.sub(lambda code: bytes.fromhex(code[1].decode()), text)


def _inflated(packed: bytes, room: int) -> bytes:
    try:
        unpacked = zlib.decompressobj().decompress(packed, room + 1)
    except zlib.error:  # packed otherwise: what is made of it is checked again
        return b""
    if len(unpacked) > room:
        raise UnreadableDocument("bomb")
    return unpacked
