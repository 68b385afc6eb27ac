"""The accounts room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("accounts", __name__)
