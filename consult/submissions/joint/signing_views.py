"""Signing a joint submission or dissenting; what officers and the chair decide on the whole."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.web import received_at, route
from consult.submissions.blueprint import room
from consult.submissions.commands import NotAccepting, NotAMember
from consult.submissions.joint import queries as joint_queries
from consult.submissions.joint import services as joint_services
from consult.submissions.joint import signing as joint_signing
from consult.submissions.joint.commands import (
    NotAllowed,
    OtherwiseSaid,
    QuorumMissing,
    Sign,
    TextChanged,
)
from consult.submissions.joint.forms import DissentForm
from consult.submissions.joint.models import JointSubmission, SignatureKind
from consult.submissions.joint.pages import ended, otherwise, to_joint, too_few, with_reason
from consult.submissions.pages import author_id, refusal_sentence

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
        return ended(joint, [])
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
            return ended(joint, [form.text.data])
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

    def reopen(reason: str) -> None:
        joint_signing.reopen(joint, actor_id=author_id(), reason=reason)

    done = _("The text can be changed; those who had signed have been told.")
    return with_reason(joint, "reopen", reopen, done)


@route(
    room,
    "/joint/<int:joint_id>/drop",
    permission="joint.edit",
    load=joint_queries.joint,
    methods=("GET", "POST"),
)
def drop_joint(joint: JointSubmission) -> ResponseReturnValue:
    """Give the joint submission up, with a reason."""

    def drop(reason: str) -> None:
        joint_services.drop(joint, actor_id=author_id(), reason=reason)

    return with_reason(joint, "drop", drop, _("Given up; the members have been told."))


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
