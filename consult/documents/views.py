"""The documents room's downloads: comparison tables; the others in modules of their own."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from consult.core.web import route
from consult.documents import (
    certificate_views,
    commitment_views,
    comparisons,
    critique_views,
    export_views,
    form_views,
    summary_views,
)
from consult.documents.blueprint import room
from consult.documents.download_pages import attachment
from consult.documents.export_list import MEDIA_TYPES
from consult.drafts import change_queries, version_queries
from consult.drafts import queries as drafts
from consult.drafts.models import DraftVersion, VersionComparison

__all__ = [
    "certificate_views",
    "commitment_views",
    "critique_views",
    "export_views",
    "form_views",
    "room",
    "summary_views",
]


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
        MEDIA_TYPES["docx"],
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
        MEDIA_TYPES["xlsx"],
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
