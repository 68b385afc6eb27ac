"""The agency's pages of a round: preparing, publishing, extending, cancelling."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.consultations import labels, queries, services, stages
from consult.consultations.checks import checklist
from consult.consultations.forms import CancelForm, ExtendForm, PublishForm, RoundForm
from consult.consultations.models import Consultation, Stage
from consult.core import clock
from consult.core.i18n import _, format_datetime
from consult.core.permissions import actor
from consult.core.web import route
from consult.drafts import queries as drafts
from consult.drafts.models import DraftVersion

room = Blueprint("consultations", __name__)


@route(
    room,
    "/office/versions/<int:version_id>/rounds/new",
    permission="round.create",
    load=drafts.version,
    methods=("GET", "POST"),
)
def new(version: DraftVersion) -> ResponseReturnValue:
    """The form of a new round."""
    form = RoundForm()
    form.offer(queries.period_rules())
    if form.arrange(request.form.get("action", "")):
        return _edit_page(form, version, status=200)
    if form.validate_on_submit():
        consultation = services.create(version, form.said(), created_by=actor().user_id)
        flash(_("The round is saved. Nothing is published yet."), "success")
        return _to_manage(consultation)
    if not form.is_submitted():
        form.title.data = _("Consultation on: %(title)s", title=version.draft.title)
        form.responsible_name.data = actor().name
    return _edit_page(form, version)


@route(
    room,
    "/office/rounds/<int:round_id>/edit",
    permission="round.manage",
    load=queries.consultation,
    methods=("GET", "POST"),
)
def edit(consultation: Consultation) -> ResponseReturnValue:
    """The form of a round that is not open yet."""
    if consultation.stage not in (Stage.PREPARING, Stage.SCHEDULED):
        return _stays(consultation)
    form = RoundForm()
    form.offer(queries.period_rules())
    form.fill(consultation)
    if form.arrange(request.form.get("action", "")):
        return _edit_page(form, consultation.version, consultation, status=200)
    if form.validate_on_submit():
        try:
            services.edit(consultation, form.said(), actor_id=actor().user_id)
        except services.NotEditable:
            return _stays(consultation)
        except services.QuestionsAnswered:
            form.refuse_questions(
                _(
                    "The round has opened, so answers may have come in already; under other "
                    "questions they would mean something else."
                )
            )
            return _edit_page(form, consultation.version, consultation, status=422)
        except services.QuestionRemoved:
            form.refuse_questions(
                _(
                    "This round is published, and somebody may have begun to write on its "
                    "questions: none can be removed. Change its words instead."
                )
            )
            return _edit_page(form, consultation.version, consultation, status=422)
        except services.Incomplete:
            flash(
                _("This round is already published, so it needs a summary, dates and a person."),
                "danger",
            )
            return _edit_page(form, consultation.version, consultation, status=422)
        flash(_("The changes are saved."), "success")
        return _to_manage(consultation)
    return _edit_page(form, consultation.version, consultation)


@route(
    room,
    "/office/rounds/<int:round_id>",
    permission="round.manage",
    load=queries.consultation,
)
def manage(consultation: Consultation) -> ResponseReturnValue:
    """What is missing, what comes next, what happened."""
    return _manage_page(consultation)


@route(
    room,
    "/office/rounds/<int:round_id>/preview",
    permission="round.manage",
    load=queries.consultation,
)
def preview(consultation: Consultation) -> ResponseReturnValue:
    """What readers will see of the round."""
    return render_template(
        "consultations/preview.html",
        round=consultation,
        lines=drafts.provisions(consultation.version_id),
    )


@route(
    room,
    "/office/rounds/<int:round_id>/publish",
    permission="round.manage",
    load=queries.consultation,
    methods=("POST",),
)
def publish(consultation: Consultation) -> ResponseReturnValue:
    """Publish the round: it is scheduled, or opens at once."""
    form = PublishForm()
    user_id = actor().user_id
    if not form.validate_on_submit() or user_id is None:
        return _manage_page(consultation, publish=form)
    try:
        services.publish(consultation, actor_id=user_id, no_state_secret=form.no_state_secret.data)
    except services.Incomplete:
        flash(_("Something is still missing: see the list."), "danger")
        return _manage_page(consultation, publish=form, status=422)
    except stages.NotAllowed:
        return _stays(consultation)
    if consultation.stage is Stage.OPEN:
        flash(_("The round is open."), "success")
    else:
        opens = format_datetime(consultation.opens_at)
        flash(_("The round is published and will open at %(at)s.", at=opens), "success")
    return _to_manage(consultation)


@route(
    room,
    "/office/rounds/<int:round_id>/version",
    permission="round.manage",
    load=queries.consultation,
    methods=("POST",),
)
def use_newest(consultation: Consultation) -> ResponseReturnValue:
    """Put the round on the draft's corrected text."""
    try:
        version = services.use_newest_version(consultation, actor_id=actor().user_id)
    except services.NotEditable:
        return _stays(consultation)
    flash(_("The round now uses version %(number)s.", number=version.number), "success")
    return _to_manage(consultation)


