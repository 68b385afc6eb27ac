"""Which search engine the running application uses."""

from __future__ import annotations

from flask import current_app

from consult.core.settings import settings
from consult.search.engine import SearchEngine
from consult.search.whoosh_engine import WhooshEngine


def engine() -> SearchEngine:
    """Return the application's engine; needs an application context."""
    known = current_app.extensions.get("consult_search")
    if known is None:
        known = WhooshEngine(settings().data_dir / "index")
        current_app.extensions["consult_search"] = known
    return known
