"""The submissions room's pages: writing a point, the basket, receipts."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from consult.consultations import queries as consultations
from consult.consultations.models import Consultation
from consult.core.i18n import _, _n, format_number
from consult.core.web import received_at, route, row_ids
from consult.ledger.queries import leaf_of
from consult.ledger.services import canonical
from consult.submissions import own, queries, receipts, services
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
from consult.submissions.models import Point, Submission
from consult.submissions.pages import (
    author_id,
    keep_key,
    not_a_member,
    receipt_url,
    refusal_sentence,
    show_basket,
    show_form,
    warn_of_quote,
)

room = Blueprint("submissions", __name__)


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
    if request.method == "GET":
        form.provision.data = request.args.get("provision", "")
        form.quote.data = request.args.get("quote", "")
        return show_form(consultation, form, send_form)
    sending = request.form.get("action") == "send"
    usable = form.validate()
    if sending:
        usable = send_form.validate() and usable
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


def _save(consultation: Consultation, form: PointForm) -> ResponseReturnValue:
    words = form.words(consultation)
    outcome = services.save_point(SavePoint(consultation, author_id(), words))
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
        flash(refusal_sentence(refusal), "danger")
        return redirect(url_for("submissions.basket", round_id=consultation.id), 303)
    if not outcome.repeated:
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
        flash(_("There is nothing to send: your contribution holds no point."), "warning")
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
    if not form.validate():
        return show_form(consultation, form, SendForm(), point), 422
    words = form.words(consultation)
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
    return redirect(url_for("submissions.basket", round_id=consultation.id), 303)


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


# --- receipts ------------------------------------------------------------------------------------


@route(
    room,
    "/receipts/<reference>",
    permission="submission.own",
    load=own.own_submission,
)
def receipt(submission: Submission) -> ResponseReturnValue:
    """The receipt of what was received; a basket's reference leads to the basket."""
    if submission.received_at is None:
        return redirect(url_for("submissions.basket", round_id=submission.consultation_id))
    leaf = leaf_of("submission", submission.id)
    return render_template(
        "submissions/receipt.html",
        submission=submission,
        points=own.points_of(submission.id),
        leaf=leaf,
        contributor=queries.contributor(submission.authorship),
        qr=receipts.qr_code(receipt_url(submission)),
        url=receipt_url(submission),
        keep=f"{author_id()}:{submission.consultation_id}:",
    )


@route(
    room,
    "/receipts/<reference>.txt",
    permission="submission.own",
    load=own.own_submission,
)
def receipt_file(submission: Submission) -> ResponseReturnValue:
    """The receipt as a text file that can be checked without the portal."""
    leaf = leaf_of("submission", submission.id)
    if submission.received_at is None or leaf is None:
        abort(404)
    points = own.points_of(submission.id)
    text = render_template(
        "submissions/receipt.txt",
        submission=submission,
        points=points,
        leaf=leaf,
        url=receipt_url(submission),
        content=canonical(receipts.stored_content(submission, points)).decode(),
    )
    name = f"bien-nhan-{submission.reference}.txt"
    return Response(
        text,
        mimetype="text/plain",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@route(
    room,
    "/receipts/<reference>/withdraw",
    permission="submission.own",
    load=own.own_submission,
    methods=("POST",),
)
def withdraw(submission: Submission) -> ResponseReturnValue:
    """Withdraw one point (``point``), or the whole submission."""
    chosen = row_ids(request.form.getlist("point"))
    number = services.withdraw(
        submission, author_id=author_id(), point_ids=chosen or None, at=received_at()
    )
    if number:
        flash(
            _n(
                "%(count)s point withdrawn. It stays on record as withdrawn.",
                "%(count)s points withdrawn. They stay on record as withdrawn.",
                number,
                count=format_number(number),
            ),
            "success",
        )
    return redirect(url_for("submissions.receipt", reference=submission.reference), 303)
