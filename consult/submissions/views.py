"""The submissions room's pages."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.web import route

room = Blueprint("submissions", __name__)


def _round(round_id: int) -> Consultation | None:
    return db.session.get(Consultation, round_id)


@route(
    room,
    "/rounds/<int:round_id>/write",
    permission="point.write",
    load=_round,
    methods=("GET", "POST"),
)
def write(consultation: Consultation) -> ResponseReturnValue:
    abort(404)


@route(room, "/rounds/<int:round_id>/basket", permission="point.write", load=_round)
def basket(consultation: Consultation) -> ResponseReturnValue:
    abort(404)


@route(
    room, "/rounds/<int:round_id>/send", permission="point.write", load=_round, methods=("POST",)
)
def send(consultation: Consultation) -> ResponseReturnValue:
    abort(404)


@route(
    room,
    "/rounds/<int:round_id>/basket/<int:point_id>",
    permission="point.write",
    load=_round,
    methods=("GET", "POST"),
)
def edit_point(consultation: Consultation, point_id: int) -> ResponseReturnValue:
    abort(404)


@route(
    room,
    "/rounds/<int:round_id>/basket/<int:point_id>/delete",
    permission="point.write",
    load=_round,
    methods=("POST",),
)
def delete_point(consultation: Consultation, point_id: int) -> ResponseReturnValue:
    abort(404)


@route(room, "/receipts/<reference>", permission="account.own")
def receipt(reference: str) -> ResponseReturnValue:
    abort(404)


@route(room, "/receipts/<reference>.txt", permission="account.own")
def receipt_file(reference: str) -> ResponseReturnValue:
    abort(404)


@route(room, "/receipts/<reference>/withdraw", permission="account.own", methods=("POST",))
def withdraw(reference: str) -> ResponseReturnValue:
    abort(404)
