"""An official revises the draft after a round, decides, explains, answers and publishes it."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator
from sqlalchemy import select

from consult.accounts.models import User
from consult.core.db import transaction
from consult.drafts.models import ProvisionChange
from tests.browser.conftest import Person
from tests.browser.roles import Official, vi
from tests.support import factories as make
from tests.support.live import Live
from tests.support.versions import AFTER, Revised, revised


class Reviser(Official):
    """What an official does after a round."""

    def revises(self, r: Revised, text: str) -> None:
        self.goes_to(f"/office/rounds/{r.round}")
        self.follows(vi("Versions of the draft"))
        self.follows(vi("Upload a corrected file"))
        self.box(vi("Or paste the text here")).fill(text)
        self.presses(vi("Read the text"))
        self.page.wait_for_url(re.compile(r"/office/versions/\d+$"))
        self.follows(vi("Versions of the draft"))
        self.is_fine("versions")
        self.follows(vi("Compare with the version before"))

    def sees_it_compared(self, site: Live) -> None:
        """The page says that it is at work, and shows the outcome by itself."""
        self.sees(vi("The versions are being compared. This takes some seconds."))
        self.is_fine("comparison-waiting")
        site.work()
        self.page.locator("article.change").first.wait_for(timeout=30_000)
        self.is_fine("comparison")

    def card(self, key: str) -> Locator:
        return self.page.locator(f"article#c-{key.replace('.', chr(92) + '.')}")


def test_a_draft_is_revised_and_published(  # noqa: PLR0915 - one story, told in order
    browser: Browser, site: Live
) -> None:
    r = revised(site.app)
    with site.app.app_context():
        author = make.user("Đỗ Thị An", verified=True, email="an@example.org")
        make.point(r.round, author, provision="d3.k1", argument="Mức hỗ trợ tiến sĩ còn thấp.")
        with transaction() as session:
            session.get_one(User, r.official).email = "official@example.org"
    official = Reviser(browser, site, "official")
    official.signs_in("official@example.org", make.PASSWORD)

    # A better file takes the place of the one in preparation; the machine compares it anew.
    official.revises(r, AFTER.replace("200 triệu", "250 triệu"))
    official.sees_it_compared(site)
    assert "250" in official.card("d4.k1").inner_text()

    # One mapping is doubtful: she looks at it side by side, and confirms it.
    with site.app.app_context(), transaction() as session:
        for row in session.scalars(
            select(ProvisionChange).where(ProvisionChange.new_key == "d4.k1")
        ):
            row.doubtful, row.similarity = True, 0.4
    official.page.reload()
    official.follows(vi("Mappings to be confirmed"))
    official.follows(vi("Show side by side"))
    official.is_fine("comparison-doubtful")
    official.card("d4.k1").get_by_role("button", name=vi("Confirm")).first.click()
    official.page.wait_for_load_state()
    official.sees(vi("The mapping is confirmed."))

    # The deleted clause became the added article, she finds; then she takes that back.
    official.follows(vi("Changes"))
    official.card("old-d4.k2").get_by_role("link", name=vi("Choose a counterpart")).click()
    official.box(vi("Citation or words")).fill("giai thich")
    official.is_fine("counterpart")
    official.presses(vi("This is its counterpart"))
    official.page.wait_for_url(re.compile("/comparison"))
    official.sees(vi("The new counterpart is kept."))
    official.card("d2").get_by_role("button", name=vi("Undo the decision")).click()
    official.page.wait_for_load_state()
    site.work()
    official.page.reload()
    assert official.card("old-d4.k2").count() == 1

    # She writes why the amount was raised.
    card = official.card("d4.k1")
    card.locator("details.reason summary").click()
    card.locator("textarea").fill("Tiếp thu ý kiến: nâng mức hỗ trợ để thu hút tiến sĩ.")
    card.get_by_role("button", name=vi("Save the reason")).click()
    official.page.wait_for_load_state()
    official.sees(vi("The reason is saved."))

    # The open point keeps the final version back; once answered, it is published.
    official.follows(vi("Go on to publication"))
    official.is_fine("publish-version")
    official.follows(vi("Answer these points"))
    official.sees("Mức hỗ trợ tiến sĩ còn thấp.")
    official.answers_everything(r.round, "Accepted", "Đã nâng mức hỗ trợ.")
    official.goes_to(f"/office/drafts/{r.draft}/versions")
    official.follows(vi("Publish version %(number)s", number=3))
    official.box(vi("The final draft: no further version follows")).check()
    official.box(
        vi("I confirm that the draft and everything published with it hold no state secret.")
    ).check()
    official.is_fine("publish-version-ready")
    official.presses(vi("Publish"))
    official.page.wait_for_url(re.compile("/versions$"))
    official.sees(vi("The draft is published as final: no further version follows."))
    official.is_fine("versions-final")
    official.leaves()

    # Whoever wrote on it is told.
    site.work()
    writer = Person(browser, site, "an")
    writer.signs_in("an@example.org", make.PASSWORD)
    writer.goes_to("/notices")
    writer.sees(vi("The final draft has been published"))
    writer.leaves()
