"""A club's joint submission in roles: opened, suggested, edited, signed, dissented from, sent."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import Person
from tests.browser.roles import vi
from tests.support import factories as make
from tests.support.live import Live

CLUB = "Câu lạc bộ Trí thức trẻ"


class Member(Person):
    """A member of the club, whatever the function."""

    def opens(self, club_id: int) -> int:
        page = self.goes_to(f"/clubs/{club_id}")
        self.is_fine("joint-club")
        self.follows(vi("Joint submissions"))
        self.is_fine("joint-list")
        self.follows(vi("Open a joint submission"))
        self.box(vi("Consultation")).select_option(index=1)
        self.box(vi("Title")).fill("Ý kiến của câu lạc bộ")
        self.box(vi("Per cent, or number of members")).fill("50")
        self.is_fine("joint-open")
        self.presses(vi("Open"))
        page.wait_for_url(re.compile(r"/joint/\d+"))
        return int(re.findall(r"/joint/(\d+)", page.url)[0])

    def suggests(self, joint_id: int, argument: str) -> None:
        self.goes_to(f"/joint/{joint_id}")
        self.follows(vi("Suggest a point"))
        self.box(vi("On which provision")).select_option("d1.k1")
        self.box(vi("Agree with changes")).check()
        self.box(vi("Argument")).fill(argument)
        self.is_fine("joint-suggest")
        self.presses(vi("Suggest"))
        self.sees(vi("Your suggestion is kept; the club's officers decide on it."))

    def edits_and_lays_out(self, joint_id: int) -> None:
        self.goes_to(f"/joint/{joint_id}")
        self.is_fine("joint-drafting")
        for _ in range(2):
            self.page.get_by_role("button", name=vi("Take over")).first.click()
            self.page.wait_for_load_state()
        self.page.get_by_role("link", name=vi("Edit"), exact=True).first.click()
        self.box(vi("Argument")).fill("Mức hỗ trợ cần gắn với sản phẩm khoa học.")
        self.is_fine("joint-edit")
        self.presses(vi("Save the changes"))
        self.presses(vi("Lay before the members for signature"))
        self.sees(vi("The text stands now; the members have been asked to sign."))

    def signs(self, joint_id: int) -> None:
        self.goes_to(f"/joint/{joint_id}")
        self.is_fine("joint-signing")
        self.presses(vi("Sign the text"))
        self.sees(vi("Take it back"))

    def dissents(self, joint_id: int, text: str) -> None:
        self.goes_to(f"/joint/{joint_id}")
        self.follows(vi("Attach a dissent"))
        self.box(vi("Your dissent")).fill(text)
        self.box(vi("Do not show my name: it says “a member of the club”")).check()
        self.is_fine("joint-dissent")
        self.presses(vi("Attach the dissent"))
        self.sees(vi("Your dissent is attached, word for word."))

    def signs_off_and_sends(self, joint_id: int) -> None:
        self.goes_to(f"/joint/{joint_id}")
        self.presses(vi("Sign off as chair"))
        self.is_fine("joint-approved")
        self.presses(vi("Send in the club's name"))
        self.page.wait_for_url(re.compile("/receipts/"))
        self.is_fine("joint-receipt")


@dataclass
class Scene:
    """Ids of the club, and e-mail addresses of its people by role."""

    club_id: int
    addresses: dict[str, str]


@pytest.fixture
def scene(site: Live) -> Scene:
    addresses: dict[str, str] = {}
    with site.app.app_context():
        agency = make.organisation()
        make.consultation(agency, make.version(agency))
        club = make.organisation("club", CLUB)
        for key, name, role in (
            ("chair", "Võ Thị Chủ", "chair"),
            ("secretary", "Lê Văn Thư", "secretary"),
            ("an", "Nguyễn Văn An", "member"),
            ("binh", "Trần Thị Bình", "member"),
        ):
            addresses[key] = f"{key}@example.org"
            user_id = make.user(name, verified=True, email=addresses[key])
            make.member(user_id, club, role=role)
    return Scene(club, addresses)


def test_a_club_speaks_with_one_voice_and_keeps_the_dissent(
    browser: Browser, site: Live, scene: Scene
) -> None:
    people = {
        who: Member(browser, site, who, phone=who in ("an", "binh")) for who in scene.addresses
    }
    for who, person in people.items():
        person.signs_in(scene.addresses[who], make.PASSWORD)
    joint_id = people["secretary"].opens(scene.club_id)
    people["an"].suggests(joint_id, "Mức hỗ trợ cần gắn với kết quả.")
    people["binh"].suggests(joint_id, "Nên quy định thời hạn chi trả.")
    people["secretary"].edits_and_lays_out(joint_id)
    people["an"].signs(joint_id)
    people["secretary"].signs(joint_id)
    people["binh"].dissents(joint_id, "Tôi không tán thành cách gắn với sản phẩm.")
    people["chair"].signs_off_and_sends(joint_id)
    reader = Person(browser, site, "reader", phone=True)
    reader.goes_to("/points/1")
    reader.page.locator(".signed summary").click()
    reader.is_fine("joint-point")
    reader.sees("Tôi không tán thành cách gắn với sản phẩm.")
    shown = reader.page.inner_text("main")
    assert "TS. Nguyễn Văn An" in shown
    assert "Trần Thị Bình" not in shown
