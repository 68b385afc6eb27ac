"""The blueprint on which the room's modules of views declare their pages."""

from __future__ import annotations

from flask import Blueprint

from consult.core.plain import plain
from consult.core.text import shorten

room = Blueprint("summaries", __name__)
room.add_app_template_filter(plain)
room.add_app_template_filter(shorten)
