"""The submissions room's pages: writing a point, the basket, receipts."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.i18n import _
from consult.core.web import received_at, route
from consult.submissions import keeping, keeping_views, own, receipt_views, services
from consult.submissions.answers import views as answer_views
from consult.submissions.attachments import pages as attachment_pages
from consult.submissions.attachments import services as attaching
from consult.submissions.attachments import views as attachment_views
from consult.submissions.attachments.services import Holder
from consult.submissions.blueprint import room
from consult.submissions.commands import (
    AlreadySent,
    NotAccepting,
    NotAMember,
    NothingToSend,
    Outcome,
    SavePoint,
    SendBasket,
    SubmitPoints,
    UnknownProvision,
    UnknownQuestion,
)
from consult.submissions.forms import PointForm, SendForm
from consult.submissions.identity import views as vault_views
from consult.submissions.incoming import views as import_views
from consult.submissions.joint import member_views as joint_member_views
from consult.submissions.joint import signing_views as joint_signing_views
from consult.submissions.joint import views as joint_views
from consult.submissions.models import Point
from consult.submissions.moderation import views as moderation_views
from consult.submissions.pages import (
    ASIDE,
    asks_again,
    author_id,
    form_url,
    keep_key,
    not_a_member,
    place_of,
    refusal_sentence,
    show_basket,
    show_form,
    time_to_ask,
    warn_of_quote,
    warn_of_twice,
)
from consult.submissions.paper import views as paper_views
from consult.submissions.revisions import views as revision_views
from consult.submissions.voices import views as voice_views

# Their pages are declared on the same blueprint.
__all__ = [
    "answer_views",
    "attachment_views",
    "import_views",
    "joint_member_views",
    "joint_signing_views",
    "joint_views",
    "keeping_views",
    "moderation_views",
    "paper_views",
    "receipt_views",
    "revision_views",
    "room",
    "vault_views",
    "voice_views",
]


# --- writing -----------------------------------------------------------------------------------


@route(
    room,
    "/rounds/<int:round_id>/write",
    permission="point.write",
    load=consultations.consultation,
    methods=("GET", "POST"),
)
def write(consultation: Consultation) -> ResponseReturnValue:
    """Write a point: save it in the basket, or send it alone."""
    form, send_form = PointForm(), SendForm()
    action = request.form.get("action")
    if request.method == "GET":
        form.provision.data = request.args.get("provision", "")
        form.quote.data = request.args.get("quote", "")
        form.question.data = request.args.get("question", "")
        return show_form(consultation, form, send_form)
    if action in ASIDE:
        return _aside(action, consultation, form)
    if attachment_pages.asked(action):
        return _files(consultation, form)
    sending = action == "send"
    usable = form.validate()
    if sending:
        usable = send_form.validate() and usable
    usable = attachment_pages.take_in(form, _holder(consultation, form)) and usable
    if not usable:
        return show_form(consultation, form, send_form), 422
    try:
        if sending:
            return _send_now(consultation, form, send_form)
        return _save(consultation, form)
    except UnknownProvision:
        form.argument.errors = [_("The draft has no such provision; choose it again in the text.")]
    except UnknownQuestion:
        form.question.errors = [_("The consultation has no such question.")]
    except NotAMember:
        send_form.organisation.errors = [not_a_member()]
    return show_form(consultation, form, send_form), 422


def _aside(
    action: str, consultation: Consultation, form: PointForm, point: Point | None = None
) -> ResponseReturnValue:
    """Do what a button of the form asks that neither saves nor sends the point."""
    if action == "discard":
        form.kept.data = "1"
        _let_go(consultation, form)
        if form.attached.data and point is None:
            attaching.discard(_holder(consultation, form))
        flash(_("Discarded."), "success")
        return redirect(form_url(consultation, form.provision.data or "", point), 303)
    return show_form(consultation, form, SendForm(), point, action=action)


def _holder(consultation: Consultation, form: PointForm, point: Point | None = None) -> Holder:
    return attachment_pages.holder(consultation, author_id(), form, point)


def _files(
    consultation: Consultation, form: PointForm, point: Point | None = None
) -> ResponseReturnValue:
    """Attach files or take one off; everything typed stays in the form."""
    target = _holder(consultation, form, point)
    well = attachment_pages.act(request.form["action"], form, target)
    if attachment_pages.by_script():
        return attachment_pages.part(form, target, well=well)
    return show_form(consultation, form, SendForm(), point), 200 if well else 422


def _let_go(consultation: Consultation, form: PointForm) -> None:
    """Keep a form's words no longer as being written; asked of the database only if they were."""
    if form.kept.data:
        keeping.close(author_id(), consultation.id, form.form_key.data or "")


def _save(consultation: Consultation, form: PointForm) -> ResponseReturnValue:
    words = form.words(consultation)
    if asks_again(consultation, form, words):
        return show_form(consultation, form, SendForm()), 422
    outcome = services.save_point(SavePoint(consultation, author_id(), words))
    _let_go(consultation, form)
    if outcome.sent:
        return _to_receipt(outcome)
    warn_of_quote(consultation, words.provision, words.quote)
    saved = words.provision or ""
    return redirect(
        url_for(
            "reading.round",
            round_id=consultation.id,
            saved=keep_key(consultation, saved),
            _anchor=saved or "whole-draft",
        ),
        303,
    )


