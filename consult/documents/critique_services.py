"""The documents of a commissioned critique, as Word files and PDFs."""

from __future__ import annotations

from consult.core.portal import portal
from consult.critiques.document_queries import minutes_sheet, report_sheet, review_sheet
from consult.critiques.models import Commission
from consult.critiques.review_models import Review
from consult.documents import queries
from consult.documents.critique_report import report_document
from consult.documents.critique_sheets import minutes_document, review_document
from consult.documents.critique_words import Issuer
from consult.documents.official import Official
from consult.documents.official_docx import render_docx
from consult.documents.official_pdf import render_pdf
from consult.documents.services import checkpoint_line


def review_file(review: Review, form: str) -> bytes:
    """Return the phiếu nhận xét of a sent review as "docx" or "pdf".

    Reads in a constant number of queries, writes nothing, as all of this module.
    """
    return _render(review_document(review_sheet(review.seat.commission, review), _issuer()), form)


def minutes_file(commission: Commission, form: str) -> bytes | None:
    """Return the biên bản of the meeting as "docx" or "pdf", None before one was called."""
    sheet = minutes_sheet(commission)
    return _render(minutes_document(sheet, _issuer()), form) if sheet else None


def report_file(commission: Commission, form: str) -> bytes:
    """Return the báo cáo tư vấn, phản biện as "docx" or "pdf".

    Raises critiques.queries.StillBlind before the reviews are opened.
    """
    return _render(report_document(report_sheet(commission), _issuer()), form)


def _issuer() -> Issuer:
    union, settings = queries.union(), portal()
    place = (union.place if union else "") or settings.place
    return Issuer(union, place, checkpoint_line(settings) or "")


def _render(document: Official, form: str) -> bytes:
    return render_pdf(document) if form == "pdf" else render_docx(document)
