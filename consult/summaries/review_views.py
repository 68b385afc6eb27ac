"""The review of a summary: its text as readers will see it, approval, release."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.permissions import actor
from consult.core.web import received_at, route
from consult.submissions.joint.queries import signed_in_round
from consult.submissions.models import Stance
from consult.submissions.queries import contributor
from consult.summaries import (
    accounting,
    commands,
    queries,
    release_services,
    review_services,
    steps,
)
from consult.summaries.beside import beside
from consult.summaries.blueprint import room
from consult.summaries.figures import RoundFigures, figures
from consult.summaries.models import State, StepKind, Summary
from consult.summaries.objection_queries import for_review
from consult.summaries.printing import with_figures
from consult.summaries.refusals import refusal
from consult.summaries.review_forms import ApproveForm, ReleaseForm, ReturnForm, StepForm
from consult.summaries.review_queries import (
    UNCHANGED,
    Changes,
    changes_since,
    in_work,
    looked_at,
    quoted_now,
)
from consult.summaries.review_services import basis
from consult.summaries.sections import compose
from consult.summaries.services import stored_words

_PAGE = "/front/rounds/<int:round_id>/summary"


@route(room, f"{_PAGE}/review", permission="summary.work", load=in_work)
def review(summary: Summary) -> ResponseReturnValue:
    """Show the text in work, who did what with it, and what can be done now."""
    if summary.released_at is not None:
        return redirect(url_for("summaries.read", summary_id=summary.id))
    return _page(summary)


@route(room, f"{_PAGE}/send", permission="summary.work", load=in_work, methods=("POST",))
def send(summary: Summary) -> ResponseReturnValue:
    """Send the text that was shown for review; what stands against it is said."""
    try:
        review_services.send(summary.id, actor_id=actor().user_id, step_id=StepForm().step_id)
    except commands.REFUSALS as error:
        flash(_("Not sent. %(reason)s", reason=refusal(error, summary.consultation)), "danger")
    else:
        flash(
            _("The summary is sent for review. A colleague who has not written in it approves it.")
        )
    return _back(summary)


@route(room, f"{_PAGE}/approve", permission="summary.approve", load=in_work, methods=("POST",))
def approve(summary: Summary) -> ResponseReturnValue:
    """Approve the text that was shown."""
    form = ApproveForm()
    try:
        review_services.approve(
            commands.Approve(
                summary.id, actor().user_id or 0, form.step_id, bool(form.points_seen.data)
            )
        )
    except commands.REFUSALS as error:
        flash(_("Not approved. %(reason)s", reason=refusal(error, summary.consultation)), "danger")
    else:
        flash(_("The summary is approved. It can be released now."), "success")
    return _back(summary)


@route(room, f"{_PAGE}/return", permission="summary.work", load=in_work, methods=("POST",))
def give_back(summary: Summary) -> ResponseReturnValue:
    """Send the text back to its writers with a reason."""
    form = ReturnForm()
    if not form.validate():
        return _page(summary, returning=form), 422
    try:
        review_services.give_back(
            summary.id,
            actor_id=actor().user_id,
            step_id=form.step_id,
            reason=form.reason.data or "",
        )
    except (commands.WrongState, commands.Overtaken) as error:
        flash(refusal(error, summary.consultation), "danger")
        return _page(summary, returning=form), 409
    flash(_("The summary is sent back. Its writers are told; all words are kept."), "success")
    return _back(summary)


@route(room, f"{_PAGE}/release", permission="summary.work", load=in_work, methods=("POST",))
def release(summary: Summary) -> ResponseReturnValue:
    """Release the approved text to the audiences that are ticked."""
    form = ReleaseForm()
    try:
        release_services.release(
            commands.Release(
                summary.id,
                actor().user_id,
                form.step_id,
                council=bool(form.council.data),
                agency=bool(form.agency.data),
                public=bool(form.public.data),
                early=form.early.data or "",
            )
        )
    except commands.NotADraft:
        flash(_("The summary has been released already."))
    except commands.REFUSALS as error:
        flash(_("Not released. %(reason)s", reason=refusal(error, summary.consultation)), "danger")
        return _page(summary, releasing=form), 409
    else:
        flash(_("The summary is released. Its audiences are told."), "success")
    return redirect(url_for("summaries.read", summary_id=summary.id), 303)


def _back(summary: Summary) -> ResponseReturnValue:
    return redirect(url_for("summaries.review", round_id=summary.consultation_id), 303)


def _page(
    summary: Summary, *, returning: ReturnForm | None = None, releasing: ReleaseForm | None = None
) -> str:
    consultation = summary.consultation
    account = accounting.accounting(summary)
    approval = steps.last(summary, StepKind.APPROVED)
    changes = _changes(summary, account)
    objections, until = for_review(summary) if approval else ([], None)
    lines = queries.provision_lines(consultation.version_id)
    found = figures(consultation.id)
    words = with_figures(summary, found)
    return render_template(
        "summaries/review.html",
        consultation=consultation,
        summary=summary,
        words=words,
        sections=compose(lines, account.counts, words.narratives, quoted_now(summary)),
        doubts=_doubts(summary, found),
        account=account,
        changes=changes,
        objections=objections,
        until=None if any(changes) else until,
        now=received_at(),
        contributor=contributor,
        joints=signed_in_round(consultation.id),
        stances=list(Stance),
        **_forms(summary, returning, releasing),
    )


def _doubts(summary: Summary, found: RoundFigures) -> list[str]:
    """Return the sentences on figures and words that were typed by hand, once each."""
    told = beside(stored_words(summary), found)
    return list(dict.fromkeys(doubt for one in told.values() for doubt in one.doubts))


def _changes(summary: Summary, account: accounting.Accounting) -> Changes:
    """Return what has changed of the points; the hash of the approval tells it surely."""
    approval = steps.last(summary, StepKind.APPROVED)
    if summary.state is State.APPROVED and approval and approval.basis == basis(account):
        return UNCHANGED
    return changes_since(summary.consultation_id, looked_at(summary))


def _forms(
    summary: Summary, returning: ReturnForm | None, releasing: ReleaseForm | None
) -> dict[str, StepForm]:
    """Return the page's forms, which all decide on the summary's last step."""
    forms: dict[str, StepForm] = {
        "approving": ApproveForm(formdata=None),
        "returning": returning or ReturnForm(formdata=None),
        "releasing": releasing
        or ReleaseForm(
            formdata=None,
            council=summary.for_council,
            agency=summary.for_agency,
            public=summary.is_public,
        ),
    }
    for form in forms.values():
        form.step.data = str(steps.last_id(summary))
    return forms
