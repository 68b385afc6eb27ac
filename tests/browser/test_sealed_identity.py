"""An author seals his identity; two people open it, and he is told."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import Browser

from consult.submissions.forms import IDENTITIES
from consult.submissions.models import Identity
from tests.browser.conftest import Person
from tests.browser.roles import Intellectual, vi
from tests.support import factories as make
from tests.support.live import Live

NAME = "Quách Thị Kín Đáo"
WORDS = "Mức hỗ trợ này chưa đủ để giữ chân người giỏi."


def prepare(app: Flask) -> int:
    """Put a round and its people into the empty portal; return the round's id."""
    with app.app_context():
        agency, union = make.organisation(), make.organisation("union")
        round_id = make.consultation(agency, make.version(agency))
        make.user(NAME, verified=True, email="author@example.org")
        people = {
            "official": ("Chuyên Viên", ("official", agency)),
            "front": ("Cán Bộ Mặt Trận", ("front", make.organisation("front"))),
            "asker": ("Người Đề Nghị", ("secretariat", union)),
            "second": ("Người Thứ Hai", ("secretariat", union)),
        }
        for email, (name, role) in people.items():
            make.user(name, roles=(role,), email=f"{email}@example.org")
    return round_id


def person(browser: Browser, site: Live, name: str, *, phone: bool = False) -> Person:
    found = Person(browser, site, name, phone=phone)
    found.signs_in(f"{name}@example.org", make.PASSWORD)
    return found


def test_an_identity_is_sealed_and_opened_by_two(  # noqa: PLR0915 - one story, told in order
    browser: Browser, site: Live
) -> None:
    round_id = prepare(site.app)
    author = Intellectual(browser, site, "author", phone=True)
    author.signs_in("author@example.org", make.PASSWORD)
    author.writes(round_id, "d1.k1", "Disagree", WORDS)
    author.goes_to(f"/rounds/{round_id}/basket")
    author.page.locator(".identity-meaning summary").click()
    author.sees(vi("What each choice means"))
    author.is_fine("identity-meaning")
    labels = {value: str(label) for value, label in IDENTITIES}
    reference = author.sends(round_id, labels[Identity.SEALED.value])
    author.sees(vi("Identity sealed"))
    site.work()

    # Nobody else sees who it is: not the public, the agency or the Front.
    public = Person(browser, site, "public")
    official, front = person(browser, site, "official"), person(browser, site, "front")
    for reader, page in (
        (public, f"/rounds/{round_id}/points"),
        (official, f"/office/rounds/{round_id}/answers"),
        (front, f"/front/rounds/{round_id}/cell"),
    ):
        reader.goes_to(page)
        reader.sees(WORDS)
        reader.sees(vi("Identity sealed"))
        assert NAME not in reader.page.content()

    # A member of the secretariat asks from the point's page, on a phone.
    asker = person(browser, site, "asker", phone=True)
    asker.goes_to(f"/rounds/{round_id}/points")
    asker.page.locator("main a[href^='/points/']").first.click()
    asker.follows(vi("Ask for the identity to be opened"))
    asker.presses(vi("Send the request"))
    asker.sees(vi("Please choose the ground."))
    asker.is_fine("identity-ask")
    asker.box(vi("Order of a court or an investigating body")).check()
    asker.box(vi("Reason")).fill("Công văn số 12/TA ngày 03/3/2026.")
    asker.presses(vi("Send the request"))
    asker.page.wait_for_url("**/secretariat/identities/*")
    asker.sees(vi("Another person than the one who asked decides."))
    asker.is_fine("identity-waiting")

    # Another approves, and sees who it is.
    second = person(browser, site, "second")
    second.goes_to("/desk")
    second.follows(vi("Requests to open a sealed identity"))
    second.is_fine("identities")
    second.page.locator("main .round-card a").first.click()
    second.is_fine("identity-decision")
    second.presses(vi("Approve"))
    second.page.wait_for_load_state()
    assert NAME not in second.page.content()
    second.presses(vi("Show who wrote it"))
    second.sees(NAME)
    second.is_fine("identity-seen")
    asker.page.reload()
    asker.presses(vi("Show who wrote it"))
    asker.sees(NAME)
    asker.is_fine("identity-seen")

    # The author is told, by notice and on his own pages.
    site.work()
    author.goes_to("/notices")
    author.sees(vi("Important: please read what happened to one of your contributions"))
    author.goes_to("/my/contributions")
    author.sees("Công văn số 12/TA ngày 03/3/2026.")
    author.sees("Người Thứ Hai")
    author.is_fine("identity-told")
    author.goes_to(f"/receipts/{reference}")
    author.sees("Người Đề Nghị")
    for one in (author, public, official, front, asker, second):
        one.leaves()
