"""The Front's documents of a summary on request: what there is, asking for one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import SAFE_METHODS, route
from consult.documents.blueprint import room
from consult.documents.summary_list import FILES, KIND, PAPERS
from consult.documents.summary_material import frozen
from consult.documents.summary_rights import Wanted, wanted
from consult.jobs import works
from consult.summaries import queries
from consult.summaries.commands import REFUSALS
from consult.summaries.models import Summary
from consult.summaries.refusals import refusal

_NAMES = ", ".join(f'"{name}"' for name in FILES)


@route(
    room,
    "/summaries/<int:summary_id>/documents",
    permission="summary.read",
    load=queries.summary,
)
def summary_files(summary: Summary) -> ResponseReturnValue:
    """All documents of the summary, each with what the reader may have of it."""
    return render_template(
        "documents/summary.html",
        summary=summary,
        consultation=summary.consultation,
        papers=[(paper, [Wanted(summary, file) for file in paper.files]) for paper in PAPERS],
    )


@route(
    room,
    f"/summaries/<int:summary_id>/documents/<any({_NAMES}):document>",
    permission="summary.file",
    load=wanted,
    methods=("GET", "POST"),
)
def summary_file(asked: Wanted) -> ResponseReturnValue:
    """Have the file made, or say what stands against it."""
    summary, file = asked.summary, asked.file
    page = url_for(".summary_files", summary_id=summary.id)
    if request.method in SAFE_METHODS:
        return redirect(page)
    try:
        frozen(summary)
    except REFUSALS as error:
        flash(_("Not made. %(reason)s", reason=refusal(error, summary.consultation)), "danger")
        return redirect(page, 303)
    work = works.start(
        KIND,
        {"summary_id": summary.id, "document": file.name},
        asked_by=actor().user_id,
        title=f"{file.title} ({file.extension.upper()}) - {summary.consultation.title}",
        page=page,
    )
    return redirect(url_for("desk.work", work_id=work.id, wait=1), 303)
