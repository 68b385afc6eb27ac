"""An official asks, an author answers on a phone and by keyboard, the staff count: in browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from consult.core import clock
from tests.browser.conftest import Person
from tests.browser.roles import ZONE_FORMAT, vi
from tests.support import factories, live


def people(site: live.Live) -> int:
    """Add an agency with a text, its official and an author; return the version's id."""
    with site.app.app_context():
        agency = factories.organisation()
        official = (("official", agency),)
        factories.user("Lê Thị Hoa", roles=official, email="hoa@example.org")
        factories.user("Võ Chí Cường", verified=True, email="cuong@example.org")
        return factories.version(agency)


def question(page: Page, place: int, name: str) -> str:
    return f"#questions-{place}-{name}"


def asks(official: Person, version: int) -> int:
    """Write three questions, put the last on top, look at the preview, publish."""
    page = official.goes_to(f"/office/versions/{version}/rounds/new")
    official.box(vi("Plain summary")).fill("Dự thảo quy định chế độ đãi ngộ trí thức.")
    closes = clock.now() + timedelta(days=9)
    official.box(vi("Closes at")).first.fill(closes.strftime(ZONE_FORMAT))
    for place, (kind, text) in enumerate(
        (("single", "Có nên tăng mức hỗ trợ không?"), ("free_text", "Cần thêm gì?"),
         ("scale", "Mức hỗ trợ hiện nay thế nào?"))
    ):  # fmt: skip
        official.presses(vi("Add a question"))
        page.locator(question(page, place, "text")).fill(text)
        page.locator(question(page, place, "kind")).select_option(kind)
    page.locator(question(page, 0, "lines")).fill("Có\nKhông\nChưa rõ")
    page.locator(question(page, 0, "is_required")).check()
    page.locator(question(page, 2, "low")).fill("Rất thấp")
    official.presses(vi("Save"))
    official.sees(vi("Say what this end of the scale means."))
    page.locator(question(page, 2, "high")).fill("Rất cao")
    page.locator("button[value=question-up-2]").click()
    page.wait_for_load_state()
    expect(page.locator(question(page, 1, "high"))).to_have_value("Rất cao")
    official.is_fine("questions-form")
    official.presses(vi("Save"))
    page.wait_for_url(re.compile(r"/office/rounds/\d+$"))
    round_id = int(page.url.rsplit("/", 1)[1])
    official.follows(vi("Preview"))
    expect(page.get_by_role("radio", name="Chưa rõ")).to_be_disabled()
    official.is_fine("questions-preview")
    official.goes_to(f"/office/rounds/{round_id}")
    official.box(
        vi("I confirm that the draft and everything published with it hold no state secret.")
    ).check()
    official.presses(vi("Publish and open now"))
    page.wait_for_load_state()
    return round_id


def test_questions_are_asked_answered_changed_and_counted(
    site: live.Live, person: Callable[..., Person]
) -> None:
    version = people(site)
    official, author = person("official"), person("author", phone=True)
    official.signs_in("hoa@example.org", factories.PASSWORD)
    round_id = asks(official, version)
    author.signs_in("cuong@example.org", factories.PASSWORD)
    page = author.goes_to(f"/rounds/{round_id}")
    page.get_by_role("radio", name="4", exact=True).check()
    page.locator(".questions-form button.btn[type=submit]").click()
    author.sees(vi("Please answer this question."))
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()
    author.is_fine("questions-wrong")
    # By keyboard alone: the arrows choose, Enter saves.
    page.get_by_role("radio", name="Có", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="Không", exact=True)).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/basket"))
    author.is_fine("basket-answers")
    page.locator("section[aria-labelledby=send] input[type=radio]").first.check()
    page.locator("section[aria-labelledby=send] button[type=submit]").click()
    page.wait_for_url(re.compile("/receipts/"))
    author.sees(vi("Answers to the agency's questions"))
    author.follows(vi("Change the answers"))
    page.get_by_role("radio", name="Có", exact=True).check()
    author.presses(vi("Send the changed answers"))
    author.sees(vi("Earlier answers"))
    author.is_fine("receipt-answers")
    page = official.goes_to(f"/office/rounds/{round_id}")
    official.follows(vi("Answers to the questions"))
    row = page.get_by_role("row", name=re.compile("^Có"))
    expect(row).to_contain_text("100 %")
    official.sees(vi("Median: %(median)s; mean: %(mean)s.", median=4, mean="4,0"))
    official.is_fine("answers-results")
    for someone in (official, author):
        someone.leaves()
