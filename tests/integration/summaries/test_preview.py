"""The preview of a summary: each audience's view before the release is its view after it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.consultations.models import Audience, Consultation, PointsVisibility
from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import release_services
from consult.summaries.commands import Release
from consult.summaries.models import Summary
from tests.integration.summaries.test_workspace import Round, closed_round, started, withdraw
from tests.support import factories as make
from tests.support.browsing import signed_in
from tests.support.statements import counted
from tests.support.summaries import approve, release

READERS = ("council", "agency", "public")


@pytest.fixture
def case(app: Flask) -> Round:
    """A closed round: points of all kinds, one hidden, one withdrawn, its words for staff only."""
    with app.app_context():
        found = closed_round()
        with transaction() as session:
            round_ = session.get_one(Consultation, found.id)
            round_.points_visibility = PointsVisibility.STAFF_ONLY
        a, b, c, d, *_ = found.writers
        make.point(found.id, a, argument="Đồng ý vì mức hỗ trợ sát với giá cả ở vùng biên giới.")
        make.point(
            found.id, b, argument="Nhất trí, làm ngay trong năm.", identity=Identity.ORGANISATION
        )
        make.point(found.id, c, stance=Stance.DISAGREE, argument="Ngân sách tỉnh không kham nổi.")
        make.point(found.id, d, argument="Tán thành, nhưng kín tên.", identity=Identity.SEALED)
        withdraw(make.point(found.id, a, argument="Ý kiến này sẽ được rút."))
        with transaction() as session:
            session.query(Point).filter(Point.stance == Stance.DISAGREE).update(
                {"hidden_at": clock.now(), "hidden_reason": "Quảng cáo"}
            )
        return found


def previewed(client: FlaskClient, case: Round, reader: str) -> str:
    return client.get(f"/front/rounds/{case.id}/summary/preview?reader={reader}").text


def article(page: str) -> str:
    """Return the summary's part of a page without what only a release has."""
    found = re.search(r'<article class="summary">.*</article>', page, re.DOTALL)
    assert found
    text = re.sub(r"Phát hành lúc[^<]*|Chưa phát hành", "", found[0])
    text = re.sub(r'<p class="muted small">Đã ghi vào sổ[^<]*</p>', "", text)
    text = re.sub(r'<a\s*(href="/office/rounds/\d+/answers")?>', "<a>", text)
    return " ".join(re.sub(r"(<[^>]*>)", r" \1 ", text).split())


@pytest.mark.parametrize("audience", [Audience.EVERYONE, Audience.VERIFIED])
def test_the_preview_is_the_page_of_each_audience(
    app: Flask, case: Round, audience: Audience
) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Consultation, case.id).audience = audience
    summary_id = started(app, case)
    front = signed_in(app, case.front_id)
    before = {name: previewed(front, case, name) for name in READERS}
    with app.app_context():
        with transaction() as session:
            assert session.get_one(Summary, summary_id).released_at is None
            step_id = approve(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
        approved = {name: previewed(front, case, name) for name in READERS}
        with transaction():
            release_services.release(
                Release(summary_id, case.front_id, step_id, public=True, early="Gấp.")
            )
    # Who has written nothing: an author may open points of his own.
    stranger = app.test_client()
    if audience is Audience.VERIFIED:
        stranger = signed_in(app, case.writers[4])
    people = (signed_in(app, case.council_id), signed_in(app, case.official_id), stranger)
    for name, person in zip(READERS, people, strict=True):
        real = person.get(f"/summaries/{summary_id}").text
        assert article(before[name]) == article(real), name
        assert article(approved[name]) == article(real), name
    assert "không kham nổi" in before["agency"]
    assert "không kham nổi" not in before["public"]
    assert "kín tên" in before["council"]


def test_a_preview_says_that_it_is_one(app: Flask, case: Round) -> None:
    started(app, case)
    front = signed_in(app, case.front_id)
    review = front.get(f"/front/rounds/{case.id}/summary/review").text
    assert f"/front/rounds/{case.id}/summary/preview?reader=council" in review
    assert "Đây là nội dung Hội đồng nhân dân sẽ đọc" in previewed(front, case, "council")
    assert "Đây là nội dung cơ quan chủ trì soạn thảo sẽ đọc" in previewed(front, case, "agency")
    page = previewed(front, case, "public")
    assert "Đây là nội dung công chúng sẽ đọc" in page
    assert "Chưa phát hành" in page
    # A name that is none shows the narrowest view.
    assert article(previewed(front, case, "nobody")) == article(page)


def test_what_is_missing_is_said_instead(app: Flask, case: Round) -> None:
    started(app, case)
    with app.app_context():
        make.point(
            case.id, case.writers[0], stance=Stance.NONE, argument="Đề nghị giải thích thêm từ ngữ."
        )
    page = previewed(signed_in(app, case.front_id), case, "council")
    assert "Báo cáo chưa đủ điều kiện phát hành" in page
    assert "Mọi quan điểm ở mọi điều khoản đều phải được nêu" in page
    assert '<article class="summary">' not in page


def test_only_the_front_previews_and_a_released_one_is_read(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    url = f"/front/rounds/{case.id}/summary/preview"
    for user in (case.council_id, case.official_id, case.writers[0]):
        assert signed_in(app, user).get(url).status_code == 403
    with app.app_context(), transaction():
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
    answer = signed_in(app, case.front_id).get(url)
    assert answer.headers["Location"] == f"/summaries/{summary_id}"


def test_a_preview_takes_few_statements(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = closed_round()
        make.many_points(case.id, 300, user_ids=tuple(case.writers))
    started(sqlite_app, case)
    front = signed_in(sqlite_app, case.front_id)
    for reader in READERS:
        previewed(front, case, reader)
        with counted(sqlite_app) as found:
            assert '<article class="summary">' in previewed(front, case, reader)
        assert len(found) <= 12, "\n\n".join(found)
