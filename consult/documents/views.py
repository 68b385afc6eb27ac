"""The documents room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("documents", __name__)
