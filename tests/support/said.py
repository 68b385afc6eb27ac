"""What the interface says in Vietnamese, so that tests do not repeat the translators' words."""

from __future__ import annotations

from typing import Any

from flask import Flask
from markupsafe import escape

from consult.core.i18n import _, _n


def said(app: Flask, message: str, plural: str = "", number: int = 1, /, **parameters: Any) -> str:
    """Return the message as a page shows it, escaped; fails when it is not translated."""
    with app.test_request_context():
        text = _n(message, plural, number, **parameters) if plural else _(message, **parameters)
    assert text != message % parameters, f"not translated: {message}"
    return str(escape(text))
