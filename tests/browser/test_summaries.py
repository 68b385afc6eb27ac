"""In the browser: figures inserted, two writers at once, an objection answered, sent back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from consult.consultations.models import Stage
from consult.core.db import transaction
from consult.submissions.models import Stance
from consult.summaries import services
from tests.browser.roles import FrontStaff, vi
from tests.support import factories as make
from tests.support.live import Live


@pytest.fixture
def round_id(site: Live) -> int:
    """A closed round with a point for and one against, its summary begun."""
    with site.app.app_context():
        agency, body = make.organisation(), make.organisation("front")
        for name in ("chi", "dung"):
            make.user(f"Lê Văn {name}", roles=(("front", body),), email=f"{name}@example.org")
        author = make.user("Trí thức A", verified=True, email="a@example.org")
        other = make.user("Trí thức B", verified=True)
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        make.point(round_id, author, argument="Mức hỗ trợ này thấp.", stance=Stance.DISAGREE)
        make.point(round_id, other, argument="Nhất trí với mức hỗ trợ.")
        with transaction():
            services.start(round_id, actor_id=None)
        return round_id


def test_figures_are_inserted_and_two_writers_see_both_texts(
    browser: Browser, site: Live, round_id: int
) -> None:
    chi, second = FrontStaff(browser, site, "chi"), FrontStaff(browser, site, "dung")
    chi.signs_in("chi@example.org", make.PASSWORD)
    second.signs_in("dung@example.org", make.PASSWORD)
    page = chi.goes_to(f"/front/rounds/{round_id}/summary")
    second.goes_to(f"/front/rounds/{round_id}/summary")

    introduction = page.locator("#introduction")
    introduction.fill("Có  ý kiến; 7 người gửi.")
    introduction.evaluate("field => field.setSelectionRange(3, 3)")
    page.locator("details.figures summary").first.click()
    page.get_by_role("button", name="{{so_y_kien}}").first.click()
    assert introduction.input_value() == "Có {{so_y_kien}} ý kiến; 7 người gửi."
    chi.is_fine("summary-figures")
    chi.presses(vi("Save"))
    chi.sees("số gõ tay")
    chi.is_fine("summary-doubts")

    second.box(vi("Introduction")).fill("Lời khác của người thứ hai.")
    second.presses(vi("Save"))
    second.sees(vi("Not saved yet: a colleague has changed the same words"))
    second.sees("Có {{so_y_kien}} ý kiến; 7 người gửi.")
    assert second.page.locator("#introduction").input_value() == "Lời khác của người thứ hai."
    second.is_fine("summary-two-writers")
    second.leaves()

    chi.presses(vi("Save and read it through"))
    chi.sees("Có 2 ý kiến")
    chi.goes_to("/summaries/scale")
    chi.is_fine("summary-scale")
    chi.leaves()


def test_an_author_objects_and_the_summary_is_sent_back(
    browser: Browser, site: Live, round_id: int
) -> None:
    chi, dung = FrontStaff(browser, site, "chi"), FrontStaff(browser, site, "dung")
    writer = FrontStaff(browser, site, "author")
    for person, email in ((chi, "chi"), (dung, "dung"), (writer, "a")):
        person.signs_in(f"{email}@example.org", make.PASSWORD)
    chi.reads_the_draft(round_id)
    chi.presses(vi("Send for review"))
    chi.sees(vi("In review"))
    dung.approves(round_id)

    own = writer.goes_to("/my/contributions")
    own.locator("a[href$='/own']").first.click()
    own.locator("details.send-back summary").first.click()
    writer.presses(vi("Object"))
    writer.sees(vi("Say what is recorded wrongly: the Front reads it."))
    writer.is_fine("objection-refused")
    own.locator("textarea[name=reason]").first.fill("Trích thiếu vế sau.")
    writer.presses(vi("Object"))
    writer.sees("Trích thiếu vế sau.")
    writer.is_fine("objection-kept")
    writer.leaves()

    dung.reads_the_draft(round_id)
    dung.sees("Trích thiếu vế sau.")
    dung.is_fine("summary-objections")
    dung.follows(vi("Answer"))
    dung.page.get_by_label(vi("The record is kept")).check()
    dung.box(vi("Reason")).fill("Vế sau có trong phụ lục.")
    dung.is_fine("objection-answer")
    dung.presses(vi("Answer the objection"))
    dung.sees("Vế sau có trong phụ lục.")
    dung.sends_back(round_id, "Bỏ số gõ tay.")
    chi.goes_to(f"/front/rounds/{round_id}/summary")
    chi.sees("Bỏ số gõ tay.")
    chi.is_fine("summary-sent-back")
    chi.leaves()
    dung.leaves()
