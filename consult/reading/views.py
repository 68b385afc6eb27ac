"""The reading room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("reading", __name__)
