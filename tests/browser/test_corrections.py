"""The official corrects the tree of a draft beside its text, on a desk, on a phone, by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator

from consult.core.db import transaction
from consult.drafts import services
from consult.drafts.parsing import parse_text
from tests.browser.conftest import Person
from tests.browser.roles import vi
from tests.support import factories, live

ARTICLES = "\n".join(
    f"Điều {n}. Nội dung {n}\n"
    + "\n".join(f"{k}. Cơ quan có trách nhiệm thực hiện việc thứ {n}.{k};" for k in range(1, 5))
    for n in range(3, 60)
)
TEXT = f"""Lời dẫn của trang tin
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Chương I
QUY ĐỊNH CHUNG
Điều 1. Phạm vi điều chỉnh
Luật này quy định về trí thức.
Điều 2. Giải thích từ ngữ
1. Trí thức là người có trình độ.
Chương II Hỗ trợ trí thức ở xã
2. Tổ chức là hội. Hội có hai cấp.
{ARTICLES}
"""
IN_VIEW = "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.top < innerHeight; }"


@pytest.fixture
def version(site: live.Live) -> int:
    with site.app.app_context():
        agency = factories.organisation(name="Sở Khoa học và Công nghệ")
        user = factories.user(
            "Trần Thị Bình", roles=(("official", agency),), email="binh@example.org"
        )
        with transaction():
            return services.create_version(
                services.CreateVersion(parse_text(TEXT), "Dự thảo Luật Trí thức", agency, user)
            ).id


def row(official: Person, key: str) -> Locator:
    return official.page.locator(f"[id='{key}']")


def marked(official: Person) -> list[str]:
    return official.page.locator(".lines .marked").all_text_contents()


def test_a_missed_heading_is_marked_beside_the_text(
    person: Callable[..., Person], version: int
) -> None:
    official = person("Bình")
    official.signs_in("binh@example.org", factories.PASSWORD)
    page = official.goes_to(f"/office/versions/{version}")
    official.is_fine("tree")

    row(official, "d40.k2").locator("a").first.click()
    page.wait_for_selector(".correct")
    assert marked(official) == ["2. Cơ quan có trách nhiệm thực hiện việc thứ 40.2;"]
    line = page.locator(".lines .marked")
    assert line.evaluate(IN_VIEW), "the place in the text is in view"

    page.get_by_text("Chương II Hỗ trợ trí thức ở xã", exact=True).click()
    page.wait_for_selector("[id='d2.k1'] .correct")
    form = page.locator("[id='d2.k1'] [data-divide]")
    official.is_fine("tree-chosen")
    form.get_by_role("combobox", name=vi("Kind of provision")).select_option("chapter")
    form.get_by_role("textbox", name=vi("Number")).fill("III")
    form.get_by_role("button", name=vi("Divide")).click()
    page.wait_for_selector("[id='divide-number-error']")
    form = page.locator("[data-divide]")
    form.get_by_role("textbox", name=vi("Number")).fill("")
    form.get_by_role("textbox", name=vi("Title")).fill("Hỗ trợ trí thức ở xã")
    form.get_by_role("button", name=vi("Divide")).click()
    page.wait_for_url(re.compile(r"#c2$"))
    assert row(official, "c2").is_visible()
    assert marked(official) == ["Chương II Hỗ trợ trí thức ở xã"]
    official.is_fine("tree-corrected")
    undo = page.get_by_role("button", name=vi("Undo"), exact=True)
    assert undo.evaluate(IN_VIEW), "undoing is in view"
    undo.click()
    official.sees(vi("The correction was undone."))
    assert row(official, "c2").count() == 0
    official.follows(vi("All corrections"))
    official.is_fine("corrections")
    official.presses(vi("Make it again"))
    assert row(official, "c2").is_visible()
    official.leaves()


def test_a_phone_shows_text_or_tree(person: Callable[..., Person], version: int) -> None:
    official = person("Bình", phone=True)
    official.signs_in("binh@example.org", factories.PASSWORD)
    page = official.goes_to(f"/office/versions/{version}#d50.k1")
    page.wait_for_timeout(200)
    assert row(official, "d50.k1").evaluate(IN_VIEW)
    assert not page.locator(".source-column").is_visible()
    row(official, "d50.k1").locator("a").first.click()
    page.wait_for_selector(".correct")
    page.locator(".correct a[data-line]").click()
    assert page.locator(".lines .marked").is_visible()
    assert not page.locator(".tree-column").is_visible()
    page.get_by_text(vi("Provisions"), exact=True).click()
    assert row(official, "d50.k1").is_visible()
    official.leaves()


def test_without_script_each_provision_is_a_page(
    person: Callable[..., Person], site: live.Live, version: int
) -> None:
    official = person("Bình")
    browser = official.context.browser
    official.signs_in("binh@example.org", factories.PASSWORD)
    assert browser is not None
    plain = browser.new_context(
        java_script_enabled=False, storage_state=official.context.storage_state()
    )
    page = plain.new_page()
    page.goto(f"{site.url}/office/versions/{version}")
    page.locator("[id='d2.k2'] a").click()
    page.get_by_text(vi("Divide, or mark a heading in it")).click()
    form = page.locator("[data-divide]")
    form.get_by_role("combobox", name=vi("Where the new provision begins")).select_option(index=1)
    form.get_by_role("combobox", name=vi("Kind of provision")).select_option("paragraph")
    form.get_by_label(vi("Inside the provision that is divided")).check()
    form.get_by_role("button", name=vi("Divide")).click()
    assert page.url.endswith("#d2.k2.p1")
    assert page.locator("[id='d2.k2.p1']").text_content().strip().endswith("cấp.")
    plain.close()
    official.leaves()
