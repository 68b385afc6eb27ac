"""The pages of commitments: everybody's list of a round, the agency's two forms."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations.models import Consultation
from consult.consultations.queries import consultation as load_round
from consult.core import clock
from consult.core.i18n import _, format_number
from consult.core.permissions import actor
from consult.core.settings import settings
from consult.core.web import received_at, route, row_ids
from consult.responses import commitment_queries, commitments, queries
from consult.responses.blueprint import room
from consult.responses.commitment_forms import CommitmentForm, SettleForm
from consult.responses.commitment_models import Commitment, CommitmentFile, CommitmentState
from consult.submissions.attachments.labels import ACCEPTED
from consult.submissions.attachments.pages import screened
from consult.submissions.attachments.views import to_be_saved
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
    """Say what became of a commitment, with evidence; or take that back.

    A button remove=ID takes a file away; what is typed stays in the form.
    """
    row = commitment_queries.commitment(consultation.id, commitment_id) or abort(404)
    form, removed = SettleForm(obj=row), row_ids(request.form.getlist("remove"))
    if request.method == "GET":
        form.state.data = row.state.value
    elif removed:
        if commitments.unprove(row, removed[0], actor_id=actor().user_id, at=received_at()):
            flash(_("The file is taken away; it stays in the log."), "success")
    elif form.validate() and _settled(row, form):
        flash(_("What became of the commitment is kept; everybody reads it."), "success")
        return redirect(url_for("responses.commitments", round_id=consultation.id), 303)
    page = render_template(
        "responses/settle.html",
        consultation=consultation,
        commitment=row,
        files=commitment_queries.files_of(row.id),
        form=form,
        accepted=ACCEPTED,
        most=commitments.MOST_FILES,
        most_bytes=settings().max_attachment_bytes,
    )
    return page, 422 if form.errors else 200


def _settled(row: Commitment, form: SettleForm) -> bool:
    """Keep what was said, and the files; False with nothing kept when a file is refused."""
    found, refused = screened(form.uploads.data)
    if refused:
        form.refuse_files(refused)
        return False
    by, at = actor().user_id, received_at()
    try:
        commitments.prove(row, found, actor_id=by, at=at)
    except commitments.TooMany:
        most = format_number(commitments.MOST_FILES)
        form.refuse_files([_("At most %(limit)s files for a commitment.", limit=most)])
        return False
    state, outcome = CommitmentState(form.state.data), form.outcome.data or ""
    commitments.settle(commitments.Settle(row, state, outcome, form.evidence.data or "", by, at))
    return True


@route(
    room,
    "/commitment-files/<int:commitment_file_id>",
    permission="round.read",
    load=commitment_queries.evidence_file,
)
def commitment_file(file: CommitmentFile) -> ResponseReturnValue:
    """The file, to be saved by whoever reads the commitment."""
    return to_be_saved(file.sha256, file.kind, file.name)
