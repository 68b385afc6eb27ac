"""What people of each role do on the portal, in their own words; used by the journey tests."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from consult.core import catalogue
from consult.core.i18n import LOCALES
from tests.browser.conftest import Person

assert "vi" in LOCALES
ZONE_FORMAT = "%Y-%m-%dT%H:%M"


@lru_cache(maxsize=1)
def _catalogue() -> Any:
    return catalogue.merge()


def vi(message: str, **values: object) -> str:
    """Return the Vietnamese of an interface message, so that tests survive rewording."""
    found = _catalogue().get(message)
    assert found is not None, f"no Vietnamese for {message!r}"
    text = found.string if isinstance(found.string, str) else found.string[0]
    return text % values if values else text


def file_made(person: Person) -> Path:
    """Have what was just asked for made, on whose page somebody waits; return the file."""
    person.site.work()
    link = person.page.get_by_role("link", name=vi("Download the file"))
    with person.page.expect_download() as download:
        link.click()
    return Path(download.value.path())


class Newcomer(Person):
    """Registers, confirms the address, asks to be verified."""

    def registers(self, name: str, email: str, password: str) -> None:
        self.goes_to("/register")
        self.box(vi("Full name")).fill(name)
        self.box(vi("E-mail")).fill(email)
        self.box(vi("Password")).fill(password)
        self.box(
            vi("I have read this and agree that my personal data are processed as stated.")
        ).check()
        self.is_fine("register")
        self.presses(vi("Register"))

    def confirms(self, path: str) -> None:
        self.goes_to(path)
        self.is_fine("confirm")
        self.presses(vi("Confirm"))
        self.page.wait_for_load_state()

    def asks_to_be_verified(self) -> None:
        self.goes_to("/profile")
        self.box(vi("Highest degree")).select_option("TS")
        self.box(vi("Field of science")).select_option("505")
        self.box(vi("Organisation")).fill("Trường Đại học Đồng Nai")
        self.box(vi("Commune or ward")).fill("phường Biên Hòa")
        self.is_fine("profile")
        self.presses(vi("Save and ask for verification"))
        self.page.wait_for_load_state()


class Secretariat(Person):
    """Verifies profiles, two people a title."""

    def checks(self, name: str) -> None:
        self.goes_to("/desk")
        self.is_fine("desk-secretariat")
        self.goes_to("/secretariat/profiles")
        self.is_fine("verifications")
        self.follows(name)
        self.page.locator("input[value=confirmed]").first.check()
        self.is_fine("verification")
        self.presses(vi("Record what was found"))
        self.page.wait_for_load_state()

    def confirms_the_title(self, name: str) -> None:
        self.goes_to("/secretariat/profiles")
        self.follows(name)
        self.is_fine("verification-second")
        self.presses(vi("Confirm as the second person"))
        self.page.wait_for_load_state()


class Official(Person):
    """Publishes a draft, answers the points, takes Mẫu số 10 home."""

    def uploads(self, title: str, file: Path) -> None:
        self.goes_to("/desk")
        self.is_fine("desk-official")
        self.follows(vi("Upload a draft"))
        self.box(vi("Title of the draft")).fill(title)
        self.box(vi("File")).set_input_files(str(file))
        self.is_fine("upload")
        self.presses(vi("Read the text"))
        self.page.wait_for_url(re.compile(r"/office/versions/\d+"), timeout=60_000)
        self.is_fine("version")

    def opens_a_round(self, title: str, opens: datetime, closes: datetime) -> int:
        """Fill in the form, save, confirm that it holds no secret, publish; return its id."""
        self.follows(vi("Open a round on this text"))
        page = self.page
        self.box(vi("Title of the round")).fill(title)
        self.box(vi("Plain summary")).fill("Dự thảo quy định chế độ đãi ngộ trí thức.")
        self.box(vi("What can still change")).fill("Mức hỗ trợ, thời hạn")
        self.box(vi("Legal basis")).fill("Nghị quyết số 45-NQ/TW")
        if vi("Question") not in page.locator("main form label").all_inner_texts():
            self.presses(vi("Add a question"))
        self.box(vi("Question")).first.fill("Mức hỗ trợ đã hợp lý chưa?")
        self.box(vi("Opens at")).first.fill(opens.strftime(ZONE_FORMAT))
        self.box(vi("Closes at")).first.fill(closes.strftime(ZONE_FORMAT))
        self.box(vi("Person responsible")).fill("Trần Thị Bình")
        self.is_fine("round-form")
        self.presses(vi("Save"))
        page.wait_for_url(re.compile(r"/office/rounds/\d+$"))
        self.box(
            vi("I confirm that the draft and everything published with it hold no state secret.")
        ).check()
        self.is_fine("round-manage")
        self.presses(vi("Publish"))
        page.wait_for_load_state()
        self.sees(vi("Scheduled"))
        return int(page.url.rsplit("/", 1)[1].split("?")[0])

    def answers_everything(self, round_id: int, disposition: str, reason: str) -> None:
        page = self.goes_to(f"/office/rounds/{round_id}/answers")
        self.is_fine("answers-table")
        self.box(vi("All on this page")).check()
        self.presses(vi("Answer the chosen"))
        page.wait_for_url(re.compile("answer"))
        self.box(vi(disposition)).check()
        self.box(vi("Explanation")).fill(reason)
        self.is_fine("answer-form")
        page.locator("main form button[type=submit]").first.click()
        page.wait_for_load_state()
        self.goes_to(f"/office/rounds/{round_id}/answers")
        page.get_by_role(
            "button",
            name=re.compile(
                "^" + vi("Publish all drafted answers (%(number)s points)").split("(")[0]
            ),
        ).click()
        page.wait_for_load_state()
        self.is_fine("answers-published")

    def downloads(self, kind: str) -> Path:
        """Ask for a document on the round's page of documents; return the file once it is made."""
        self.follows(vi("Documents and tables"))
        self.is_fine("exports")
        self.presses(kind)
        return file_made(self)


