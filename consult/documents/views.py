"""The documents room's downloads: Mẫu số 10 as DOCX, all points as XLSX and CSV."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.web import route
from consult.documents import certificate_views, comparisons, critique_views, form_views, services
from consult.documents.blueprint import room
from consult.documents.download_pages import attachment
from consult.drafts import change_queries, version_queries
from consult.drafts import queries as drafts
from consult.drafts.models import DraftVersion, VersionComparison

__all__ = ["certificate_views", "critique_views", "form_views", "room"]

_OFFICE = "application/vnd.openxmlformats-officedocument"


@route(
    room,
    "/rounds/<int:round_id>/export/mau10.docx",
    permission="document.export",
    load=load_round,
)
def mau10(consultation: Consultation) -> ResponseReturnValue:
    """Download Mẫu số 10."""
    return attachment(
        services.mau10_docx(consultation.id),
        f"Mẫu số 10 - {consultation.title}",
        "docx",
        f"{_OFFICE}.wordprocessingml.document",
    )


@route(
    room, "/rounds/<int:round_id>/export/points.xlsx", permission="document.export", load=load_round
)
def points_xlsx(consultation: Consultation) -> ResponseReturnValue:
    """Download all standing points as a workbook."""
    return attachment(
        services.points_xlsx(consultation.id),
        f"Ý kiến - {consultation.title}",
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
    )


@route(
    room, "/rounds/<int:round_id>/export/points.csv", permission="document.export", load=load_round
)
def points_csv(consultation: Consultation) -> ResponseReturnValue:
    """Download all standing points as comma-separated values."""
    return attachment(
        services.points_csv(consultation.id),
        f"Ý kiến - {consultation.title}",
        "csv",
        "text/csv; charset=utf-8",
    )


@route(
    room,
    "/rounds/<int:round_id>/export/answers.csv",
    permission="document.export",
    load=load_round,
)
def answers_csv(consultation: Consultation) -> ResponseReturnValue:
    """Download the answers to the round's questions as comma-separated values."""
    return attachment(
        services.answers_csv(consultation.id),
        f"Trả lời câu hỏi - {consultation.title}",
        "csv",
        "text/csv; charset=utf-8",
    )


@route(
    room,
    "/versions/<int:version_id>/comparison.docx",
    permission="version.read",
    load=drafts.version,
)
def comparison_docx(version: DraftVersion) -> ResponseReturnValue:
    """Download the comparison table with an earlier version as a Word file."""
    return attachment(
        comparisons.docx(_comparison(version)),
        f"Bảng so sánh - {version.draft.title}",
        "docx",
        f"{_OFFICE}.wordprocessingml.document",
    )


@route(
    room,
    "/versions/<int:version_id>/comparison.xlsx",
    permission="version.read",
    load=drafts.version,
)
def comparison_xlsx(version: DraftVersion) -> ResponseReturnValue:
    """Download the comparison table with an earlier version as a workbook."""
    return attachment(
        comparisons.xlsx(_comparison(version)),
        f"Bảng so sánh - {version.draft.title}",
        "xlsx",
        f"{_OFFICE}.spreadsheetml.sheet",
    )


def _comparison(version: DraftVersion) -> VersionComparison:
    """Return the comparison with the version that ``against`` names, else the preceding one.

    404 when there is none: the other is no earlier version that was shown to others, or the two
    are still being compared.
    """
    earlier = version_queries.earlier_public(version)
    asked = request.args.get("against")
    old = next((v for v in earlier if asked is None or str(v.id) == asked), None)
    record = change_queries.compared(old.id, version.id) if old else None
    if record is None:
        abort(404)
    return record
