"""Officials deal points out, discuss a draft and publish it: at a desk and on a telephone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from consult.consultations.models import Stage
from tests.browser.conftest import Person
from tests.browser.roles import vi
from tests.support import factories, live

NOTE = "Hỏi lại phòng tài chính về mức hỗ trợ."
REASON = "Mức hỗ trợ theo khả năng ngân sách."


def a_round(site: live.Live) -> tuple[int, list[int]]:
    """Add a closed round with two points and its agency's officials; return the ids."""
    with site.app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(
            agency, factories.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        author = factories.user("Phạm Thị Tác Giả", verified=True)
        points = [factories.point(round_id, author, argument=f"Ý kiến {n}.") for n in (1, 2)]
        for name, email in (
            ("Trưởng Phòng", "truong@example.org"),
            ("Chuyên Viên", "cv@example.org"),
        ):
            factories.user(name, roles=(("official", agency),), email=email)
    return round_id, points


def test_points_are_assigned_discussed_and_answered(
    site: live.Live, person: Callable[..., Person]
) -> None:
    round_id, points = a_round(site)
    table = f"/office/rounds/{round_id}/answers"
    head, clerk = person("head"), person("clerk", phone=True)
    head.signs_in("truong@example.org", factories.PASSWORD)
    head.goes_to(table)
    head.box(f"YK-{points[0]}").check()
    head.box(vi("Assign the chosen to")).select_option("Chuyên Viên")
    head.is_fine("assigning")
    head.presses(vi("Assign"))
    head.sees(vi("Assigned to %(name)s", name="Chuyên Viên"))
    clerk.signs_in("cv@example.org", factories.PASSWORD)
    clerk.goes_to(f"{table}?assigned=me")
    expect(clerk.page.get_by_text(f"YK-{points[1]}", exact=True)).to_have_count(0)
    clerk.is_fine("assigned-to-me")
    clerk.page.locator(f'a[href*="point={points[0]}"]').first.click()
    clerk.box(vi("Not accepted")).check()
    clerk.box(vi("Explanation")).fill(REASON)
    clerk.box(vi("New note")).fill(NOTE)
    clerk.presses(vi("Add the note"))
    clerk.sees(NOTE)
    expect(clerk.box(vi("Explanation"))).to_have_value(REASON)
    clerk.box(vi("Draft for discussion: not to be published yet")).check()
    clerk.is_fine("discussed-answer")
    clerk.presses(vi("Save as a draft"))
    head.goes_to(f"{table}?state=discussed")
    head.sees(vi("draft for discussion"))
    head.follows(vi("Change the answer"))
    head.sees(NOTE)
    head.box(vi("Draft for discussion: not to be published yet")).uncheck()
    head.presses(vi("Save as a draft"))
    reader = person("reader", phone=True)
    reader.goes_to(f"/points/{points[0]}")
    expect(reader.page.get_by_text(REASON)).to_have_count(0)
    head.goes_to(table)
    head.page.get_by_role(
        "button", name=vi("Publish all drafted answers (%(number)s points)", number=1)
    ).click()
    head.page.wait_for_load_state()
    reader.goes_to(f"/points/{points[0]}")
    reader.sees(REASON)
    expect(reader.page.get_by_text(NOTE)).to_have_count(0)
    for someone in (head, clerk, reader):
        someone.leaves()
