"""Pages of the meeting with its minutes, and of the report with its dissents."""

from __future__ import annotations

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.web import route
from consult.critiques import labels, queries, report_services, stages
from consult.critiques.blueprint import room
from consult.critiques.checks import before_signing, revisable
from consult.critiques.document_queries import minutes_sheet, report_sheet
from consult.critiques.models import Commission, CommissionStage
from consult.critiques.pages import back, me, stays, whole
from consult.critiques.report_forms import (
    DissentForm,
    MeetingForm,
    MinutesForm,
    ReportForm,
    RevisionForm,
)
from consult.critiques.review_services import NotAMember, SignedOff
from consult.critiques.services import Incomplete
from consult.critiques.spread import SCALE
from consult.drafts import queries as drafts


def _overtaken() -> None:
    flash(
        _(
            "Somebody else saved another text meanwhile. Yours is below, not saved: open the "
            "page again in a second window to compare."
        ),
        "danger",
    )


# --- meeting -------------------------------------------------------------------------------------


@route(
    room,
    "/critiques/<int:commission_id>/meeting",
    permission="meeting.read",
    load=queries.commission,
)
def meeting(commission: Commission) -> ResponseReturnValue:
    """The meeting and its minutes, with the buttons that confirm them."""
    sheet = minutes_sheet(commission)
    return render_template(
        "critiques/meeting.html",
        commission=commission,
        sheet=sheet,
        seat=commission.seat_of(me()),
        open=commission.stage is CommissionStage.MEETING,
    )


@route(
    room,
    "/critiques/<int:commission_id>/meeting/call",
    permission="meeting.lead",
    load=queries.commission,
    methods=("GET", "POST"),
)
def call_meeting(commission: Commission) -> ResponseReturnValue:
    """Call the panel together."""
    form = MeetingForm()
    if form.validate_on_submit():
        try:
            report_services.call_meeting(
                commission.id, me(), held_at=form.held_at.data, place=form.place.data or ""
            )
        except queries.StillBlind:
            flash(_("The meeting comes after the reviews are opened."), "danger")
        except (report_services.NotYours, stages.NotAllowed):
            return stays(commission)
        else:
            flash(_("The meeting is called. Every member is told."), "success")
            return back("meeting", commission)
    page = render_template("critiques/call_meeting.html", commission=commission, form=form)
    return page, 422 if request.method == "POST" else 200


@route(
    room,
    "/critiques/<int:commission_id>/meeting/minutes",
    permission="meeting.lead",
    load=queries.commission,
    methods=("GET", "POST"),
)
def minutes(commission: Commission) -> ResponseReturnValue:
    """The form of the minutes, for the secretary and the chair."""
    found = queries.meeting(commission.id)
    if found is None:
        return stays(commission)
    form, seats = MinutesForm(), commission.sitting()
    if request.method == "GET":
        form.fill(found, seats)
    elif form.validate_on_submit():
        try:
            revision = whole(form.revision.data)
            report_services.write_minutes(commission.id, me(), form.said(), revision=revision)
        except report_services.Overtaken:
            _overtaken()
        except SignedOff:
            flash(_("The chair has signed the report: the minutes stay as they are."), "danger")
        except (report_services.NotYours, stages.NotAllowed):
            flash(_("The commission's stage no longer allows this."), "danger")
        else:
            flash(_("The minutes are saved."), "success")
            return back("meeting", commission)
    page = render_template(
        "critiques/minutes.html",
        commission=commission,
        form=form,
        names={str(seat.id): seat for seat in seats},
    )
    return page, 422 if request.method == "POST" else 200


@route(
    room,
    "/critiques/<int:commission_id>/meeting/confirm",
    permission="meeting.lead",
    load=queries.commission,
    methods=("POST",),
)
def confirm_minutes(commission: Commission) -> ResponseReturnValue:
    """Confirm the minutes as chair or secretary."""
    form = RevisionForm()
    try:
        revision = whole(form.revision.data)
        report_services.confirm_minutes(commission.id, me(), revision=revision)
    except report_services.Overtaken:
        flash(_("The minutes were changed meanwhile: please read them again."), "warning")
    except Incomplete:
        flash(_("The course and the conclusions of the meeting are still missing."), "danger")
    except (report_services.NotYours, stages.NotAllowed):
        return stays(commission)
    else:
        flash(_("You have confirmed the minutes."), "success")
    return back("meeting", commission)


