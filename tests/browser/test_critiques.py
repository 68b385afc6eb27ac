"""A commissioned critique from the order to the answers, as its people see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from consult.critiques.models import PanelRole
from tests.browser.conftest import Person
from tests.browser.roles import ZONE_FORMAT, vi
from tests.support import factories, panels
from tests.support.inside import Inside
from tests.support.live import Live
from tests.support.panels import Story

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


def in_days(days: float) -> str:
    return (datetime.now(LOCAL) + timedelta(days=days)).strftime(ZONE_FORMAT)


class Cast:
    """Everybody in the story, signed in as they come."""

    def __init__(self, site: Live, person: Callable[..., Person]) -> None:
        self.site, self.person = site, person
        self.make = Inside(site.app, panels, factories, Looks)
        self.story: Story = self.make.people()

    def enters(self, user_id: int, name: str, *, phone: bool = False) -> Person:
        one = self.person(name, phone=phone)
        one.signs_in(self.make.email_of(user_id), factories.PASSWORD)
        return one


class Looks:
    """What the story needs from the database."""

    @staticmethod
    def email_of(user_id: int) -> str:
        from consult.accounts import queries
        from consult.core.db import transaction

        with transaction(write=False):
            user = queries.user(user_id)
            assert user is not None
            return user.email

    @staticmethod
    def criteria_of(commission_id: int) -> list[int]:
        from consult.core.db import transaction
        from consult.critiques import queries

        with transaction(write=False):
            return [row.id for row in queries.locked(commission_id).criteria]

    @staticmethod
    def sit(story: Story, *roles: PanelRole) -> None:
        from consult.core.db import transaction
        from consult.critiques import panel_services
        from consult.critiques.models import SeatState

        with transaction():
            for role in roles:
                member = story.members[role]
                panel_services.invite(story.commission, member, role, actor_id=None)
                panel_services.reply(story.commission, member, state=SeatState.ACCEPTED)
                panel_services.declare(story.commission, member, conflict="")


@pytest.fixture
def cast(site: Live, person: Callable[..., Person]) -> Cast:
    return Cast(site, person)


def orders(official: Person, story: Story) -> int:
    page = official.goes_to(f"/office/versions/{story.version}")
    official.follows(vi("Order a critique"))
    official.box(vi("Scope")).fill("Toàn bộ dự thảo, trừ phụ lục")
    official.box(vi("Questions to the panel")).fill("Mức hỗ trợ đã hợp lý chưa?")
    official.box(vi("Main field of science")).select_option("505")
    official.box(vi("Deadline of the report")).first.fill(in_days(20))
    page.get_by_label("Có dự thảo văn bản để phản biện").check()
    official.is_fine("critique-order")
    official.presses(vi("Place the order"))
    page.wait_for_url(re.compile(r"/critiques/\d+$"))
    official.sees(vi("Ordered"))
    return int(page.url.rsplit("/", 1)[1])


def takes_on(union: Person, commission: int) -> None:
    page = union.goes_to(f"/critiques/{commission}")
    for box in page.get_by_label(vi("Confirmed")).all():
        box.check()
    union.is_fine("critique-intake")
    union.presses(vi("Take the order on"))
    page.wait_for_url(re.compile("/panel$"))
    page.get_by_role("button", name=vi("Invite %(name)s", name="Trần Chủ Tịch")).wait_for()
    page.get_by_label(vi("Role of %(name)s", name="Trần Chủ Tịch")).select_option("chair")
    union.is_fine("critique-panel")
    page.get_by_role("button", name=vi("Invite %(name)s", name="Trần Chủ Tịch")).click()
    union.sees(vi("%(name)s is invited.", name="Trần Chủ Tịch"))


def accepts(chair: Person, commission: int) -> None:
    page = chair.goes_to(f"/critiques/{commission}/invitation")
    chair.box(vi("I accept the invitation")).check()
    chair.is_fine("critique-invitation")
    chair.presses(vi("Send the answer"))
    chair.sees(vi("Your answer is sent."))
    page.get_by_label(vi("I declare that I have no conflict of interest in this matter.")).check()
    chair.is_fine("critique-declaration")
    chair.presses(vi("Send the declaration"))
    chair.sees(vi("Your declaration is recorded."))


def writes_review(member: Person, commission: int, criteria: list[int]) -> None:
    page = member.goes_to(f"/critiques/{commission}/review")
    form = page.locator("main")
    for number in criteria:
        section = form.locator(f"section[aria-labelledby=criterion-{number}]")
        section.get_by_label("4", exact=True).check()
    form.get_by_label(vi("Argument")).first.fill("Dự thảo rất cần thiết.")
    member.sees(vi("Saved by itself at"))
    page.reload()
    assert form.get_by_label(vi("Argument")).first.input_value() == "Dự thảo rất cần thiết."
    member.presses(vi("Save my review"))
    member.sees("Đã lưu phiếu nhận xét")
    member.is_fine("critique-review")
    member.presses(vi("Send my review"))
    member.sees(vi("Please choose the overall conclusion."))
    page.get_by_label(vi("Approve the draft"), exact=True).check()
    member.presses(vi("Send my review"))
    member.sees(vi("Your review is sent."))


def test_from_the_order_to_the_answers(cast: Cast) -> None:
    story, make = cast.story, cast.make
    official = cast.enters(story.official, "official")
    union = cast.enters(story.secretariat, "secretariat")
    chair = cast.enters(story.chair, "chair", phone=True)
    commission = story.commission = orders(official, story)
    base = f"/critiques/{commission}"
    takes_on(union, commission)
    accepts(chair, commission)
    make.sit(story, *panels.ROLES[1:])
    union.goes_to(f"{base}/panel")
    union.box(vi("Reviews are due at")).first.fill(in_days(10))
    union.presses(vi("Start reviewing"))
    union.sees("Đã bắt đầu nhận xét")
    union.is_fine("critique-reviewing")

    story.criteria = make.criteria_of(commission)
    writes_review(chair, commission, story.criteria)
    chair.sees(vi("%(sent)s of %(expected)s reviews sent", sent=1, expected=5))
    assert chair.goes_to(f"{base}/reviews").get_by_role("heading", level=1).inner_text() != vi(
        "All reviews"
    )
    for value, role in enumerate(panels.ROLES[1:], 2):
        make.sends(story, role, value, f"Ý kiến của {role.value}")
    chair.goes_to(f"{base}/reviews")
    chair.sees(vi("Spread of the ratings"))
    chair.is_fine("critique-reviews")

    chair.follows(vi("Call the meeting"))
    chair.box(vi("Begins at")).first.fill(in_days(1))
    chair.box(vi("Place")).fill("Phòng họp Liên hiệp hội")
    chair.presses(vi("Call the meeting"))
    chair.sees("Phòng họp Liên hiệp hội")
    secretary = cast.enters(story.secretary, "secretary")
    meets_and_reports(secretary, chair, base)

    delivers_and_answers(union, official, base)
    chair.goes_to("/critiques")
    chair.is_fine("critique-home")
    for one in (official, union, chair, secretary):
        one.leaves()


def meets_and_reports(secretary: Person, chair: Person, base: str) -> None:
    secretary.goes_to(f"{base}/meeting/minutes")
    for box in secretary.page.get_by_label(vi("Present"), exact=True).all():
        box.check()
    secretary.box(vi("Course of the meeting")).fill("Chủ tịch khai mạc; các ủy viên phát biểu.")
    secretary.box(vi("Conclusions of the meeting")).fill("Thống nhất các kiến nghị.")
    secretary.is_fine("critique-minutes")
    secretary.presses(vi("Save the minutes"))
    secretary.presses(vi("Confirm the minutes"))
    secretary.sees(vi("You have confirmed the minutes."))
    chair.goes_to(f"{base}/meeting")
    chair.presses(vi("Confirm the minutes"))
    chair.sees(vi("You have confirmed the minutes."))
    chair.is_fine("critique-meeting")
    secretary.goes_to(f"{base}/report/edit")
    secretary.box(vi("Assessment as a whole")).fill("Dự thảo cần thiết và có cơ sở.")
    secretary.box(vi("Agreed findings")).fill("Cần quy định rõ mức hỗ trợ.")
    secretary.box(vi("Approve on condition that it is amended")).check()
    secretary.page.get_by_role("textbox", name=vi("Recommendation")).first.fill(
        "Nâng mức hỗ trợ tại khoản 1 Điều 1."
    )
    secretary.is_fine("critique-report-edit")
    secretary.presses(vi("Save the report"))
    secretary.box(vi("My differing opinion")).fill("Tôi bảo lưu ý kiến của mình.")
    secretary.presses(vi("Record my differing opinion"))
    secretary.sees("Đã ghi nguyên văn")
    chair.goes_to(f"{base}/report")
    chair.presses(vi("Sign the report"))
    chair.sees(vi("You have signed the report; the union delivers it."))


def delivers_and_answers(union: Person, official: Person, base: str) -> None:
    union.goes_to(f"{base}/report")
    union.presses(vi("Deliver the report"))
    union.sees(vi("The report is delivered."))
    page = official.goes_to(f"{base}/report")
    official.sees("Tôi bảo lưu ý kiến của mình.")
    assert "Trần Chủ Tịch" not in page.locator("main").inner_text()
    official.is_fine("critique-report")
    official.goes_to(f"{base}/answers")
    official.box(vi("Not accepted")).check()
    official.presses(vi("Give the answers"))
    official.sees(vi("Please give the reason: only full acceptance needs none."))
    official.box(vi("Explanation")).fill("Ngân sách không đủ.")
    official.is_fine("critique-answers")
    official.presses(vi("Give the answers"))
    official.sees("Đã trả lời kiến nghị")
