"""In the browser: the reading list by keys, by buttons on a phone, and without script."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from consult.consultations.models import Stage
from consult.core.db import transaction
from consult.submissions.models import Identity, Stance
from consult.summaries import services, theme_building
from tests.browser.roles import FrontStaff, vi
from tests.support import factories as make
from tests.support.live import Live


@pytest.fixture
def round_id(site: Live) -> int:
    """A closed round with five points, some alike, their themes built."""
    with site.app.app_context():
        agency, body = make.organisation(), make.organisation("front")
        make.user("Lê Văn Chi", roles=(("front", body),), email="chi@example.org")
        writers = [make.user(f"Trí thức {n}", verified=True) for n in "ABCDE"]
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        for n, writer in enumerate(writers):
            make.point(
                round_id,
                writer,
                argument=f"Đề nghị nâng mức hỗ trợ thuê nhà lên {n + 2} triệu đồng mỗi tháng.",
                stance=Stance.DISAGREE if n == 4 else Stance.AGREE,
                identity=Identity.SEALED if n == 3 else Identity.PUBLIC,
            )
        with transaction(write=False):
            read = theme_building.material(round_id)
        result = theme_building.propose(read)
        with transaction():
            theme_building.store(read, result, actor_id=None)
        return round_id


def presses(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def here(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def opens(chi: FrontStaff, round_id: int) -> tuple[Page, list[str]]:
    chi.signs_in("chi@example.org", make.PASSWORD)
    page = chi.goes_to(f"/front/rounds/{round_id}/reading?show=unread")
    articles = page.locator("[data-reading] article")
    return page, [str(articles.nth(n).get_attribute("id")) for n in range(5)]


def test_points_are_read_by_keys(browser: Browser, site: Live, round_id: int) -> None:
    chi = FrontStaff(browser, site, "chi")
    page, ids = opens(chi, round_id)
    presses(page, "j", "j")
    assert here(page) == ids[1]
    presses(page, "k")
    assert here(page) == ids[0]

    presses(page, "r")
    chi.sees("Ông/bà đã đọc 1 trên 5 ý kiến.")
    assert here(page) == ids[0]  # the point stays, and so does one's place
    presses(page, "u")
    chi.sees("Ông/bà đã đọc 0 trên 5 ý kiến.")
    presses(page, "r")
    chi.sees("Ông/bà đã đọc 1 trên 5 ý kiến.")
    presses(page, "j", "3")
    pressed = page.locator(f"#{ids[1]} button[aria-pressed=true]")
    pressed.wait_for()
    assert pressed.inner_text() == vi("High")
    presses(page, "?")
    chi.is_fine("reading-keys")
    presses(page, "?")
    page.locator("#reading-keys summary").click()
    page.locator("#keys-on").uncheck()
    page.locator(f"#{ids[1]}").focus()
    presses(page, "j")
    assert here(page) == ids[1]
    chi.leaves()


def test_keys_lead_to_the_forms_and_back(browser: Browser, site: Live, round_id: int) -> None:
    chi = FrontStaff(browser, site, "chi")
    page, ids = opens(chi, round_id)
    presses(page, "j", "j")
    presses(page, "n")
    page.keyboard.type("Hỏi lại tác giả: j k r 1")
    presses(page, "Escape")
    assert here(page) == ids[1]
    presses(page, "n", "Tab", "Enter")
    chi.sees("Hỏi lại tác giả: j k r 1")
    assert here(page) == ids[1]  # after the page was loaded anew

    presses(page, "t")
    assert here(page).startswith("theme-")
    presses(page, "Escape", "j", "d")
    page.wait_for_url(re.compile("/decide"))
    chi.sees(vi("Duplicate or set aside"))
    page.get_by_label(vi("It repeats another point")).check()
    page.locator("#leader").fill(ids[0].replace("point-", "YK-"))
    chi.presses(vi("Count them so"))
    page.wait_for_url(re.compile("/reading"))
    assert page.url.endswith(f"?show=unread#{ids[2]}")
    page.locator(f"#{ids[2]} .tag", has_text="YK-").wait_for()
    assert here(page) == ids[2]
    page.locator(f"#{ids[2]} .point-code").click()
    page.wait_for_url(re.compile("/points/"))
    page.go_back()
    page.wait_for_function(f"document.activeElement.id === '{ids[2]}'")
    chi.is_fine("reading-list")
    chi.leaves()


def test_points_are_read_by_buttons_on_a_phone(browser: Browser, site: Live, round_id: int) -> None:
    chi = FrontStaff(browser, site, "chi", phone=True)
    chi.signs_in("chi@example.org", make.PASSWORD)
    page = chi.goes_to(f"/front/rounds/{round_id}")
    chi.follows(vi("Reading list"))
    first = page.locator("[data-reading] article").first
    first.get_by_role("button", name=vi("Mark as read")).click()
    chi.sees("Ông/bà đã đọc 1 trên 5 ý kiến.")
    first.get_by_role("button", name=vi("Low"), exact=True).click()
    first.locator("button[aria-pressed=true]").wait_for()
    first.locator("details summary").first.click()
    first.get_by_role("button", name=vi("Keep the note")).click()
    chi.sees(vi("Please write a note first."))
    chi.is_fine("reading-note-refused")
    page.set_viewport_size({"width": 390, "height": 844})
    first.locator("textarea").fill("Đối chiếu với Điều 2.")
    first.get_by_role("button", name=vi("Keep the note")).click()
    chi.sees("Đối chiếu với Điều 2.")
    page.locator("#reading-done").get_by_role("button", name=vi("Undo")).click()
    chi.sees("1 ghi chú đã xóa")
    theme = first.locator("details", has=page.locator("select"))
    theme.locator("summary").click()
    theme.locator("select").select_option("new")
    theme.locator("input[name=new_name]").fill("Tiền thuê nhà")
    theme.get_by_role("button", name=vi("Move"), exact=True).click()
    chi.sees("Chủ đề: Tiền thuê nhà")
    chi.presses(vi("All of this page are read"))
    chi.sees("Ông/bà đã đọc 5 trên 5 ý kiến.")
    page.locator("#reading-done").get_by_role("button", name=vi("Undo")).click()
    chi.sees("Ông/bà đã đọc 1 trên 5 ý kiến.")
    chi.is_fine("reading-list-phone")
    chi.leaves()


def test_what_was_missed_leads_to_the_points(browser: Browser, site: Live, round_id: int) -> None:
    with site.app.app_context(), transaction():
        services.start(round_id, actor_id=None)
    chi = FrontStaff(browser, site, "chi")
    chi.signs_in("chi@example.org", make.PASSWORD)
    chi.goes_to(f"/front/rounds/{round_id}/summary")
    chi.follows(vi("What did we miss?"))
    chi.sees(vi("Provisions without any point"))
    chi.sees(vi("Fields of science not heard of"))
    chi.is_fine("summary-missed")
    chi.page.locator("section[aria-labelledby=unquoted] a").first.click()
    chi.page.wait_for_url(re.compile("quoted=no"))
    chi.sees(vi("not quoted in the summary being written"))
    chi.leaves()
