"""A letter is typed in with its scan, compared by a second person, printed: in browsers."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import FilePayload, expect

from consult.core import clock
from consult.core.i18n import local
from tests.browser.conftest import Person
from tests.browser.roles import vi
from tests.support import attachable, factories, live

WORDS = "Cán bộ xã không có mạng để gửi góp ý."


def round_with_staff(site: live.Live) -> int:
    with site.app.app_context():
        agency = factories.organisation()
        factories.user("Hà Thị Mai", roles=(("official", agency),), email="mai@example.org")
        factories.user("Cấn Văn Soát", roles=(("front", None),), email="soat@example.org")
        return factories.consultation(agency, factories.version(agency))


def test_a_letter_is_entered_and_compared(site: live.Live, person: Callable[..., Person]) -> None:
    round_id = round_with_staff(site)
    typist = person("typist")
    typist.signs_in("mai@example.org", factories.PASSWORD)
    typist.goes_to(f"/office/rounds/{round_id}")
    typist.follows(vi("Contributions entered by staff"))
    typist.follows(vi("Enter a contribution"))
    there = enters(site, typist)
    second = person("second", phone=True)
    second.signs_in("soat@example.org", factories.PASSWORD)
    second.goes_to(f"/front/rounds/{round_id}")
    second.follows(vi("Contributions entered by staff"))
    second.follows("Lò Văn Pâng")
    with second.page.expect_download() as download:
        second.follows(vi("Download the scan"))
    assert download.value.suggested_filename.endswith(".png")
    second.follows(vi("Correct the transcription"))
    second.box(vi("What is said, as in the original")).fill(WORDS.replace("mạng", "mạng Internet"))
    second.is_fine("paper-correct")
    second.presses(vi("Save the correction"))
    second.sees(vi("Corrected. What stood there before is kept."))
    second.presses(vi("It agrees with the original"))
    second.sees(vi("Recorded: the transcription agrees with the original."))
    typist.goes_to(there)
    typist.sees("Cấn Văn Soát")
    typist.page.emulate_media(media="print")
    expect(typist.page.get_by_text(vi("Download the receipt"))).to_be_hidden()
    typist.page.emulate_media(media="screen")
    typist.goes_to(f"/office/rounds/{round_id}/paper")
    typist.is_fine("papers")
    for someone in (typist, second):
        someone.leaves()


def enters(site: live.Live, typist: Person) -> str:
    """Type the letter in, forgetting something first; return where its receipt is."""
    page = typist.page
    typist.box(vi("On paper")).check()
    with site.app.app_context():
        typist.box(vi("Received by the office on")).fill(local(clock.now()).date().isoformat())
    scan: FilePayload = {"name": "thư.png", "mimeType": "image/png", "buffer": attachable.png()}
    typist.box(vi("Scan of the letter or minutes")).set_input_files(scan)
    typist.box(vi("Name of the contributor")).fill("Lò Văn Pâng")
    typist.box(vi("Stance")).select_option("disagree")
    typist.box(vi("What is said, as in the original")).fill(WORDS)
    typist.presses(vi("Add another point"))
    expect(page.get_by_role("heading", name=vi("Point %(number)s", number=2))).to_be_visible()
    page.get_by_role("button", name=vi("Enter the contribution")).click()
    typist.sees(vi("Please choose what may be published of the contributor."))
    typist.is_fine("paper-enter")
    consent = vi("The name may be published, with the organisation if there is one")
    typist.box(consent).check()
    page.get_by_role("button", name=vi("Enter the contribution")).click()
    page.wait_for_url(re.compile(r"/office/paper/\d+"))
    typist.sees(vi("Another person has to compare what you typed with the original."))
    typist.sees(WORDS)
    typist.is_fine("paper-receipt")
    return page.url.removeprefix(site.url)


def test_a_table_is_checked_and_received(site: live.Live, person: Callable[..., Person]) -> None:
    round_id = round_with_staff(site)
    typist = person("typist", phone=True)
    typist.signs_in("mai@example.org", factories.PASSWORD)
    typist.goes_to(f"/office/rounds/{round_id}/paper")
    typist.follows(vi("Import a table"))
    chooses(typist, "Lò Văn Pâng,Điều 99,tán thành,Nhất trí.")
    typist.sees(vi("Row %(row)s", row=2))
    typist.is_fine("import-wrong")
    chooses(typist, f"Lò Văn Pâng,,không tán thành,{WORDS}")
    typist.sees(WORDS)
    typist.is_fine("import-preview")
    consented = vi(
        "Whoever the table names agrees to be named in public. Enter the others one by one, "
        "where the name can be sealed."
    )
    typist.page.get_by_label(consented).check()
    typist.presses(vi("Receive these rows"))
    typist.sees(vi("Received: %(count)s point.", count=1))
    typist.leaves()


def chooses(typist: Person, line: str) -> None:
    table = f"người góp ý,điều khoản,quan điểm,nội dung\n{line}\n".encode()
    file: FilePayload = {"name": "bảng.csv", "mimeType": "text/csv", "buffer": table}
    typist.box(vi("File")).set_input_files(file)
    typist.presses(vi("Check the table"))
