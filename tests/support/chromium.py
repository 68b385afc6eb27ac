"""Finds a Chromium and starts it for browser tests."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

# None of these may reach the network by itself: a test asserts that no request leaves the machine.
ARGUMENTS = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--disable-default-apps",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pings",
    "--lang=vi",
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The program's path: $E2E_CHROMIUM, else one on the path, else one of playwright's, else none.

    Raises FileNotFoundError when $E2E_CHROMIUM names nothing that runs.
    """
    named = os.environ.get("E2E_CHROMIUM")
    if named:
        if program := shutil.which(named):
            return program
        raise FileNotFoundError(f"E2E_CHROMIUM={named} is no program that can be run")
    for name in NAMES:
        if program := shutil.which(name):
            return program
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or "~/.cache/ms-playwright"
    cached = sorted(Path(cache).expanduser().glob("chromium-*/chrome-linux*/chrome"))
    return str(cached[-1]) if cached else None


def launch(playwright: Playwright) -> Browser:
    """Start a headless Chromium. Raises FileNotFoundError when there is none."""
    program = find()
    if program is None:
        raise FileNotFoundError("no Chromium: install Debian's chromium, or set E2E_CHROMIUM")
    arguments = list(ARGUMENTS)
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's own sandbox refuses to work for root
    return playwright.chromium.launch(executable_path=program, headless=True, args=arguments)