@route(
    room,
    "/office/rounds/<int:round_id>/extend",
    permission="round.manage",
    load=queries.consultation,
    methods=("POST",),
)
def extend(consultation: Consultation) -> ResponseReturnValue:
    """Set a later closing instant."""
    form = ExtendForm(prefix="extend")
    if not form.validate_on_submit():
        return _manage_page(consultation, extend=form)
    try:
        services.extend(
            consultation,
            form.closes_at.data,
            reason=str(form.reason.data),
            actor_id=actor().user_id,
        )
    except services.NotLater as error:
        at = format_datetime(error.closes_at)
        form.refuse_closing(_("Choose an instant later than %(at)s.", at=at))
        return _manage_page(consultation, extend=form)
    except services.TooLate as error:
        at = format_datetime(error.closes_at, seconds=True)
        flash(_("The round is not open (closing: %(at)s): it cannot be extended.", at=at), "danger")
        return _manage_page(consultation, extend=form, status=422)
    flash(
        _("The round now closes at %(at)s.", at=format_datetime(consultation.closes_at)), "success"
    )
    return _to_manage(consultation)


@route(
    room,
    "/office/rounds/<int:round_id>/cancel",
    permission="round.manage",
    load=queries.consultation,
    methods=("POST",),
)
def cancel(consultation: Consultation) -> ResponseReturnValue:
    """Cancel the round."""
    form = CancelForm(prefix="cancel")
    if not form.validate_on_submit():
        return _manage_page(consultation, cancel=form)
    try:
        services.cancel(consultation, reason=str(form.reason.data), actor_id=actor().user_id)
    except stages.NotAllowed:
        return _stays(consultation)
    flash(_("The round is cancelled."), "success")
    return _to_manage(consultation)


def _to_manage(consultation: Consultation) -> ResponseReturnValue:
    return redirect(url_for(".manage", round_id=consultation.id), 303)


def _stays(consultation: Consultation) -> ResponseReturnValue:
    flash(_("The round's stage no longer allows this. Here is how it stands."), "warning")
    return _to_manage(consultation)


def _edit_page(
    form: RoundForm,
    version: DraftVersion,
    consultation: Consultation | None = None,
    status: int | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "consultations/edit.html", form=form, version=version, round=consultation
    )
    return page, status or (422 if form.errors else 200)


def _manage_page(
    consultation: Consultation,
    *,
    publish: PublishForm | None = None,
    extend: ExtendForm | None = None,
    cancel: CancelForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    now = clock.now()
    preparing = consultation.stage is Stage.PREPARING
    over = consultation.stage in (Stage.CLOSED, Stage.ANSWERED)
    forms = [form for form in (publish, extend, cancel) if form is not None]
    page = render_template(
        "consultations/manage.html",
        round=consultation,
        now=now,
        until=labels.until,
        requirement=labels.requirement,
        transition_name=labels.transition,
        possible=stages.possible,
        checks=checklist(consultation, consultation.version_id, now) if preparing else [],
        newest=drafts.newest(consultation.version.draft_id) if preparing or over else None,
        history=queries.history(consultation.id),
        publish=publish or PublishForm(formdata=None),
        extend=extend or ExtendForm(formdata=None, prefix="extend"),
        cancel=cancel or CancelForm(formdata=None, prefix="cancel"),
        problem_forms=[form for form in forms if form.errors],
    )
    return page, 422 if any(form.errors for form in forms) else status
