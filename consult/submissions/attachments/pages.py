"""Taking in files that come with the form of a point, and showing which are attached."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

import logging
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from consult.consultations.models import Consultation
from consult.core.db import release
from consult.core.sealing import KeyMissing
from consult.core.settings import settings
from consult.core.web import row_ids
from consult.submissions.attachments import labels as attachment_labels
from consult.submissions.attachments import services as attaching
from consult.submissions.attachments.models import Attachment
from consult.submissions.attachments.queries import attachments_of, waiting
from consult.submissions.attachments.screening import Refused, Screened, clean_name, screen
from consult.submissions.attachments.services import Holder
from consult.submissions.commands import AlreadySent
from consult.submissions.forms import PointForm
from consult.submissions.models import Point

log = logging.getLogger("consult.attaching")
ATTACH, DETACH = "attach", "detach:"


def holder(
    consultation: Consultation, user_id: int, form: PointForm, point: Point | None
) -> Holder:
    """Return what the files of the form are attached to."""
    return Holder(
        consultation.id,
        user_id,
        form_key=(form.form_key.data or "")[:32],
        place=(form.provision.data or "")[:120],
        point_id=point.id if point else None,
    )


def take_in(form: PointForm, target: Holder) -> bool:
    """Attach the posted files; return whether all were taken. The field says which were not.

    Call it before the first write of the request, and after the form was validated: looking into
    files takes its time.
    """
    found, refused = screened(form.files.data)
    for file in found:
        try:
            attaching.attach(target, file)
            form.attached.data = "1"
        except Refused as reason:
            refused.append(attachment_labels.refusal(file.name, reason))
        except AlreadySent:
            refused.append(attachment_labels.refusal(file.name, Refused("sent")))
    if refused:
        form.files.errors = refused
    return not refused


def screened(posted: list[FileStorage] | None) -> tuple[list[Screened], list[str]]:
    """Return what is kept of the posted files, and the sentences about those that are not.

    Call it before the first write of the request: looking into files takes its time.
    """
    sent = [file for file in posted or [] if file and file.filename]
    found: list[Screened] = []
    refused: list[str] = []
    if sent:
        release()
    most, clamd = settings().max_attachment_bytes, settings().clamd
    for file in sent:
        name = clean_name(file.filename or "")
        try:
            found.append(screen(file.stream.read(most + 1), name, most=most, clamd=clamd))
        except Refused as reason:
            refused.append(attachment_labels.refusal(name, reason))
    return found, refused


def act(action: str, form: PointForm, target: Holder) -> bool:
    """Do what a button beside the files asks: ATTACH, or DETACH and a file's id."""
    if action == ATTACH:
        return take_in(form, target)
    for attachment_id in row_ids([action.removeprefix(DETACH)]):
        try:
            attaching.detach(target, attachment_id)
        except AlreadySent:
            return False
    return True


def asked(action: str | None) -> bool:
    """Return whether a button beside the files was pressed."""
    return bool(action) and (action == ATTACH or str(action).startswith(DETACH))


def by_script() -> bool:
    """Return whether a script wants only the files' part of the form."""
    return request.headers.get("X-Attach") == "1"


def part(form: PointForm, target: Holder, *, well: bool) -> ResponseReturnValue:
    """Return the files' part of the form."""
    page = render_template("submissions/_attachments.html", form=form, **shown(form, target))
    return page, 200 if well else 422


def shown(form: PointForm, target: Holder, *, fresh: bool = False) -> dict[str, Any]:
    """Return what `_attachments.html` shows; one query at most.

    With ``fresh`` the form has no key yet, and takes up the files of an earlier one at its place.
    """
    files: list[Attachment] = []
    if target.point_id is not None:
        files = attachments_of([target.point_id]).get(target.point_id, [])
    elif fresh or (target.form_key and (form.attached.data or request.method == "GET")):
        files = _waiting(target)
        form.attached.data = "1" if files else ""
        if files:
            form.form_key.data = files[0].form_key
    return {
        "attachments": files,
        "accepted": attachment_labels.ACCEPTED,
        "files_hint": attachment_labels.hint(),
        "largest": settings().max_attachment_bytes,
        "too_large": attachment_labels.refusal(
            "#", Refused("too_large", limit=settings().max_attachment_bytes >> 20)
        ),
    }


def _waiting(target: Holder) -> list[Attachment]:
    try:
        return waiting(target.owner, target.place, target.form_key)
    except KeyMissing as error:
        log.error("no files are found: %s", error)
        return []
