"""Reading a law of 260 articles: deep links, finding words, contents, smooth scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from consult.core.db import transaction
from consult.drafts import services
from tests.browser.conftest import Person
from tests.browser.roles import vi
from tests.support import factories, laws, live

WHOLE = "() => !document.querySelector('.piece-later')"
MANY_SKIPPED = """() => [...document.querySelectorAll('.piece .provision:first-child')].filter(
    place => !place.checkVisibility({contentVisibilityAuto: true})).length > 8"""
# The place stands in the upper half of the window, marked.
THERE = """key => {
    const place = document.querySelector('.provision:target');
    const top = place?.getBoundingClientRect().top;
    return place?.id === key && top > -5 && top < innerHeight / 2;
}"""


# The key of the last lettered point of the text.
LAST_LETTER = """() => [...document.querySelectorAll('.provision[id]')].map(place => place.id)
    .filter(id => /^d\\d+[.]k\\d+[.][a-z]{1,2}$/.test(id)).at(-1)"""


@pytest.fixture
def law(site: live.Live) -> str:
    """The path of a round on the law."""
    with site.app.app_context():
        agency = factories.organisation()
        with transaction():
            version = services.create_version(
                services.CreateVersion(
                    document=laws.long_law(), title="Bộ luật", agency_id=agency, created_by=None
                )
            ).id
        return f"/rounds/{factories.consultation(agency, version)}"


def test_a_deep_link_opens_at_its_place(law: str, person: Callable[..., Person]) -> None:
    reader = person("reader")
    page = reader.goes_to(f"{law}#d255.k2")
    page.wait_for_function(THERE, arg="d255.k2")
    page.wait_for_function(WHOLE)
    page.wait_for_function(THERE, arg="d255.k2")  # the rest came in above without moving it
    reader.goes_to("/rounds")
    page = reader.goes_to(f"{law}#d3")
    page.wait_for_function(THERE, arg="d3")
    reader.leaves()


def test_the_contents_find_and_lead(law: str, person: Callable[..., Person]) -> None:
    reader = person("reader")
    page = reader.goes_to(law)
    page.get_by_label(vi("Find in the contents")).fill("thoi gian thu viec")
    shown = page.locator(".toc li:visible")
    assert any("Thời gian thử việc" in text for text in shown.all_inner_texts())
    assert shown.count() < 12
    page.get_by_label(vi("Find in the contents")).fill("dieu 258.")
    page.locator(".toc a:visible", has_text="Điều 258.").click()
    page.wait_for_function(THERE, arg="d258")
    assert "#d258" in page.url
    assert "/text/" not in page.url
    reader.leaves()


def test_the_browser_finds_words_anywhere(law: str, person: Callable[..., Person]) -> None:
    reader = person("reader")
    page = reader.goes_to(law)
    page.wait_for_function(WHOLE)
    # What Ctrl+F does: over text that was never in sight too.
    assert page.evaluate("window.find('ĐIỀU KHOẢN BỔ SUNG', false, false, true)")
    assert page.locator(".provision").count() > 1000
    reader.leaves()


def test_a_link_is_copied(law: str, person: Callable[..., Person], site: live.Live) -> None:
    reader = person("reader")
    reader.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = reader.goes_to(law)
    page.locator("#d2").hover()
    page.get_by_role("button", name=vi("Copy the link")).click()
    page.get_by_role("button", name=vi("Link copied")).wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site.url}{law}#d2"
    reader.leaves()


def test_only_what_is_near_is_laid_out(law: str, person: Callable[..., Person]) -> None:
    """What makes scrolling smooth, told without a clock: the far text costs no layout."""
    reader = person("reader")
    page = reader.goes_to(law)
    page.wait_for_function(WHOLE)
    page.wait_for_function(MANY_SKIPPED)
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight / 2)")
    page.wait_for_function(MANY_SKIPPED)
    assert page.locator(".provision").count() > 1000
    reader.leaves()


def test_without_script_the_pieces_are_pages(law: str, browser: Browser, site: live.Live) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site.url + law)
    page.locator(".toc a[href$='#d258']").click()
    assert page.locator("#d258").is_visible()
    context.close()


def test_the_page_of_a_piece_is_fine(law: str, person: Callable[..., Person]) -> None:
    reader = person("reader")
    reader.goes_to(f"{law}/text/6")
    reader.is_fine("text-piece")
    reader.leaves()


def test_a_phone_opens_a_lettered_point(law: str, person: Callable[..., Person]) -> None:
    reader = person("reader", phone=True)
    page = reader.goes_to(law)
    page.wait_for_function(WHOLE)
    key = page.evaluate(LAST_LETTER)
    reader.goes_to("/rounds")
    page = reader.goes_to(f"{law}#{key}")
    page.wait_for_function(THERE, arg=key)
    page.wait_for_function(WHOLE)
    page.wait_for_function(THERE, arg=key)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".toc-box summary").click()
    page.get_by_label(vi("Find in the contents")).fill("dieu 200.")
    page.locator(".toc a:visible", has_text="Điều 200.").click()
    page.wait_for_function(THERE, arg="d200")
    assert page.evaluate("window.find('ĐIỀU KHOẢN BỔ SUNG', false, false, true)")
    reader.leaves()
