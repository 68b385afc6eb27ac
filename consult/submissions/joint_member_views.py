"""What members do with a joint submission: suggest, sign, dissent; what officers decide on it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.sanitize import markdown_to_html
from consult.core.web import received_at, route
from consult.submissions import joint_queries, joint_services, joint_signing
from consult.submissions.blueprint import room
from consult.submissions.commands import NotAccepting, NotAMember, UnknownProvision
from consult.submissions.joint_commands import (
    Decided,
    NotAllowed,
    OtherwiseSaid,
    QuorumMissing,
    Sign,
    Suggest,
    TextChanged,
)
from consult.submissions.joint_forms import DissentForm, ReasonForm, SuggestionForm
from consult.submissions.joint_models import JointSubmission, JointSuggestion, SignatureKind
from consult.submissions.joint_pages import (
    no_member_any_more,
    no_such_provision,
    offer_provisions,
    otherwise,
    to_joint,
    too_few,
)
from consult.submissions.pages import author_id, opening, refusal_sentence

# --- suggestions ---------------------------------------------------------------------------------


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
            return _ended(joint, [form.argument.data, form.proposed_wording.data, form.quote.data])
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


def _ended(joint: JointSubmission, words: list[str | None]) -> ResponseReturnValue:
    return render_template(
        "submissions/joint_ended.html",
        joint=joint,
        sentence=no_member_any_more(),
        words=[text for text in words if text],
    ), 403


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
    except Decided:
        flash(_decided(), "warning")
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
    except Decided:
        flash(_decided(), "warning")
    except NotAllowed as refusal:
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
    form = ReasonForm()
    if not form.validate_on_submit():
        return _reason_page(suggestion.joint, form, "decline", suggestion)
    try:
        reason = form.reason.data or ""
        joint_services.decline(suggestion, actor_id=author_id(), reason=reason)
    except Decided:
        flash(_decided(), "warning")
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    else:
        flash(_("Declined; the member has been told."), "success")
    return to_joint(suggestion.joint)


def _decided() -> str:
    return _("Meanwhile this suggestion has been decided or taken back.")


def _reason_page(
    joint: JointSubmission,
    form: ReasonForm,
    act: str,
    suggestion: JointSuggestion | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "submissions/joint_reason.html",
        joint=joint,
        form=form,
        act=act,
        suggestion=suggestion,
        markdown=markdown_to_html,
    )
    return page, 422 if request.method == "POST" else 200


# --- signing -------------------------------------------------------------------------------------


@route(
    room,
    "/joint/<int:joint_id>/sign",
    permission="joint.take_part",
    load=joint_queries.joint,
    methods=("POST",),
)
def sign_joint(joint: JointSubmission) -> ResponseReturnValue:
    """Sign the text that one has read."""
    seen = _number(request.form.get("text_number", ""))
    try:
        joint_signing.sign(Sign(joint, author_id(), SignatureKind.SIGNED, seen, received_at()))
    except NotAMember:
        return _ended(joint, [])
    except (NotAllowed, TextChanged, OtherwiseSaid) as refusal:
        flash(_not_signed(refusal), "warning")
    else:
        flash(_("You have signed. You can take it back until the chair signs off."), "success")
    return to_joint(joint)


@route(
    room,
    "/joint/<int:joint_id>/dissent",
    permission="joint.take_part",
    load=joint_queries.joint,
    methods=("GET", "POST"),
)
def dissent(joint: JointSubmission) -> ResponseReturnValue:
    """Attach a dissent to the text."""
    form = DissentForm()
    if request.method == "GET":
        before = joint_queries.last_said(joint.id, author_id())
        form.text.data = before.text if before else ""
        form.text_number.data = str(joint.text_number)
    elif form.validate():
        try:
            joint_signing.sign(_dissent(joint, form))
        except NotAMember:
            return _ended(joint, [form.text.data])
        except (NotAllowed, TextChanged, OtherwiseSaid) as refusal:
            form.text.errors = [_not_signed(refusal)]
            form.text_number.data = str(joint.text_number)
        else:
            flash(_("Your dissent is attached, word for word."), "success")
            return to_joint(joint)
    page = render_template("submissions/joint_dissent.html", joint=joint, form=form)
    return page, 422 if form.errors else 200


def _dissent(joint: JointSubmission, form: DissentForm) -> Sign:
    return Sign(
        joint,
        author_id(),
        SignatureKind.DISSENT,
        _number(form.text_number.data or ""),
        received_at(),
        text=form.text.data or "",
        named=form.named.data == "yes",
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _not_signed(refusal: Exception) -> str:
    if isinstance(refusal, NotAllowed):
        return otherwise(refusal)
    if isinstance(refusal, TextChanged):
        return _("The text has been changed since you opened it. Please read it again first.")
    return _("You have signed or dissented already. Take that back first.")


@route(
    room,
    "/joint/<int:joint_id>/unsign",
    permission="joint.read",
    load=joint_queries.joint,
    methods=("POST",),
)
def unsign_joint(joint: JointSubmission) -> ResponseReturnValue:
    """Take one's own signature or dissent back."""
    try:
        if joint_signing.take_back(joint, author_id()):
            flash(_("Taken back."), "success")
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    return to_joint(joint)


