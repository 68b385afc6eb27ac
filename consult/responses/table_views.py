"""The agency's table of a round's points: filtered, and assigned to colleagues."""

from __future__ import annotations

from typing import TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import stages
from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _, _n, format_number
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route, row_ids, safe_next
from consult.drafts import queries as drafts
from consult.drafts.models import DraftVersion
from consult.drafts.queries import WHOLE_DRAFT
from consult.responses import (
    embargo_queries,
    queries,
    reply_queries,
    version_queries,
    work_queries,
    work_services,
)
from consult.responses.blueprint import room
from consult.responses.models import Disposition
from consult.responses.queries import Answered, AnswerState
from consult.responses.reply_queries import Talk
from consult.submissions.models import Stance
from consult.submissions.queries import ANY, Anywhere, PointFilter, contributor
from consult.summaries.queries import Line, provision_lines

M = TypeVar("M", Stance, AnswerState, Disposition, Talk)
PAGE = 50
FILTERS = ("provision", "stance", "q", "state", "disposition", "assigned", "talk")
# So many points, of several pages, are answered at once at most: the answer's form lists them.
AT_ONCE = 500
# Who is to answer, in the filter and beside "Assign": the reader, nobody, or a colleague's id.
ME, NOBODY = "me", "none"


@route(room, "/office/rounds/<int:round_id>/answers", permission="answer.write", load=load_round)
def table(consultation: Consultation) -> ResponseReturnValue:
    """Show the round's points with their answers, filtered."""
    lines = provision_lines(consultation.version_id)
    points = queries.table_points(_wanted(consultation, lines), _answered())
    later = _later_version(consultation)
    if later is not None:
        touched = version_queries.touched_provisions(later.id).get(consultation.version_id, set())
        points = queries.open_on(points, touched)
    page = paginate(points, number=page_number(), size=PAGE)
    progress = queries.progress(consultation.id)
    return render_template(
        "responses/table.html",
        consultation=consultation,
        lines=lines,
        page=page,
        later=later,
        progress=progress,
        waiting=embargo_queries.of_round(consultation.id) if progress.held else [],
        work=work_queries.work_on([point.id for point in page.rows]),
        # Before a version is published points are answered, not dealt out; two queries are saved.
        facts=None if later else reply_queries.facts(consultation.id),
        colleagues=[] if later else work_queries.colleagues(consultation.agency_id),
        finished=progress.standing > 0
        and progress.complete
        and stages.possible(consultation, "answer"),
        contributor=contributor,
        at_once=AT_ONCE,
        filters={name: request.args[name] for name in FILTERS if request.args.get(name)},
    )


def every(consultation: Consultation) -> list[int] | None:
    """Return the points without a published answer that the table's filter finds, as asked now.

    None when they are more than one answer takes at once.
    """
    lines = provision_lines(consultation.version_id)
    ids = queries.unpublished(
        queries.table_points(_wanted(consultation, lines), _answered()), most=AT_ONCE + 1
    )
    return None if len(ids) > AT_ONCE else ids


def _wanted(consultation: Consultation, lines: list[Line]) -> PointFilter:
    key = request.args.get("provision", "")
    provision_id: int | Anywhere | None = next((ln.id for ln in lines if ln.key == key), ANY)
    return PointFilter(
        consultation.id,
        provision_id=None if key == WHOLE_DRAFT else provision_id,
        stance=_member(Stance, request.args.get("stance")),
        q=request.args.get("q", ""),
        reads_hidden=True,
    )


def _answered() -> Answered:
    assigned = request.args.get("assigned", "")
    return Answered(
        state=_member(AnswerState, request.args.get("state")),
        disposition=_member(Disposition, request.args.get("disposition")),
        assignee_id=_person(assigned),
        unassigned=assigned == NOBODY,
        talk=_member(Talk, request.args.get("talk")),
    )


def _person(asked: str) -> int | None:
    return actor().user_id if asked == ME else next(iter(row_ids([asked])), None)


def _later_version(consultation: Consultation) -> DraftVersion | None:
    """Return the version of the same draft that ?changed= names, if there is such a one."""
    ids = row_ids(request.args.getlist("changed")[:1])
    version = drafts.version(ids[0]) if ids else None
    return version if version and version.draft_id == consultation.version.draft_id else None


def _member(kind: type[M], value: str | None) -> M | None:
    return next((member for member in kind if member.value == value), None)


@route(
    room,
    "/office/rounds/<int:round_id>/answers/assign",
    permission="answer.write",
    load=load_round,
    methods=("POST",),
)
def assign(consultation: Consultation) -> ResponseReturnValue:
    """Assign the chosen points to a colleague, or with "none" to nobody."""
    asked = request.form.get("assignee", "")
    back = safe_next(request.form.get("next")) or url_for(".table", round_id=consultation.id)
    points = frozenset(row_ids(request.form.getlist("point")))
    assignee_id, actor_id = _person(asked), actor().user_id
    if not points:
        flash(_("Please choose at least one point that still stands."), "warning")
    elif actor_id is None or (assignee_id is None and asked != NOBODY):
        flash(_("Please choose to whom the points are assigned."), "warning")
    else:
        command = work_services.AssignPoints(consultation, points, assignee_id, actor_id)
        try:
            changed = work_services.assign(command)
        except work_services.NoColleague:
            flash(_("Points are assigned only to officials of your agency."), "warning")
        else:
            flash(_told(changed, taken_away=assignee_id is None), "success" if changed else "info")
    return redirect(back, 303)


def _told(changed: int, *, taken_away: bool) -> str:
    if not changed:
        return _("The chosen points were assigned so already.")
    count = format_number(changed)
    if taken_away:
        return _n(
            "%(count)s point is assigned to nobody now.",
            "%(count)s points are assigned to nobody now.",
            changed,
            count=count,
        )
    return _n(
        "%(count)s point is assigned.", "%(count)s points are assigned.", changed, count=count
    )
