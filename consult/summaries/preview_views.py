"""The preview of a summary: what the council, the agency, the public will see once released."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.web import received_at, route
from consult.summaries import audiences, commands, queries
from consult.summaries.blueprint import room
from consult.summaries.figures import figures
from consult.summaries.models import Summary
from consult.summaries.printing import with_figures
from consult.summaries.refusals import refusal
from consult.summaries.release_services import manifest
from consult.summaries.released_views import shown
from consult.summaries.review_queries import words_in_work
from consult.summaries.review_services import accounted


@route(
    room,
    "/front/rounds/<int:round_id>/summary/preview",
    permission="summary.work",
    load=words_in_work,
)
def preview(summary: Summary) -> ResponseReturnValue:
    """Show the summary in work as ?reader= will see it, or say what it lacks for a release."""
    if summary.released_at is not None:
        return redirect(url_for("summaries.read", summary_id=summary.id))
    consultation = summary.consultation
    reader = audiences.reader_called(request.args.get("reader", ""))
    page = {"consultation": consultation, "reader": reader, "readers": list(audiences.Reader)}
    quoted = queries.evidence(summary.id, only_quoted=True)
    outdated = {passage.id: passage.point_id for passage in quoted if passage.is_outdated}
    try:
        account = accounted(summary, outdated)
    except commands.REFUSALS as error:
        lacks = refusal(error, consultation)
        return render_template("summaries/preview.html", lacks=lacks, state=summary.state, **page)
    found = figures(consultation.id)
    kept = manifest(consultation.id, account, found.whole)
    standing = [passage for passage in quoted if passage.point.withdrawn_at is None]
    article = shown(summary, kept, with_figures(summary, found), standing)
    page |= article | {"summary": audiences.as_released(summary, reader, at=received_at())}
    return render_template(
        "summaries/preview.html",
        is_preview=True,
        state=summary.state,
        may=audiences.asked_by(reader, consultation),
        **page,
    )
