"""The search room's pages."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from consult.core.paging import page_number
from consult.core.permissions import NOBODY, actor, can
from consult.core.text import nfc
from consult.core.web import route
from consult.search import queries
from consult.search.current import engine
from consult.search.engine import KINDS, IndexUnavailable, SearchQuery
from consult.search.terms import LONGEST_QUERY
from consult.submissions.models import Stance

room = Blueprint("search", __name__)


@route(room, "/search", permission="search.use")
def results() -> ResponseReturnValue:
    """Show the query box and what was found; wrong filters count as none."""
    query = _query()
    found, unavailable = None, False
    if query.text:
        try:
            found = queries.search(engine(), query, can, page=page_number())
        except IndexUnavailable:
            unavailable = True
    return render_template(
        "search/results.html", query=query, found=found, unavailable=unavailable
    ), (503 if unavailable else 200)


def _query() -> SearchQuery:
    chosen = request.args
    kind, stance = chosen.get("kind", ""), chosen.get("stance", "")
    round_id = chosen.get("round", type=int)
    return SearchQuery(
        text=nfc(chosen.get("q", "")).strip()[:LONGEST_QUERY],
        kind=kind if kind in KINDS else "",
        round_id=round_id if round_id and 0 < round_id < 2**31 else None,
        stance=stance if stance in set(Stance) else "",
        # Somebody not signed in may find nothing there.
        restricted=actor() is not NOBODY,
    )
