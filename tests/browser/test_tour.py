"""Every page of the demonstration, in every role, at both widths: axe, width, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from consult.accounts.passwords import DEMO_PASSWORD
from consult.core import clock
from consult.demo import loader
from tests.browser.conftest import Person
from tests.conftest import Installation
from tests.support import live

# Pages that anybody may open, then those of each demonstration account.
TOURS: dict[str, tuple[str, ...]] = {
    "": (
        "/",
        "/rounds",
        "/rounds/1",
        "/rounds/2",
        "/rounds/3",
        "/rounds/1/points",
        "/points/1",
        "/rounds/1/answers",
        "/drafts/1",
        "/drafts/1/compare",
        "/drafts/1/compare?show=all&layout=inline",
        "/drafts/2/compare",
        "/versions/2",
        "/summaries/1",
        "/search",
        "/search?q=phan+bien",
        "/search?q=khongcogi",
        "/sign-in",
        "/password/forgot",
        "/confirm/nonsense",
        "/no-such-page",
    ),
    "lan": (
        "/desk",
        "/notices",
        "/my/contributions",
        "/account",
        "/profile",
        "/clubs",
        "/rounds/2",
        "/rounds/2/write",
        "/rounds/2/basket",
        "/admin/users",
    ),
    "quan": ("/clubs/10", "/clubs/10/joint", "/joint/1", "/clubs/10/contributions"),
    "soanthao": ("/desk", "/office/drafts/upload", "/office/rounds/3", "/office/rounds/3/edit"),
    "congthuong": ("/office/rounds/2", "/office/rounds/2/answers"),
    "mattran": ("/desk", "/front/rounds/2", "/front/rounds/2/cell", "/front/rounds/1/summary"),
    "thuky": (
        "/desk",
        "/secretariat/profiles",
        "/clubs",
        "/moderation/queue",
        "/secretariat/identities",
        "/secretariat/identities/1",
    ),
    "daibieu": ("/desk",),
    "quantri": (
        "/desk",
        "/admin/users",
        "/admin/users/10",
        "/admin/organisations",
        "/admin/settings",
        "/admin/audit",
        "/admin/jobs",
        "/admin/mail",
    ),
}


@pytest.fixture(scope="module")
def demonstration(sqlite_installation: Installation) -> Iterator[live.Live]:
    """The portal with the demonstration that `./run` loads."""
    clock.reset()
    sqlite_installation.reset()
    app: Flask = sqlite_installation.app
    with app.app_context():
        loader.load()
    server = live.serve(app)
    yield server
    server.stop()


@pytest.mark.parametrize("who", TOURS, ids=lambda who: who or "anybody")
def test_every_page_is_fine(browser: Browser, demonstration: live.Live, who: str) -> None:
    demonstration.findings.clear()
    person = Person(browser, demonstration, who or "anybody")
    if who:
        person.signs_in(f"{who}@demo.example", DEMO_PASSWORD)
    for path in TOURS[who]:
        answer = person.page.goto(demonstration.url + path)
        assert answer is not None
        assert answer.status < 500, f"{path} answers {answer.status}"
        name = re.sub(r"[^a-z0-9]+", "-", path.strip("/")) or "home"
        person.is_fine(f"tour-{who or 'anybody'}-{name}")
    person.leaves()
    assert demonstration.findings == [], "\n".join(demonstration.findings)


def test_the_pages_are_there_in_english(browser: Browser, demonstration: live.Live) -> None:
    person = Person(browser, demonstration, "visitor")
    person.goes_to("/")
    person.page.get_by_role("button", name="English").click()
    person.page.wait_for_load_state()
    assert person.page.locator("html").get_attribute("lang") == "en"
    assert person.page.get_by_role("link", name="Consultations").first.is_visible()
    person.leaves()
