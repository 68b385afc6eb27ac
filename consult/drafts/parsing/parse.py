"""Parsing in this process: the file's type told, its reader chosen, the document assembled."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from consult.drafts.parsing.assemble import assemble
from consult.drafts.parsing.detect import detect
from consult.drafts.parsing.model import DEFAULT, Limits, ParsedDocument, UnreadableDocument
from consult.drafts.parsing.readers import plain
from consult.drafts.parsing.source import Source


def parse_file(
    path: Path, *, filename: str, limits: Limits = DEFAULT, scanned: bool = False
) -> ParsedDocument:
    """Return the document in the file at ``path``; ``filename`` is the name its sender gave.

    A ``scanned`` text file holds words recognised in pictures. For files from outside use
    ``parse_untrusted``, which runs this in a limited process. Raises UnreadableDocument with
    any reason of ``messages.REASONS``.
    """
    kind = detect(path, filename, limits)
    if kind == "docx":
        from consult.drafts.parsing.readers import docx

        source = docx.read(path, limits)
    elif kind == "doc":
        from consult.drafts.parsing.readers import doc

        source = doc.read(path, limits)
    elif kind == "pdf":
        from consult.drafts.parsing.readers import pdf

        source = pdf.read(path, limits)
    elif kind in ("odt", "rtf"):
        raise UnreadableDocument("needs_office", extension=f".{kind}")
    else:
        source = plain.read(path, scanned=scanned)
    return _document(source, limits)


def parse_text(text: str, *, limits: Limits = DEFAULT) -> ParsedDocument:
    """Return the document in ``text`` (pasted or typed; form feeds part pages).

    Raises UnreadableDocument: ``empty``, ``too_much_text`` or ``too_many_provisions``.
    """
    return _document(plain.from_text(text), limits)


def _document(source: Source, limits: Limits) -> ParsedDocument:
    document = assemble(source, limits)
    return replace(document, reading=source.reading, reading_sample=source.reading_sample)
