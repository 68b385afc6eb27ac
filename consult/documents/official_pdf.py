"""An official document of running text as a PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from consult.documents import layout
from consult.documents.model import Letterhead, Signature
from consult.documents.official import (
    SHADES,
    Bars,
    Block,
    Heading,
    Official,
    Quote,
    Table,
    counted,
)
from consult.documents.typesetting import SECONDS, pdf
from consult.documents.wordml import clean_text, split_paragraphs


def render_pdf(doc: Official, *, seconds: int = SECONDS) -> bytes:
    """Return ``doc`` as a tagged PDF, byte for byte the same for the same content.

    Raises typesetting.TypesettingFailed, also when it takes longer than ``seconds``.
    """
    parts = frame(
        doc.letterhead,
        title=doc.title,
        subject=doc.subject,
        signatures=doc.signatures,
        recipients=doc.recipients,
        small_print=doc.small_print,
    )
    content = {
        **parts,
        "state": doc.state,
        "blocks": [_block(block) for block in doc.blocks],
        "annexes": [
            {"title": line(annex.title), "blocks": [_block(block) for block in annex.blocks]}
            for annex in doc.annexes
        ],
    }
    return pdf("official.typ", content, seconds=seconds)


def frame(
    head: Letterhead,
    *,
    title: str,
    subject: str,
    signatures: Sequence[Signature],
    recipients: Sequence[str],
    small_print: Sequence[str],
) -> dict[str, Any]:
    """Return what typ/frame.typ sets of every official document."""
    return {
        "name": line(f"{title} {subject}")[:255],
        "head": {
            "parent": line(head.parent_body or "").upper(),
            "body": line(head.body).upper(),
            "symbol": clean_text(head.symbol),
            "place": clean_text(layout.place_and_date(head)),
            "nation": layout.NATION,
            "motto": layout.MOTTO,
        },
        "title": title.upper(),
        "subject": split_paragraphs(subject),
        "state": "",
        "signatures": [_signature(one) for one in signatures],
        "recipients": layout.recipient_lines(recipients) if recipients else [],
        "recipients_head": layout.RECIPIENTS,
        "small_print": [one for text in small_print for one in split_paragraphs(text)],
    }


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": line(block.text)}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "columns": [
                {"name": c.name, "share": c.share, "align": c.align} for c in block.columns
            ],
            "rows": [[split_paragraphs(text) for text in row] for row in block.rows],
        }
    if isinstance(block, Quote):
        return {"kind": "quote", "lines": split_paragraphs(block.text), "note": line(block.note)}
    if isinstance(block, Bars):
        return {
            "kind": "bars",
            "heads": block.heads,
            "parts": block.parts,
            "shades": SHADES,
            "longest": block.longest,
            "rows": [
                {"name": line(name), "counts": counts, "told": counted(counts)}
                for name, counts in block.rows
            ],
        }
    lines = split_paragraphs(block.text)
    return {"kind": "words", "lead": block.lead, "lines": lines, "keep": block.keep}


def _signature(one: Signature) -> dict[str, str]:
    return {
        "authority": (one.authority or "").upper(),
        "office": one.office.upper(),
        "name": line(one.name or ""),
    }


def line(text: str) -> str:
    """Return ``text`` on one line, without what PDF and XML do not bear."""
    return " ".join(split_paragraphs(text))
