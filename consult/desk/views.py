"""The desk: what each person's roles ask him or her to do next."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import false

from consult.consultations.models import Audience, Stage
from consult.core import clock
from consult.core.paging import page_number
from consult.core.permissions import actor, can
from consult.core.web import route
from consult.desk import queries, round_queries, work_views
from consult.desk.blueprint import room
from consult.submissions.vault import written_anywhere

__all__ = ["room", "work_views"]


@route(room, "/desk", permission="desk.home")
def home() -> ResponseReturnValue:
    """One panel for each thing that the person does here; at most eight queries of its own."""
    person = actor()
    agencies = person.organisations("official")
    front, secretariat = can("summary.work"), can("people.verify")
    staff = bool(agencies) or front or secretariat or can("summary.list") or can("admin.users")
    writes = person.verified or not staff
    open_to = list(Audience) if person.verified else [Audience.EVERYONE] if writes else []
    rounds = round_queries.rounds(agencies=agencies, front=front, open_to=open_to)
    user_id = person.user_id or 0
    written = written_anywhere(user_id) if writes else false()
    state, note = queries.profile_state(user_id) if writes else ("", "")
    return render_template(
        "desk/home.html",
        now=clock.now(),
        writes=writes,
        front=front,
        secretariat=secretariat,
        own_rounds=[line for line in rounds if line.agency_id in agencies],
        front_rounds=[line for line in rounds if line.stage is not Stage.PREPARING],
        open_rounds=[line for line in rounds if line.stage is Stage.OPEN],
        drafts=queries.drafts_without_round(agencies) if agencies else [],
        summaries=queries.released_summaries() if can("summary.list") else [],
        pending=queries.pending_profiles() if secretariat else [],
        requests=queries.club_requests(user_id) if person.verified else [],
        profile_state=state,
        profile_note=note,
        baskets=queries.baskets(written) if writes else [],
        answers=queries.answers(written) if writes else [],
    )


@route(room, "/desk/drafts", permission="draft.upload")
def drafts() -> ResponseReturnValue:
    """Every draft of the person's agencies, whether or not a round is on it."""
    agencies = actor().organisations("official")
    return render_template("desk/drafts.html", page=queries.drafts(agencies, number=page_number()))
