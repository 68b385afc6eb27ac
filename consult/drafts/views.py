"""The drafts room's pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("drafts", __name__)
