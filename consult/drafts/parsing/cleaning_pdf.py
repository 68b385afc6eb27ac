"""PDF files without information dictionary, XMP, attachments and the names of annotators.

The pages are brought into a new document, which has nothing else of the old one: its outline and
tags are gone as well. What still hangs on pages and pictures is blanked in place.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (pypdfium2 is not typed.)
from __future__ import annotations

import ctypes
import io
import re
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from consult.drafts.parsing.cleaning_pictures import segments, shown
from consult.drafts.parsing.model import Limits, UnreadableDocument

_OF_ANNOTATION: Final = (b"T", b"M", b"CreationDate", b"NM")
_METADATA: Final = re.compile(
    rb"<<(?:[^<>]|<<[^<>]*>>|<[^<>]*>)*/Type\s*/Metadata(?:[^<>]|<<[^<>]*>>|<[^<>]*>)*>>"
    rb"\s*stream\r?\n"
)
_PICTURE: Final = re.compile(rb"stream\r?\n(?=\xff\xd8\xff)")


def pdf(data: bytes, limits: Limits) -> bytes:
    """Return the document without metadata; UnreadableDocument ``broken`` or ``too_many_pages``."""
    try:
        old = pdfium.PdfDocument(data)
    except pdfium.PdfiumError:
        raise UnreadableDocument("broken") from None
    if len(old) == 0 or len(old) > limits.max_pages:
        raise UnreadableDocument("too_many_pages" if len(old) else "broken")
    new = pdfium.PdfDocument.new()
    new.import_pages(old)
    for number in range(len(new)):
        _without_annotators(new[number])
    target = io.BytesIO()
    new.save(target)
    return _blanked(bytearray(target.getvalue()))


def _without_annotators(page: Any) -> None:
    empty = (ctypes.c_ushort * 1)(0)
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        for key in _OF_ANNOTATION:
            if raw.FPDFAnnot_HasKey(annotation, key):
                raw.FPDFAnnot_SetStringValue(annotation, key, empty)
        raw.FPDFPage_CloseAnnot(annotation)


def _blanked(data: bytearray) -> bytes:
    """Fill metadata that hangs on pages and pictures with blanks: every other byte stays put."""
    for found in list(_METADATA.finditer(data)):
        end = data.find(b"endstream", found.end())
        if end > 0:
            data[found.end() : end] = b" " * (end - found.end())
    for found in list(_PICTURE.finditer(data)):
        end = data.find(b"endstream", found.end())
        if end > 0:
            _blank_picture(data, found.end(), end)
    return bytes(data)


def _blank_picture(data: bytearray, start: int, end: int) -> None:
    picture, last = bytes(data[start:end]), 0
    try:
        for marker, first, last in segments(picture):
            body = picture[first + 4 : last]
            if not shown(marker, body):
                data[start + first + 4 : start + last] = bytes(len(body))
    except UnreadableDocument:
        return
    data[start + last : end] = b" " * (end - start - last)
