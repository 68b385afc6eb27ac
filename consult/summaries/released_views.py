"""The page of a released summary: what each of its audiences sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.paging import Page, page_number
from consult.core.web import route
from consult.submissions.joint.queries import signed_in_round
from consult.submissions.models import Stance, code_of
from consult.submissions.queries import contributor
from consult.summaries import queries
from consult.summaries.blueprint import room
from consult.summaries.decision_forms import REASONS
from consult.summaries.models import Passage, Summary
from consult.summaries.printing import Words, words_of
from consult.summaries.sections import apart_in, codes, compose, frozen_counts
from consult.summaries.since import since_release

APPENDIX_PAGE = 100


@route(room, "/summaries/<int:summary_id>", permission="summary.read", load=queries.summary)
def read(summary: Summary) -> ResponseReturnValue:
    """Show a released summary; a draft sends its writers to the workspace."""
    consultation = summary.consultation
    if summary.released_at is None:
        return redirect(url_for("summaries.edit", round_id=consultation.id))
    passages = queries.evidence(summary.id, only_quoted=True)
    since = since_release(summary)
    counted = {*summary.manifest["body"], *summary.manifest["appendix"]}
    return render_template(
        "summaries/read.html",
        consultation=consultation,
        summary=summary,
        withdrawn_codes=codes(counted.intersection(since.withdrawn)),
        newer=since.newer,
        checkpoint=since.checkpoint,
        **shown(summary, summary.manifest, words_of(summary), passages),
    )


def shown(
    summary: Summary, manifest: Mapping[str, Any], words: Words, passages: Sequence[Passage]
) -> dict[str, Any]:
    """Return what `summaries/_released.html` shows, after the accounting in ``manifest``."""
    consultation = summary.consultation
    lines = queries.provision_lines(consultation.version_id)
    appendix = _appendix(manifest["appendix"])
    return {
        "manifest": manifest,
        "apart": apart_in(manifest),
        "reasons": REASONS,
        "code_of": code_of,
        "words": words,
        "sections": compose(lines, frozen_counts(manifest), words.narratives, passages),
        "page": appendix,
        "appendix": queries.points_by_id(consultation.id, appendix.rows, files=False),
        "contributor": contributor,
        "joints": signed_in_round(consultation.id),
        "stances": list(Stance),
    }


def _appendix(point_ids: list[int]) -> Page[int]:
    """Return the page of the appendix that is asked for; ?all=1 is the whole, for printing."""
    if request.args.get("all") == "1":
        return Page(point_ids, 1, max(len(point_ids), 1), len(point_ids))
    number = page_number()
    first = (number - 1) * APPENDIX_PAGE
    return Page(point_ids[first : first + APPENDIX_PAGE], number, APPENDIX_PAGE, len(point_ids))
