"""WordprocessingML through lxml: safe loading and the small look-ups readers share."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportUnknownParameterType=false
# (lxml's element types are partial; elements pass through as Any.)
from __future__ import annotations

import zipfile
import zlib
from typing import Any, Final

from consult.drafts.parsing.model import Limits, UnreadableDocument

_TRANSITIONAL: Final = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT: Final = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def load(archive: zipfile.ZipFile, name: str, limits: Limits) -> Any | None:
    """Return the root element of the member ``name``, None where it is missing.

    Entities and document types are refused: nothing a word processor writes has them. Raises
    UnreadableDocument: ``bomb``, ``entities`` or ``broken``.
    """
    from lxml import etree

    try:
        with archive.open(name) as member:
            data = member.read(limits.max_member + 1)
    except KeyError:
        return None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError,
            NotImplementedError, RuntimeError):  # fmt: skip
        raise UnreadableDocument("broken") from None
    if len(data) > limits.max_member:
        raise UnreadableDocument("bomb")
    if b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data:
        raise UnreadableDocument("entities")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(data.replace(_STRICT, _TRANSITIONAL), parser)
    except etree.XMLSyntaxError:
        raise UnreadableDocument("broken") from None


def child(node: Any | None, name: str) -> Any | None:
    """Return the first child ``w:name`` of ``node``, None-safe."""
    return None if node is None else node.find(f"{W}{name}")


def value(node: Any | None, name: str) -> str | None:
    """Return ``w:val`` of the first child ``w:name`` of ``node``, None-safe."""
    found = child(node, name)
    return None if found is None else found.get(f"{W}val")


def switched_on(node: Any | None, name: str) -> bool:
    """Whether the on/off property ``w:name`` is present in ``node`` and not off."""
    found = child(node, name)
    return found is not None and found.get(f"{W}val") not in {"0", "false", "none", "off"}
