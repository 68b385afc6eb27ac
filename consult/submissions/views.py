"""The submissions room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("submissions", __name__)
