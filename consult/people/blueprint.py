"""The blueprint on which the room's modules of views declare their pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("people", __name__)
