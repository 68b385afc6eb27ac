"""An official document of running text as a PDF."""

from __future__ import annotations

from typing import Any

from consult.documents import layout
from consult.documents.model import Signature
from consult.documents.official import Block, Heading, Official, Table
from consult.documents.typesetting import pdf
from consult.documents.wordml import clean_text, split_paragraphs


def render_pdf(doc: Official) -> bytes:
    """Return ``doc`` as a tagged PDF, byte for byte the same for the same content.

    Raises typesetting.TypesettingFailed.
    """
    head = doc.letterhead
    return pdf(
        "official.typ",
        {
            "name": _line(f"{doc.title} {doc.subject}")[:255],
            "head": {
                "parent": _line(head.parent_body or "").upper(),
                "body": _line(head.body).upper(),
                "symbol": clean_text(head.symbol),
                "place": clean_text(layout.place_and_date(head)),
                "nation": layout.NATION,
                "motto": layout.MOTTO,
            },
            "title": doc.title.upper(),
            "subject": split_paragraphs(doc.subject),
            "state": doc.state,
            "blocks": [_block(block) for block in doc.blocks],
            "signatures": [_signature(one) for one in doc.signatures],
            "recipients": layout.recipient_lines(doc.recipients) if doc.recipients else [],
            "recipients_head": layout.RECIPIENTS,
            "small_print": [line for text in doc.small_print for line in split_paragraphs(text)],
        },
    )


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "text": _line(block.text)}
    if isinstance(block, Table):
        return {
            "kind": "table",
            "columns": [
                {"name": c.name, "share": c.share, "align": c.align} for c in block.columns
            ],
            "rows": [[split_paragraphs(text) for text in row] for row in block.rows],
        }
    return {"kind": "words", "lead": block.lead, "lines": split_paragraphs(block.text)}


def _signature(one: Signature) -> dict[str, str]:
    return {
        "authority": (one.authority or "").upper(),
        "office": one.office.upper(),
        "name": _line(one.name or ""),
    }


def _line(text: str) -> str:
    return " ".join(split_paragraphs(text))
