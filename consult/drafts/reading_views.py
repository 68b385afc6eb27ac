"""Pages about how a text was recovered: a scan being read, a reading to confirm."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.core import clock
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route
from consult.drafts import labels, queries, readings
from consult.drafts.blueprint import room
from consult.drafts.models import DraftVersion


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
