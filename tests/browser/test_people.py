"""Titles verified by two people; a certificate asked for, issued, checked by its code, revoked."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from playwright.sync_api import Browser

from consult.consultations.models import Stage
from consult.submissions.models import Identity
from tests.browser.conftest import Person
from tests.browser.roles import Newcomer, Secretariat, vi
from tests.support import attachable
from tests.support import factories as make
from tests.support.live import Live

NAME, EMAIL = "Lê Thị Ánh", "anh@example.org"
FIRST, SECOND = "mot@example.org", "hai@example.org"


class Intellectual(Newcomer):
    """Proves a title, asks for a certificate."""

    def gives_evidence(self, folder: Path) -> None:
        file = folder / "bang-tien-si.png"
        file.write_bytes(attachable.png(40, 30))
        self.goes_to("/profile")
        self.follows(vi("Evidence of degree and title"))
        self.box(vi("File")).set_input_files(str(file))
        self.is_fine("people-evidence")
        self.presses(vi("Add the file"))
        self.sees("bang-tien-si.png")
        self.is_fine("people-evidence-given")

    def asks_for_a_certificate(self) -> None:
        self.goes_to("/my/contributions")
        self.follows(vi("Record of contributions and certificates"))
        self.is_fine("people-record")
        self.presses(vi("Ask for a certificate"))
        self.sees(vi("The secretariat has been asked for the certificate."))

    def takes(self, link: str, to: Path) -> str:
        """Download the PDF behind the link; return its words."""
        with self.page.expect_download() as waiting:
            self.follows(link)
        waiting.value.save_as(to)
        pages = pdfium.PdfDocument(to.read_bytes())
        words = " ".join(page.get_textpage().get_text_bounded() for page in pages)
        return re.sub(r"\s+", " ", words)


class Office(Secretariat):
    """Issues certificates and revokes them."""

    def issues(self, name: str) -> None:
        self.goes_to("/desk")
        self.follows(vi("Certificates of contributions"))
        self.is_fine("people-certificates")
        self.follows(name)
        self.is_fine("people-certificate-asked")
        self.presses(vi("Issue the certificate"))
        self.sees(vi("Issued"))
        self.is_fine("people-certificate-issued")

    def revokes(self, reason: str) -> None:
        self.presses(vi("Revoke the certificate"))
        self.sees(vi("Please write the reason."))
        self.box(vi("Reason")).fill(reason)
        self.presses(vi("Revoke the certificate"))
        self.sees(vi("The decision is recorded, and the person has been told."))


@pytest.fixture
def rounds(site: Live) -> int:
    """Two people of the union's secretariat, somebody unverified, and a closed round."""
    with site.app.app_context():
        union = make.organisation("union", "Liên hiệp các Hội", document_symbol="LHH")
        for name, email in (("Bùi Văn Tường", FIRST), ("Đỗ Thị Lan", SECOND)):
            make.user(name, email=email, roles=(("secretariat", union),))
        agency = make.organisation()
        return make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )


def test_a_title_is_verified_by_two_people(
    browser: Browser, site: Live, rounds: int, tmp_path: Path
) -> None:
    with site.app.app_context():
        make.user(NAME, email=EMAIL)
    person = Intellectual(browser, site, "person", phone=True)
    person.signs_in(EMAIL, make.PASSWORD)
    person.asks_to_be_verified()
    person.gives_evidence(tmp_path)
    first, second = Secretariat(browser, site, "first"), Secretariat(browser, site, "second")
    first.signs_in(FIRST, make.PASSWORD)
    first.checks(NAME)
    person.goes_to("/profile")
    person.sees(vi("Waiting for the second person"))
    person.is_fine("people-halfway")
    first.goes_to("/secretariat/profiles?state=checked")
    first.follows(NAME)
    first.sees(vi("You have checked this profile: another person of the secretariat confirms it."))
    assert first.page.get_by_role("button", name=vi("Confirm as the second person")).count() == 0
    second.signs_in(SECOND, make.PASSWORD)
    second.confirms_the_title(NAME)
    person.goes_to("/profile")
    person.sees(vi("Verified"))
    for one in (person, first, second):
        one.leaves()


def test_a_certificate_is_issued_checked_and_revoked(
    browser: Browser, site: Live, rounds: int, tmp_path: Path
) -> None:
    with site.app.app_context():
        facts = {"degree": "TS", "verified_facts": {"degree": "TS", "academic_title": ""}}
        author = make.user(NAME, verified=True, email=EMAIL, **facts)
        open_point = make.point(rounds, author)
        sealed = make.point(rounds, author, identity=Identity.SEALED)
    person = Intellectual(browser, site, "person", phone=True)
    person.signs_in(EMAIL, make.PASSWORD)
    person.asks_for_a_certificate()
    own = person.takes(vi("Extract (PDF)"), tmp_path / "extract.pdf")
    assert (f"YK-{open_point}" in own, f"YK-{sealed}" in own) == (True, False)
    whole = person.takes(vi("Extract with sealed contributions (PDF)"), tmp_path / "whole.pdf")
    assert f"YK-{sealed}" in whole
    office = Office(browser, site, "office")
    office.signs_in(FIRST, make.PASSWORD)
    office.issues(NAME)
    person.goes_to("/my/record")
    words = person.takes(vi("Certificate %(number)s (PDF)").split(" %")[0], tmp_path / "c.pdf")
    assert "01/GXN-LHH" in words
    assert f"TS. {NAME}" in words
    assert f"YK-{open_point}" in words
    assert f"YK-{sealed}" not in words
    code = re.search(r"(?:[A-Z2-9]{5}-){3}[A-Z2-9]{5}", words)
    assert code
    check_as_a_stranger(browser, site, code[0], vi("This certificate was issued and is in force."))
    office.revokes("Cấp nhầm tên.")
    revoked = vi("This certificate was revoked at %(at)s and is not in force.").split(" %")[0]
    revoked = revoked.split(" lúc")[0]
    check_as_a_stranger(browser, site, code[0], revoked)
    person.leaves()
    office.leaves()


def check_as_a_stranger(browser: Browser, site: Live, code: str, says: str) -> None:
    stranger = Person(browser, site, "stranger", phone=True)
    stranger.goes_to("/certificates/check")
    stranger.is_fine("people-check")
    stranger.box(vi("Code on the certificate")).fill(code.lower())
    stranger.presses(vi("Check"))
    stranger.sees(says)
    stranger.sees(f"TS. {NAME}")
    assert "YK-" not in stranger.page.content()
    stranger.is_fine("people-check-found")
    stranger.leaves()
