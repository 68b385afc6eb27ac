"""The document parser: a .docx, .pdf, .txt or pasted text in, its provisions out."""

from __future__ import annotations

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
from consult.drafts.parsing.parse import parse_file, parse_text
from consult.drafts.parsing.sandbox import parse_untrusted

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
    "parse_text",
    "parse_untrusted",
]
