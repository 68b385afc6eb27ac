"""What the pages of joint submissions share: the page of one, sentences, ways back."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from consult.core.i18n import N_, _, format_number
from consult.core.permissions import can
from consult.core.sanitize import markdown_to_html
from consult.drafts import queries as drafts
from consult.submissions.joint import queries as joint_queries
from consult.submissions.joint.commands import Decided, NotAllowed, QuorumMissing
from consult.submissions.joint.forms import ReasonForm, SuggestionForm
from consult.submissions.joint.models import (
    JointState,
    JointSubmission,
    JointSuggestion,
    SuggestionState,
)
from consult.submissions.pages import author_id, opening

_STATES = {
    JointState.DRAFTING: N_("The text is still being worked on, so this is not possible now."),
    JointState.SIGNING: N_("The text is being signed, so this is not possible now."),
    JointState.APPROVED: N_("The chair has signed the text off, so this is not possible now."),
    JointState.SENT: N_("The joint submission has been sent, so this is not possible any more."),
    JointState.DROPPED: N_("The joint submission was given up, so this is not possible any more."),
}


def otherwise(refusal: NotAllowed | Decided) -> str:
    """Return why an act is not possible in the state that was found."""
    if isinstance(refusal, Decided):
        return _("Meanwhile this suggestion has been decided or taken back.")
    return _(_STATES[refusal.state])


def too_few(missing: QuorumMissing) -> str:
    """Return the sentence for a quorum that is not reached."""
    return _(
        "%(needed)s members must sign; %(signed)s have done so. Those who are no longer members "
        "do not count.",
        needed=format_number(missing.needed),
        signed=format_number(missing.signed),
    )


def no_member_any_more() -> str:
    """Return the sentence for somebody whose membership ended while he was writing."""
    return _(
        "You are no longer a member of this club, so this was not received. Your words are kept "
        "below, to be copied; you can send them in your own name."
    )


def no_such_provision() -> str:
    """Return the sentence for a provision that is not in the text."""
    return _("The draft has no such provision; choose it again.")


def offer_provisions(form: SuggestionForm, joint: JointSubmission) -> None:
    """Let the form offer the provisions of the round's text; one query."""
    form.offer(drafts.provisions(joint.consultation.version_id))


def to_joint(joint: JointSubmission, anchor: str | None = None) -> Response:
    """Return the redirect to the page of ``joint``."""
    return redirect(url_for("submissions.joint", joint_id=joint.id, _anchor=anchor), 303)


def show_joint(joint: JointSubmission) -> str:
    """Return the page of ``joint`` for one of the club's members."""
    drafting = joint.state is JointState.DRAFTING
    suggestions = joint_queries.suggestions_of(joint.id) if drafting else []
    live = [] if drafting else joint_queries.live_signatures(joint.id)
    return render_template(
        "submissions/joint.html",
        joint=joint,
        points=joint_queries.points_of(joint.id),
        waiting=[row for row in suggestions if row.state is SuggestionState.WAITING],
        settled=[row for row in suggestions if row.state is not SuggestionState.WAITING],
        signed=joint_queries.shown(joint, live),
        mine=next((row for row in live if row.user_id == author_id()), None),
        me=author_id(),
        markdown_to_html=markdown_to_html,
        changes=joint_queries.changes(joint.id),
        opening=opening(joint.consultation),
        edits=can("joint.edit", joint),
        signs_off=joint.state in (JointState.SIGNING, JointState.APPROVED)
        and can("joint.sign_off", joint),
    )


def ended(joint: JointSubmission, words: list[str | None]) -> ResponseReturnValue:
    """Return the page that keeps the words of somebody who is no member any more."""
    return render_template(
        "submissions/joint_ended.html",
        joint=joint,
        sentence=no_member_any_more(),
        typed=[text for text in words if text],
    ), 403


def with_reason(
    joint: JointSubmission,
    act: str,
    do: Callable[[str], None],
    done: str,
    suggestion: JointSuggestion | None = None,
) -> ResponseReturnValue:
    """Ask why, then do the ``act`` ("decline", "reopen" or "drop") and say that it is done.

    A refusal stands beside the reason, which stays in the form.
    """
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            do(form.reason.data or "")
        except NotAllowed as refusal:
            form.reason.errors = [otherwise(refusal)]
        except Decided as refusal:  # most often by this same button, pressed twice
            flash(otherwise(refusal), "warning")
            return to_joint(joint)
        else:
            flash(done, "success")
            return to_joint(joint)
    page = render_template(
        "submissions/joint_reason.html",
        joint=joint,
        form=form,
        act=act,
        suggestion=suggestion,
        markdown_to_html=markdown_to_html,
    )
    return page, 422 if request.method == "POST" else 200
