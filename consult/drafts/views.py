"""The drafts room's pages: uploading a text, getting the file back."""

from __future__ import annotations

from typing import Any

from flask import (
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
from consult.core.db import release
from consult.core.files import FileTooLarge
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.settings import settings
from consult.core.web import route
from consult.drafts import (
    correction_views,
    labels,
    queries,
    reading_views,
    readings,
    services,
    tree_views,
)
from consult.drafts.blueprint import room
from consult.drafts.forms import UploadForm
from consult.drafts.models import DraftVersion
from consult.drafts.parsing import UnreadableDocument

# The pages of the tree, its corrections and readings are declared on the same blueprint.
__all__ = ["correction_views", "reading_views", "room", "tree_views"]
_UPLOADS = ("drafts.upload", "drafts.correct")


@room.url_value_preprocessor
def _let_large_files_in(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    # A file somewhat too large shall get its sentence beside the field, the words kept,
    # rather than the server's bare refusal; what is larger still is refused at once. Who has
    # never signed in could only fill the disk with it.
    if request.endpoint in _UPLOADS and identity.names_session():
        request.max_content_length = 4 * current_app.config["MAX_CONTENT_LENGTH"]


@route(room, "/office/drafts/upload", permission="draft.upload", methods=("GET", "POST"))
def upload() -> ResponseReturnValue:
    """The form that takes a file or pasted text as the first version of a draft."""
    form = UploadForm()
    form.offer(queries.agencies(actor().organisations("official")))
    if form.validate_on_submit():
        page = _keep(form, title=str(form.title.data), agency_id=form.agency.data)
        if page is not None:
            return redirect(page, 303)
    return _upload_page(form)


@route(
    room,
    "/office/versions/<int:version_id>/correct",
    permission="draft.prepare",
    load=queries.version,
    methods=("GET", "POST"),
)
def correct(old: DraftVersion) -> ResponseReturnValue:
    """The form that takes the next version: a corrected file or, after a round, a revised draft."""
    form = UploadForm()
    title, agency_id, draft_id = old.draft.title, old.draft.agency_id, old.draft_id
    form.keep_title(title)
    if form.validate_on_submit():
        try:
            page = _keep(form, title=title, agency_id=agency_id, draft_id=draft_id)
        except services.Finished:
            flash(_("This draft is published as final: no further text follows it."), "warning")
            return redirect(url_for(".version", version_id=old.id), 303)
        if page is not None:
            return redirect(page, 303)
    return _upload_page(form, old=old)


@route(
    room,
    "/office/versions/<int:version_id>/file",
    permission="draft.prepare",
    load=queries.version,
)
def original(version: DraftVersion) -> ResponseReturnValue:
    """The file as it was uploaded."""
    if version.file is None:
        return render_template("errors/404.html"), 404
    return send_file(
        version.file.path,
        mimetype="application/octet-stream",  # never shown by the browser as a page
        as_attachment=True,
        download_name=version.file.name,
    )


def _upload_page(form: UploadForm, old: DraftVersion | None = None) -> ResponseReturnValue:
    limit = settings().max_upload_bytes // (1024 * 1024)
    newest = queries.newest(old.draft_id) if old else None
    page = render_template(
        "drafts/upload.html", form=form, newest=newest, accepted=labels.accepted(limit)
    )
    return page, 422 if form.errors else 200


def _keep(
    form: UploadForm, *, title: str, agency_id: int, draft_id: int | None = None
) -> str | None:
    """Parse and keep what the form brings, a scan to be read later; return the page to go to,
    None when it cannot be read and the field says why."""
    limit = settings().max_upload_bytes
    sent = form.original()
    release()  # reading takes seconds, and nothing is written yet
    kept: dict[str, Any] = {
        "title": title, "agency_id": agency_id, "draft_id": draft_id,
        "created_by": actor().user_id, "original": sent, "limit": limit,
    }  # fmt: skip
    try:
        try:
            document = services.parse_upload(sent, limit=limit)
        except UnreadableDocument as error:
            if error.reason != "scan_takes_long":
                raise
            scan = readings.read_later(readings.ReadScan(pages=int(error.params["pages"]), **kept))
            return url_for(".scan", file_id=scan.id)
        version = services.create_version(services.CreateVersion(document=document, **kept))
    except UnreadableDocument as error:
        form.refuse(labels.refusal(error))
        return None
    except FileTooLarge:
        limit_shown = limit // (1024 * 1024)
        form.refuse(labels.refusal(UnreadableDocument("too_large", limit=limit_shown)))
        return None
    flash(_("The text has been read. Please compare it with your document."), "success")
    return url_for(".version", version_id=version.id)
