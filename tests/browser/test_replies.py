"""Agency and author speak about a point: asked back, replied, answered, not to the point."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from consult.consultations.models import Stage
from consult.core import clock
from tests.browser.conftest import Person
from tests.browser.roles import vi
from tests.support import factories, live

QUESTION = "Số liệu này lấy từ đâu?"
REPLY = "Từ báo cáo năm 2025."
MISSED = "Chưa nói đến kinh phí."


def a_round(site: live.Live, name: str) -> tuple[int, int]:
    """Add a closed round whose answers are overdue; return its id and its one point's."""
    with site.app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(
            agency,
            factories.version(agency),
            stage=Stage.CLOSED,
            closes=timedelta(days=-9),
            answer_by=clock.now() - timedelta(days=1),
        )
        author = factories.user("Phạm Thị Hỏi Lại", verified=True, email=f"{name}@example.org")
        point = factories.point(round_id, author, argument="Nên nêu rõ kinh phí.")
        official = f"{name}-canbo@example.org"
        factories.user("Cán Bộ", roles=(("official", agency),), email=official)
    return round_id, point


def test_overdue_answers_are_shown_and_an_author_is_asked_back(
    site: live.Live, person: Callable[..., Person]
) -> None:
    round_id, point = a_round(site, "hoilai")
    official, author = person("official"), person("author", phone=True)
    official.signs_in("hoilai-canbo@example.org", factories.PASSWORD)
    official.goes_to("/desk")
    official.is_fine("overdue-desk")
    official.goes_to(f"/office/rounds/{round_id}/answers")
    official.sees(vi("Overdue"))
    official.is_fine("overdue-table")
    reader = person("reader", phone=True)
    reader.goes_to(f"/rounds/{round_id}/answers")
    reader.is_fine("overdue-public")
    official.page.locator(f'a[href*="/office/points/{point}/dialogue"]').click()
    official.box(vi("Question to the author")).fill(QUESTION)
    official.presses(vi("Send the question"))
    official.sees(vi("Waits for the author's reply"))
    official.is_fine("asked")
    author.signs_in("hoilai@example.org", factories.PASSWORD)
    author.goes_to("/my/contributions")
    author.is_fine("asked-author")
    author.page.locator(f'a[href$="/points/{point}/dialogue"]').first.click()
    author.sees(QUESTION)
    author.presses(vi("Send the reply"))
    author.sees(vi("Please write your reply."))
    author.box(vi("Your reply")).fill(REPLY)
    author.is_fine("replying")
    author.presses(vi("Send the reply"))
    author.sees(REPLY)
    official.goes_to(f"/office/points/{point}/dialogue")
    official.sees(REPLY)


def test_an_answer_misses_the_point_and_holds_a_commitment(
    site: live.Live, person: Callable[..., Person]
) -> None:
    round_id, point = a_round(site, "chuadung")
    official, author = person("official"), person("author", phone=True)
    official.signs_in("chuadung-canbo@example.org", factories.PASSWORD)
    official.goes_to(f"/office/rounds/{round_id}/answer?point={point}")
    official.box(vi("Accepted")).check()
    official.presses(vi("Save as a draft"))
    official.page.locator('form:has(input[name="all"]) button').click()
    author.signs_in("chuadung@example.org", factories.PASSWORD)
    author.goes_to(f"/points/{point}")
    author.follows(vi("The answer misses my point"))
    author.box(vi("What the answer misses")).fill(MISSED)
    author.is_fine("objecting")
    author.presses(vi("Say that it misses the point"))
    author.sees(vi("Not answered again"))
    author.is_fine("objected")
    official.goes_to(f"/office/rounds/{round_id}/answers?talk=objected")
    official.sees(vi("The author: misses the point"))
    official.is_fine("objected-table")
    official.page.locator(f'a[href*="commitments/new?point={point}"]').click()
    official.box(vi("What is to be done")).fill("Ban hành kế hoạch.")
    official.box(vi("Who does it")).fill("Sở Xây dựng")
    official.box(vi("Until when")).fill("2090-03-01T08:00")
    official.is_fine("committing")
    official.presses(vi("Add the commitment"))
    official.follows(vi("Say what became of it"))
    official.box(vi("Done")).check()
    official.box(vi("What was done, or why it is dropped")).fill("Đã ban hành.")
    official.box(vi("Evidence: address of the document")).fill("https://example.vn/12")
    official.is_fine("settling")
    official.presses(vi("Save"))
    official.goes_to(f"/office/points/{point}/dialogue")
    official.sees(MISSED)
    official.is_fine("objected-office")
    reader = person("reader", phone=True)
    reader.goes_to(f"/rounds/{round_id}/commitments")
    reader.sees("Đã ban hành.")
    reader.is_fine("commitments-public")
    reader.goes_to(f"/points/{point}")
    assert MISSED not in reader.page.content()
