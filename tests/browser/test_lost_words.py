"""Nothing typed is lost: a lost session, a closed tab, no network."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from consult.accounts.models import SignInSession
from consult.core.db import transaction
from tests.browser.roles import Intellectual, vi
from tests.support import factories as make
from tests.support.live import Live

WORDS = "Mức hỗ trợ này chưa đủ để giữ người giỏi ở lại; đề nghị tính theo lương tối thiểu vùng."


@pytest.fixture
def writer(browser: Browser, site: Live) -> Intellectual:
    """A verified intellectual, signed in, before an open round with the id 1."""
    with site.app.app_context():
        agency = make.organisation()
        make.consultation(agency, make.version(agency))
        make.user("Nguyễn Văn An", verified=True, email="an@example.org")
    person = Intellectual(browser, site, "an")
    person.signs_in("an@example.org", make.PASSWORD)
    return person


def begins(writer: Intellectual) -> None:
    writer.goes_to("/rounds/1/write?provision=d1.k1")
    writer.box(vi("Disagree")).check()
    writer.box(vi("Your argument")).fill(WORDS)


def test_a_session_that_ends_while_writing(site: Live, writer: Intellectual) -> None:
    begins(writer)
    with site.app.app_context(), transaction() as session:
        session.query(SignInSession).delete()
    writer.presses(vi("Save in my contribution"))
    writer.sees(vi("Please sign in again"))
    writer.is_fine("signed-out")
    writer.box(vi("E-mail")).fill("an@example.org")
    writer.box(vi("Password")).fill(make.PASSWORD)
    writer.presses(vi("Sign in and continue"))
    writer.sees(vi("Send again"))
    writer.is_fine("kept")
    writer.presses(vi("Send again"))
    writer.page.wait_for_url(re.compile(r"/rounds/1(?!/write)"))
    writer.goes_to("/rounds/1/basket")
    writer.sees(WORDS)


def test_a_tab_that_is_closed_while_writing(writer: Intellectual) -> None:
    begins(writer)
    writer.page.wait_for_timeout(1200)
    tab = writer.context.new_page()
    writer.page.close()
    writer.page = tab
    writer.goes_to("/rounds/1/write?provision=d1.k1")
    assert writer.box(vi("Your argument")).input_value() == WORDS
    writer.is_fine("restored")


def test_the_network_goes_away(writer: Intellectual) -> None:
    begins(writer)
    writer.context.set_offline(True)
    writer.page.wait_for_timeout(1200)
    writer.sees(
        vi(
            "You are offline. What you type is kept in this browser; "
            "send it when you are connected again."
        )
    )
    writer.context.set_offline(False)
    writer.page.wait_for_timeout(300)
    writer.goes_to("/rounds/1/write?provision=d1.k1")
    assert writer.box(vi("Your argument")).input_value() == WORDS
