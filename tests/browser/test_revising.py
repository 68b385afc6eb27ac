"""An author revises a received point: history, a second window, the closing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import transaction
from tests.browser.conftest import Person
from tests.browser.roles import Intellectual, vi
from tests.support import factories as make
from tests.support.live import Live

FIRST = "Mức hỗ trợ này chưa đủ để giữ người giỏi ở lại."
SECOND = "Mức hỗ trợ này vẫn chưa đủ để giữ người giỏi ở lại tỉnh."


@pytest.fixture
def author(browser: Browser, site: Live) -> Intellectual:
    """Somebody with a telephone who has just sent a point in round 1."""
    with site.app.app_context():
        agency = make.organisation()
        make.consultation(agency, make.version(agency))
        make.user("Nguyễn Văn An", verified=True, email="an@example.org")
    person = Intellectual(browser, site, "an-phone", phone=True)
    person.signs_in("an@example.org", make.PASSWORD)
    person.goes_to("/rounds/1/write?provision=d1.k1")
    person.box(vi("Disagree")).check()
    person.box(vi("Your argument")).fill(FIRST)
    person.page.get_by_text(vi("Send this one point now")).click()
    person.box(vi("Show my name: everybody who reads the opinion sees it")).check()
    person.presses(vi("Send now"))
    person.page.wait_for_url(re.compile("/receipts/"))
    return person


def revises(person: Person, words: str) -> None:
    person.box(vi("Your argument")).fill(words)
    person.presses(vi("Send the revision"))
    person.page.wait_for_load_state()


def test_a_revision_and_its_history(author: Intellectual, browser: Browser, site: Live) -> None:
    author.follows(vi("Revise this point"))
    assert author.box(vi("Your argument")).input_value() == FIRST
    author.is_fine("revise")
    revises(author, SECOND)
    author.page.wait_for_url(re.compile("/receipts/"))
    author.sees("1")
    author.is_fine("receipt-revised")
    author.follows(vi("Open the point"))
    author.sees(vi("Revisions"))
    expect(author.page.locator(".history ins").first).to_contain_text("vẫn")
    author.is_fine("point-revised")
    # Readers see the latest words, and what was changed.
    reader = Person(browser, site, "reader")
    reader.goes_to("/points/1")
    reader.sees(vi("Revisions"))
    expect(reader.page.locator(".history ins").first).to_contain_text("vẫn")
    reader.is_fine("point-revised")


def test_a_second_window_is_told_and_sees_both(author: Intellectual) -> None:
    author.goes_to("/points/1/revise")
    first, second = author.page, author.context.new_page()
    author.page = second
    author.goes_to("/points/1/revise")
    revises(author, SECOND)
    author.page.wait_for_url(re.compile("/receipts/"))
    author.page = first
    mine = "Đề nghị tính mức hỗ trợ theo lương tối thiểu vùng."
    revises(author, mine)
    author.sees(vi("This point was revised meanwhile"))
    author.sees(SECOND)
    assert author.box(vi("Your argument")).input_value() == mine
    author.is_fine("revised-meanwhile")
    author.presses(vi("Send the revision"))
    author.page.wait_for_url(re.compile("/receipts/"))
    author.sees(mine)


def test_after_the_closing_the_words_stay_on_the_page(author: Intellectual, site: Live) -> None:
    author.goes_to("/points/1/revise")
    with site.app.app_context(), transaction() as session:
        session.get_one(Consultation, 1).closes_at = clock.now() - timedelta(seconds=1)
    revises(author, SECOND)
    assert author.box(vi("Your argument")).input_value() == SECOND
    expect(author.page.get_by_role("alert").first).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    author.is_fine("revised-too-late")
