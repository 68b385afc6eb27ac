"""The pages on which a sealed identity is asked for, decided on and seen."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core import clock
from consult.core.i18n import _
from consult.core.paging import page_number, paginate
from consult.core.sealing import Unopenable
from consult.core.web import route
from consult.submissions.blueprint import room
from consult.submissions.identity import queries as vault_queries
from consult.submissions.identity import services as vault_services
from consult.submissions.identity.forms import OpenForm, ground_name
from consult.submissions.identity.models import UnsealingRequest
from consult.submissions.models import Identity, Point
from consult.submissions.pages import author_id

room.add_app_template_global(ground_name, "identity_ground")


@route(room, "/secretariat/identities", permission="identity.work")
def identities() -> ResponseReturnValue:
    """All requests to open an identity, and how they stand."""
    page = paginate(vault_queries.requests(), number=page_number(), size=20)
    return render_template("submissions/identities.html", page=page, now=clock.now())


@route(
    room,
    "/points/<int:point_id>/identity",
    permission="identity.request",
    load=vault_queries.received_point,
    methods=("GET", "POST"),
)
def ask_identity(point: Point) -> ResponseReturnValue:
    """Ask to see who stands behind a sealed point."""
    form = OpenForm()
    submission = point.submission
    if submission.authorship.identity is not Identity.SEALED:
        abort(404)
    if request.method == "POST" and form.validate():
        command = vault_services.AskToOpen(
            submission, form.chosen, form.reason.data or "", author_id()
        )
        try:
            asked = vault_services.ask(command)
        except vault_services.AlreadyAsked as other:
            asked = other.request_id
            flash(_("Somebody has asked for this identity already; here is that request."), "info")
        else:
            flash(_("The request is recorded. A second person decides on it."), "success")
        return redirect(url_for("submissions.identity", request_id=asked), 303)
    status = 422 if request.method == "POST" else 200
    return render_template("submissions/identity_ask.html", point=point, form=form), status


@route(
    room,
    "/secretariat/identities/<int:request_id>",
    permission="identity.work",
    load=vault_queries.request,
)
def identity(asked: UnsealingRequest) -> ResponseReturnValue:
    """One request: who asked, why, and what was decided."""
    return _page(asked)


@route(
    room,
    "/secretariat/identities/<int:request_id>/decide",
    permission="identity.decide",
    load=vault_queries.request,
    methods=("POST",),
)
def decide_identity(asked: UnsealingRequest) -> ResponseReturnValue:
    """Approve or refuse what another person has asked for."""
    decision = request.form.get("decision")
    if decision not in ("approve", "refuse"):
        abort(400)
    if vault_services.decide(asked, approve=decision == "approve", actor_id=author_id()):
        flash(_("The decision is recorded."), "success")
    else:
        flash(_("This request does not wait for a decision any more."), "warning")
    return redirect(url_for("submissions.identity", request_id=asked.id), 303)


@route(
    room,
    "/secretariat/identities/<int:request_id>/see",
    permission="identity.see",
    load=vault_queries.request,
    methods=("POST",),
)
def see_identity(asked: UnsealingRequest) -> ResponseReturnValue:
    """Show who it is; each look is recorded, so it is a post, and the page is never kept."""
    try:
        return _page(asked, vault_services.look(asked, actor_id=author_id()))
    except (Unopenable, vault_services.NotSealed):
        flash(_("The identity cannot be opened: tell the administrator."), "danger")
        return redirect(url_for("submissions.identity", request_id=asked.id), 303)


def _page(asked: UnsealingRequest, person: vault_services.Person | None = None) -> str:
    return render_template("submissions/identity.html", asked=asked, person=person, now=clock.now())
