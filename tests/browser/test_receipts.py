"""A receipt is downloaded on a phone and checked by the operators' command, without the portal."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from config import ROOT
from tests.browser.conftest import PHONE
from tests.browser.roles import Intellectual, vi
from tests.support import factories as make
from tests.support.live import Live

WORDS = "Mức hỗ trợ này chưa đủ để giữ người giỏi ở lại."


def verify(*arguments: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command in an empty directory, with no settings of any portal."""
    bare = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, ROOT / "run", "cli", "ledger", "verify", *arguments],
        cwd=home,
        env=bare,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def writer(browser: Browser, site: Live) -> Callable[..., Intellectual]:
    with site.app.app_context():
        agency = make.organisation()
        make.consultation(agency, make.version(agency))
        make.user("Nguyễn Văn An", verified=True, email="an@example.org")

    def start(**device: Any) -> Intellectual:
        person = Intellectual(browser, site, "an", **device)
        person.signs_in("an@example.org", make.PASSWORD)
        return person

    return start


def download(page: Page, to: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=vi("Download the receipt")).click()
    waiting.value.save_as(to)
    return to


def test_a_downloaded_receipt_proves_itself_and_an_altered_one_does_not(
    writer: Callable[..., Intellectual], site: Live, tmp_path: Path
) -> None:
    an = writer(phone=True)
    page = an.goes_to("/rounds/1/write?provision=d1.k1")
    an.box(vi("Disagree")).check()
    an.box(vi("Your argument")).fill(WORDS)
    an.presses(vi("Save in my contribution"))
    page.wait_for_url(re.compile("saved="))
    reference = an.sends(1, "Show my name: everybody who reads the opinion sees it")
    page.set_viewport_size(PHONE)
    assert page.locator("img.qr").evaluate("img => img.complete && img.naturalWidth > 0")
    first = download(page, tmp_path / "bien-nhan.txt")
    assert WORDS in first.read_text("utf-8")
    assert reference in first.read_text("utf-8")

    an.goes_to(f"/receipts/{reference}")
    an.follows(vi("Revise this point"))
    an.box(vi("Your argument")).fill(WORDS + " Đề nghị tính theo vùng.")
    an.presses(vi("Send the revision"))
    page.wait_for_url(re.compile("/receipts/"))
    page.set_viewport_size(PHONE)
    second = download(page, tmp_path / "bien-nhan-2.txt")

    page = an.goes_to("/ledger")
    an.is_fine("ledger")
    published = re.findall(r"[^\s<>]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+", page.inner_text("main"))
    key = tmp_path / "key.txt"
    key.write_text(published[0] + "\n", "utf-8")
    site.stop()  # from here on there is no portal

    for receipt, entries in ((first, 1), (second, 2)):
        for more in ((), ("--key", key)):
            checked = verify(receipt, *more, home=tmp_path)
            assert checked.returncode == 0, checked.stderr
            assert checked.stdout.count("Proved: ") == entries
            assert reference in checked.stdout
    assert "with the key written in the receipt itself" in verify(first, home=tmp_path).stdout

    text = second.read_text("utf-8")
    for number, (old, new) in enumerate(
        ((WORDS, WORDS.replace("chưa", "đã")), (reference, "AAAA-BBBB-CCCC"), ("theo vùng", "đều"))
    ):
        assert old in text
        altered = tmp_path / f"altered-{number}.txt"
        altered.write_text(text.replace(old, new), "utf-8")
        refused = verify(altered, "--key", key, home=tmp_path)
        assert refused.returncode != 0, new
        assert "Proved" not in refused.stdout
        assert refused.stderr.strip()
    an.context.close()
