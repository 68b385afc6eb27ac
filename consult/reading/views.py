"""The reading room's pages."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.web import route

room = Blueprint("reading", __name__)


def _round(round_id: int) -> Consultation | None:
    return db.session.get(Consultation, round_id)


@route(room, "/", permission="site.read")
def home() -> ResponseReturnValue:
    return render_template("reading/home.html")


@route(room, "/rounds", permission="round.list")
def rounds() -> ResponseReturnValue:
    return render_template("reading/home.html")


@route(room, "/rounds/<int:round_id>", permission="round.read", load=_round, endpoint="round")
def show_round(consultation: Consultation) -> ResponseReturnValue:
    return render_template("reading/home.html")


@route(room, "/rounds/<int:round_id>/points", permission="points.list", load=_round)
def points(consultation: Consultation) -> ResponseReturnValue:
    return render_template("reading/home.html")


@route(room, "/points/<int:point_id>", permission="account.own")
def point(point_id: int) -> ResponseReturnValue:
    abort(404)


@route(room, "/rounds/<int:round_id>/answers", permission="round.read", load=_round)
def answers(consultation: Consultation) -> ResponseReturnValue:
    return render_template("reading/home.html")


@route(room, "/rounds/<int:round_id>/source", permission="round.read", load=_round)
def source(consultation: Consultation) -> ResponseReturnValue:
    abort(404)


@route(room, "/my/contributions", permission="account.own")
def mine() -> ResponseReturnValue:
    return render_template("reading/home.html")
