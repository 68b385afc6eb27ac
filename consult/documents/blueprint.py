"""The blueprint on which the room's modules of views declare their downloads."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("documents", __name__)
