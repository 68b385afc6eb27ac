"""Writing a point as its author: a passage by mouse, finger and keyboard, previews, keeping."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from consult.core.db import transaction
from consult.submissions.models import KeptWords, Point
from tests.browser.conftest import PHONE
from tests.browser.roles import Intellectual, vi
from tests.support import factories as make
from tests.support.live import Live

WORDS = "Mức này chưa đủ để giữ người giỏi ở lại."
PASSAGE = "được hỗ trợ 11 triệu đồng"
# Where the words stand on the screen, so that a hand can be moved over them.
CORNERS = """([key, words]) => {
  const p = document.getElementById(key).querySelector("p");
  const node = [...p.childNodes].reverse().find((n) => n.nodeType === 3 && n.data.includes(words));
  const range = document.createRange();
  const at = node.data.indexOf(words);
  range.setStart(node, at);
  range.setEnd(node, at + words.length);
  const boxes = [...range.getClientRects()];
  const [first, last] = [boxes[0], boxes[boxes.length - 1]];
  return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""


@pytest.fixture
def begin(browser: Browser, site: Live) -> Callable[..., Intellectual]:
    """A verified intellectual at a device of his own, before an open round with the id 1."""
    with site.app.app_context():
        agency = make.organisation()
        make.consultation(agency, make.version(agency))
        make.user("Nguyễn Văn An", verified=True, email="an@example.org")

    def at_a_device(**options: Any) -> Intellectual:
        person = Intellectual(browser, site, "an", **options)
        person.signs_in("an@example.org", make.PASSWORD)
        return person

    return at_a_device


def drags_over(page: Page, key: str, words: str) -> None:
    page.locator(f"#{key.replace('.', chr(92) + '.')} p").first.scroll_into_view_if_needed()
    left, top, right, bottom = page.evaluate(CORNERS, [key, words])
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=8)
    page.mouse.up()


def points(site: Live) -> list[Point]:
    with site.app.app_context(), transaction(write=False) as session:
        found = session.query(Point).order_by(Point.id).all()
        session.expunge_all()
        return found


def kept(site: Live) -> list[KeptWords]:
    with site.app.app_context(), transaction(write=False) as session:
        found = session.query(KeptWords).order_by(KeptWords.id).all()
        session.expunge_all()
        return found


def proposes_a_wording(an: Intellectual) -> None:
    """In the form that quotes the passage: from the draft's words to a preview that follows."""
    page = an.page
    an.box(vi("Wording proposal")).check()
    an.box(vi("Agree with changes")).check()
    an.box(vi("Your argument")).fill("Nên **cao** hơn.")
    page.get_by_role("button", name=vi("Begin with the draft's words")).click()
    wording = an.box(vi("Proposed wording"))
    expect(wording).to_have_value(PASSAGE)
    wording.fill(PASSAGE.replace("11", "20"))
    page.get_by_role("button", name=vi("Preview"), exact=True).click()
    preview = page.get_by_role("region", name=vi("Preview of your point"))
    expect(preview.locator("strong")).to_have_text("cao")
    expect(preview.locator("ins")).to_contain_text("20")
    # It follows what is written.
    an.box(vi("Your argument")).press_sequentially(" Và *sớm*.")
    expect(preview.locator("em")).to_have_text("sớm")
    an.is_fine("preview")


def test_a_passage_by_mouse_to_a_redline_in_the_published_point(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    an = begin()
    page = an.goes_to("/rounds/1")
    drags_over(page, "d1.k1", PASSAGE)
    button = page.get_by_role("button", name=vi("Comment on this passage"))
    button.wait_for()
    place, text = button.bounding_box(), page.locator("#d1\\.k1 p").bounding_box()
    assert place
    assert text
    assert abs(place["y"] - text["y"] - text["height"]) < 60  # beside the words
    an.is_fine("passage-chosen")
    drags_over(page, "d1.k1", PASSAGE)
    button.click()
    expect(an.box(vi("Quoted passage"))).to_have_value(PASSAGE)
    proposes_a_wording(an)
    an.presses(vi("Save in my contribution"))
    page.wait_for_url(re.compile("saved="))
    an.goes_to("/rounds/1/basket")
    expect(page.locator(".basket del")).to_contain_text("11")
    an.box(vi("Show my name: everybody who reads the opinion sees it")).check()
    page.locator("section[aria-labelledby=send] button[type=submit]").click()
    page.wait_for_url(re.compile("/receipts/"))
    expect(page.locator(".point del")).to_contain_text("11")
    [point] = points(site)
    assert point.quote_start is not None
    an.goes_to(f"/points/{point.id}")
    expect(page.locator("mark.passage")).to_contain_text(PASSAGE)
    expect(page.locator(".wording ins")).to_contain_text("20")
    an.is_fine("point-with-passage")
    an.leaves()


def test_a_selection_over_two_provisions_is_brought_down_to_the_first(
    begin: Callable[..., Intellectual],
) -> None:
    an = begin()
    page = an.goes_to("/rounds/1")
    page.locator("#d1\\.k1 p").scroll_into_view_if_needed()
    left, top, _right, _bottom = page.evaluate(CORNERS, ["d1.k1", "11 triệu"])
    _left, _top, right, bottom = page.evaluate(CORNERS, ["d1.k2", "21 triệu"])
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=8)
    page.mouse.up()
    an.sees(vi("Only what belongs to %(citation)s is quoted.", citation="khoản 1 Điều 1"))
    page.get_by_role("button", name=vi("Comment on this passage")).click()
    expect(an.box(vi("Quoted passage"))).to_have_value("11 triệu đồng mỗi năm.")
    an.leaves()


