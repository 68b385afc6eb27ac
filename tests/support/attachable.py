"""Small files that may be attached to a point, and small ones that may not, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

MAKER = "Quach Thi Canaria"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_OFFICE = "http://schemas.openxmlformats.org"
_RELATIONS = f"{_OFFICE}/officeDocument/2006/relationships"


def png(width: int = 2, height: int = 2, *, points: bytes | None = None) -> bytes:
    """Return a true PNG picture of grey points; it names its maker."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    packed = zlib.compress(b"\0" * (height * (width + 1)) if points is None else points)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    words = chunk(b"tEXt", b"Author\0" + MAKER.encode())
    body = chunk(b"IHDR", head) + words + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _segment(marker: int, body: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(body) + 2) + body


def jpg(width: int = 1, height: int = 1) -> bytes:
    """Return a JPEG picture of grey points; it names its maker."""
    body = _segment(0xDB, b"\x00" + b"\x01" * 64)
    body += _segment(0xC0, b"\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00")
    for table in (b"\x00", b"\x10"):
        body += _segment(0xC4, table + b"\x01" + bytes(15) + b"\x00")
    body += _segment(0xDA, bytes.fromhex("010100003f00")) + b"\x3f\xff\x00\x55"
    return b"\xff\xd8" + _segment(0xFE, MAKER.encode()) + body + b"\xff\xd9"


def pdf(extra: bytes = b"", *, catalog: bytes = b"", page: bytes = b"") -> bytes:
    """Return a PDF of one empty page; it names its maker.

    ``extra`` are more objects from number 5 on, ``catalog`` and ``page`` more entries of those.
    """
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]" + page + b">>",
        b"<</Author(" + MAKER.encode() + b")>>",
    ]
    out, places = io.BytesIO(b"%PDF-1.7\n"), list[int]()
    out.seek(0, io.SEEK_END)
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    if extra:
        places.append(out.tell())
        out.write(b"5 0 obj\n%s\nendobj\n" % extra)
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<</Size %d/Root 1 0 R/Info 4 0 R>>\n" % (len(places) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def zipped(parts: Mapping[str, bytes | str], *, comment: bytes = b"") -> bytes:
    """Return an archive of ``parts``."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def relation(kind: str, target: str, *, outside: bool = True) -> str:
    """Return a list of one relationship of the document."""
    mode = ' TargetMode="External"' if outside else ""
    return (
        f'<Relationships xmlns="{_OFFICE}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{_RELATIONS}/{kind}" Target="{target}"{mode}/></Relationships>'
    )


def docx(words: str = "Ý kiến góp ý", more: Mapping[str, bytes | str] | None = None) -> bytes:
    """Return a Word document; it names its maker. ``more`` are further parts, or others."""
    space = f'xmlns:w="{_OFFICE}/wordprocessingml/2006/main"'
    change = (
        f'<w:ins w:author="{MAKER}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>a</w:t></w:r></w:ins>'
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"/>',
        "_rels/.rels": relation("officeDocument", "word/document.xml", outside=False),
        "docProps/core.xml": f"<p><creator>{MAKER}</creator></p>",
        "word/document.xml": f"<w:document {space}><w:body><w:p><w:r><w:t>{words}</w:t></w:r>"
        f"{change}</w:p></w:body></w:document>",
    }
    return zipped(parts | dict(more or {}))


def xlsx(more: Mapping[str, bytes | str] | None = None) -> bytes:
    """Return a workbook without sheets; it names its maker."""
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{_OFFICE}/package/2006/content-types"/>',
        "docProps/core.xml": f"<p><creator>{MAKER}</creator></p>",
        "xl/workbook.xml": f'<workbook xmlns="{_OFFICE}/spreadsheetml/2006/main"/>',
    }
    return zipped(parts | dict(more or {}))


def holds(data: bytes, name: str = MAKER) -> bool:
    """Return whether the maker's name is in the file, packed or not."""
    parts = [data]
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts += [archive.comment, *(archive.read(each) for each in archive.namelist())]
    forms = (name.encode(), name.encode("utf-16-be"), name.encode("utf-16-le"))
    return any(form.lower() in part.lower() for part in parts for form in forms)
