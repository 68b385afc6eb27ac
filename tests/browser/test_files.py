"""Files attached on a phone and a desktop; a round's Word form downloaded, filled, read back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person
from tests.browser.roles import vi
from tests.support import attachable, factories, live
from tests.support.filled_forms import fill


@pytest.fixture
def round_id(site: live.Live) -> int:
    """An open round, and an author who may write in it."""
    with site.app.app_context():
        agency = factories.organisation()
        factories.user("Võ Chí Cường", verified=True, email="cuong@example.org")
        return factories.consultation(agency, factories.version(agency))


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_files_are_attached_and_removed(
    person: Callable[..., Person], round_id: int, tmp_path: Path, phone: bool
) -> None:
    table, photo, false = (tmp_path / name for name in ("số liệu.xlsx", "ảnh.png", "giả.pdf"))
    table.write_bytes(attachable.xlsx())
    photo.write_bytes(attachable.png())
    false.write_bytes(attachable.png(3))
    author = person("cuong", phone=phone)
    author.signs_in("cuong@example.org", factories.PASSWORD)
    page = author.goes_to(f"/rounds/{round_id}/write?provision=d1.k1")
    page.locator("textarea[name=argument]").fill("Mức hỗ trợ này chưa đủ, xem số liệu.")
    chosen = page.locator("#files")
    expect(chosen).to_have_attribute("accept", re.compile("image/jpeg"))
    chosen.set_input_files([table, photo])
    listed = page.locator(".attachments .file-list li")
    expect(listed).to_have_count(2)
    chosen.set_input_files([false])
    expect(page.locator("#files-error")).to_contain_text("giả.pdf")
    author.is_fine("files-refused")
    listed.filter(has_text="ảnh.png").locator("[data-detach]").click()
    expect(listed).to_have_count(1)
    expect(page.locator("textarea[name=argument]")).to_have_value(re.compile("xem số liệu"))
    author.is_fine("files-form")
    page.reload()
    expect(listed).to_have_text(re.compile("số liệu.xlsx"))
    page.locator("input[name=stance][value=disagree]").check()
    author.presses(vi("Save in my contribution"))
    page.wait_for_url(re.compile(rf"/rounds/{round_id}(?!/write)"))
    author.goes_to(f"/rounds/{round_id}/basket")
    author.sees("số liệu.xlsx")
    author.is_fine("files-basket")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "desktop"])
def test_a_form_is_downloaded_filled_and_read_back(
    person: Callable[..., Person], round_id: int, tmp_path: Path, phone: bool
) -> None:
    author = person("cuong", phone=phone)
    author.signs_in("cuong@example.org", factories.PASSWORD)
    page = author.goes_to(f"/rounds/{round_id}/form")
    author.is_fine("form")
    with page.expect_download() as given:
        author.presses(vi("Download the form"))
    blank = Path(given.value.path()).read_bytes()
    filled = tmp_path / "phieu.docx"
    filled.write_bytes(fill(blank, [("p0", {"argument": "Dự thảo cần thiết."})]))
    page.locator("input[type=file]").set_input_files(filled)
    author.presses(vi("Read the form"))
    page.wait_for_url(re.compile(r"/basket$"))
    author.sees("Dự thảo cần thiết.")
    author.goes_to(f"/rounds/{round_id}/form")
    wrong = [("p0", {"argument": "Một ý."}), ("p0", {"wording": "Chỉ có câu chữ."})]
    filled.write_bytes(fill(blank, wrong))
    page.locator("input[type=file]").set_input_files(filled)
    author.presses(vi("Read the form"))
    author.sees("Chỉ có câu chữ.")
    author.is_fine("form-taken")
    author.follows(vi("Look through and send"))
    author.sees("Một ý.")
