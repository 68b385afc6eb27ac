"""The pages on which people give evidence of degree and title, and the files themselves."""

from __future__ import annotations

from typing import Any

from flask import (
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from consult.accounts import identity
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.settings import settings
from consult.core.web import route
from consult.people import evidence, queries
from consult.people.blueprint import room
from consult.people.evidence_models import Evidence
from consult.people.forms import EvidenceForm, refusal


def _me() -> int:
    return actor().user_id or 0


@room.url_value_preprocessor
def _let_large_files_in(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # A file somewhat too large shall get its sentence beside the field; see the drafts' upload.
    if request.endpoint == "people.evidence_page" and identity.names_session():
        request.max_content_length = 4 * current_app.config["MAX_CONTENT_LENGTH"]


@route(room, "/profile/evidence", permission="profile.own", methods=("GET", "POST"))
def evidence_page() -> ResponseReturnValue:
    """One's own evidence, and the form that adds to it."""
    form = EvidenceForm()
    if form.validate_on_submit():
        try:
            evidence.add(form.command(_me()))
        except evidence.Refused as refused:
            form.file.errors = [refusal(refused.reason)]
        else:
            flash(_("The file is kept; only the secretariat and you can see it."), "success")
            return redirect(url_for(".evidence_page"), 303)
    return render_template(
        "people/evidence.html",
        form=form,
        profile=queries.profile(_me()),
        evidence=evidence.of_person(_me()),
        months=settings().evidence_months,
        most=evidence.MOST_FILES,
    ), 422 if request.method == "POST" else 200


@route(
    room,
    "/profile/evidence/<int:evidence_id>/remove",
    permission="evidence.own",
    load=evidence.by_id,
    methods=("POST",),
)
def remove_evidence(row: Evidence) -> ResponseReturnValue:
    """Delete a piece of one's own evidence."""
    try:
        evidence.remove(row)
    except evidence.Refused as refused:
        flash(refusal(refused.reason), "warning")
    else:
        flash(_("The file is deleted."), "success")
    return redirect(url_for(".evidence_page"), 303)


@route(room, "/evidence/<int:evidence_id>", permission="evidence.read", load=evidence.by_id)
def evidence_file(row: Evidence) -> ResponseReturnValue:
    """The file, for the secretariat and the person; asked for anew at each fetch."""
    answer: Response = send_file(
        row.file.path,
        mimetype=row.file.media_type,
        as_attachment=True,
        download_name=row.file.name,
        conditional=False,
        etag=False,
    )
    answer.headers["Cache-Control"] = "private, no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
