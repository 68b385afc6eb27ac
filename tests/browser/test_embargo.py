"""In the browser: answers held until an instant; a draft reply asked of an expert, taken over."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.core.i18n import local
from consult.responses import services
from consult.responses.models import Disposition
from tests.browser.conftest import Person
from tests.browser.roles import ZONE_FORMAT, vi
from tests.support import factories, live

HELD, FREE = "Giữ đến giờ họp báo.", "Không phải chờ."
DRAFT = "Theo tôi, mức hỗ trợ nên gắn với lương tối thiểu vùng."
ADDED = "Cơ quan soạn thảo sẽ tính lại."


@pytest.fixture
def case(site: live.Live) -> tuple[int, list[int]]:
    """A closed round with three points, its agency's official and an expert; the points' ids."""
    with site.app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(
            agency, factories.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        author = factories.user("Phạm Thị Tác Giả", verified=True)
        points = [factories.point(round_id, author, argument=f"Ý kiến {n}.") for n in (1, 2, 3)]
        factories.user("Cán Bộ", roles=(("official", agency),), email="canbo@example.org")
        factories.user("Trần Thị Chuyên Gia", verified=True, email="chuyengia@example.org")
    return round_id, points


def shown(site: live.Live, instant: datetime, pattern: str = ZONE_FORMAT) -> str:
    """Return the instant as it is typed in the portal's time zone."""
    with site.app.app_context():
        return local(instant).strftime(pattern)


def drafted(site: live.Live, round_id: int, points: list[int], reason: str) -> None:
    command = services.AnswerPoints(
        round_id, frozenset(points), Disposition.ACCEPTED, reason, actor_id=None
    )
    with site.app.app_context(), transaction():
        services.answer(command)


def reads(reader: Person, point_id: int, words: str, *, there: bool) -> None:
    page = reader.goes_to(f"/points/{point_id}")
    expect(page.get_by_text(words)).to_have_count(1 if there else 0)


def test_answers_wait_for_their_instant(
    site: live.Live, person: Callable[..., Person], case: tuple[int, list[int]]
) -> None:
    round_id, (first, second, third) = case
    drafted(site, round_id, [first, second], HELD)
    drafted(site, round_id, [third], FREE)
    official, reader = person("official"), person("reader", phone=True)
    official.signs_in("canbo@example.org", factories.PASSWORD)
    table = f"/office/rounds/{round_id}/answers"
    official.goes_to(table)
    for point_id in (first, second):
        official.box(f"YK-{point_id}").check()
    official.page.get_by_role("button", name=vi("Publish them later"), exact=True).click()
    official.page.wait_for_url(re.compile("/embargo"))
    official.sees(HELD)
    expect(official.page.get_by_text(FREE)).to_have_count(0)

    # An instant that has passed is refused and stays in its field.
    field = official.box(vi("Publish at"))
    past = shown(site, clock.now() - timedelta(hours=1))
    field.fill(past)
    official.presses(vi("Publish at this instant"))
    official.sees(vi("Please name an instant that is still ahead."))
    expect(field).to_have_value(past)
    official.is_fine("embargo-refused")
    instant = clock.now().replace(second=0, microsecond=0) + timedelta(hours=2)
    field.fill(shown(site, instant))
    official.presses(vi("Publish at this instant"))
    official.page.wait_for_url(re.compile("/answers"))
    waits = vi("Waits until %(at)s", at=shown(site, instant, "%H:%M %d/%m/%Y"))
    expect(official.page.get_by_text(waits)).to_have_count(2)
    official.is_fine("embargo-waiting")
    official.follows(vi("Look, change or cancel"))
    expect(field).to_have_value(shown(site, instant))
    official.is_fine("embargo")

    # A minute before nothing is out; at the instant the two are, the third is a draft still.
    site.move_to(instant - timedelta(minutes=1))
    for point_id in (first, second):
        reads(reader, point_id, HELD, there=False)
    site.move_to(instant + timedelta(seconds=1))
    for point_id in (first, second):
        reads(reader, point_id, HELD, there=True)
    reads(reader, third, FREE, there=False)
    official.goes_to(table)
    expect(official.page.get_by_text(waits)).to_have_count(0)
    official.sees(vi("Publish all drafted answers (%(number)s points)", number=1))
    official.is_fine("embargo-over")
    for someone in (official, reader):
        someone.leaves()


def asks(official: Person, site: live.Live, round_id: int, point_id: int) -> None:
    official.goes_to(f"/office/rounds/{round_id}/answers")
    official.box(f"YK-{point_id}").check()
    official.presses(vi("Ask an expert"))
    official.page.wait_for_url(re.compile("/experts"))
    official.box(vi("Draft wanted by")).fill(shown(site, clock.now() + timedelta(days=5)))
    official.presses(vi("Ask for a draft reply"))
    official.sees(vi("Please choose whom to ask."))
    official.is_fine("expert-refused")
    official.page.get_by_role("radio", name=re.compile("Trần Thị Chuyên Gia")).check()
    official.box(vi("Words to the expert")).fill("Xin bà cho ý kiến.")
    official.presses(vi("Ask for a draft reply"))
    official.sees(vi("The expert is asked and told."))


def test_an_expert_is_asked_for_a_draft_reply(
    site: live.Live, person: Callable[..., Person], case: tuple[int, list[int]]
) -> None:
    round_id, (first, second, _third) = case
    official, expert = person("official"), person("expert", phone=True)
    official.signs_in("canbo@example.org", factories.PASSWORD)
    expert.signs_in("chuyengia@example.org", factories.PASSWORD)
    asks(official, site, round_id, first)

    # The expert reads that point only; the agency reads nothing before the draft is sent.
    expert.goes_to("/draft-replies")
    expert.follows(vi("Read the points and write"))
    expert.sees("Xin bà cho ý kiến.")
    expert.sees(f"YK-{first}")
    expect(expert.page.get_by_text(f"YK-{second}", exact=True)).to_have_count(0)
    expert.box(vi("Draft reply")).fill(DRAFT)
    expert.is_fine("draft-reply")
    expert.presses(vi("Save"))
    expert.sees(vi("Saved. The agency reads it once you send it."))
    official.goes_to(f"/office/rounds/{round_id}/answer?point={first}")
    expect(official.page.get_by_text(DRAFT)).to_have_count(0)
    expert.presses(vi("Send to the agency"))
    expert.sees(vi("Your draft reply is with the agency. Thank you."))
    expert.is_fine("draft-replies")

    # Taken over after what was typed; it is changed before it is kept.
    official.goes_to(f"/office/rounds/{round_id}/answer?point={first}")
    official.sees(DRAFT)
    reason = official.box(vi("Explanation"))
    reason.fill(ADDED)
    official.presses(vi("Take over into the answer"))
    expect(reason).to_have_value(f"{ADDED}\n\n{DRAFT}")
    official.is_fine("draft-taken-over")
    official.box(vi("Partly accepted")).check()
    reason.fill(f"{DRAFT} {ADDED}")
    official.presses(vi("Save as a draft"))
    official.page.wait_for_url(re.compile("/answers"))
    official.sees(ADDED)
    for someone in (official, expert):
        someone.leaves()
