"""Mẫu số 10 as a PDF, from the same content as the Word file."""

from __future__ import annotations

import re
from typing import Any, Final

from consult.documents.mau10 import SHARES, counts, in_draft_order, placed
from consult.documents.model import Labels, Mau10, Mau10Opinion
from consult.documents.official_pdf import frame, line
from consult.documents.typesetting import pdf_of_parts
from consult.documents.wordml import clean_text, split_paragraphs

# A word that no line of a cell can hold is broken where it must be, so that nothing is cut off.
# Asked of the typesetter for each text, this would take longer than all the rest.
_LONG_WORD: Final = re.compile(r"\S{25,}")
_MAY_BREAK: Final = "\u200b"
# The typesetter holds half a megabyte for each row and may hold no more than 1.5 GB.
_ROWS_OF_A_PART: Final = 1000


def render_pdf(doc: Mau10) -> bytes:
    """Return ``doc`` as a PDF, byte for byte the same for the same content.

    It is tagged, unless it has so many rows that it is set in parts; a part begins on a page of
    its own. Raises typesetting.TypesettingFailed.
    """
    rows = [
        _row(head, opinion, short, doc.labels)
        for provision in in_draft_order(doc.rows)
        for head, opinion, short in placed(provision, doc.labels)
    ]
    parts = [{"rows": part, "begins": False, "ends": False} for part in _parts(rows)]
    parts[0]["begins"] = parts[-1]["ends"] = True
    whole = _whole(doc)
    return pdf_of_parts("mau10.typ", [{**whole, **part} for part in parts], seconds=300)


def _parts(rows: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Part the rows so that the typesetter's memory bears each; a part opens a provision's cell."""
    parts: list[list[dict[str, Any]]] = [[]]
    for row in rows:
        if len(parts[-1]) >= _ROWS_OF_A_PART and row["head"]:
            parts.append([])
        parts[-1].append(row)
    return parts


def _whole(doc: Mau10) -> dict[str, Any]:
    """Return what all parts know: what stands before and after the table, and its heads."""
    labels = doc.labels
    opening = (doc.legal_basis_sentence, counts(doc), *doc.accounting_lines, labels.results)
    closing = labels.closing.replace("{subject}", line(doc.subject))
    return {
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
    }


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
