"""The drafts room's pages: uploading a text, looking at what was read from it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult.core.web import route
from consult.drafts import queries
from consult.drafts.models import DraftVersion

room = Blueprint("drafts", __name__)


@route(room, "/office/drafts/upload", permission="draft.upload", methods=("GET", "POST"))
def upload() -> ResponseReturnValue:
    """The form that takes a file or pasted text."""
    return render_template("drafts/upload.html")


@route(room, "/office/versions/<int:version_id>", permission="draft.prepare", load=queries.version)
def version(version: DraftVersion) -> ResponseReturnValue:
    """The parsed tree, before anything is published."""
    return render_template("drafts/version.html", version=version)
