"""Downloads of commissioned critiques: phiếu nhận xét, biên bản, báo cáo as DOCX and PDF."""

from __future__ import annotations

from flask import abort
from flask.typing import ResponseReturnValue

from consult.core.web import route
from consult.critiques.document_queries import commission_with_criteria
from consult.critiques.models import Commission
from consult.critiques.queries import commission as load_commission
from consult.critiques.queries import sent_review
from consult.critiques.review_models import Review
from consult.documents import critique_services
from consult.documents.blueprint import room
from consult.documents.download_pages import attachment
from consult.documents.export_list import MEDIA_TYPES


@route(
    room,
    "/critiques/reviews/<int:review_id>.<any(docx, pdf):form>",
    permission="review.read",
    load=sent_review,
)
def review_sheet(review: Review, form: str) -> ResponseReturnValue:
    """Download the phiếu nhận xét of one member."""
    data = critique_services.review_file(review, form)
    name = f"Phiếu nhận xét {review.id} - {review.seat.commission.title}"
    return attachment(data, name, form, MEDIA_TYPES[form])


@route(
    room,
    "/critiques/<int:commission_id>/minutes.<any(docx, pdf):form>",
    permission="meeting.read",
    load=load_commission,
)
def critique_minutes(commission: Commission, form: str) -> ResponseReturnValue:
    """Download the biên bản of the panel's meeting."""
    data = critique_services.minutes_file(commission, form)
    if data is None:
        abort(404)
    return attachment(data, f"Biên bản - {commission.title}", form, MEDIA_TYPES[form])


@route(
    room,
    "/critiques/<int:commission_id>/report.<any(docx, pdf):form>",
    permission="report.read",
    load=commission_with_criteria,
)
def critique_report(commission: Commission, form: str) -> ResponseReturnValue:
    """Download the báo cáo tư vấn, phản biện."""
    data = critique_services.report_file(commission, form)
    return attachment(data, f"Báo cáo phản biện - {commission.title}", form, MEDIA_TYPES[form])
