"""The summaries room's pages: the matrix and its cells; the others' modules are named here."""

from __future__ import annotations

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.paging import page_number, paginate
from consult.core.web import route
from consult.drafts.queries import WHOLE_DRAFT
from consult.submissions.joint.queries import signed_by
from consult.submissions.models import Stance, code_of
from consult.submissions.queries import contributor, people_counts
from consult.submissions.voices.queries import tallies
from consult.summaries import (
    accounting,
    coding_views,
    decision_views,
    doubt_queries,
    doubt_views,
    group_views,
    missed_views,
    objection_views,
    preview_views,
    queries,
    reading_views,
    released_views,
    review_views,
    scale_views,
    theme_views,
    workspace_views,
)
from consult.summaries.blueprint import room
from consult.summaries.decision_forms import REASONS
from consult.summaries.matrix import Line, with_parts
from consult.summaries.passages import strongest
from consult.summaries.text_queries import texts_by_place

__all__ = [
    "coding_views",
    "decision_views",
    "doubt_views",
    "group_views",
    "missed_views",
    "objection_views",
    "preview_views",
    "reading_views",
    "released_views",
    "review_views",
    "room",
    "scale_views",
    "theme_views",
    "workspace_views",
]

# So many of a cell's passages are shown above its points.
_SHOWN_PASSAGES = 4


@route(room, "/front/rounds/<int:round_id>", permission="summary.work", load=load_round)
def matrix(consultation: Consultation) -> ResponseReturnValue:
    """Show the counts of provisions by stance; rows without points on request (?all=1)."""
    table = queries.matrix(consultation)
    everything = request.args.get("all") == "1"
    return render_template(
        "summaries/matrix.html",
        consultation=consultation,
        matrix=table,
        rows=table.rows if everything else table.commented(),
        everything=everything,
        stances=list(Stance),
        people=people_counts(consultation.id),
        texts=texts_by_place(consultation.id),
        withdrawn=accounting.withdrawn_count(consultation.id),
        summary=queries.newest(consultation.id),
    )


@route(room, "/front/rounds/<int:round_id>/cell", permission="summary.work", load=load_round)
def cell(consultation: Consultation) -> ResponseReturnValue:
    """Show the points behind one count of the matrix, its strongest passages first."""
    lines = queries.provision_lines(consultation.version_id)
    key = request.args.get("provision", "")
    line = next((line for line in lines if line.key == key), None)
    if key and key != WHOLE_DRAFT and line is None:
        abort(404)
    parts = request.args.get("parts") == "1"
    summary = queries.newest(consultation.id) if request.args.get("quoted") == "no" else None
    wanted = queries.Cell(
        consultation.id,
        provision_ids=_provision_ids(lines, line, parts=parts),
        on_whole_draft=key == WHOLE_DRAFT,
        stance=_stance(request.args.get("stance")),
        not_quoted_in=summary.id if summary else None,
    )
    opinions = queries.cell_opinions(wanted)
    page = paginate(queries.cell_points(wanted), number=page_number())
    decided, doubts = doubt_queries.beside([point.id for point in page.rows])
    return render_template(
        "summaries/cell.html",
        consultation=consultation,
        line=line,
        wanted=wanted,
        parts=parts,
        page=page,
        tallies=tallies([point.id for point in page.rows]),
        decided=decided,
        doubts=doubts,
        reasons=REASONS,
        code_of=code_of,
        passages=strongest(opinions, most=_SHOWN_PASSAGES) if len(opinions) > 1 else [],
        contributor=contributor,
        signed=signed_by([point.submission for point in page.rows]),
        stances=list(Stance),
    )


def _provision_ids(lines: list[Line], line: Line | None, *, parts: bool) -> tuple[int, ...] | None:
    if line is None:
        return None
    return tuple(with_parts(lines, line.id)) if parts else (line.id,)


def _stance(value: str | None) -> Stance | None:
    return Stance(value) if value in list(Stance) else None
