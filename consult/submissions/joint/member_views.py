"""What members suggest for a joint submission, and what its officers make of it."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.web import received_at, route
from consult.submissions.blueprint import room
from consult.submissions.commands import NotAccepting, NotAMember, UnknownProvision
from consult.submissions.joint import queries as joint_queries
from consult.submissions.joint import services as joint_services
from consult.submissions.joint.commands import Decided, NotAllowed, Suggest
from consult.submissions.joint.forms import SuggestionForm
from consult.submissions.joint.models import JointSubmission, JointSuggestion
from consult.submissions.joint.pages import (
    ended,
    no_such_provision,
    offer_provisions,
    otherwise,
    to_joint,
    with_reason,
)
from consult.submissions.pages import author_id, opening, refusal_sentence


@route(
    room,
    "/joint/<int:joint_id>/suggest",
    permission="joint.take_part",
    load=joint_queries.joint,
    methods=("GET", "POST"),
)
def suggest(joint: JointSubmission) -> ResponseReturnValue:
    """Suggest a point for the club's text."""
    form = SuggestionForm()
    if request.method == "GET":
        form.provision.data = request.args.get("provision", "")
    elif form.validate():
        words = form.words()
        try:
            joint_services.suggest(Suggest(joint, author_id(), words, received_at()))
        except NotAMember:
            return ended(joint, [form.argument.data, form.proposed_wording.data, form.quote.data])
        except UnknownProvision:
            form.provision.errors = [no_such_provision()]
        except NotAllowed as refusal:
            form.argument.errors = [otherwise(refusal)]
        except NotAccepting as refusal:
            form.argument.errors = [refusal_sentence(refusal)]
        else:
            flash(_("Your suggestion is kept; the club's officers decide on it."), "success")
            return to_joint(joint)
    offer_provisions(form, joint)
    page = render_template(
        "submissions/joint_suggest.html",
        joint=joint,
        form=form,
        opening=opening(joint.consultation),
    )
    return page, 422 if form.errors else 200


@route(
    room,
    "/joint/<int:joint_id>/suggestions/<int:suggestion_id>/take-back",
    permission="suggestion.own",
    load=joint_queries.suggestion,
    methods=("POST",),
)
def take_suggestion_back(suggestion: JointSuggestion) -> ResponseReturnValue:
    """Take one's own suggestion back."""
    try:
        joint_services.take_back(suggestion)
        flash(_("Taken back."), "success")
    except Decided as refusal:
        flash(otherwise(refusal), "warning")
    return to_joint(suggestion.joint)


@route(
    room,
    "/joint/<int:joint_id>/suggestions/<int:suggestion_id>/take",
    permission="joint.edit",
    load=joint_queries.suggestion,
    methods=("POST",),
)
def take_suggestion(suggestion: JointSuggestion) -> ResponseReturnValue:
    """Take a suggestion over into the text."""
    try:
        point = joint_services.take(suggestion, actor_id=author_id())
    except (Decided, NotAllowed) as refusal:
        flash(otherwise(refusal), "warning")
    else:
        flash(_("Taken over into the text; the member has been told."), "success")
        return to_joint(suggestion.joint, f"point-{point.id}")
    return to_joint(suggestion.joint)


@route(
    room,
    "/joint/<int:joint_id>/suggestions/<int:suggestion_id>/decline",
    permission="joint.edit",
    load=joint_queries.suggestion,
    methods=("GET", "POST"),
)
def decline_suggestion(suggestion: JointSuggestion) -> ResponseReturnValue:
    """Decline a suggestion with a reason."""

    def decline(reason: str) -> None:
        joint_services.decline(suggestion, actor_id=author_id(), reason=reason)

    done = _("Declined; the member has been told.")
    return with_reason(suggestion.joint, "decline", decline, done, suggestion)
