"""The critiques room's pages, gathered from its modules of views."""

from __future__ import annotations

from consult.critiques import review_models
from consult.critiques.blueprint import room

__all__ = ["review_models", "room"]
