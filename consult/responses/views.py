"""The responses room's pages: the agency's table of points, the answer's form, publication."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.web import route

room = Blueprint("responses", __name__)


def load_round(round_id: int) -> Consultation | None:
    """Return the round, or None."""
    return db.session.get(Consultation, round_id)


@route(room, "/office/rounds/<int:round_id>/answers", permission="answer.write", load=load_round)
def table(consultation: Consultation) -> ResponseReturnValue:
    """Show the round's points with their answers."""
    return render_template("responses/table.html", consultation=consultation)


@route(
    room,
    "/office/rounds/<int:round_id>/answer",
    permission="answer.write",
    load=load_round,
    methods=("GET", "POST"),
)
def answer(consultation: Consultation) -> ResponseReturnValue:
    """Answer one or many points."""
    return render_template("responses/answer.html", consultation=consultation)


@route(
    room,
    "/office/rounds/<int:round_id>/answers/publish",
    permission="answer.write",
    load=load_round,
    methods=("POST",),
)
def publish(consultation: Consultation) -> ResponseReturnValue:
    """Publish answers."""
    return redirect(url_for("responses.table", round_id=consultation.id), 303)
