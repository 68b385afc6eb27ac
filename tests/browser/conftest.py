"""Browser tests: Chromium, a live server, people who browse, screenshots, axe."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, Request, sync_playwright

from config import ROOT
from tests.conftest import Installation
from tests.support import chromium, live

SHOTS = Path(os.environ.get("CONSULT_SCREENSHOTS") or ROOT / "var" / "screenshots")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
AXE = (ROOT / "tests" / "vendor" / "axe.min.js").read_text("utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker("browser")
            item.add_marker(pytest.mark.timeout(400))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if chromium.find() is None:
        pytest.skip("no Chromium")
    started = chromium.launch(playwright)
    yield started
    started.close()


@pytest.fixture
def site(sqlite_installation: Installation) -> Iterator[live.Live]:
    """The application on an empty database, served; the clock is put right afterwards."""
    from consult.core import clock

    clock.reset()
    sqlite_installation.reset()
    server = live.serve(sqlite_installation.app)
    yield server
    server.stop()
    clock.reset()
    assert server.findings == [], "\n".join(server.findings)


class Person:
    """Somebody with a browser: sees pages, signs in, is shown in pictures."""

    def __init__(
        self, browser: Browser, site: live.Live, name: str, *, phone: bool = False
    ) -> None:
        self.site, self.name = site, name
        self.context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            reduced_motion="reduce",  # axe must not see a colour half-way to another
        )
        self.page: Page = self.context.new_page()
        self.strangers: list[str] = []
        self.mistakes: list[str] = []
        self.page.on("request", self._note)
        self.page.on("pageerror", lambda error: self.mistakes.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                self.mistakes.append(message.text)
                if message.type == "error" and "Failed to load resource" not in message.text
                else None
            ),
        )

    def _note(self, request: Request) -> None:
        if not request.url.startswith((self.site.url, "data:", "blob:")):
            self.strangers.append(request.url)

    def goes_to(self, path: str) -> Page:
        self.page.goto(self.site.url + path)
        return self.page

    def signs_in(self, email: str, password: str) -> None:
        page = self.goes_to("/sign-in")
        page.get_by_label("Thư điện tử", exact=True).fill(email)
        page.get_by_label("Mật khẩu", exact=True).fill(password)
        page.locator("main").get_by_role("button", name="Đăng nhập", exact=True).click()
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def box(self, label: str) -> Locator:
        """The field whose whole label this is, marked as optional or not."""
        whole = re.compile(rf"^\s*{re.escape(label)}\s*(\(.*\))?\s*$")
        return self.page.locator("main").get_by_label(whole)

    def presses(self, name: str) -> None:
        self.page.locator("main").get_by_role("button", name=name).first.click()

    def follows(self, name: str) -> None:
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def sees(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for(timeout=8000)

    def is_fine(self, shot: str) -> None:
        """Note axe's violations and what is too wide, at both widths; keep pictures."""
        found: list[str] = []
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.evaluate(AXE)
        for label, size in (("desktop", DESKTOP), ("phone", PHONE)):
            self.page.set_viewport_size(size)
            # A JPEG of a long page is made in a third of the time of a PNG.
            picture = SHOTS / f"{shot}-{label}.jpg"
            self.page.screenshot(path=picture, full_page=True, type="jpeg", quality=80)
            wide = self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if wide > 1:
                found.append(f"{label}: the page is {wide} px too wide")
            result: dict[str, Any] = self.page.evaluate(
                "axe.run(document, {resultTypes: ['violations']})"
            )
            found += [
                f"{label}: {v['id']}: {node['html'][:160]} ({v['help']})"
                for v in result["violations"]
                for node in v["nodes"][:4]
            ]
        self.page.set_viewport_size(DESKTOP)
        self.site.findings += [f"{shot}: {line}" for line in found]

    def leaves(self) -> None:
        """Close the browser; nothing went to another machine, no script failed."""
        assert self.strangers == []
        assert self.mistakes == []
        self.context.close()


@pytest.fixture
def person(browser: Browser, site: live.Live) -> Callable[..., Person]:
    """Make people with browsers of their own."""

    def make(name: str, **options: Any) -> Person:
        return Person(browser, site, name, **options)

    return make


def link_in_letter(site: live.Live, pattern: str) -> str:
    """Return the path of the newest letter's link that matches ``pattern``."""
    from email import message_from_bytes, policy

    site.work()
    folder = site.app.extensions["consult_settings"].data_dir / "mail"
    for path in sorted(folder.glob("*.eml"), reverse=True):
        body = message_from_bytes(path.read_bytes(), policy=policy.default).get_content()
        found = re.search(pattern, body)
        if found:
            return found.group(0)
    raise AssertionError(f"no letter has {pattern}")
