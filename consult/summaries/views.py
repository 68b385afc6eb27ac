"""The summaries room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("summaries", __name__)
