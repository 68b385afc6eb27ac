"""The search room's pages."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from consult.core.web import route

room = Blueprint("search", __name__)


@route(room, "/search", permission="search.use")
def results() -> ResponseReturnValue:
    """Show the query box and what was found."""
    return render_template("search/results.html")