def _send_now(
    consultation: Consultation, form: PointForm, send_form: SendForm
) -> ResponseReturnValue:
    words = form.words(consultation)
    twice = asks_again(consultation, form, words)
    if twice and time_to_ask(consultation):
        return show_form(consultation, form, send_form), 422
    try:
        outcome = services.submit(
            SubmitPoints(
                consultation=consultation,
                author_id=author_id(),
                points=[words],
                identity=send_form.chosen,
                idempotency_key=words.form_key,
                received_at=received_at(),
                organisation_id=send_form.organisation_id,
            )
        )
    except NotAccepting as refusal:
        services.save_point(SavePoint(consultation, author_id(), words))
        _let_go(consultation, form)
        flash(refusal_sentence(refusal), "danger")
        return redirect(url_for("submissions.basket", round_id=consultation.id), 303)
    _let_go(consultation, form)
    if not outcome.repeated:
        if twice:
            warn_of_twice()
        warn_of_quote(consultation, words.provision, words.quote)
    return _to_receipt(outcome)


def _to_receipt(outcome: Outcome) -> ResponseReturnValue:
    return redirect(url_for("submissions.receipt", reference=outcome.reference), 303)


# --- the basket ----------------------------------------------------------------------------------


@route(
    room,
    "/rounds/<int:round_id>/basket",
    permission="point.write",
    load=consultations.consultation,
)
def basket(consultation: Consultation) -> ResponseReturnValue:
    """What waits to be sent."""
    return show_basket(consultation, SendForm())


@route(
    room,
    "/rounds/<int:round_id>/send",
    permission="point.write",
    load=consultations.consultation,
    methods=("POST",),
)
def send(consultation: Consultation) -> ResponseReturnValue:
    """Send everything in the basket."""
    form = SendForm()
    if not form.validate():
        return show_basket(consultation, form), 422
    try:
        outcome = services.send_basket(
            SendBasket(
                consultation=consultation,
                author_id=author_id(),
                reference=request.form.get("reference", ""),
                identity=form.chosen,
                received_at=received_at(),
                organisation_id=form.organisation_id,
            )
        )
    except NotAccepting as refusal:
        flash(refusal_sentence(refusal), "danger")
    except NotAMember:
        form.organisation.errors = [not_a_member()]
        return show_basket(consultation, form), 422
    except NothingToSend:
        flash(_("There is nothing to send: your contribution is empty."), "warning")
    else:
        return _to_receipt(outcome)
    return redirect(url_for("submissions.basket", round_id=consultation.id), 303)


@route(
    room,
    "/rounds/<int:round_id>/basket/<int:point_id>",
    permission="submission.own",
    load=own.basket_point,
    methods=("GET", "POST"),
)
def edit_point(point: Point) -> ResponseReturnValue:
    """Change a point that is not sent yet."""
    consultation = point.submission.consultation
    form = PointForm()
    form.provision.data = point.provision.key if point.provision else ""
    if request.method == "GET":
        form.show(point)
        return show_form(consultation, form, SendForm(), point)
    action = request.form.get("action")
    if action in ASIDE:
        return _aside(action, consultation, form, point)
    if attachment_pages.asked(action):
        return _files(consultation, form, point)
    usable = form.validate()
    if not attachment_pages.take_in(form, _holder(consultation, form, point)) or not usable:
        return show_form(consultation, form, SendForm(), point), 422
    words = form.words(consultation)
    if asks_again(consultation, form, words, point):
        return show_form(consultation, form, SendForm(), point), 422
    try:
        services.change_point(point, words)
    except UnknownQuestion:
        form.question.errors = [_("The consultation has no such question.")]
        return show_form(consultation, form, SendForm(), point), 422
    except AlreadySent:
        # Sent from another tab meanwhile: what was typed now becomes a point of its own.
        services.save_point(SavePoint(consultation, author_id(), words))
        flash(_("That point had been sent already; your changes are kept as a new one."), "warning")
    else:
        warn_of_quote(consultation, words.provision, words.quote)
        flash(_("Changed."), "success")
    _let_go(consultation, form)
    saved = keep_key(consultation, place_of(form.provision.data or "", point))
    return redirect(url_for("submissions.basket", round_id=consultation.id, saved=saved), 303)


@route(
    room,
    "/rounds/<int:round_id>/basket/<int:point_id>/delete",
    permission="submission.own",
    load=own.basket_point,
    methods=("POST",),
)
def delete_point(point: Point) -> ResponseReturnValue:
    """Take a point out of the basket."""
    consultation_id = point.consultation_id
    try:
        services.delete_point(point)
        flash(_("Deleted from your contribution."), "success")
    except AlreadySent:
        flash(_("That point had been sent already; you can withdraw it."), "warning")
    return redirect(url_for("submissions.basket", round_id=consultation_id), 303)
