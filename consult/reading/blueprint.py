"""The reading room's blueprint, to which its modules of views add their pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("reading", __name__)