def test_a_finger_chooses_a_passage_on_a_phone(
    browser: Browser, begin: Callable[..., Intellectual]
) -> None:
    an = begin()
    cookies = an.context.cookies()
    an.leaves()
    phone = browser.new_context(
        viewport=PHONE, locale="vi-VN", has_touch=True, is_mobile=True, device_scale_factor=2
    )
    phone.add_cookies(cookies)  # type: ignore[arg-type]
    page = phone.new_page()
    an.page, an.context = page, phone
    an.goes_to("/rounds/1")
    page.locator("#d1\\.k1 p").scroll_into_view_if_needed()
    left, top, _right, _bottom = page.evaluate(CORNERS, ["d1.k1", "triệu"])
    # A finger held on a word selects it; its handles are the system's, so their effect is set.
    hand = phone.new_cdp_session(page)
    touch = [{"x": left + 8, "y": top}]
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": touch})
    page.wait_for_timeout(900)
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    if not page.evaluate("getSelection().toString()"):
        page.evaluate(
            """() => { const n = document.querySelector("#d1\\\\.k1 p").lastChild;
            const at = n.data.indexOf("triệu");
            getSelection().setBaseAndExtent(n, at, n, at + 5); }"""
        )
    button = page.get_by_role("button", name=vi("Comment on this passage"))
    button.wait_for()
    box = button.bounding_box()
    assert box
    assert box["height"] >= 40
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    button.tap()
    expect(an.box(vi("Quoted passage"))).to_have_value("triệu")
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 1
    phone.close()


def test_a_passage_by_keyboard_alone(begin: Callable[..., Intellectual]) -> None:
    an = begin()
    page = an.goes_to("/rounds/1")
    page.locator("#d1\\.k1 a.write").focus()
    page.keyboard.press("Enter")
    an.box(vi("Remark")).wait_for()
    page.get_by_text(vi("Quote an exact passage of the draft")).focus()
    page.keyboard.press("Enter")
    sentence = page.locator(".pick button").first
    sentence.focus()
    page.keyboard.press("Space")
    expect(sentence).to_have_attribute("aria-pressed", "true")
    quote = an.box(vi("Quoted passage"))
    expect(quote).to_have_value(re.compile("Trí thức .* mỗi năm"))
    page.keyboard.press("Tab")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("ArrowUp")
    expect(quote).to_have_value(PASSAGE)
    an.is_fine("passage-by-keyboard")
    an.leaves()


def begins_to_write(an: Intellectual) -> Page:
    page = an.goes_to("/rounds/1/write?provision=d1.k1")
    an.box(vi("Objection")).check()
    an.box(vi("Disagree")).check()
    an.box(vi("Your argument")).press_sequentially(WORDS)
    return page


def is_kept(page: Page) -> None:
    expect(page.locator(".keep-status")).to_contain_text(
        vi("Kept at %(time)s", time=""), timeout=9000
    )


