"""Clubs in roles: asking to join on a phone, being accepted, a function, leaving; an invitation."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import PHONE, Person
from tests.browser.roles import vi
from tests.support import factories as make
from tests.support.live import Live

CLUB, NAME = "Câu lạc bộ Trí thức trẻ", "Nguyễn Văn An"


@dataclass
class Scene:
    """A club with a chair, and a verified person who is no member."""

    site: Live
    club: str
    chair: Person
    an: Person

    def told(self, one: Person, message: str, **values: str) -> None:
        """The person finds the message among the notices and follows it to the club."""
        self.site.work()
        one.goes_to("/notices")
        notice = one.page.get_by_role("listitem").filter(has_text=vi(message, **values))
        notice.get_by_role("button").click()
        one.page.wait_for_url(lambda url: url.endswith(self.club))


@pytest.fixture
def scene(browser: Browser, site: Live) -> Scene:
    with site.app.app_context():
        club = make.organisation("club", CLUB)
        chair = make.user("Võ Thị Chủ", verified=True, email="chair@example.org")
        make.member(chair, club, role="chair")
        make.user(NAME, verified=True, email="an@example.org")
    people = Person(browser, site, "chair"), Person(browser, site, "an", phone=True)
    for one in people:
        one.signs_in(f"{one.name}@example.org", make.PASSWORD)
    return Scene(site, f"/clubs/{club}", *people)


def on_a_phone(person: Person, shot: str) -> None:
    """Look at the page at both widths and go on at the phone's."""
    person.is_fine(shot)
    person.page.set_viewport_size(PHONE)


def test_joining_a_function_and_leaving(scene: Scene) -> None:
    an, chair = scene.an, scene.chair
    an.goes_to("/clubs")
    on_a_phone(an, "clubs")
    an.follows(CLUB)
    on_a_phone(an, "club-stranger")
    expect(
        an.page.get_by_text(vi("The other members' names are shown to members."))
    ).to_be_visible()
    an.presses(vi("Ask to join"))
    an.sees(vi("Your request has been sent; you are told when the club has decided."))
    on_a_phone(an, "club-asked")

    scene.told(chair, "A request to join %(club)s", club=CLUB)
    chair.sees(NAME)
    chair.is_fine("club-request")
    chair.presses(vi("Accept the member"))
    chair.sees(vi("The decision is recorded, and the person has been told."))
    chair.is_fine("club-accepted")

    scene.told(an, "You are now a member of %(club)s", club=CLUB)
    an.sees(
        vi("You may write opinions on behalf of this organisation: choose it when you send them.")
    )
    expect(an.page.get_by_role("heading", name=vi("Requests to join"))).to_have_count(0)
    on_a_phone(an, "club-member")

    role = chair.page.get_by_label(vi("Role of %(name)s", name=NAME))
    role.select_option(label=vi("Secretary"))
    role.locator("xpath=..").get_by_role("button", name=vi("Change")).click()
    chair.sees(vi("The role is changed."))
    an.goes_to(scene.club)
    expect(an.page.get_by_role("heading", name=vi("Requests to join"))).to_be_visible()
    expect(an.page.locator(".meta .stage")).to_have_text(vi("Secretary"))
    on_a_phone(an, "club-secretary")

    an.presses(vi("Leave"))
    an.sees(vi("You are no longer a member; what you have sent stays."))
    expect(an.page.get_by_role("button", name=vi("Ask to join"))).to_be_visible()
    chair.goes_to(scene.club)
    expect(chair.page.locator(".member-list")).not_to_contain_text(NAME)
    chair.page.get_by_text(vi("History of memberships")).click()
    chair.sees(f"{NAME}: {vi('left')}")
    chair.presses(vi("Leave"))
    expect(chair.page.locator(".meta .stage")).to_have_count(0)
    for one in (an, chair):
        one.leaves()


def test_an_invitation_is_accepted_on_a_phone_and_the_chair_handed_over(scene: Scene) -> None:
    an, chair = scene.an, scene.chair
    chair.goes_to(scene.club)
    for address, answer in (
        ("nobody@example.org", "Nobody whose profile is verified has this address on the portal."),
        ("an@example.org", "The person has been invited and decides whether to join."),
    ):
        chair.box(vi("E-mail address of the person")).fill(address)
        chair.presses(vi("Invite"))
        chair.sees(vi(answer))
    chair.is_fine("club-invited")
    scene.told(an, "%(club)s invites you to become a member", club=CLUB)
    on_a_phone(an, "club-invitation")
    an.presses(vi("Accept the invitation"))
    an.sees(vi("Your answer is recorded, and the club has been told."))
    chair.goes_to(scene.club)
    chair.presses(vi("Leave"))
    chair.sees(
        vi(
            "A club with members has exactly one chair and is never without an officer: hand the "
            "chair over to another member first, or name another secretary."
        )
    )
    chair.presses(vi("Hand the chair over"))
    chair.sees(vi("The chair has been handed over; the new chair has been told."))
    an.goes_to(scene.club)
    an.follows(vi("End the membership of %(name)s", name="Võ Thị Chủ"))
    an.presses(vi("End the membership"))
    expect(an.page.locator(".field-wrong")).to_be_visible()
    on_a_phone(an, "club-remove")
    an.box(vi("Reason, which the person reads")).fill("Chuyển công tác ra ngoài tỉnh.")
    an.presses(vi("End the membership"))
    an.sees(vi("The membership has ended, and the person has been told."))
    for one in (an, chair):
        one.leaves()
