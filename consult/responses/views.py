"""The responses room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("responses", __name__)
