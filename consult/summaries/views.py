"""The summaries room's pages: the matrix, its cells, the workspace, released summaries."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _
from consult.core.paging import Page, page_number, paginate
from consult.core.permissions import actor
from consult.core.text import shorten
from consult.core.web import route
from consult.submissions.joint_queries import signed_by, signed_in_round
from consult.submissions.models import Stance, code_of
from consult.submissions.queries import contributor, people_counts
from consult.submissions.voice_queries import tallies
from consult.summaries import (
    accounting,
    commands,
    decision_queries,
    decision_views,
    queries,
    services,
    theme_views,
)
from consult.summaries.blueprint import room
from consult.summaries.decision_forms import REASONS
from consult.summaries.forms import SummaryForm, Typed, command, typed
from consult.summaries.matrix import Line, build, with_parts
from consult.summaries.models import Summary
from consult.summaries.passages import strongest
from consult.summaries.sections import apart_in, codes, compose, frozen_counts
from consult.summaries.since import since_release

__all__ = ["decision_views", "room", "theme_views"]

WHOLE_DRAFT = "general"
APPENDIX_PAGE = 100
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
    return render_template(
        "summaries/cell.html",
        consultation=consultation,
        line=line,
        wanted=wanted,
        parts=parts,
        page=page,
        tallies=tallies([point.id for point in page.rows]),
        decided=decision_queries.decisions([point.id for point in page.rows]),
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


# --- the workspace -------------------------------------------------------------------------------


@route(
    room,
    "/front/rounds/<int:round_id>/summary",
    permission="summary.work",
    load=load_round,
    methods=("GET", "POST"),
)
def edit(consultation: Consultation) -> ResponseReturnValue:
    """Write the summary: start a version, save it, have passages proposed anew."""
    summary = queries.newest(consultation.id)
    if request.method == "GET":
        form = SummaryForm(obj=summary)
        return _workspace(consultation, summary, form)
    if request.form.get("action") == "start":
        return _start(consultation)
    kept = _save(consultation, summary)
    if not isinstance(kept, Summary):
        return kept
    if request.form.get("action") == "propose":
        services.propose(kept)
        flash(_("The summary is saved, and passages are proposed where there were none."))
    else:
        flash(_("The summary is saved."), "success")
    return _to_workspace(consultation)


@route(
    room,
    "/front/rounds/<int:round_id>/summary/release",
    permission="summary.work",
    load=load_round,
    methods=("POST",),
)
def release(consultation: Consultation) -> ResponseReturnValue:
    """Save the summary as typed and release it; what stands against it is said, all saved."""
    kept = _save(consultation, queries.newest(consultation.id))
    if not isinstance(kept, Summary):
        return kept
    try:
        services.release(kept.id, actor_id=actor().user_id)
    except commands.RoundNotClosed:
        flash(_("Saved, but not released: the round is not closed yet."), "danger")
    except commands.CellsWithoutPassage as error:
        flash(_bare_cells(consultation, error.cells), "danger")
    except commands.PointsMissing as error:
        flash(_unbalanced(error), "danger")
    else:
        flash(_("The summary is released. The council and the agency are told."), "success")
        return redirect(url_for("summaries.read", summary_id=kept.id), 303)
    return _to_workspace(consultation)


def _unbalanced(error: commands.PointsMissing) -> str:
    if error.point_ids:
        return _(
            "Saved, but not released: these points are nowhere in the summary: %(codes)s.",
            codes=codes(error.point_ids),
        )
    return _(
        "Saved, but not released: these points are counted twice: %(codes)s.",
        codes=codes(error.twice),
    )


def _start(consultation: Consultation) -> ResponseReturnValue:
    try:
        services.start(consultation.id, actor_id=actor().user_id)
    except commands.AlreadyStarted:
        flash(_("Somebody has started this summary already: here it is."))
    return _to_workspace(consultation)


def _to_workspace(consultation: Consultation) -> ResponseReturnValue:
    return redirect(url_for("summaries.edit", round_id=consultation.id), 303)


def _save(consultation: Consultation, summary: Summary | None) -> Summary | ResponseReturnValue:
    """Keep the post's words and return the summary, or the page that says what is wrong."""
    form = SummaryForm()
    words = typed(queries.provision_lines(consultation.version_id))
    if summary is None or summary.released_at or request.form.get("summary") != str(summary.id):
        return render_template(
            "summaries/overtaken.html", consultation=consultation, form=form, words=words
        ), 409
    if form.validate() and not words.errors:
        try:
            return services.save(command(form, words, summary.id, actor().user_id))
        except commands.PassageNotFound as error:
            for provision_id in error.places:
                words.errors[f"add-{provision_id or 0}"] = _(
                    "No point on this provision has exactly these words. Copy them from one point."
                )
    return _workspace(consultation, summary, form, words), 422


