"""A person's record of contributions, certificates of it, and the page that confirms one."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from consult.core import clock
from consult.core.i18n import _, local
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.portal import portal
from consult.core.settings import settings
from consult.core.web import route
from consult.documents import certificate_pdf, certificate_queries, certificates
from consult.documents.blueprint import room
from consult.documents.certificate_forms import ReasonForm, RequestForm
from consult.documents.certificate_models import CERTIFICATE_STATES, Certificate
from consult.people.club_queries import titled
from consult.submissions.vault import written_anywhere


def _me() -> int:
    return actor().user_id or 0


# --- one's own -----------------------------------------------------------------------------------


@route(room, "/my/record", permission="profile.own")
def record() -> ResponseReturnValue:
    """All that the person has contributed, what became of it, and certificates of it."""
    return render_template(
        "certificates/record.html",
        record=certificate_queries.record(_me(), written_anywhere(_me())),
        certificates=certificate_queries.own_certificates(_me()),
        form=RequestForm(formdata=None),
    )


@route(room, "/my/record/extract.pdf", permission="profile.own")
def own_extract() -> ResponseReturnValue:
    """The person's own copy, unsigned; with sealed contributions only when asked for."""
    found = certificate_queries.record(_me(), written_anywhere(_me()))
    contents = certificate_queries.contents(found, titled=titled(_me()))
    if request.args.get("sealed") != "1":
        contents["points"] = [point for point in contents["points"] if not point["sealed"]]
    data = certificate_pdf.extract(
        contents,
        portal=portal().name,
        place=portal().place,
        made_on=local(clock.now()).date(),
    )
    return _pdf(data, "ban-trich-dong-gop")


@route(room, "/my/record/certificate", permission="certificate.request", methods=("POST",))
def request_certificate() -> ResponseReturnValue:
    """Ask the union's secretariat for a certificate."""
    form = RequestForm()
    if form.validate_on_submit():
        try:
            new = certificates.request(_me(), with_organisations=bool(form.with_organisations.data))
        except certificates.NothingToConfirm:
            flash(_("There is nothing yet that a certificate could confirm."), "warning")
        else:
            if new:
                flash(_("The secretariat has been asked for the certificate."), "success")
            else:
                flash(_("You have asked already; the request waits."), "info")
    return redirect(url_for(".record"), 303)


@route(
    room,
    "/certificates/<int:certificate_id>.pdf",
    permission="certificate.read",
    load=certificate_queries.issued,
)
def certificate_pdf_file(row: Certificate) -> ResponseReturnValue:
    """The certificate as it was issued."""
    page = url_for(".check_certificate", code=row.code)
    data = certificate_pdf.certificate(row, url=f"{settings().base_url}{page}")
    return _pdf(data, f"giay-xac-nhan-{row.number}-{row.year}")


def _pdf(data: bytes, name: str) -> Response:
    disposition = f'attachment; filename="{name}.pdf"'
    return Response(
        data, content_type="application/pdf", headers={"Content-Disposition": disposition}
    )


# --- everybody -----------------------------------------------------------------------------------


@route(room, "/certificates/check", permission="site.read")
def check_certificate() -> ResponseReturnValue:
    """Confirm number, date, name and counts of the certificate with the code that is asked for."""
    typed = request.args.get("code", "")[:100]
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    row = certificate_queries.by_code(code)
    page = render_template("certificates/check.html", typed=typed.strip(), row=row)
    return page, {"X-Robots-Tag": "noindex"}


# --- the secretariat -----------------------------------------------------------------------------


@route(room, "/secretariat/certificates", permission="certificate.issue")
def certificates_queue() -> ResponseReturnValue:
    """What is asked for, issued, declined and revoked."""
    state = request.args.get("state", "requested")
    if state not in (*CERTIFICATE_STATES, "all"):
        state = "requested"
    statement: Select[Certificate] = certificate_queries.certificates_statement(
        "" if state == "all" else state
    )
    return render_template(
        "certificates/list.html",
        page=paginate(statement, number=page_number()),
        state=state,
        states=(*CERTIFICATE_STATES, "all"),
    )


@route(
    room,
    "/secretariat/certificates/<int:certificate_id>",
    permission="certificate.issue",
    load=certificate_queries.certificate,
)
def certificate(row: Certificate) -> ResponseReturnValue:
    """One request or certificate: what it says, and what is to be decided."""
    return _page(row, ReasonForm(formdata=None), 200)


@route(
    room,
    "/secretariat/certificates/<int:certificate_id>/issue",
    permission="certificate.issue",
    load=certificate_queries.certificate,
    methods=("POST",),
)
def issue_certificate(row: Certificate) -> ResponseReturnValue:
    """Issue what was asked for."""
    try:
        certificates.issue(row, actor_id=_me())
    except certificates.NotWaiting:
        return _decided_meanwhile(row)
    number = f"{row.number}/{row.year}"
    flash(
        _("Certificate %(number)s is issued and the person has been told.", number=number),
        "success",
    )
    return _to(row)


@route(
    room,
    "/secretariat/certificates/<int:certificate_id>/end",
    permission="certificate.issue",
    load=certificate_queries.certificate,
    methods=("POST",),
)
def end_certificate(row: Certificate) -> ResponseReturnValue:
    """Decline a request, revoke a certificate that is in force."""
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page(row, form, 422)
    change = certificates.revoke if row.state == "issued" else certificates.decline
    try:
        change(row, form.note.data or "", actor_id=_me())
    except certificates.NotWaiting:
        return _decided_meanwhile(row)
    flash(_("The decision is recorded, and the person has been told."), "success")
    return _to(row)


def _decided_meanwhile(row: Certificate) -> ResponseReturnValue:
    flash(_("This has been decided meanwhile."), "warning")
    return _to(row)


def _to(row: Certificate) -> ResponseReturnValue:
    return redirect(url_for(".certificate", certificate_id=row.id), 303)


def _page(row: Certificate, form: ReasonForm, status: int) -> ResponseReturnValue:
    return render_template(
        "certificates/certificate.html", row=row, says=certificates.preview(row), form=form
    ), status
