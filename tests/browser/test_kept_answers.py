"""Choices among a round's answers survive a closed tab, a lost network, a lost session."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from consult.accounts.models import SignInSession
from consult.core.db import transaction
from consult.submissions.answers.models import AnswerSheet
from consult.submissions.models import KeptWords
from tests.browser.roles import Intellectual, vi
from tests.support import factories as make
from tests.support.live import Live

PAGE = "/rounds/1/questions"


@pytest.fixture
def begin(browser: Browser, site: Live) -> Callable[..., Intellectual]:
    """A verified intellectual at a device of his own, before a round with questions, id 1."""
    with site.app.app_context():
        agency = make.organisation()
        round_id = make.consultation(agency, make.version(agency))
        make.question(round_id, 1, "single", options=["Có", "Không"], is_required=True)
        make.question(round_id, 2, "multiple", options=["Lương", "Nhà ở", "Đào tạo"])
        make.question(round_id, 3, "scale", low="Rất thấp", high="Rất cao", steps=5)
        make.user("Nguyễn Văn An", verified=True, email="an@example.org")

    def start(**device: Any) -> Intellectual:
        person = Intellectual(browser, site, "an", **device)
        person.signs_in("an@example.org", make.PASSWORD)
        return person

    return start


def kept(site: Live) -> list[dict[str, str]]:
    with site.app.app_context(), transaction(write=False) as session:
        return [row.fields for row in session.query(KeptWords).filter_by(closed=False)]


def sheets(site: Live) -> list[list[str]]:
    with site.app.app_context(), transaction(write=False) as session:
        rows = session.query(AnswerSheet).order_by(AnswerSheet.id)
        return [[answer.chosen for answer in row.answers] for row in rows]


def chooses(page: Page) -> None:
    """Choose in each kind of question, by hand and by keyboard."""
    page.get_by_label("Không", exact=True).check()
    page.get_by_label("Lương", exact=True).check()
    page.get_by_label("Đào tạo", exact=True).focus()
    page.keyboard.press("Space")
    page.get_by_role("radio", name="2", exact=True).focus()
    page.keyboard.press("ArrowRight")


def is_chosen(page: Page) -> None:
    for name in ("Không", "Lương", "Đào tạo", "3"):
        expect(page.get_by_label(name, exact=True)).to_be_checked()
    expect(page.get_by_label("Nhà ở", exact=True)).not_to_be_checked()


def is_kept(page: Page) -> None:
    note = page.locator(".questions-form .keep-status")
    expect(note).to_contain_text(vi("Kept at %(time)s", time=""), timeout=9000)


def test_choices_go_along_to_a_phone_and_are_saved_there(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    desk = begin()
    chooses(desk.goes_to(PAGE))
    is_kept(desk.page)
    assert kept(site) == [{"q1": "2", "q2": "1,3", "q3": "3"}]
    assert sheets(site) == [], "what is kept is no answer yet"
    desk.page.close()
    phone = begin(phone=True)
    page = phone.goes_to(PAGE)
    is_chosen(page)
    phone.is_fine("questions-restored")
    page.set_viewport_size({"width": 390, "height": 844})
    phone.presses(vi("Save in my contribution"))
    page.wait_for_url(re.compile("/basket"))
    assert (kept(site), sheets(site)) == ([], [["2", "1,3", "3"]])
    page = phone.goes_to(PAGE)
    is_chosen(page)
    expect(page.locator(".restored")).to_have_count(0)
    phone.leaves()


def test_a_tab_closed_at_once_and_discarding(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    an = begin()
    chooses(an.goes_to(PAGE))
    an.page.wait_for_timeout(600)
    an.page.goto(an.site.url + "/rounds")  # before the first keeping is due
    an.page.wait_for_timeout(600)
    assert kept(site) == [{"q1": "2", "q2": "1,3", "q3": "3"}]
    page = an.goes_to("/rounds/1")  # the reading page holds the form too
    is_chosen(page)
    page.get_by_role("button", name=vi("Discard it")).click()
    an.sees(vi("What you had chosen and not saved is discarded."))
    expect(page.get_by_label("Không", exact=True)).not_to_be_checked()
    page = an.goes_to(PAGE)
    expect(page.get_by_label("Lương", exact=True)).not_to_be_checked()
    an.leaves()


def test_choices_made_offline_are_there_after_a_crash_and_reach_the_server(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    an = begin()
    lost = an.goes_to(PAGE)
    an.context.set_offline(True)
    an.sees(
        vi(
            "You are offline. What you choose is kept in this browser; "
            "send it when you are connected again."
        )
    )
    chooses(lost)
    lost.wait_for_timeout(800)
    assert kept(site) == []
    an.page = an.context.new_page()
    lost.close()
    an.context.set_offline(False)
    page = an.goes_to(PAGE)
    an.sees(vi("What you had chosen here before has been restored from this browser."))
    is_chosen(page)
    is_kept(page)
    assert kept(site) == [{"q1": "2", "q2": "1,3", "q3": "3"}]
    an.is_fine("questions-from-browser")
    an.context.close()


def test_answers_that_were_received_change_only_when_they_are_sent(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    an = begin()
    page = an.goes_to(PAGE)
    page.get_by_label("Có", exact=True).check()
    an.presses(vi("Save in my contribution"))
    page = an.goes_to("/rounds/1/basket")
    page.locator("section[aria-labelledby=send] input[type=radio]").first.check()
    page.locator("section[aria-labelledby=send] button[type=submit]").click()
    page.wait_for_url(re.compile("/receipts/"))
    page = an.goes_to(PAGE)
    chooses(page)
    is_kept(page)
    assert sheets(site) == [["1"]]
    with site.app.app_context(), transaction() as session:
        session.query(SignInSession).delete()
    an.presses(vi("Send the changed answers"))
    an.sees(vi("Please sign in again"))
    an.box(vi("E-mail")).fill("an@example.org")
    an.box(vi("Password")).fill(make.PASSWORD)
    an.presses(vi("Sign in and continue"))
    an.sees(vi("Send again"))
    assert sheets(site) == [["1"]]
    an.presses(vi("Send again"))
    page.wait_for_url(re.compile("/receipts/"))
    assert sheets(site) == [["1"], ["2", "1,3", "3"]]
    assert kept(site) == []
    is_chosen(an.goes_to(PAGE))
    an.leaves()