# --- what officers and the chair decide ----------------------------------------------------------


@route(
    room,
    "/joint/<int:joint_id>/reopen",
    permission="joint.edit",
    load=joint_queries.joint,
    methods=("GET", "POST"),
)
def reopen_joint(joint: JointSubmission) -> ResponseReturnValue:
    """Open the text for changes, with a reason: what was signed no longer counts."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _reason_page(joint, form, "reopen")
    try:
        joint_signing.reopen(joint, actor_id=author_id(), reason=form.reason.data or "")
        flash(_("The text can be changed; those who had signed have been told."), "success")
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    return to_joint(joint)


@route(
    room,
    "/joint/<int:joint_id>/drop",
    permission="joint.edit",
    load=joint_queries.joint,
    methods=("GET", "POST"),
)
def drop_joint(joint: JointSubmission) -> ResponseReturnValue:
    """Give the joint submission up, with a reason."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _reason_page(joint, form, "drop")
    try:
        joint_services.drop(joint, actor_id=author_id(), reason=form.reason.data or "")
        flash(_("Given up; the members have been told."), "success")
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    return to_joint(joint)


@route(
    room,
    "/joint/<int:joint_id>/approve",
    permission="joint.sign_off",
    load=joint_queries.joint,
    methods=("POST",),
)
def approve_joint(joint: JointSubmission) -> ResponseReturnValue:
    """The chair signs the text off."""
    seen = _number(request.form.get("text_number", ""))
    try:
        joint_signing.approve(joint, actor_id=author_id(), text_number=seen, at=received_at())
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    except TextChanged as refusal:
        flash(_not_signed(refusal), "warning")
    except QuorumMissing as missing:
        flash(too_few(missing), "warning")
    else:
        flash(_("Signed off. Send it now: it is received when you do."), "success")
    return to_joint(joint)


@route(
    room,
    "/joint/<int:joint_id>/send",
    permission="joint.sign_off",
    load=joint_queries.joint,
    methods=("POST",),
)
def send_joint(joint: JointSubmission) -> ResponseReturnValue:
    """The chair sends it in the club's name."""
    try:
        outcome = joint_signing.send(joint, actor_id=author_id(), received_at=received_at())
    except NotAllowed as refusal:
        flash(otherwise(refusal), "warning")
    except QuorumMissing as missing:
        flash(too_few(missing), "warning")
    except NotAccepting as refusal:
        flash(refusal_sentence(refusal), "danger")
    else:
        return redirect(url_for("submissions.receipt", reference=outcome.reference), 303)
    return to_joint(joint)
