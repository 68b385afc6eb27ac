"""The page of a round's opinion groups."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import route
from consult.jobs import works
from consult.summaries import group_queries
from consult.summaries.blueprint import room
from consult.summaries.engine.limits import FEWEST_PEOPLE, FEWEST_SHOWN, VOTES_TO_COUNT
from consult.summaries.group_models import OpinionGroups
from consult.summaries.tasks import GROUPS


@route(room, "/front/rounds/<int:round_id>/groups", permission="summary.work", load=load_round)
def groups(consultation: Consultation) -> ResponseReturnValue:
    """Show the opinion groups, or why there are none to show, and whether that is of today."""
    found = group_queries.newest(consultation.id)
    stale = found is not None and found.basis != group_queries.basis(consultation.id)
    return render_template(
        "summaries/groups.html",
        consultation=consultation,
        found=found,
        stale=stale,
        points=group_queries.points(_named(found)) if found else {},
        fewest_people=FEWEST_PEOPLE,
        fewest_votes=VOTES_TO_COUNT,
        fewest_shown=FEWEST_SHOWN,
    )


def _named(found: OpinionGroups) -> set[int]:
    """Return the points that the groups' result names."""
    rows = [row for group in found.result.get("groups", ()) for row in group["points"]]
    return {row["point"] for row in [*rows, *found.result.get("consensus", ())]}


@route(
    room,
    "/front/rounds/<int:round_id>/groups/build",
    permission="summary.work",
    load=load_round,
    methods=("POST",),
)
def build_groups(consultation: Consultation) -> ResponseReturnValue:
    """Have the groups looked for; it may take a while and can be left."""
    work = works.start(
        GROUPS,
        {"round_id": consultation.id, "actor_id": actor().user_id},
        asked_by=actor().user_id,
        title=_("Opinion groups of “%(title)s”", title=consultation.title),
        page=url_for("summaries.groups", round_id=consultation.id),
    )
    return redirect(url_for("desk.work", work_id=work.id, wait=1), 303)
