"""In the browser: the Front has its documents made; others have those that are for them."""

from __future__ import annotations

import io
import re

import pytest
from docx import Document
from playwright.sync_api import Browser, expect

from consult.accounts.models import User
from consult.core.db import transaction
from consult.documents.summary_list import PAPERS
from consult.submissions.models import Point
from consult.summaries.models import Summary
from tests.browser.conftest import Person
from tests.browser.roles import file_made, vi
from tests.integration.documents.test_summary_documents import Case, a_summary, released, text_of
from tests.support import factories as make
from tests.support.live import Live

PASSAGE = "Ngân sách tỉnh không kham nổi khoản chi này."
LABELS = {paper.key: vi(paper.label) for paper in PAPERS}


@pytest.fixture
def case(site: Live) -> Case:
    """A closed round with a summary that is being written."""
    with site.app.app_context():
        return a_summary()


def signed_in(browser: Browser, site: Live, user_id: int, *, phone: bool = False) -> Person:
    with site.app.app_context(), transaction(write=False) as session:
        email = session.get_one(User, user_id).email
    found = Person(browser, site, f"user {user_id}", phone=phone)
    found.signs_in(email, make.PASSWORD)
    return found


def code(site: Live) -> str:
    """Return the code of the point whose words are PASSAGE."""
    with site.app.app_context(), transaction(write=False) as session:
        return session.query(Point).filter_by(argument=PASSAGE).one().code


def offered(person: Person) -> list[str]:
    """Return which documents have a button to have them made."""
    sections = person.page.locator("main section").filter(has=person.page.locator("form button"))
    return sections.get_by_role("heading").all_inner_texts()


def takes(person: Person, paper: str, label: str) -> bytes:
    section = person.page.get_by_role("region", name=LABELS[paper])
    section.get_by_role("button", name=vi(label)).click()
    person.page.wait_for_url(re.compile("/works/"))
    person.sees(vi("Waiting its turn"))
    return file_made(person).read_bytes()


def test_the_front_takes_the_report_and_the_brief(browser: Browser, site: Live, case: Case) -> None:
    front = signed_in(browser, site, case.round.front_id)
    front.goes_to(f"/front/rounds/{case.round.id}/summary/review")
    front.follows(vi("Documents of the summary"))
    front.sees(vi("The summary is not approved yet: its documents bear the mark of a draft."))
    assert offered(front) == list(LABELS.values())
    front.is_fine("front-documents")
    report = takes(front, "report", "Word (DOCX)")
    front.is_fine("front-document-made")
    front.follows(vi("Back"))
    brief = takes(front, "brief", "PDF")
    front.leaves()

    opened = Document(io.BytesIO(report))
    assert any(PASSAGE in paragraph.text for paragraph in opened.paragraphs)
    assert opened.tables
    for data, name in ((report, "report.docx"), (brief, "brief.pdf")):
        text = text_of(data, name)
        assert PASSAGE in text, name
        assert code(site) in text, name
        assert "DỰ THẢO - chưa được duyệt" in text, name


def test_a_delegate_sees_only_what_is_for_him(browser: Browser, site: Live, case: Case) -> None:
    page = f"/summaries/{case.summary_id}/documents"
    delegate = signed_in(browser, site, case.round.council_id, phone=True)
    delegate.goes_to(page)
    delegate.sees(vi("There is no such page"))
    with site.app.app_context():
        released(case)
    delegate.goes_to(f"/summaries/{case.summary_id}")
    delegate.follows(vi("Documents of the summary"))
    assert offered(delegate) == list(LABELS.values())
    text = text_of(takes(delegate, "brief", "PDF"), "brief.pdf")
    assert PASSAGE in text
    assert "DỰ THẢO" not in text
    made = delegate.page.url.removeprefix(site.url)

    # What somebody had made is nobody else's; an author who reads the summary has the annex.
    author = signed_in(browser, site, case.public_id)
    author.goes_to(made)
    author.sees(vi("There is no such page"))
    author.goes_to(page)
    assert offered(author) == [LABELS["annex"]]
    annex = text_of(takes(author, "annex", "Word (DOCX)"), "annex.docx")
    assert code(site) in annex
    author.leaves()

    # Kept from the Council afterwards, the delegate has no more than any reader.
    with site.app.app_context(), transaction() as session:
        session.get_one(Summary, case.summary_id).for_council = False
    delegate.goes_to(page)
    assert offered(delegate) == [LABELS["annex"]]
    delegate.is_fine("delegate-documents")
    delegate.leaves()

    stranger = Person(browser, site, "stranger")
    stranger.goes_to(page)
    expect(stranger.page.get_by_role("link", name=vi("Sign in to have it made"))).to_have_count(1)
    assert offered(stranger) == []
    stranger.leaves()
