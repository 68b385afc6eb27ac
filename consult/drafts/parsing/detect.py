"""What a file really is: type by content against name, and the refusals that need no reader."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePath
from typing import Final

from consult.drafts.parsing.model import Limits, UnreadableDocument

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIPS: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_TEXT: Final = frozenset({".txt", ".text", ".md"})
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_SNIFF: Final = 4096


def detect(path: Path, filename: str, limits: Limits) -> str:
    """Return "docx", "pdf" or "txt".

    Raises UnreadableDocument: ``too_large``, ``empty``, ``unsupported_type``, ``mislabelled``,
    ``encrypted``, ``macros``, ``bomb`` or ``broken``.
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
    if extension == ".docx":
        return _docx(path, head, filename, limits)
    if extension == ".pdf":
        if b"%PDF-" not in head[:1100]:
            raise UnreadableDocument("mislabelled", filename=filename[:100])
        return "pdf"
    if extension in _TEXT:
        binary = head.startswith((_OLE, b"%PDF-", b"{\\rtf", *_ZIPS))
        utf16 = head.startswith((b"\xff\xfe", b"\xfe\xff"))
        if binary or (b"\x00" in head and not utf16):
            raise UnreadableDocument("mislabelled", filename=filename[:100])
        return "txt"
    raise UnreadableDocument("unsupported_type", extension=extension[:12] or "?")


def _docx(path: Path, head: bytes, filename: str, limits: Limits) -> str:
    if head.startswith(_OLE):
        if _ENCRYPTED in path.read_bytes():
            raise UnreadableDocument("encrypted")
        raise UnreadableDocument("mislabelled", filename=filename[:100])
    if not head.startswith(_ZIPS):
        raise UnreadableDocument("mislabelled", filename=filename[:100])
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise UnreadableDocument("broken") from None
    _check_members(members, path.stat().st_size, limits)
    names = {member.filename for member in members}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise UnreadableDocument("macros")
    if "word/document.xml" not in names and "[Content_Types].xml" not in names:
        raise UnreadableDocument("mislabelled", filename=filename[:100])
    if any(member.flag_bits & 0x1 for member in members):
        raise UnreadableDocument("encrypted")
    return "docx"


def _check_members(members: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
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
