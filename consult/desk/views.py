"""The desk room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("desk", __name__)
