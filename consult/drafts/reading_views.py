"""Pages about how a text was recovered: a scan being read, a reading to confirm."""

from __future__ import annotations

import io
from pathlib import PurePath

from flask import (
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue

from consult.core import clock
from consult.core.db import release
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route
from consult.drafts import correction_queries, labels, originals, queries, readings
from consult.drafts.blueprint import room
from consult.drafts.models import DraftVersion
from consult.drafts.parsing import UnreadableDocument


@route(
    room,
    "/office/scans/<int:file_id>",
    permission="draft.prepare",
    load=readings.scan,
)
def scan(scan: readings.Scan) -> ResponseReturnValue:
    """How far the reading of a scan is, and what came of it."""
    sentence = labels.refusal(scan.refusal) if scan.refusal else ""
    if scan.finished:
        sentence = _("This draft is published as final: no further text follows it.")
    elif scan.lost:
        sentence = _("Reading the scan failed several times. Send the .docx or a clearer scan.")
    return render_template("drafts/scan.html", scan=scan, sentence=sentence)


@route(
    room,
    "/office/versions/<int:version_id>/reading",
    permission="draft.prepare",
    load=queries.version,
    methods=("POST",),
)
def confirm_reading(version: DraftVersion) -> ResponseReturnValue:
    """A person compared the recovered text with the original."""
    user_id = actor().user_id
    if user_id is not None and readings.confirm(version, actor_id=user_id, at=clock.now()):
        flash(_("The reading is confirmed."), "success")
    return redirect(url_for(".version", version_id=version.id), 303)


@route(
    room,
    "/office/versions/<int:version_id>/scan",
    permission="draft.prepare",
    load=queries.version,
)
def scanned_pages(version: DraftVersion) -> ResponseReturnValue:
    """The scan's own pages, shown by the browser beside the text recognised on them."""
    if version.file is None or version.reading != "ocr":
        return render_template("errors/404.html"), 404
    answer = send_file(
        version.file.path, mimetype="application/pdf", download_name=version.file.name
    )
    # A browser shows a PDF in a page of its own making, which needs these two; what was
    # uploaded is never taken for anything but a PDF.
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return answer


@route(
    room,
    "/office/versions/<int:version_id>/pages/<int:number>.png",
    permission="draft.prepare",
    load=queries.version,
)
def page_picture(version: DraftVersion, number: int) -> ResponseReturnValue:
    """One page of the version's PDF as a picture; drawn once for each browser."""
    if version.file is None or not originals.has_pages(version):
        abort(404)
    path, tag = version.file.path, f"{version.file.sha256}-{number}"
    drawn = b""
    if tag not in request.if_none_match:
        release()  # drawing takes half a second, and nothing is written
        try:
            drawn = originals.page_picture(path, number)
        except UnreadableDocument:
            abort(404)
    answer = Response(drawn, 200 if drawn else 304, mimetype="image/png")
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"  # asked for again, not drawn again
    return answer


@route(
    room,
    "/office/versions/<int:version_id>/recognised",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def recognised_text(version: DraftVersion) -> ResponseReturnValue:
    """The words recognised on a scan as a text file, to be corrected and uploaded again."""
    if version.reading != "ocr":
        return render_template("errors/404.html"), 404
    name = PurePath(version.file.name).stem if version.file else version.draft.title
    # The mark at the start lets Word and Notepad know that it is UTF-8.
    return send_file(
        io.BytesIO(version.text.encode("utf-8-sig")),
        mimetype="text/plain",
        as_attachment=True,
        download_name=f"{name}.txt",
    )
