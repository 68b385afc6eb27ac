"""What a file really is: type by content against name, and the refusals that need no reader."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePath
from typing import Final

from consult.drafts.parsing.model import Limits, UnreadableDocument

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TYPES: Final = {
    ".docx": "docx", ".doc": "doc", ".pdf": "pdf", ".odt": "odt", ".rtf": "rtf",
    ".txt": "txt", ".text": "txt", ".md": "txt",
}  # fmt: skip
# Names that mean the same in every language; a type that is not here gets no name.
_NAMES: Final = {
    "docx": "Word (.docx)", "doc": "Word 97–2003 (.doc)", "pdf": "PDF", "rtf": "RTF (.rtf)",
    "odt": "OpenDocument (.odt)", "html": "HTML (.html)", "mht": "MHTML (.mht)",
    "wordml": "Word XML (.xml)", "xlsx": "Excel (.xlsx)", "pptx": "PowerPoint (.pptx)",
    "xls": "Excel (.xls)", "ppt": "PowerPoint (.ppt)", "zip": "ZIP", "rar": "RAR", "7z": "7-Zip",
    "jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "txt": "TXT",
}  # fmt: skip
# Types that are read as they are, so that another name is enough.
_RENAMED: Final = frozenset({"docx", "doc", "pdf"})
_HEADS: Final = (
    (b"{\\rtf", "rtf"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG", "png"), (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"), (b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"),
)  # fmt: skip
_MEMBERS: Final = (
    ("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"),
)  # fmt: skip
_STREAMS: Final = (("WordDocument", "doc"), ("Workbook", "xls"), ("PowerPoint Document", "ppt"))
_HTML: Final = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_WORDML: Final = re.compile(rb"<\?mso-application\s+progid=\"Word|<w:wordDocument|<pkg:package")
_MIME: Final = re.compile(rb"MIME-Version:|Content-Type: multipart/related", re.IGNORECASE)
_SNIFF: Final = 4096


def detect(path: Path, filename: str, limits: Limits) -> str:
    """Return "docx", "doc", "odt", "rtf", "pdf" or "txt".

    Raises UnreadableDocument: ``too_large``, ``empty``, ``unsupported_type``, ``mislabelled``,
    ``mislabelled_as``, ``misnamed``, ``encrypted``, ``macros``, ``bomb`` or ``broken``.
    """
    size = path.stat().st_size
    if size > limits.max_bytes:
        raise UnreadableDocument("too_large", limit=limits.max_bytes // 1_000_000)
    with path.open("rb") as file:
        head = file.read(_SNIFF)
    if not head.strip(b"\x00\t\r\n\x0c \xef\xbb\xbf"):
        raise UnreadableDocument("empty")
    extension = PurePath(filename).suffix.lower()
    if extension in {".docm", ".dotm"}:
        raise UnreadableDocument("macros")
    expected = _TYPES.get(extension)
    if expected is None:
        raise UnreadableDocument("unsupported_type", extension=extension[:12] or "?")
    found = _zipped(path, expected, limits) if head.startswith(_ZIPS) else _sniffed(path, head)
    if found != expected:
        shown = filename[:100]
        if found in _RENAMED:
            raise UnreadableDocument(
                "misnamed", filename=shown, actual=_NAMES[found], extension=f".{found}"
            )
        if found in _NAMES:
            raise UnreadableDocument("mislabelled_as", filename=shown, actual=_NAMES[found])
        raise UnreadableDocument("mislabelled", filename=shown)
    return found


def _sniffed(path: Path, head: bytes) -> str:
    """Return the type of a file that is no archive, "" when it is none that is known."""
    if head.startswith(_OLE):
        return _compound(path.read_bytes())
    if b"%PDF-" in head[:1100]:
        return "pdf"
    start = head.lstrip(b"\xef\xbb\xbf\r\n\t ")
    for sign, kind in _HEADS:
        if start.startswith(sign):
            return kind
    if _HTML.search(head):
        return "html"
    if _WORDML.search(head):
        return "wordml"
    if _MIME.match(start):
        return "mht"
    utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return "" if b"\x00" in head and not utf16 else "txt"


def _compound(data: bytes) -> str:
    """Return the type of a compound file; its reader, in a confined process, looks closer."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableDocument("encrypted")
    for name, kind in _STREAMS:
        if name.encode("utf-16-le") in data:
            return kind
    return "doc"


def _zipped(path: Path, expected: str, limits: Limits) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            check_members(members, path.stat().st_size, limits)
            names = {member.filename for member in members}
            kind = _archive_type(archive, names)
            if kind == "odt":
                _check_manifest(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, KeyError):
        if expected in {"docx", "odt"}:
            raise UnreadableDocument("broken") from None
        return "zip"
    if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
        raise UnreadableDocument("macros")
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableDocument("encrypted")
    return kind


def _archive_type(archive: zipfile.ZipFile, names: set[str]) -> str:
    for member, kind in _MEMBERS:
        if member in names:
            return kind
    if "mimetype" in names:
        with archive.open("mimetype") as member:
            if b"opendocument.text" in member.read(100):
                return "odt"
    # A Word file without its text is a damaged one: its reader says so.
    return "docx" if "[Content_Types].xml" in names else "zip"


def _check_manifest(archive: zipfile.ZipFile) -> None:
    with archive.open("META-INF/manifest.xml") as member:
        if b"encryption-data" in member.read(1_000_000):
            raise UnreadableDocument("encrypted")


def check_members(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    """Return when an archive of ``size`` bytes unpacks to what is usual; ``bomb`` otherwise."""
    total = sum(member.file_size for member in members)
    if len(members) > limits.max_members or total > limits.max_unpacked:
        raise UnreadableDocument("bomb")
    if total > 5_000_000 and total > limits.max_ratio * size:
        raise UnreadableDocument("bomb")
    for member in members:
        swollen = member.file_size > limits.max_ratio * max(member.compress_size, 1)
        if swollen and member.file_size > 2_000_000:
            raise UnreadableDocument("bomb")
        if member.filename.lower().endswith((".zip", ".docx", ".xlsx")) and (
            member.file_size > limits.max_member
        ):
            raise UnreadableDocument("bomb")
