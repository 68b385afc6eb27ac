"""The pages of draft replies: the agency asks experts, the expert writes."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core import clock
from consult.core.i18n import _
from consult.core.web import received_at, route, row_ids, safe_next
from consult.critiques.candidate_queries import SHOWN, verified_people
from consult.responses import expert_queries, expert_services
from consult.responses.blueprint import room
from consult.responses.expert_forms import DraftForm, ExpertForm
from consult.responses.expert_models import DraftRequest
from consult.submissions.pages import author_id
from consult.submissions.queries import contributor
from consult.summaries.queries import points_by_id

# --- the agency ----------------------------------------------------------------------------------


@route(
    room,
    "/office/rounds/<int:round_id>/experts",
    permission="answer.write",
    load=load_round,
    methods=("GET", "POST"),
)
def experts(consultation: Consultation) -> ResponseReturnValue:
    """What was asked of experts; with ?point=… ask one of them for a draft reply to the points."""
    point_ids = expert_queries.askable(consultation.id, row_ids(request.values.getlist("point")))
    form = ExpertForm()
    people = verified_people(form.field.data or "", (form.q.data or "")[:100])[:SHOWN]
    form.offer(people)
    searching = request.form.get("action") == "search"
    asking = request.method == "POST" and bool(point_ids) and not searching
    if asking and form.validate() and _asked(consultation, point_ids, form):
        return redirect(_back(consultation), 303)
    page = render_template(
        "responses/experts.html",
        consultation=consultation,
        form=form,
        points=points_by_id(consultation.id, point_ids),
        requested=expert_queries.of_round(consultation.id),
        now=clock.now(),
        back=_back(consultation),
    )
    return page, 422 if form.errors else 200


def _asked(consultation: Consultation, point_ids: list[int], form: ExpertForm) -> bool:
    """Ask as the form says; False when that cannot be, which the form then says."""
    command = expert_services.Ask(
        consultation,
        frozenset(point_ids),
        int(form.expert.data),
        form.until.data,
        form.words.data or "",
        author_id(),
        received_at(),
    )
    try:
        expert_services.ask(command)
    except expert_services.OwnPoint:
        form.refuse_expert(_("This person wrote one of the points. Please ask another one."))
    except expert_services.AskedAlready:
        form.refuse_expert(_("This person has been asked already; the draft is still to come."))
    except (expert_services.NoExpert, expert_services.NoPoints):
        form.refuse_expert(_("This person can be asked no more. Please ask another one."))
    else:
        flash(_("The expert is asked and told."), "success")
        return True
    return False


@route(
    room,
    "/office/rounds/<int:round_id>/experts/<int:asked_id>/cancel",
    permission="answer.write",
    load=load_round,
    methods=("POST",),
)
def cancel_draft(consultation: Consultation, asked_id: int) -> ResponseReturnValue:
    """Ask for the draft reply no more."""
    try:
        expert_services.cancel(consultation.id, asked_id, actor_id=author_id(), at=received_at())
    except expert_services.Over:
        flash(_("The request had ended already."), "warning")
    else:
        flash(_("The request is cancelled; the expert is told."), "success")
    return redirect(url_for("responses.experts", round_id=consultation.id), 303)


def _back(consultation: Consultation) -> str:
    return safe_next(request.values.get("next")) or url_for(
        "responses.table", round_id=consultation.id
    )


# --- the expert ----------------------------------------------------------------------------------


@route(room, "/draft-replies", permission="account.own")
def draft_replies() -> ResponseReturnValue:
    """What agencies asked of the expert, what became of it, and what was sent."""
    return render_template(
        "responses/draft_replies.html",
        asked=expert_queries.of_expert(author_id()),
        now=clock.now(),
    )


@route(
    room,
    "/draft-replies/<int:asked_id>",
    permission="draft_reply.own",
    load=expert_queries.request,
    methods=("GET", "POST"),
)
def draft_reply(row: DraftRequest) -> ResponseReturnValue:
    """The expert reads the points and writes, saves and sends the draft, or declines."""
    form, status = DraftForm(obj=row), 200
    if request.method == "GET":
        form.disposition.data = row.disposition.value if row.disposition else ""
    elif form.validate():
        try:
            return _written(row, form)
        except expert_services.Empty:
            form.refuse_text(_("Please write the draft reply before you send it."))
        except expert_services.Over:
            flash(_("This request has ended: nothing more can be saved."), "warning")
            status = 409
    consultation = load_round(row.consultation_id)
    page = render_template(
        "responses/draft_reply.html",
        row=row,
        consultation=consultation,
        points=expert_queries.points_of(row, clock.now()),
        form=form,
        now=clock.now(),
        contributor=contributor,
    )
    return page, 422 if form.errors else status


def _written(row: DraftRequest, form: DraftForm) -> ResponseReturnValue:
    """Do what the pressed button says; raises Empty, Over."""
    action = request.form.get("action", "save")
    draft = expert_services.Draft(form.text.data or "", form.proposed(), received_at())
    if action == "decline":
        expert_services.decline(row.id, at=draft.at)
        flash(_("You have declined; the agency is told."), "success")
        return redirect(url_for("responses.draft_replies"), 303)
    if action == "send":
        expert_services.send(row.id, draft)
        flash(_("Your draft reply is with the agency. Thank you."), "success")
        return redirect(url_for("responses.draft_replies"), 303)
    expert_services.save(row.id, draft)
    if action == "autosave":
        return "", 204
    flash(_("Saved. The agency reads it once you send it."), "success")
    return redirect(url_for("responses.draft_reply", asked_id=row.id), 303)
