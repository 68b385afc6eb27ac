"""In the browser: the Front builds a round's themes, changes them and takes changes back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, expect

from consult.consultations.models import Stage
from tests.browser.roles import FrontStaff, vi
from tests.support import factories as make
from tests.support.live import Live

PLACES = ("Biên Hoà", "Long Khánh", "Xuân Lộc", "Trảng Bom")
HOUSES = "Đề nghị xây thêm nhà ở xã hội cho công nhân khu công nghiệp {}."
BUSES = "Nên mở tuyến xe buýt từ trung tâm về các xã miền núi {}."
NAME, SPLIT = "Nhà ở công nhân", "Nhà ở Trảng Bom"


@pytest.fixture
def round_id(site: Live) -> int:
    """A closed round with eight points about two things, and two colleagues of the Front."""
    with site.app.app_context():
        agency, body = make.organisation(), make.organisation("front")
        for name in ("chi", "dung"):
            make.user(f"Lê Văn {name}", roles=(("front", body),), email=f"{name}@example.org")
        writers = [make.user(f"Trí thức {n}", verified=True) for n in "ABCD"]
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        for writer, place in zip(writers, PLACES, strict=True):
            make.point(round_id, writer, argument=HOUSES.format(place))
            make.point(round_id, writer, argument=BUSES.format(place))
        return round_id


def about(person: FrontStaff, words: str) -> Locator:
    """The theme of the page of all themes of which these words are said."""
    return person.page.locator("article.theme", has_text=words)


def builds(person: FrontStaff, round_id: int) -> None:
    """Ask for the themes, wait on the page of the work, come back."""
    person.goes_to(f"/front/rounds/{round_id}/themes")
    person.sees(vi("No themes have been built yet."))
    person.is_fine("themes-none")
    person.presses(vi("Build the themes"))
    person.page.wait_for_url(re.compile("/works/"))
    person.sees(vi("Waiting its turn"))
    person.is_fine("themes-work")
    person.site.work()
    person.sees(vi("Done"))
    person.follows(vi("Back"))
    person.sees("8 / 8")
    expect(person.page.locator("article.theme")).to_have_count(2)
    person.is_fine("themes-built")


def opens(person: FrontStaff, round_id: int, words: str) -> None:
    person.goes_to(f"/front/rounds/{round_id}/themes")
    about(person, words).get_by_role("heading").get_by_role("link").click()
    person.page.wait_for_url(re.compile(r"/theme\?id="))


def acts(person: FrontStaff, name: str) -> None:
    """Press the button and wait until the change is said to be kept."""
    person.page.locator("main").get_by_role("button", name=name, exact=True).click()
    person.sees(vi("Kept. You can undo it on the page of all themes."))


def undoes(person: FrontStaff, round_id: int) -> None:
    person.goes_to(f"/front/rounds/{round_id}/themes")
    person.presses(vi("Undo"))
    person.sees(vi("The change is undone."))


def has(theme: Locator, points: int) -> None:
    expect(theme.locator(".meta")).to_contain_text(f"{points} ý kiến")


def test_themes_are_built_and_changed(browser: Browser, site: Live, round_id: int) -> None:
    chi = FrontStaff(browser, site, "chi")
    chi.signs_in("chi@example.org", make.PASSWORD)
    builds(chi, round_id)

    # Renamed; a name that is missing is asked for and nothing ticked is lost.
    opens(chi, round_id, "nhà ở")
    chi.box(vi("Name of the theme")).fill("")
    last = chi.page.locator(".theme-points input").last
    last.check()
    chi.presses(vi("Rename"))
    expect(chi.page.locator("#name-error")).to_have_text(vi("Please type a name."))
    expect(last).to_be_checked()
    chi.is_fine("theme-refused")
    chi.box(vi("Name of the theme")).fill(NAME)
    acts(chi, vi("Rename"))
    expect(chi.page.get_by_role("heading", level=1)).to_have_text(NAME)
    chi.is_fine("theme")

    # Split: the ticked point begins a theme of its own; another one is moved there.
    chi.page.locator(".theme-points li", has_text=PLACES[3]).locator("input").check()
    chi.box(vi("Move the ticked points to")).select_option(label=vi("A new theme"))
    chi.box(vi("Name of the new theme")).fill(SPLIT)
    acts(chi, vi("Move the ticked points"))
    expect(chi.page.locator(".theme-points li")).to_have_count(3)
    chi.page.locator(".theme-points li", has_text=PLACES[0]).locator("input").check()
    chi.box(vi("Move the ticked points to")).select_option(label=SPLIT)
    acts(chi, vi("Move the ticked points"))
    expect(chi.page.locator(".theme-points li")).to_have_count(2)
    chi.goes_to(f"/front/rounds/{round_id}/themes")
    expect(chi.page.locator("article.theme")).to_have_count(3)
    has(about(chi, SPLIT), 2)
    chi.is_fine("themes-changed")
    chi.leaves()


def test_themes_are_joined_and_put_back_on_a_phone(
    browser: Browser, site: Live, round_id: int
) -> None:
    dung = FrontStaff(browser, site, "dung", phone=True)
    dung.signs_in("dung@example.org", make.PASSWORD)
    dung.goes_to(f"/front/rounds/{round_id}/themes")
    dung.presses(vi("Build the themes"))
    dung.page.wait_for_url(re.compile("/works/"))
    site.work()
    opens(dung, round_id, "nhà ở")
    dung.box(vi("Name of the theme")).fill(NAME)
    acts(dung, vi("Rename"))
    opens(dung, round_id, "xe buýt")
    dung.box(vi("Join it with")).select_option(label=NAME)
    acts(dung, vi("Join"))
    expect(dung.page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(dung.page.locator(".theme-points li")).to_have_count(8)
    dung.goes_to(f"/front/rounds/{round_id}/themes")
    expect(dung.page.locator("article.theme")).to_have_count(1)

    # The newest change goes first, then the one before it.
    undoes(dung, round_id)
    expect(dung.page.locator("article.theme")).to_have_count(2)
    has(about(dung, NAME), 4)
    undoes(dung, round_id)
    expect(about(dung, NAME)).to_have_count(0)
    expect(dung.page.locator("article.theme")).to_have_count(2)
    expect(dung.page.get_by_role("button", name=vi("Undo"), exact=True)).to_have_count(0)
    dung.is_fine("themes-undone")
    dung.leaves()
