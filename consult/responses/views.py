"""The responses room's pages on answers: the answer's form, what colleagues note, publication."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core import clock
from consult.core.i18n import _, _n, format_number
from consult.core.permissions import actor
from consult.core.web import route, row_ids, safe_next
from consult.responses import (
    commitment_views,
    comparison_views,
    deadline_views,
    deadlines,
    embargo_views,
    expert_queries,
    expert_views,
    link_queries,
    linking,
    queries,
    reply_queries,
    reply_views,
    services,
    table_views,
    version_views,
    work_queries,
    work_services,
)
from consult.responses.answer_pages import chosen as chosen_points
from consult.responses.answer_pages import shared_answer, with_draft
from consult.responses.blueprint import room
from consult.responses.forms import AnswerForm, LinkForm, MoveForm, NoteForm
from consult.responses.models import Disposition, Response
from consult.submissions.joint.queries import signed_by
from consult.submissions.models import Point
from consult.submissions.queries import contributor

# The pages of the table and of versions are declared on the same blueprint.
__all__ = [
    "commitment_views",
    "comparison_views",
    "deadline_views",
    "embargo_views",
    "expert_views",
    "reply_views",
    "room",
    "table_views",
    "version_views",
]
# Released summaries, which lie below this room, print what was answered.
room.add_app_template_global(queries.published_for, "published_answers")
room.add_app_template_global(deadlines.overdue, "answers_overdue")
room.add_app_template_global(reply_queries.facts, "answer_facts")

# --- answering -----------------------------------------------------------------------------------


@route(
    room,
    "/office/rounds/<int:round_id>/answer",
    permission="answer.write",
    load=load_round,
    methods=("GET", "POST"),
)
def answer(consultation: Consultation) -> ResponseReturnValue:
    """Answer the chosen points (?point=…), or change a drafted answer (?response=…).

    With ?every=1 the points are all that the table's filter, named beside it, finds.
    """
    points = chosen_points(consultation)
    if points is None:
        most = format_number(table_views.AT_ONCE)
        flash(_("At most %(limit)s points are answered at once.", limit=most), "warning")
        return redirect(_back(consultation), 303)
    if not points:
        flash(_("Please choose at least one point that still stands."), "warning")
        return redirect(_back(consultation), 303)
    current = queries.current_for([point.id for point in points])
    published = [p for p in points if p.id in current and current[p.id].published_at]
    if published and len(published) < len(points):
        flash(
            _(
                "These points have a published answer already, which is corrected by itself: "
                "%(codes)s. Please choose without them.",
                codes=", ".join(point.code for point in published),
            ),
            "warning",
        )
        return redirect(_back(consultation), 303)
    if request.method == "GET":
        form = AnswerForm(obj=shared_answer(points, current))
        return _form(consultation, points, form, current, correcting=bool(published))
    if taken := row_ids(request.form.getlist("take")[:1]):
        form = with_draft(points, taken[0])
        return _form(consultation, points, form, current, correcting=bool(published))
    if request.form.get("action") == "move":
        return _move(consultation, points, current)
    if request.form.get("action") == "link":
        return _link(consultation, points, current)
    if request.form.get("action") == "note":
        return _note(consultation, points, current, correcting=bool(published))
    return _answer(consultation, points, current, correcting=bool(published))


def _answer(
    consultation: Consultation,
    points: list[Point],
    current: dict[int, Response],
    *,
    correcting: bool,
) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate_on_submit():
        return _form(consultation, points, form, current, correcting=correcting), 422
    command = services.AnswerPoints(
        consultation.id,
        frozenset(point.id for point in points),
        Disposition(form.disposition.data),
        form.reason.data or "",
        actor().user_id,
        for_discussion=bool(form.for_discussion.data) and not correcting,
    )
    try:
        if correcting:
            services.correct(command)
            flash(_("The correction is published; the earlier answer stays on record."), "success")
        else:
            services.answer(command)
            flash(_("The answer is saved as a draft. Nobody outside sees it yet."), "success")
    except (services.NoPoints, services.AlreadyPublished, services.NotPublished):
        flash(_("Somebody answered or withdrew some of these points meanwhile."), "warning")
        return _form(consultation, points, form, current, correcting=correcting), 409
    return redirect(_back(consultation), 303)


def _move(
    consultation: Consultation, points: list[Point], current: dict[int, Response]
) -> ResponseReturnValue:
    form = MoveForm()
    form.offer(queries.drafts(consultation.id))
    if form.validate_on_submit():
        try:
            services.move(consultation.id, [point.id for point in points], form.response.data)
        except (services.NoSuchAnswer, services.NoPoints, services.AlreadyPublished):
            flash(_("That answer was published or removed meanwhile."), "warning")
        else:
            flash(_("The points have joined the drafted answer."), "success")
        return redirect(_back(consultation), 303)
    again = AnswerForm(formdata=None, obj=shared_answer(points, current))
    return _form(consultation, points, again, current, correcting=False), 422


def _link(
    consultation: Consultation, points: list[Point], current: dict[int, Response]
) -> ResponseReturnValue:
    """Link the points' answer to a change of a later version, or take the link away."""
    shared, value = shared_answer(points, current), request.form.get("change", "")
    try:
        if shared is None:
            raise linking.NoSuchChange
        linking.link(shared, consultation.version_id, value, actor_id=actor().user_id)
    except linking.NoSuchChange:
        flash(_("That change cannot be linked to this answer."), "warning")
    else:
        flash(
            _("The answer is linked to the change.") if value else _("The link is taken away."),
            "success",
        )
    return redirect(_back(consultation), 303)


