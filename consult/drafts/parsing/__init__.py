"""The document parser: a .docx, .pdf, .txt or pasted text in, its provisions out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from consult.drafts.parsing.messages import REASONS, WARNINGS
from consult.drafts.parsing.model import (
    DEFAULT,
    KINDS,
    Limits,
    ParsedDocument,
    ParsedPart,
    ParsedProvision,
    ParsedWarning,
    UnreadableDocument,
)
from consult.drafts.parsing.sandbox import parse_recognised, parse_untrusted, recognise_page

if TYPE_CHECKING:
    from consult.drafts.parsing.parse import parse_file, parse_text

__all__ = [
    "DEFAULT",
    "KINDS",
    "REASONS",
    "WARNINGS",
    "Limits",
    "ParsedDocument",
    "ParsedPart",
    "ParsedProvision",
    "ParsedWarning",
    "UnreadableDocument",
    "parse_file",
    "parse_recognised",
    "parse_text",
    "parse_untrusted",
    "recognise_page",
]


def __getattr__(name: str) -> Any:
    """Load the parser itself when it is first asked for: web processes never parse."""
    if name in ("parse_file", "parse_text"):
        from consult.drafts.parsing import parse

        return getattr(parse, name)
    raise AttributeError(name)
