"""Pages of a version's tree: beside its text, its history, as it was first read."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from consult.core.web import route
from consult.drafts import (
    correction_labels,
    correction_queries,
    labels,
    originals,
    queries,
    version_queries,
)
from consult.drafts import tree_page as pages
from consult.drafts.blueprint import room
from consult.drafts.models import DraftVersion
from consult.drafts.parsing import UnreadableDocument


@route(
    room,
    "/office/versions/<int:version_id>",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def version(version: DraftVersion) -> ResponseReturnValue:
    """The text as read and its tree side by side, with what a person should look at."""
    lines = queries.provisions(version.id)
    text = pages.Text(version.text)
    tree = pages.rows(text, lines, queries.extents(version.id))
    # How the text was recovered has a box of its own.
    doubts = [entry for entry in version.warnings if entry["code"] != version.reading]
    found = pages.remarks(doubts, tree)
    wanted = request.args.get("remarks", "")
    history = correction_queries.history(version.id)
    has_pages = originals.has_pages(version)
    shows_pages = has_pages and request.args.get("beside") == "pages"
    return render_template(
        "drafts/version.html",
        has_pages=has_pages,
        pictures=_pictures(version, text) if shows_pages else None,
        version=version,
        reading=labels.reading(version.reading),
        newest=queries.newest(version.draft_id),
        previous=next(iter(version_queries.earlier_public(version)), None),
        total=len(lines),
        counts=labels.counts(queries.kinds(lines)),
        chunks=text.chunks(),
        tree=tree,
        remarks=[remark for remark in found if wanted in ("", remark.filter)],
        all_remarks=len(found),
        filters=pages.filters(found),
        wanted=wanted,
        history=history,
        step=correction_queries.step(history),
        last=next((entry for entry in history if entry.undone_at is None), None),
        sentence=correction_labels.correction,
    )


def _pictures(version: DraftVersion, text: pages.Text) -> list[pages.Picture] | None:
    """Return the pages of the original, None where they cannot be shown."""
    try:
        return pages.pictures(text, originals.pages(version))
    except UnreadableDocument:
        return None


@route(
    room,
    "/office/versions/<int:version_id>/corrections",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def corrections(version: DraftVersion) -> ResponseReturnValue:
    """Who corrected what and when; each can be undone as long as nothing builds on it."""
    history = correction_queries.history(version.id)
    return render_template(
        "drafts/corrections.html",
        version=version,
        history=history,
        step=correction_queries.step(history),
        sentence=correction_labels.correction,
    )


@route(
    room,
    "/office/versions/<int:version_id>/guess",
    permission="draft.prepare",
    load=correction_queries.version_with_text,
)
def guess(version: DraftVersion) -> ResponseReturnValue:
    """The tree as the parser found it, whatever was corrected since."""
    found = correction_queries.state(version).guess
    return render_template("drafts/guess.html", version=version, provisions=found.provisions)
