"""The search room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("search", __name__)