def _link_form(consultation: Consultation, shared: Response | None) -> LinkForm | None:
    """Return the form of the answer's link; None where there is nothing to link."""
    if shared is None or shared.disposition not in linking.LEADS_TO_A_CHANGE:
        return None
    changes = link_queries.choices(consultation.version_id)
    form = LinkForm(formdata=None, change=link_queries.value_of(shared.id))
    form.offer(changes)
    return form if changes else None


def _note(
    consultation: Consultation,
    points: list[Point],
    current: dict[int, Response],
    *,
    correcting: bool,
) -> ResponseReturnValue:
    """Keep a note for colleagues; what is typed of the answer stays in its form."""
    form, answer_form, author_id = NoteForm(), AnswerForm(), actor().user_id
    if author_id is None or not form.validate_on_submit():
        page = _form(consultation, points, answer_form, current, correcting=correcting, note=form)
        return page, 422
    work_services.note([p.id for p in points], form.note.data or "", author_id=author_id)
    flash(_("The note is kept. Only officials of your agency read it."), "success")
    return _form(consultation, points, answer_form, current, correcting=correcting)


def _form(
    consultation: Consultation,
    points: list[Point],
    form: AnswerForm,
    current: dict[int, Response],
    *,
    correcting: bool,
    note: NoteForm | None = None,
) -> str:
    shared = shared_answer(points, current)
    move_form = MoveForm(formdata=None)
    move_form.offer(
        []
        if correcting
        else [d for d in queries.drafts(consultation.id) if d.response is not shared]
    )
    return render_template(
        "responses/answer.html",
        consultation=consultation,
        points=points,
        form=form,
        move_form=move_form,
        link_form=_link_form(consultation, shared),
        note_form=note or NoteForm(formdata=None),
        notes=work_queries.notes_on([point.id for point in points]),
        drafts=expert_queries.on_points([point.id for point in points]),
        now=clock.now(),
        passed=reply_queries.passed_on([point.id for point in points]),
        shared=shared,
        correcting=correcting,
        back=_back(consultation),
        contributor=contributor,
        signed=signed_by([point.submission for point in points]),
    )


def _back(consultation: Consultation) -> str:
    return safe_next(request.values.get("next")) or url_for(
        "responses.table", round_id=consultation.id
    )


# --- publishing ----------------------------------------------------------------------------------


@route(
    room,
    "/office/rounds/<int:round_id>/answers/publish",
    permission="answer.write",
    load=load_round,
    methods=("POST",),
)
def publish(consultation: Consultation) -> ResponseReturnValue:
    """Publish the drafted answers of the chosen points, or all of the round (all=1)."""
    chosen: set[int] | None = None
    if request.form.get("all") != "1":
        points = row_ids(request.form.getlist("point"))
        current = queries.current_for(points)
        chosen = {r.id for r in current.values() if r.published_at is None and not r.for_discussion}
        if not chosen:
            flash(_("None of the chosen points has a drafted answer to publish."), "warning")
            return redirect(_back(consultation), 303)
    before = consultation.stage
    ids = services.publish(consultation.id, actor_id=actor().user_id, response_ids=chosen)
    if ids:
        flash(
            _n(
                "%(count)s answer is published; its authors are told.",
                "%(count)s answers are published; their authors are told.",
                len(ids),
                count=format_number(len(ids)),
            ),
            "success",
        )
    if consultation.stage is not before:
        flash(_("Every point is answered: the round is now marked as answered."), "success")
    elif not ids and chosen:
        flash(_("These answers wait for their instant; let them wait no more first."), "warning")
    elif not ids:
        flash(_("There was nothing to publish."))
    return redirect(_back(consultation), 303)