def test_words_go_along_to_another_device_and_do_not_come_back(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    desk = begin()
    page = begins_to_write(desk)
    is_kept(page)

    other = begin(phone=True)
    page = other.goes_to("/rounds/1/write?provision=d1.k1")
    expect(other.box(vi("Your argument"))).to_have_value(WORDS)
    expect(other.box(vi("Objection"))).to_be_checked()
    other.box(vi("Your argument")).press("Control+End")
    other.box(vi("Your argument")).press_sequentially(" Thêm ở điện thoại.")
    is_kept(page)

    # The first device does not overwrite what is newer; its author chooses.
    desk.box(vi("Your argument")).press_sequentially(" Thêm ở bàn.")
    desk.page.get_by_role("button", name=vi("Open them")).wait_for(timeout=9000)
    assert kept(site)[0].fields["argument"].endswith("Thêm ở điện thoại.")
    desk.is_fine("newer-elsewhere")
    desk.page.get_by_role("button", name=vi("Go on with these")).click()
    is_kept(desk.page)
    desk.page.wait_for_timeout(3500)
    assert kept(site)[0].fields["argument"].endswith("Thêm ở bàn.")

    desk.presses(vi("Save in my contribution"))
    desk.page.wait_for_url(re.compile("saved="))
    assert len(points(site)) == 1
    assert kept(site)[0].fields == {}
    # What the phone still shows is not kept again under the point that was saved.
    other.box(vi("Your argument")).press_sequentially(" Muộn.")
    other.sees(
        vi("This point has been saved or sent elsewhere. What you write now becomes a new point.")
    )
    assert kept(site)[0].fields == {}
    desk.goes_to("/rounds/1/write?provision=d2.k1")
    expect(desk.box(vi("Your argument"))).to_have_value("")
    desk.leaves()
    other.leaves()


def test_words_kept_in_time_survive_the_closing_of_the_tab_on_the_server(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    an = begin()
    begins_to_write(an)
    an.page.wait_for_timeout(600)
    an.page.goto(an.site.url + "/rounds")  # before the first helping is due
    an.page.wait_for_timeout(600)
    assert kept(site)[0].fields["argument"] == WORDS
    page = an.goes_to("/rounds/1/write?provision=d1.k1")
    expect(an.box(vi("Your argument"))).to_have_value(WORDS)
    page.get_by_role("button", name=vi("Discard it")).click()
    an.sees(vi("Discarded."))
    expect(an.box(vi("Your argument"))).to_have_value("")
    an.goes_to("/rounds/1/write?provision=d1.k1")
    expect(an.box(vi("Your argument"))).to_have_value("")
    an.leaves()


def test_words_typed_offline_reach_the_server_afterwards(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    an = begin()
    page = begins_to_write(an)
    is_kept(page)
    an.context.set_offline(True)
    an.sees(
        vi(
            "You are offline. What you type is kept in this browser; "
            "send it when you are connected again."
        )
    )
    an.box(vi("Your argument")).press_sequentially(" Lúc mất mạng.")
    page.wait_for_timeout(3500)
    assert kept(site)[0].fields["argument"] == WORDS
    an.context.set_offline(False)
    page.wait_for_timeout(3800)
    assert kept(site)[0].fields["argument"].endswith("Lúc mất mạng.")
    an.leaves()


def test_the_newest_of_browser_and_server_is_filled_in_and_the_other_offered(
    begin: Callable[..., Intellectual], site: Live
) -> None:
    an = begin()
    page = begins_to_write(an)
    is_kept(page)
    an.context.set_offline(True)
    an.box(vi("Your argument")).press_sequentially(" Lúc mất mạng.")
    page.wait_for_timeout(800)
    lost = page
    an.page = an.context.new_page()  # the tab crashed, offline
    lost.close()
    an.context.set_offline(False)
    page = an.goes_to("/rounds/1/write?provision=d1.k1")
    expect(an.box(vi("Your argument"))).to_have_value(WORDS + " Lúc mất mạng.")
    page.get_by_role("button", name=vi("Use the others")).click()
    expect(an.box(vi("Your argument"))).to_have_value(WORDS)
    an.context.close()


def test_words_said_before_are_asked_about_beside_the_field(
    begin: Callable[..., Intellectual],
) -> None:
    author = begin(phone=True)
    for _time in range(2):
        author.goes_to("/rounds/1/write?provision=d1.k1")
        author.page.get_by_label(vi("Disagree"), exact=True).check()
        author.box(vi("Your argument")).fill(WORDS)
        author.presses(vi("Save in my contribution"))
        author.page.wait_for_load_state()
    expect(author.page.locator("#argument-error")).to_contain_text("bấm nút một lần nữa")
    expect(author.box(vi("Your argument"))).to_have_value(WORDS)
    author.is_fine("said-before")
    author.presses(vi("Save all the same"))
    expect(author.page).to_have_url(re.compile(r"/rounds/1\?saved="))
