"""The blueprint on which the drafts room's pages are declared."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("drafts", __name__)
