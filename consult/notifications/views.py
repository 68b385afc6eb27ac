"""The inbox of notifications."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.core.paging import page_number, paginate
from consult.core.permissions import actor
from consult.core.web import route, safe_next
from consult.notifications import queries, services
from consult.notifications.messages import message
from consult.notifications.models import Notification

room = Blueprint("notifications", __name__)


@route(room, "/notices", permission="account.own")
def inbox() -> ResponseReturnValue:
    """The person's notifications, newest first."""
    page = paginate(queries.notices_of(actor().user_id or 0), number=page_number(), size=20)
    return render_template("notifications/inbox.html", page=page, message=message)


@route(room, "/notices/read", permission="account.own", methods=["POST"])
def read() -> ResponseReturnValue:
    """Mark all as read."""
    services.mark_read(actor().user_id or 0)
    return redirect(url_for("notifications.inbox"), 303)


@route(
    room,
    "/notices/<int:notice_id>/open",
    permission="notification.own",
    load=queries.notice,
    methods=["POST"],
)
def open_notice(notice: Notification) -> ResponseReturnValue:
    """Mark one as read and go where it leads."""
    services.mark_read(notice.user_id, notice.id)
    return redirect(safe_next(notice.url) or url_for("notifications.inbox"), 303)