def _workspace(
    consultation: Consultation,
    summary: Summary | None,
    form: SummaryForm,
    words: Typed | None = None,
) -> str:
    if summary is None or summary.released_at:
        return render_template("summaries/start.html", consultation=consultation, summary=summary)
    lines = queries.provision_lines(consultation.version_id)
    table = build(lines, queries.counts(consultation.id, decision_queries.not_set_aside()))
    apart = decision_queries.tally(consultation.id)
    counts = {row.line.id if row.line else None: row.own for row in table.rows}
    narratives = queries.narratives(summary.id) | (words.narratives if words else {})
    passages = queries.evidence(summary.id, only_quotable=True)
    standing = {p.point_id for p in passages if p.is_quoted and p.point.withdrawn_at is None}
    sections = compose(lines, counts, narratives, passages)
    return render_template(
        "summaries/edit.html",
        consultation=consultation,
        summary=summary,
        form=form,
        sections=sections,
        words=words or Typed(),
        ticked=words.quoted if words else {p.id for p in passages if p.is_quoted},
        bare=[
            (section, stance)
            for section in sections
            for stance, number in section.counts.items()
            if number and not any(p.point_id in standing for p in section.of(stance))
        ],
        total=table.total,
        not_quoted=table.total - len(standing) - apart.duplicates,
        apart=apart,
        closed=consultation.stage in services.RELEASABLE,
        contributor=contributor,
        joints=signed_in_round(consultation.id),
        stances=list(Stance),
    )


def _bare_cells(consultation: Consultation, cells: list[commands.Place]) -> str:
    lines = {line.id: line for line in queries.provision_lines(consultation.version_id)}
    named = list(
        dict.fromkeys(
            lines[provision_id].citation if provision_id else _("The whole draft")
            for provision_id, _stance_ in cells
        )
    )
    return _(
        "Saved, but not released: every stance on every provision must be heard. "
        "Quote at least one passage of each, missing now in: %(places)s.",
        places=shorten(", ".join(named), 600),
    )


# --- the released summary ------------------------------------------------------------------------


@route(room, "/summaries/<int:summary_id>", permission="summary.read", load=queries.summary)
def read(summary: Summary) -> ResponseReturnValue:
    """Show a released summary; a draft sends its writers to the workspace."""
    consultation = summary.consultation
    if summary.released_at is None:
        return redirect(url_for("summaries.edit", round_id=consultation.id))
    lines = queries.provision_lines(consultation.version_id)
    passages = queries.evidence(summary.id, only_quoted=True)
    sections = compose(
        lines, frozen_counts(summary.manifest), queries.narratives(summary.id), passages
    )
    appendix = _appendix(summary.manifest["appendix"])
    since = since_release(summary)
    counted = {*summary.manifest["body"], *summary.manifest["appendix"]}
    return render_template(
        "summaries/read.html",
        consultation=consultation,
        summary=summary,
        manifest=summary.manifest,
        apart=apart_in(summary.manifest),
        reasons=REASONS,
        code_of=code_of,
        sections=sections,
        page=appendix,
        appendix=queries.points_by_id(consultation.id, appendix.rows),
        withdrawn_codes=codes(counted.intersection(since.withdrawn)),
        newer=since.newer,
        checkpoint=since.checkpoint,
        contributor=contributor,
        joints=signed_in_round(consultation.id),
        stances=list(Stance),
    )


def _appendix(point_ids: list[int]) -> Page[int]:
    """Return the page of the appendix that is asked for; ?all=1 is the whole, for printing."""
    if request.args.get("all") == "1":
        return Page(point_ids, 1, max(len(point_ids), 1), len(point_ids))
    number = page_number()
    first = (number - 1) * APPENDIX_PAGE
    return Page(point_ids[first : first + APPENDIX_PAGE], number, APPENDIX_PAGE, len(point_ids))
