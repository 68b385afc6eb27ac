"""The log's public pages: its checkpoint, its key, and how anybody checks a receipt."""

from __future__ import annotations

import base64

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from consult.core.web import route
from consult.ledger import checkpoints, tree
from consult.ledger.keys import KeyUnavailable

room = Blueprint("ledger", __name__)


@route(room, "/ledger", permission="site.read")
def home() -> ResponseReturnValue:
    """The log in words and figures."""
    try:
        signed = checkpoints.current()
    except KeyUnavailable:
        signed = None
    return render_template("ledger/home.html", signed=signed)


@route(room, "/ledger/checkpoint", permission="site.read")
def checkpoint() -> ResponseReturnValue:
    """The signed checkpoint as text, for programs and witnesses."""
    try:
        return _text(checkpoints.current().note)
    except KeyUnavailable:
        abort(503)


@route(room, "/ledger/key", permission="site.read")
def key() -> ResponseReturnValue:
    """The public key as text."""
    try:
        return _text(checkpoints.current().key + "\n")
    except KeyUnavailable:
        abort(503)


@route(room, "/ledger/consistency/<int:old>/<int:new>", permission="site.read")
def consistency(old: int, new: int) -> ResponseReturnValue:
    """The proof that the log of ``new`` entries only adds to ``old``: one hash a line."""
    if not 0 < old <= new <= tree.size():
        abort(404)
    hashes = tree.Tree(new, [old - 1]).consistency(old)
    return _text("".join(base64.b64encode(value).decode() + "\n" for value in hashes))


def _text(text: str) -> Response:
    answer = Response(text, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-cache"
    return answer
