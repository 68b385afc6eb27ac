"""Getting an attached file."""

from __future__ import annotations

from flask import Response, abort, send_file

from consult.core import files
from consult.core.web import route
from consult.submissions.attachments.models import Attachment, FileKind
from consult.submissions.attachments.queries import attachment
from consult.submissions.blueprint import room


@route(
    room,
    "/attachments/<int:attachment_id>",
    permission="attachment.read",
    load=attachment,
    endpoint="attachment",
)
def download(file: Attachment) -> Response:
    """The file, to be saved."""
    return to_be_saved(file.sha256, file.kind, file.name)


def to_be_saved(sha256: str, kind: FileKind, name: str) -> Response:
    """Return the kept file as a download: no browser shows it as a page of this site."""
    path = files.place(sha256)
    if not path.is_file():
        abort(404)
    answer = send_file(
        path,
        mimetype=kind.media_type,
        as_attachment=True,
        download_name=name,
        conditional=False,
        etag=False,
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    del answer.headers["Last-Modified"]
    return answer
