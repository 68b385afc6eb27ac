"""Mẫu số 10 as a PDF, from the same content as the Word file."""

from __future__ import annotations

import re
from typing import Any, Final

from consult.documents.mau10 import SHARES, counts, in_draft_order, placed
from consult.documents.model import Labels, Mau10, Mau10Opinion
from consult.documents.official_pdf import frame, line
from consult.documents.typesetting import pdf
from consult.documents.wordml import clean_text, split_paragraphs

# A word that no line of a cell can hold is broken where it must be, so that nothing is cut off.
# Asked of the typesetter for each text, this would take longer than all the rest.
_LONG_WORD: Final = re.compile(r"\S{25,}")
_MAY_BREAK: Final = "\u200b"


def render_pdf(doc: Mau10) -> bytes:
    """Return ``doc`` as a tagged PDF, byte for byte the same for the same content.

    Raises typesetting.TypesettingFailed.
    """
    labels = doc.labels
    opening = (doc.legal_basis_sentence, counts(doc), *doc.accounting_lines, labels.results)
    closing = labels.closing.replace("{subject}", line(doc.subject))
    return pdf(
        "mau10.typ",
        {
            **frame(
                doc.letterhead,
                title=labels.title,
                subject=doc.subject,
                signatures=(doc.signature,),
                recipients=doc.recipients,
                small_print=(doc.checkpoint_line or "",),
            ),
            "opening": [one for text in opening for one in split_paragraphs(text)],
            "shares": SHARES,
            "columns": [
                clean_text(labels.column_provision),
                clean_text(labels.column_contributor),
                clean_text(labels.column_content),
                clean_text(labels.column_response),
            ],
            "rows": [
                _row(head, opinion, short, labels)
                for provision in in_draft_order(doc.rows)
                for head, opinion, short in placed(provision, labels)
            ],
            "unanswered": clean_text(labels.unanswered),
            "no_opinions": clean_text(labels.no_opinions),
            "dissents_title": clean_text(labels.dissents),
            "dissents": [
                {
                    "who": line(f"{one.contributor} ({_code(one.point_code, labels)}):"),
                    "lines": split_paragraphs(one.content),
                }
                for one in doc.dissents
            ],
            "closing": clean_text(closing),
        },
        seconds=300,
    )


def _row(head: str, opinion: Mau10Opinion, short: bool, labels: Labels) -> dict[str, Any]:
    parts = (
        (labels.quote, opinion.quote),
        ("", opinion.content),
        (labels.proposed_wording, opinion.proposed_wording),
    )
    answer = opinion.response
    return {
        "head": split_paragraphs(head),
        "who": _lines(opinion.contributor),
        "content": [
            (clean_text(lead), lines) for lead, text in parts if (lines := _lines(text or ""))
        ],
        "code": _code(opinion.point_code, labels),
        "disposition": clean_text(answer.disposition) if answer else "",
        "answer": _lines(answer.text) if answer else [],
        "short": short,
    }


def _lines(text: str) -> list[str]:
    return [
        _LONG_WORD.sub(lambda word: _MAY_BREAK.join(word[0]), one) for one in split_paragraphs(text)
    ]


def _code(code: str, labels: Labels) -> str:
    return clean_text(labels.point_code.replace("{code}", code))
