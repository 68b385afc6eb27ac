"""Attached office files (ECMA-376) that do more than be read: macros, objects, calls home."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# (lxml is not typed.)
from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

from lxml import etree

from consult.drafts.parsing.attached import EICAR
from consult.drafts.parsing.detect import check_members
from consult.drafts.parsing.model import Limits, UnreadableDocument

_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_KINDS: Final = (
    ("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"),
)  # fmt: skip
_MACROS: Final = re.compile(r"vbaproject|vbadata|macrosheets/|/xlm/|(docm|xlsm|pptm)$", re.I)
_OBJECTS: Final = re.compile(r"activex/|oleobject|package\d*\.bin$", re.I)
_DOCUMENTS: Final = (".docx", ".xlsx", ".pptx")
# A program, an object of Windows, an archive or a document where it has no business to be.
_STRANGE: Final = (b"\xd0\xcf\x11\xe0", b"MZ", b"\x7fELF", b"PK\x03\x04", b"%PDF-", b"Rar!")
_OUTSIDE: Final = frozenset({"xl/connections.xml"})
_HARMLESS: Final = re.compile(r"^(https?:|mailto:|tel:|ftp:|file:|#|[^:]*$)", re.I)
_DDE: Final = re.compile(r"\bDDE(AUTO)?\b", re.I)
_DEEPEST: Final = 2


def check(data: bytes, limits: Limits, depth: int = 0) -> str:
    """Return "docx" or "xlsx" for a harmless document ("pptx" too for one inside another).

    Raises UnreadableDocument ``broken``, ``bomb``, ``encrypted``, ``macros``, ``embedded``,
    ``external``, ``active``, ``entities``, ``polyglot``, ``virus`` or ``not_allowed``.
    """
    end = data.rfind(_END)
    if end < 0 or end + _END_SIZE > len(data):
        raise UnreadableDocument("broken")
    if end + _END_SIZE != len(data):  # something hangs behind, be it as a comment
        raise UnreadableDocument("polyglot")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise UnreadableDocument("broken") from None
    with archive:
        members = archive.infolist()
        check_members(members, len(data), limits)
        names = [member.filename for member in members]
        if len(set(names)) < len(names):
            raise UnreadableDocument("broken")
        if any(member.flag_bits & 0x1 for member in members):
            raise UnreadableDocument("encrypted")
        kind = next((kind for part, kind in _KINDS if part in names), "")
        if not kind or (kind == "pptx" and not depth):
            raise UnreadableDocument("not_allowed")
        for member in members:
            if not member.is_dir():
                _check_part(member.filename, archive.read(member), limits, depth)
    return kind


def _check_part(name: str, content: bytes, limits: Limits, depth: int) -> None:
    if _MACROS.search(name):
        raise UnreadableDocument("macros")
    if _OBJECTS.search(name):
        raise UnreadableDocument("embedded")
    if EICAR in content:
        raise UnreadableDocument("virus")
    if name in _OUTSIDE:
        raise UnreadableDocument("external")
    if name.lower().endswith(_DOCUMENTS):  # a chart's figures
        if depth >= _DEEPEST:
            raise UnreadableDocument("bomb")
        check(content, limits, depth + 1)
    elif content.startswith(_STRANGE) or "/embeddings/" in name:
        raise UnreadableDocument("embedded")
    elif name.lower().endswith((".xml", ".rels", ".vml")):
        _check_xml(name, content)


def _check_xml(name: str, content: bytes) -> None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    root = etree.fromstring(content, parser)
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableDocument("entities")
    if name == "[Content_Types].xml" and b"macroenabled" in content.lower():
        raise UnreadableDocument("macros")
    instructions: list[str] = []
    for node in root.iter():
        local = etree.QName(node).localname if isinstance(node.tag, str) else ""
        if local == "Relationship":
            _check_relationship(node)
        elif local in ("ddeLink", "ddeItem", "oleLink"):
            raise UnreadableDocument("active")
        elif local == "instrText":
            instructions.append(node.text or "")
        elif local == "fldSimple":
            instructions += [value for key, value in node.items() if key.endswith("instr")]
    if _DDE.search("".join(instructions)):
        raise UnreadableDocument("active")


def _check_relationship(node: Any) -> None:
    kind = str(node.get("Type", "")).rpartition("/")[2]
    if kind in ("aFChunk", "vbaProject", "control"):
        raise UnreadableDocument("macros" if kind == "vbaProject" else "embedded")
    if node.get("TargetMode") != "External":
        return
    if kind != "hyperlink":
        raise UnreadableDocument("external")
    if not _HARMLESS.match(str(node.get("Target", "")).strip()):
        raise UnreadableDocument("active")
