"""The consultations room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("consultations", __name__)
