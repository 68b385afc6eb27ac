"""The agency's pages of a round: preparing, publishing, extending, cancelling."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries
from consult.consultations.models import Consultation
from consult.core.web import route
from consult.drafts.models import DraftVersion
from consult.drafts.queries import version

room = Blueprint("consultations", __name__)


@route(
    room,
    "/office/versions/<int:version_id>/rounds/new",
    permission="draft.prepare",
    load=version,
    methods=("GET", "POST"),
)
def new(version: DraftVersion) -> ResponseReturnValue:
    """The form of a new round."""
    return render_template("consultations/edit.html", version=version)


@route(
    room,
    "/office/rounds/<int:round_id>/edit",
    permission="round.manage",
    load=queries.consultation,
    methods=("GET", "POST"),
)
def edit(consultation: Consultation) -> ResponseReturnValue:
    """The form of a round that is not open yet."""
    return render_template("consultations/edit.html", version=consultation.version)


@route(
    room,
    "/office/rounds/<int:round_id>",
    permission="round.manage",
    load=queries.consultation,
)
def manage(consultation: Consultation) -> ResponseReturnValue:
    """What is missing, what comes next, what happened."""
    return render_template("consultations/manage.html", consultation=consultation)


@route(
    room,
    "/office/rounds/<int:round_id>/publish",
    permission="round.manage",
    load=queries.consultation,
    methods=("POST",),
)
def publish(consultation: Consultation) -> ResponseReturnValue:
    """Publish the round."""
    return redirect(url_for(".manage", round_id=consultation.id), 303)


@route(
    room,
    "/office/rounds/<int:round_id>/extend",
    permission="round.manage",
    load=queries.consultation,
    methods=("POST",),
)
def extend(consultation: Consultation) -> ResponseReturnValue:
    """Set a later closing instant."""
    return redirect(url_for(".manage", round_id=consultation.id), 303)


@route(
    room,
    "/office/rounds/<int:round_id>/cancel",
    permission="round.manage",
    load=queries.consultation,
    methods=("POST",),
)
def cancel(consultation: Consultation) -> ResponseReturnValue:
    """Cancel the round."""
    return redirect(url_for(".manage", round_id=consultation.id), 303)
