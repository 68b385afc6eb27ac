"""The public page that says which words of quantity and figures summaries use, and when."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.core.web import route
from consult.summaries.beside import called
from consult.summaries.blueprint import room
from consult.summaries.placeholders import PLACEHOLDERS
from consult.summaries.quantities import HALF_AT, NEARLY_ALL_FROM, SOME_FROM, Quantity


@route(room, "/summaries/scale", permission="site.read")
def scale() -> ResponseReturnValue:
    """Show the scale of words, and the figures that are counted."""
    return render_template(
        "summaries/scale.html",
        words=Quantity,
        nearly_all=NEARLY_ALL_FROM,
        half=HALF_AT,
        some=SOME_FROM,
        figures=[(one.typed, called(one)) for one in PLACEHOLDERS.values()],
    )
