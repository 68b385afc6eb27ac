"""In the browser: two colleagues read a sample, a doubt is dismissed, opinion groups are shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import insert_rows, transaction
from consult.submissions.models import Stance
from consult.submissions.voices.models import Endorsement, Voice
from consult.summaries import theme_building
from tests.browser.roles import FrontStaff, vi
from tests.support import factories as make
from tests.support.live import Live

WORDS = (
    "Đề nghị nâng mức hỗ trợ thuê nhà cho trí thức trẻ lên 3 triệu đồng mỗi tháng.",
    "Quy định phù hợp với điều kiện của các xã biên giới, nên làm sớm.",
    "Mức thu gấp đôi hiện nay. Tôi không đồng ý với khoản này.",
    "Cần nêu rõ nguồn kinh phí, tránh giao nhiệm vụ mà không giao tiền.",
    "Nên bổ sung tiêu chí về công trình được ứng dụng tại tỉnh.",
    "Thủ tục nộp hồ sơ trực tuyến giúp người ở xa đỡ đi lại.",
    "Thời hạn 30 ngày là quá ngắn đối với hồ sơ cần xác minh.",
    "Đề nghị công khai danh sách người được hỗ trợ hằng năm.",
    "Việc đánh giá nên có đại diện của các hội chuyên ngành.",
)
CAMPS = ((1, 1, 1, 1, -1, -1, -1, -1, 1), (-1, -1, -1, -1, 1, 1, 1, 1, 1))


@pytest.fixture
def round_id(site: Live) -> int:
    """A closed round with nine points on which two camps of readers have answered."""
    with site.app.app_context():
        agency, body = make.organisation(), make.organisation("front")
        for name, email in (("Lê Văn Chi", "chi@example.org"), ("Vũ Thị Dung", "dung@example.org")):
            make.user(name, roles=(("front", body),), email=email)
        writers = [make.user(f"Trí thức {n}", verified=True) for n in "ABCDE"]
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        points = [
            make.point(
                round_id,
                writers[n % 5],
                argument=words,
                provision=("d1.k1", "d1.k2", "d2.k1")[n % 3],
                stance=Stance.AGREE if n < 6 else Stance.DISAGREE,
            )
            for n, words in enumerate(WORDS)
        ]
        readers = [make.user(f"Người đọc {n}", verified=True) for n in range(20)]
        with transaction():
            insert_rows(
                Endorsement,
                [
                    {
                        "point_id": point_id,
                        "user_id": reader,
                        "value": Voice.AGREE if vote > 0 else Voice.DISAGREE,
                        "at": clock.now(),
                    }
                    for n, reader in enumerate(readers)
                    for point_id, vote in zip(points, CAMPS[n >= 12], strict=True)
                ],
            )
        with transaction(write=False):
            read = theme_building.material(round_id)
        result = theme_building.propose(read)
        with transaction():
            theme_building.store(read, result, actor_id=None)
        return round_id


def test_two_colleagues_read_a_sample(browser: Browser, site: Live, round_id: int) -> None:
    chi = FrontStaff(browser, site, "chi")
    chi.signs_in("chi@example.org", make.PASSWORD)
    chi.goes_to(f"/front/rounds/{round_id}")
    chi.follows(vi("Reading in twos"))
    chi.box(vi("Number of points")).fill("1000")
    chi.presses(vi("Draw a sample"))
    chi.sees("Mẫu có từ 2 đến 500 ý kiến.")
    chi.box(vi("Number of points")).fill("4")
    chi.presses(vi("Draw a sample"))
    chi.presses(vi("Read this sample"))
    chi.is_fine("coding-reading")
    sample = chi.page.url
    reads(chi, "Agree")
    chi.presses(vi("Keep, I am done"))
    chi.sees(vi("You are done. Both readings are shown when both are."))

    dung = FrontStaff(browser, site, "dung", phone=True)
    dung.signs_in("dung@example.org", make.PASSWORD)
    dung.goes_to(sample.removeprefix(site.url))
    dung.presses(vi("Read this sample"))
    reads(dung, "Unclear", but=2)
    dung.presses(vi("Keep and go on"))
    dung.presses(vi("Keep, I am done"))
    dung.sees("2 / 4")
    dung.sees("kappa")
    dung.is_fine("coding-result")
    dung.page.get_by_label(vi("Taken for")).first.select_option(label=vi("Disagree"))
    dung.presses(vi("Settle"))
    dung.sees(f"{vi('Taken for')}: {vi('Disagree')}")
    chi.goes_to(f"/front/rounds/{round_id}/coding")
    chi.is_fine("coding-samples")


def reads(person: FrontStaff, code: str, but: int = 0) -> None:
    """Tick the same for every point on the page, "Agree" for the first ``but``."""
    groups = person.page.locator("main fieldset")
    for n in range(groups.count()):
        label = vi("Agree") if n < but else vi(code)
        groups.nth(n).get_by_label(label, exact=True).check()


def test_a_doubt_is_dismissed_and_groups_are_shown(
    browser: Browser, site: Live, round_id: int
) -> None:
    chi = FrontStaff(browser, site, "chi")
    chi.signs_in("chi@example.org", make.PASSWORD)
    chi.goes_to(f"/front/rounds/{round_id}/themes")
    chi.follows(vi("Doubtful stances"))
    assert chi.page.locator("mark").inner_text() == "không đồng ý"
    chi.is_fine("doubts")
    chi.goes_to(f"/front/rounds/{round_id}/cell?stance=agree")
    chi.is_fine("doubt-in-a-cell")
    chi.presses(vi("The stance is right"))
    chi.presses(vi("Undo"))
    chi.sees(vi("Doubtful stance"))

    chi.goes_to(f"/front/rounds/{round_id}/groups")
    chi.presses(vi("Look for groups"))
    site.work()
    chi.goes_to(f"/front/rounds/{round_id}/groups")
    chi.sees("12 người")
    chi.is_fine("opinion-groups")
    chi.goes_to(f"/front/rounds/{round_id}")
    chi.is_fine("matrix-with-texts")
