"""What the form of a point asks while somebody writes: keeping the words, showing a preview."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.db import release
from consult.core.i18n import local
from consult.core.web import route
from consult.submissions import keeping, own
from consult.submissions.blueprint import room
from consult.submissions.forms import PointForm
from consult.submissions.keeping import KeepWords, State
from consult.submissions.pages import author_id, current_text, preview_of

_STATUS = {
    State.KEPT: HTTPStatus.OK,
    State.NEWER: HTTPStatus.CONFLICT,
    State.CLOSED: HTTPStatus.GONE,
    State.TOO_LONG: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    State.UNKEPT: HTTPStatus.SERVICE_UNAVAILABLE,
}


@route(
    room,
    "/rounds/<int:round_id>/keep",
    permission="point.write",
    load=consultations.consultation,
    methods=("POST",),
)
def keep(consultation: Consultation) -> ResponseReturnValue:
    """Keep the words of a form that is being written; the answer is for the form's script.

    A closed form's answer brings the key under which further writing is a point of its own.
    """
    posted = request.form
    attempt = keeping.keep(
        KeepWords(
            round_id=consultation.id,
            user_id=author_id(),
            place=posted.get("place", "")[:120],
            form_key=posted.get("form_key", "")[:32],
            fields=posted,
            base=_number(posted.get("base")),
            writer=posted.get("writer", "")[:32],
            sequence=_number(posted.get("sequence")),
        )
    )
    answer = jsonify(
        state=attempt.state.value,
        revision=attempt.revision,
        at=f"{local(attempt.saved_at):%H:%M}" if attempt.saved_at else "",
        key=secrets.token_urlsafe(16) if attempt.state is State.CLOSED else "",
    )
    return answer, _STATUS[attempt.state]


@route(
    room,
    "/rounds/<int:round_id>/preview",
    permission="point.write",
    load=consultations.consultation,
    methods=("POST",),
)
def preview(consultation: Consultation) -> ResponseReturnValue:
    """What is typed, as readers will see it: a piece of the form's page."""
    form = PointForm()
    key, round_id = form.provision.data, consultation.id
    current = current_text(own.provision(consultation.version_id, key)) if key else ""
    release()  # comparing and drawing need no lock
    return render_template(
        "submissions/_preview.html", preview=preview_of(form, current), round_id=round_id
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0
