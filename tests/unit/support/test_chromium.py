"""The Chromium finder and launcher."""

from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.support import chromium


def executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without any browser; its programs are in `bin`, playwright's cache in `cache`."""
    monkeypatch.delenv("E2E_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "cache"))
    return tmp_path


def test_finds_none_on_a_bare_machine(bare: Path) -> None:
    assert chromium.find() is None


def test_order_of_the_finder(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cached = executable(bare / "cache" / "chromium-1200" / "chrome-linux" / "chrome")
    assert chromium.find() == str(cached)
    on_path = executable(bare / "bin" / "google-chrome")
    assert chromium.find() == str(on_path)
    first_on_path = executable(bare / "bin" / "chromium")
    assert chromium.find() == str(first_on_path)
    named = executable(bare / "elsewhere" / "chrome")
    monkeypatch.setenv("E2E_CHROMIUM", str(named))
    assert chromium.find() == str(named)


def test_a_wrong_name_is_told_rather_than_passed_over(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    executable(bare / "bin" / "chromium")
    monkeypatch.setenv("E2E_CHROMIUM", "/nowhere/chrome")
    with pytest.raises(FileNotFoundError, match="/nowhere/chrome"):
        chromium.find()


@pytest.mark.browser
@pytest.mark.skipif(chromium.find() is None, reason="no Chromium here")
def test_launches_and_runs_a_page() -> None:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        page = browser.new_page()
        page.set_content("<title>Điều 5</title><p id=p>ý kiến</p>")
        assert page.title() == "Điều 5"
        assert page.evaluate("document.getElementById('p').textContent") == "ý kiến"
        browser.close()
