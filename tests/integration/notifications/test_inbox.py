"""The inbox: one's own notices, opened and marked as read."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from consult.core.db import transaction
from consult.notifications.models import Notification
from consult.notifications.services import tell
from tests.support import factories
from tests.support.browsing import post, signed_in


def people_told(app: Flask, *facts: str) -> tuple[int, int]:
    """Add two people and tell both of each fact."""
    with app.app_context():
        users = factories.user("Trần Thị Bình"), factories.user("Lê Văn Cường")
        for fact in facts:
            with transaction():
                tell(
                    users,
                    "profile.verified",
                    params={},
                    url="/clubs",
                    dedupe=fact,
                    settings=app.extensions["consult_settings"],
                )
    return users


def notice_of(app: Flask, user_id: int) -> int:
    with app.app_context(), transaction(write=False) as session:
        return session.scalars(select(Notification.id).where(Notification.user_id == user_id)).one()


def unread(app: Flask, user_id: int) -> int:
    with app.app_context(), transaction(write=False) as session:
        return session.scalar(
            select(func.count()).where(
                Notification.user_id == user_id, Notification.read_at.is_(None)
            )
        )


def test_a_notice_is_shown_and_leads_on(app: Flask) -> None:
    one, _two = people_told(app, "a")
    browser = signed_in(app, one)
    page = browser.get("/notices").text
    assert "Hồ sơ của ông/bà đã được xác minh" in page
    assert 'class="count"' in page
    opened = post(browser, f"/notices/{notice_of(app, one)}/open", follow_redirects=False)
    assert (opened.status_code, opened.location) == (303, "/clubs")
    assert unread(app, one) == 0
    assert 'class="count"' not in browser.get("/notices").text


def test_another_persons_notice_is_not_there(app: Flask) -> None:
    one, two = people_told(app, "a")
    assert post(signed_in(app, two), f"/notices/{notice_of(app, one)}/open").status_code == 404
    assert unread(app, one) == 1


def test_all_are_marked_as_read_and_only_ones_own(app: Flask) -> None:
    one, two = people_told(app, "a", "b")
    post(signed_in(app, one), "/notices/read")
    assert (unread(app, one), unread(app, two)) == (0, 2)


def test_the_inbox_has_pages(app: Flask) -> None:
    one, _two = people_told(app, *"abcdefghijklmnopqrstu")
    browser = signed_in(app, one)
    assert browser.get("/notices").text.count("<h2") == 20
    assert browser.get("/notices?page=2").text.count("<h2") == 1
    assert browser.get("/notices?page=zero").status_code == 200


def test_a_stranger_has_no_inbox(app: Flask) -> None:
    answered = app.test_client().get("/notices")
    assert answered.status_code == 302
    assert "/sign-in" in answered.location
