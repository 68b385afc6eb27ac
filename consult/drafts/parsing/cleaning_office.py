"""Office files (ECMA-376) without the names of those who wrote, changed and commented on them."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# (lxml is not typed.)
from __future__ import annotations

import io
import re
import zipfile
from typing import Any, Final

from lxml import etree

from consult.drafts.parsing.cleaning_pictures import jpeg, png
from consult.drafts.parsing.model import Limits, UnreadableDocument

NOBODY: Final = "-"  # where a name must stand
_MOST_FILES: Final = 5_000
# Whole parts that only describe: properties, thumbnail, labels, what programs hid for themselves.
_LEFT_OUT: Final = re.compile(
    r"^(docProps/|docMetadata/|customXml/|_xmlsignatures/|.*printerSettings\d*\.bin$"
    r"|xl/revisions/|xl/persons/|xl/threadedComments/|word/people\.xml$|.*/?vbaProject)"
)
_NAMES: Final = frozenset(
    {"author", "initials", "userName", "userId", "providerId", "lastModifiedBy"}
)
_INSTANTS: Final = frozenset({"date", "dateUtc", "dT", "dt", "created", "modified"})
# Elements that only describe; x15ac:absPath is where the file lay on its maker's disk.
_ELEMENTS: Final = frozenset({"rsids", "absPath", "fileSharing", "docVars", "attachedTemplate"})
_AUTHORS: Final = re.compile(r"^ppt/(commentAuthors|authors)\.xml$")


def office(data: bytes, limits: Limits) -> bytes:
    """Return the document without metadata; UnreadableDocument ``broken`` or ``bomb``."""
    try:
        source = zipfile.ZipFile(io.BytesIO(data))
    except zipfile.BadZipFile:
        raise UnreadableDocument("broken") from None
    target = io.BytesIO()
    with source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as clean:
        files = source.infolist()
        if len(files) > _MOST_FILES or sum(f.file_size for f in files) > limits.max_unpacked:
            raise UnreadableDocument("bomb")
        for file in files:
            if file.is_dir() or _LEFT_OUT.match(file.filename):
                continue
            # A new entry: no instant, no system, no comment.
            entry = zipfile.ZipInfo(file.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            clean.writestr(entry, _part(file.filename, source.read(file), limits))
    return target.getvalue()


def _part(name: str, content: bytes, limits: Limits) -> bytes:
    low = name.lower()
    if low.endswith((".xml", ".rels", ".vml")):
        return _xml(name, content)
    if low.endswith((".jpg", ".jpeg")):
        return _or_as_it_is(jpeg, content)
    if low.endswith(".png"):
        return _or_as_it_is(png, content)
    if low.endswith((".docx", ".xlsx", ".pptx")):
        return office(content, limits)
    return content


def _or_as_it_is(clean: Any, content: bytes) -> bytes:
    """Return a picture cleaned; one that is something else under that name is left out."""
    try:
        return clean(content)
    except UnreadableDocument:
        return b""


def _xml(name: str, content: bytes) -> bytes:
    root = etree.fromstring(
        content, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    )
    for node in list(root.iter()):
        # What has no name is a comment or an instruction.
        if not isinstance(node.tag, str) or _describes(name, node):
            _drop(node)
        else:
            _clean(name, node)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _describes(name: str, node: Any) -> bool:
    local = etree.QName(node).localname
    if local in _ELEMENTS:
        return True
    if name.endswith(".rels") and local == "Relationship":
        folder = "/".join(name.split("/")[:-2])
        target = str(node.get("Target", ""))
        if node.get("TargetMode") == "External":
            return False
        return bool(_LEFT_OUT.match(_resolved(folder, target)))
    if name == "[Content_Types].xml" and local == "Override":
        return bool(_LEFT_OUT.match(str(node.get("PartName", "")).lstrip("/")))
    return False


def _clean(name: str, node: Any) -> None:
    local = etree.QName(node).localname
    if local == "author" and name.startswith("xl/"):
        node.text = NOBODY
    if node.get("TargetMode") == "External" and _is_local(str(node.get("Target", ""))):
        node.set("Target", "file:///")
    for key in list(node.attrib):
        plain = etree.QName(key).localname
        to_printer = local == "pageSetup" and plain == "id"
        if plain.startswith("rsid") or plain in _INSTANTS or to_printer:
            del node.attrib[key]
        elif plain in _NAMES or (plain in ("name", "displayName") and _AUTHORS.match(name)):
            node.set(key, NOBODY)


def _is_local(target: str) -> bool:
    return target.lower().startswith("file:") or "\\" in target


def _resolved(folder: str, target: str) -> str:
    """Return the name of the part that a relationship of ``folder`` leads to."""
    if target.startswith("/"):
        return target[1:]
    parts = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def _drop(node: Any) -> None:
    parent = node.getparent()
    if parent is None:
        return
    before = node.getprevious()
    if node.tail:
        if before is not None:
            before.tail = (before.tail or "") + node.tail
        else:
            parent.text = (parent.text or "") + node.tail
    parent.remove(node)
