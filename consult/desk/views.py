"""The desk: what each person's roles ask him or her to do next."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult.core.web import route

room = Blueprint("desk", __name__)


@route(room, "/desk", permission="desk.home")
def home() -> ResponseReturnValue:
    """One panel for each thing that the person does here."""
    return render_template("desk/home.html")
