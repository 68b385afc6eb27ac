"""Long work that a person asked for: the list, the page that looks again, cancelling."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consult.core import clock
from consult.core.i18n import _
from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.settings import settings
from consult.core.web import route
from consult.desk.blueprint import room
from consult.jobs import works
from consult.jobs.work_models import Work

# A page that waits looks again after so many seconds; less often when it takes long.
_SOON, _LATER = 1, 5
_LONG = timedelta(seconds=20)


@route(room, "/works", permission="desk.home")
def my_works() -> ResponseReturnValue:
    """What the person has asked for, the newest first."""
    page = paginate(works.works_of(actor().user_id or 0), number=page_number())
    return render_template("desk/works.html", page=page, days=settings().export_days)


@route(room, "/works/<int:work_id>", permission="work.own", load=works.work)
def work(work: Work) -> ResponseReturnValue:
    """How far a work is; who waits on the page gets the file as soon as it is there."""
    waiting = request.args.get("wait") == "1"
    if waiting and work.finished:
        # The page is shown once without the wait, and then the file comes by itself.
        now = 1 if work.file_sha256 else None
        url = url_for(".work", work_id=work.id, now=now)
        if "HX-Request" in request.headers:
            return "", {"HX-Redirect": url}
        return redirect(url)
    message = _(work.message, **work.params) if work.message else ""
    return render_template(
        "desk/work.html",
        work=work,
        label=_(works.KINDS[work.kind].label) if work.kind in works.KINDS else "",
        message=message,
        days=settings().export_days,
        seconds=_SOON if clock.now() - work.created_at < _LONG else _LATER,
    )


@route(
    room,
    "/works/<int:work_id>/cancel",
    permission="work.own",
    load=works.work,
    methods=("POST",),
)
def cancel_work(work: Work) -> ResponseReturnValue:
    """End a work that is not wanted any more."""
    if works.cancel(work):
        flash(_("This has been cancelled."), "success")
    else:
        flash(_("This had ended already."), "info")
    return redirect(url_for(".work", work_id=work.id), 303)
