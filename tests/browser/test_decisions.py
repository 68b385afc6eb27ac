"""Front staff mark a duplicate and set a point aside in the browser, and undo it."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.sync_api import Browser

from consult.consultations.models import Stage
from tests.browser.roles import FrontStaff, vi
from tests.support import factories as make
from tests.support.live import Live


def test_a_duplicate_is_marked_listed_and_undone(browser: Browser, site: Live) -> None:
    with site.app.app_context():
        agency, body = make.organisation(), make.organisation("front")
        make.user("Lê Văn Chi", roles=(("front", body),), email="front@example.org")
        author = make.user("Trí thức A", verified=True)
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        first, again = (
            make.point(round_id, author, argument=f"Cần nâng mức hỗ trợ{end}") for end in ".!"
        )
    front = FrontStaff(browser, site, "chi")
    front.signs_in("front@example.org", make.PASSWORD)
    page = front.goes_to(f"/front/rounds/{round_id}/cell")
    page.get_by_label(vi("Choose %(code)s") % {"code": f"YK-{again}"}).check()
    front.is_fine("cell-choosing")
    front.presses(vi("Ticked points: duplicate or set aside"))
    page.wait_for_url(re.compile("/decide"))
    page.get_by_label(vi("It repeats another point")).check()
    front.presses(vi("Count them so"))
    page.wait_for_load_state()
    front.is_fine("decide-refused")
    page.locator("#leader").fill(f"YK-{first}")
    front.presses(vi("Count them so"))
    page.wait_for_url(re.compile("/cell"))
    front.sees(vi("Duplicate of %(code)s") % {"code": f"YK-{first}"})
    front.goes_to(f"/front/rounds/{round_id}/decisions")
    front.is_fine("decisions")
    front.presses(vi("Undo the decision"))
    front.sees(vi("No point is a duplicate or set aside."))
    front.goes_to(f"/front/rounds/{round_id}/files")
    front.is_fine("files")
    front.leaves()
