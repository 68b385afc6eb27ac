"""The notifications room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("notifications", __name__)
