"""The Front's documents as files: what stands against making one, and the making of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from consult.core import files
from consult.core.db import transaction
from consult.core.i18n import N_
from consult.documents.official import Official
from consult.documents.services import Step
from consult.documents.summary_annex import annex_document
from consult.documents.summary_brief import brief_document
from consult.documents.summary_letter import letter_document
from consult.documents.summary_list import FILES, PAPERS
from consult.documents.summary_material import Material, material
from consult.documents.summary_report import report_document
from consult.jobs.works import Failed
from consult.summaries import queries as summaries
from consult.summaries.commands import REFUSALS, PointsMissing
from consult.summaries.models import Summary
from consult.summaries.sections import codes

GONE: Final = N_("The summary is no longer there.")
MISSING: Final = N_("The accounting does not hold: these points are nowhere or twice: %(codes)s.")
OVERTAKEN: Final = N_("The summary has changed meanwhile. Ask again to see what stands against it.")
# Thousands of rows take the typesetter a while.
_SECONDS: Final = 300

_DOCUMENTS: Final[dict[str, Callable[[Material], Official]]] = {
    "report": report_document,
    "brief": brief_document,
    "annex": annex_document,
    "letter": letter_document,
}
assert set(_DOCUMENTS) == {paper.key for paper in PAPERS}


def document(summary: Summary, key: str) -> Official:
    """Return what the document called ``key`` says; raises what `summary_material.frozen` does."""
    return _DOCUMENTS[key](material(summary))


def render(content: Official, form: str) -> bytes:
    """Return the document as "docx" or "pdf"; raises typesetting.TypesettingFailed."""
    if form == "pdf":
        from consult.documents.official_pdf import render_pdf

        return render_pdf(content, seconds=_SECONDS)
    from consult.documents.official_docx import render_docx

    return render_docx(content)


def make(arguments: dict[str, Any], step: Step) -> dict[str, Any]:
    """Make the file that ``arguments`` ("document", "summary_id") ask for and keep it.

    Returns its digest and size, the result of the work. Raises works.Failed. Opens a reading
    transaction of its own.
    """
    wanted = FILES[arguments["document"]]
    with transaction(write=False):
        content = _content(arguments["summary_id"], wanted.name.partition(".")[0])
    step(1, 2)
    data = render(content, wanted.extension)
    step(2, 2)
    return {"sha256": files.keep(data), "size": len(data)}


def _content(summary_id: int, key: str) -> Official:
    summary = summaries.summary(summary_id)
    if summary is None:
        raise Failed(GONE)
    try:
        return document(summary, key)
    except PointsMissing as error:
        raise Failed(MISSING, codes=codes([*error.point_ids, *error.twice])) from None
    except REFUSALS:
        raise Failed(OVERTAKEN) from None
