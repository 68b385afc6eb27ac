"""Files of a round on request: asked for, made by a work, downloaded by who asked."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core import files
from consult.core.permissions import actor
from consult.core.web import SAFE_METHODS, route
from consult.documents.blueprint import room
from consult.documents.download_pages import stored
from consult.documents.export_list import EXPORTS, KIND
from consult.documents.export_queries import Made, made
from consult.jobs import works

_NAMES = ", ".join(f'"{name}"' for name in EXPORTS)


@route(room, "/rounds/<int:round_id>/export", permission="document.export", load=load_round)
def exports(consultation: Consultation) -> ResponseReturnValue:
    """All that can be made of the round."""
    return render_template("documents/exports.html", consultation=consultation, exports=EXPORTS)


@route(
    room,
    f"/rounds/<int:round_id>/export/<any({_NAMES}):name>",
    permission="document.export",
    load=load_round,
    methods=("GET", "POST"),
)
def export(consultation: Consultation, name: str) -> ResponseReturnValue:
    """Have the file made; who comes by an address alone is shown where to ask for it."""
    page = url_for(".exports", round_id=consultation.id)
    if request.method in SAFE_METHODS:
        return redirect(page)
    wanted = EXPORTS[name]
    work = works.start(
        KIND,
        {"name": name, "round_id": consultation.id},
        asked_by=actor().user_id,
        title=f"{wanted.title} ({wanted.extension.upper()}) - {consultation.title}",
        page=page,
    )
    return redirect(url_for("desk.work", work_id=work.id, wait=1), 303)


@route(room, "/works/<int:work_id>/file", permission="export.fetch", load=made)
def made_file(file: Made) -> ResponseReturnValue:
    """Download what was made."""
    path = files.place(file.sha256)
    if not path.exists():
        abort(404)
    title = f"{file.export.title} - {file.consultation.title}"
    return stored(path, title, file.export.extension, file.export.media_type)