# --- report --------------------------------------------------------------------------------------


@route(
    room,
    "/critiques/<int:commission_id>/report",
    permission="report.read",
    load=queries.commission,
)
def report(commission: Commission) -> ResponseReturnValue:
    """The consolidated report as it stands or was delivered."""
    return _report_page(commission)


def _report_page(
    commission: Commission, *, dissent: DissentForm | None = None, status: int = 200
) -> ResponseReturnValue:
    sheet, own = report_sheet(commission), commission.seat_of(me())
    open_ = revisable(commission)
    if dissent is None:
        dissent = DissentForm(formdata=None)
        dissent.text.data = next(
            (one.text for one in sheet.dissents if own and one.seat_id == own.id), ""
        )
    page = render_template(
        "critiques/report.html",
        commission=commission,
        sheet=sheet,
        scale=SCALE,
        open=open_,
        member=own is not None and own.cleared,
        dissent=dissent,
        checks=before_signing(sheet.report, sheet.meeting) if open_ else [],
        check_names=labels.CHECKS,
    )
    return page, status


@route(
    room,
    "/critiques/<int:commission_id>/report/edit",
    permission="report.write",
    load=queries.commission,
    methods=("GET", "POST"),
)
def edit_report(commission: Commission) -> ResponseReturnValue:
    """The form of the report, for the secretary and the chair."""
    lines, form = drafts.provisions(commission.version_id), ReportForm()
    if request.method == "GET":
        form.fill(queries.report(commission.id))
    elif form.validate_on_submit():
        said = form.said({line.key: line.citation for line in lines})
        try:
            revision = whole(form.revision.data)
            report_services.write_report(commission.id, me(), said, revision=revision)
        except report_services.Overtaken:
            _overtaken()
        except (report_services.NotYours, queries.StillBlind, stages.NotAllowed):
            flash(_("The commission's stage no longer allows this."), "danger")
        else:
            flash(_("The report is saved."), "success")
            return back("report", commission)
    form.offer(lines)
    page = render_template("critiques/report_edit.html", commission=commission, form=form)
    return page, 422 if request.method == "POST" else 200


@route(
    room,
    "/critiques/<int:commission_id>/dissent",
    permission="reviews.discuss",
    load=queries.commission,
    methods=("POST",),
)
def dissent(commission: Commission) -> ResponseReturnValue:
    """Record one's differing opinion, verbatim, or take it out."""
    form = DissentForm()
    if not form.validate_on_submit():
        return _report_page(commission, dissent=form, status=422)
    try:
        report_services.dissent(commission.id, me(), form.text.data or "")
    except SignedOff:
        flash(
            _("The chair has signed the report. Ask the chair to take the signature back."),
            "danger",
        )
        return _report_page(commission, dissent=form, status=409)
    except (NotAMember, queries.StillBlind, stages.NotAllowed):
        flash(_("The commission's stage no longer allows this."), "danger")
        return _report_page(commission, dissent=form, status=409)
    flash(_("Your differing opinion is recorded as you wrote it."), "success")
    return back("report", commission)


@route(
    room,
    "/critiques/<int:commission_id>/sign",
    permission="report.sign",
    load=queries.commission,
    methods=("POST",),
)
def sign(commission: Commission) -> ResponseReturnValue:
    """Sign the report off, as the chair."""
    form = RevisionForm()
    try:
        report_services.sign_report(commission.id, me(), revision=whole(form.revision.data))
    except report_services.Overtaken:
        flash(_("The report was changed meanwhile: please read it again."), "warning")
    except Incomplete:
        flash(_("Something is still missing: see the list."), "danger")
        return _report_page(commission, status=422)
    except (report_services.NotYours, stages.NotAllowed):
        return stays(commission)
    else:
        flash(_("You have signed the report; the union delivers it."), "success")
    return back("report", commission)


@route(
    room,
    "/critiques/<int:commission_id>/deliver",
    permission="commission.manage",
    load=queries.commission,
    methods=("POST",),
)
def deliver(commission: Commission) -> ResponseReturnValue:
    """Deliver the signed report to whoever ordered it."""
    try:
        report_services.deliver(commission.id, actor_id=me())
    except Incomplete:
        flash(_("The chair has not signed this text of the report yet."), "warning")
        return back("commission", commission)
    except stages.NotAllowed:
        return stays(commission)
    flash(_("The report is delivered."), "success")
    return back("report", commission)
