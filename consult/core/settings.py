"""The installation's settings inside the application."""

from __future__ import annotations

from typing import cast

from flask import current_app

from config import Settings


def settings() -> Settings:
    """Return the settings that the present application was made with."""
    return cast("Settings", current_app.extensions["consult_settings"])
