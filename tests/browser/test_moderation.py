"""A reader endorses and reports a point, the Front hides it, the author appeals: in browsers."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.roles import vi
from tests.support import factories, live

REASON = "Quảng cáo"


def people(site: live.Live) -> tuple[int, int]:
    """Add who takes part and one point; return the ids of round and point."""
    with site.app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(agency, factories.version(agency))
        author = factories.user("Phạm Thị Tác Giả", verified=True, email="tac.gia@example.org")
        factories.user("Lê Văn Đọc", verified=True, email="doc@example.org")
        for email in ("mot@example.org", "hai@example.org"):
            factories.user("Cán bộ", roles=(("front", None),), email=email)
        point = factories.point(round_id, author, argument="Mua thuốc gia truyền tại nhà tôi.")
    return round_id, point


def test_readers_answer_points(site: live.Live, person: Callable[..., Person]) -> None:
    round_id, point = people(site)
    for phone in (False, True):
        reader = person("reader", phone=phone)
        reader.signs_in("doc@example.org", factories.PASSWORD)
        page = reader.goes_to(f"/rounds/{round_id}/points")
        agree, disagree = (page.locator(f"#voice-{point}-{v}") for v in ("agree", "disagree"))
        agree.dblclick()
        expect(agree).to_have_attribute("aria-pressed", "true")
        expect(agree).to_contain_text("1")
        disagree.focus()
        page.keyboard.press("Enter")
        expect(disagree).to_have_attribute("aria-pressed", "true")
        expect(agree).to_contain_text("0")
        expect(disagree).to_be_focused()
        assert page.url.endswith("/points"), "the buttons alone are replaced"
        if not phone:
            reader.is_fine("voices")
        page.get_by_role("button", name=vi("Take back")).click()
        expect(disagree).to_have_attribute("aria-pressed", "false")
        reader.leaves()


def test_a_point_is_reported_hidden_appealed_and_shown_again(
    site: live.Live, person: Callable[..., Person]
) -> None:
    _, point = people(site)
    reader, front = person("reader", phone=True), person("front")
    reader.signs_in("doc@example.org", factories.PASSWORD)
    reader.goes_to(f"/points/{point}")
    reader.follows(vi("Report a breach of the rules"))
    reader.box(vi("Reason")).select_option(REASON)
    reader.is_fine("report")
    reader.presses(vi("Send the report"))
    reader.sees(vi("Your report has reached the staff. The author does not learn of it."))
    front.signs_in("mot@example.org", factories.PASSWORD)
    front.goes_to("/desk")
    front.follows(vi("Reported, hidden and appealed points"))
    front.follows(vi("Reported"))
    front.is_fine("moderation-queue")
    front.follows(vi("Look at it"))
    front.box(vi("Reason")).select_option(REASON)
    front.box(vi("Explanation to the author")).fill("Góp ý không phải nơi bán hàng.")
    front.is_fine("moderation-point")
    front.presses(vi("Hide the point"))
    front.sees(vi("Hidden by mistake?"))
    reader.goes_to(f"/points/{point}")
    reader.sees(vi("This point has been hidden: %(reason)s", reason=REASON))
    expect(reader.page.get_by_text("gia truyền")).to_have_count(0)
    appeals(site, person, point)
    decides(site, person, point)
    reader.goes_to(f"/points/{point}")
    reader.sees("gia truyền")
    reader.goes_to("/moderation")
    reader.sees(vi("Appeal granted: shown again"))
    reader.is_fine("moderation-log")
    for someone in (reader, front):
        someone.leaves()


def appeals(site: live.Live, person: Callable[..., Person], point: int) -> None:
    site.work()
    author = person("author", phone=True)
    author.signs_in("tac.gia@example.org", factories.PASSWORD)
    author.goes_to("/notices")
    author.sees(vi("Your point %(code)s has been hidden from the public", code=f"YK-{point}"))
    author.goes_to("/my/contributions")
    author.follows(vi("Why it was hidden, and your appeal"))
    author.sees("Góp ý không phải nơi bán hàng.")
    author.box(vi("Why your point should be shown again")).fill("Đây là kinh nghiệm của tôi.")
    author.is_fine("appeal")
    author.presses(vi("Send the appeal"))
    author.sees(vi("Your appeal has been received. You will be told of the decision."))
    author.leaves()


def decides(site: live.Live, person: Callable[..., Person], point: int) -> None:
    site.work()
    other = person("another of the front")
    other.signs_in("hai@example.org", factories.PASSWORD)
    other.goes_to("/moderation/queue?show=appealed")
    other.follows(vi("Read the appeal"))
    other.page.wait_for_url(re.compile(f"/points/{point}/moderation"))
    other.sees("Đây là kinh nghiệm của tôi.")
    other.box(vi("Show the point again")).check()
    other.box(vi("Reason for the decision")).fill("Đúng là kinh nghiệm.")
    other.is_fine("moderation-decide")
    other.presses(vi("Record the decision"))
    other.sees(vi("The decision is recorded. The author is told."))
    other.leaves()
