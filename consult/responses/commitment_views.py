"""The pages of commitments: everybody's list of a round, the agency's two forms."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core import clock
from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import received_at, route, row_ids
from consult.responses import commitment_queries, commitments, queries
from consult.responses.blueprint import room
from consult.responses.commitment_forms import CommitmentForm, SettleForm
from consult.responses.commitment_models import CommitmentState
from consult.submissions.models import code_of
from consult.summaries.queries import points_by_id


@route(
    room,
    "/rounds/<int:round_id>/commitments",
    permission="round.read",
    load=load_round,
    endpoint="commitments",
)
def listed(consultation: Consultation) -> ResponseReturnValue:
    """What the agency promises in its answers, and what became of it."""
    asked = request.args.get("state", "")
    shown = next((one for one in commitment_queries.Shown if one.value == asked), None)
    return render_template(
        "responses/commitments.html",
        consultation=consultation,
        promised=commitment_queries.of_round(consultation.id, clock.now(), shown),
        shown=shown,
        code_of=code_of,
    )


@route(
    room,
    "/office/rounds/<int:round_id>/commitments/new",
    permission="answer.write",
    load=load_round,
    methods=("GET", "POST"),
)
def commit(consultation: Consultation) -> ResponseReturnValue:
    """Make a commitment beside the published answer to ?point=."""
    ids = row_ids(request.values.getlist("point")[:1])
    points = points_by_id(consultation.id, ids)
    answer = queries.published_for([point.id for point in points])
    if not answer:
        flash(_("A commitment stands beside a published answer: please publish it first."))
        return redirect(url_for("responses.table", round_id=consultation.id), 303)
    form, [point] = CommitmentForm(), points
    if form.validate_on_submit():
        commitments.make(
            commitments.Make(
                answer[point.id],
                form.what.data or "",
                form.who.data or "",
                form.due_at.data,
                actor().user_id,
                received_at(),
            )
        )
        flash(_("The commitment is public now."), "success")
        return redirect(url_for("responses.commitments", round_id=consultation.id), 303)
    page = render_template(
        "responses/commitment.html",
        consultation=consultation,
        point=point,
        response=answer[point.id],
        form=form,
    )
    return page, 422 if form.errors else 200


@route(
    room,
    "/office/rounds/<int:round_id>/commitments/<int:commitment_id>",
    permission="answer.write",
    load=load_round,
    methods=("GET", "POST"),
)
def settle(consultation: Consultation, commitment_id: int) -> ResponseReturnValue:
    """Say what became of a commitment, with evidence; or take that back."""
    row = commitment_queries.commitment(consultation.id, commitment_id) or abort(404)
    form = SettleForm(obj=row)
    if request.method == "GET":
        form.state.data = row.state.value
    if form.validate_on_submit():
        commitments.settle(
            commitments.Settle(
                row,
                CommitmentState(form.state.data),
                form.outcome.data or "",
                form.evidence.data or "",
                actor().user_id,
                received_at(),
            )
        )
        flash(_("What became of the commitment is kept; everybody reads it."), "success")
        return redirect(url_for("responses.commitments", round_id=consultation.id), 303)
    page = render_template(
        "responses/settle.html", consultation=consultation, commitment=row, form=form
    )
    return page, 422 if form.errors else 200
