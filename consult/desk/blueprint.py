"""The blueprint on which the desk's modules of views declare their pages."""

from __future__ import annotations

from flask import Blueprint

room = Blueprint("desk", __name__)