class Intellectual(Person):
    """Reads, writes points, sends them, follows what becomes of them."""

    def writes(
        self, round_id: int, provision: str | None, stance: str, argument: str, wording: str = ""
    ) -> None:
        page = self.goes_to(f"/rounds/{round_id}/write?provision={provision or ''}")
        self.box(vi(stance)).check()
        self.box(vi("Your argument")).fill(argument)
        if wording:
            self.box(vi("Proposed wording")).fill(wording)
        self.is_fine("write")
        self.presses(vi("Save in my contribution"))
        page.wait_for_url(re.compile(rf"/rounds/{round_id}(?!/write)"))

    def sends(self, round_id: int, identity: str, club: str | None = None) -> str:
        """Send the basket; return the receipt's reference."""
        page = self.goes_to(f"/rounds/{round_id}/basket")
        if club:
            self.box(vi("On behalf of")).select_option(label=club)
        self.box(vi(identity)).check()
        self.is_fine("basket")
        page.locator("section[aria-labelledby=send] button[type=submit]").click()
        page.wait_for_url(re.compile("/receipts/"))
        self.is_fine("receipt")
        return page.url.rsplit("/", 1)[1].split("?")[0]


class FrontStaff(Person):
    """Reads the matrix, writes the summary; a colleague approves it, then it is released."""

    def summarises(self, round_id: int) -> None:
        self.goes_to("/desk")
        self.is_fine("desk-front")
        page = self.goes_to(f"/front/rounds/{round_id}")
        self.is_fine("matrix")
        page.locator("a.cell").first.click()
        self.is_fine("cell")
        page = self.goes_to(f"/front/rounds/{round_id}")
        page.locator("main .actions .btn-primary").first.click()
        page.wait_for_url(re.compile("/summary"))
        if page.get_by_role("button", name=vi("Start the summary")).count():
            self.is_fine("summary-start")
            self.presses(vi("Start the summary"))
            page.wait_for_load_state()
        self.box(vi("Introduction")).fill("Mặt trận nhận được các ý kiến sau đây.")
        self.box(vi("Account of the opinions")).first.fill("Còn ý kiến khác nhau.")
        self.is_fine("summary-edit")
        self.presses(vi("Save and read it through"))
        page.wait_for_url(re.compile("/summary/review"))
        self.is_fine("summary-review-draft")
        self.presses(vi("Send for review"))
        self.sees(vi("In review"))

    def sends_back(self, round_id: int, reason: str) -> None:
        self.reads_the_draft(round_id)
        self.page.locator("details.send-back summary").click()
        self.presses(vi("Send back"))
        self.sees(vi("Say what is to be changed: the writers read it."))
        self.is_fine("summary-send-back")
        self.box(vi("What is to be changed")).fill(reason)
        self.presses(vi("Send back"))
        self.sees(reason)

    def reads_the_draft(self, round_id: int) -> None:
        self.goes_to(f"/front/rounds/{round_id}/summary/review")

    def approves(self, round_id: int) -> None:
        self.reads_the_draft(round_id)
        self.is_fine("summary-review")
        self.presses(vi("Approve the summary"))
        self.sees(vi("The summary is approved. It can be released now."))

    def releases(self, round_id: int, *, early: str) -> None:
        self.reads_the_draft(round_id)
        self.is_fine("summary-approved")
        self.box(vi("Why it is released before authors' time to object ends")).fill(early)
        self.presses(vi("Release for good"))
        self.page.wait_for_url(re.compile(r"/summaries/\d+"))
        self.is_fine("summary-released")


class Delegate(Person):
    """Reads what was released."""

    def reads_the_summary(self) -> None:
        self.goes_to("/desk")
        self.is_fine("desk-delegate")
        self.page.locator("main a[href^='/summaries/']").first.click()
        self.page.wait_for_url(re.compile("/summaries/"))
        self.is_fine("summary")
