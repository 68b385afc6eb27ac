"""The summaries room's pages: the matrix, its cells, the workspace, released summaries."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.web import route
from consult.summaries.models import Summary

room = Blueprint("summaries", __name__)


def load_round(round_id: int) -> Consultation | None:
    """Return the round, or None."""
    return db.session.get(Consultation, round_id)


def load_summary(summary_id: int) -> Summary | None:
    """Return the summary, or None."""
    return db.session.get(Summary, summary_id)


@route(room, "/front/rounds/<int:round_id>", permission="summary.work", load=load_round)
def matrix(consultation: Consultation) -> ResponseReturnValue:
    """Show the counts of provisions by stance."""
    return render_template("summaries/matrix.html", consultation=consultation)


@route(room, "/front/rounds/<int:round_id>/cell", permission="summary.work", load=load_round)
def cell(consultation: Consultation) -> ResponseReturnValue:
    """Show the points behind one count of the matrix."""
    return render_template("summaries/cell.html", consultation=consultation)


@route(
    room,
    "/front/rounds/<int:round_id>/summary",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def edit(consultation: Consultation) -> ResponseReturnValue:
    """Write the summary."""
    return render_template("summaries/edit.html", consultation=consultation)


@route(
    room,
    "/front/rounds/<int:round_id>/summary/release",
    permission="summary.work",
    load=load_round,
    methods=("POST",),
)
def release(consultation: Consultation) -> ResponseReturnValue:
    """Release the summary."""
    return redirect(url_for("summaries.edit", round_id=consultation.id), 303)


@route(room, "/summaries/<int:summary_id>", permission="summary.read", load=load_summary)
def read(summary: Summary) -> ResponseReturnValue:
    """Show a released summary."""
    return render_template("summaries/read.html", summary=summary)
