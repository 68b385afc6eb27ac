"""The admin room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("admin", __name__)
