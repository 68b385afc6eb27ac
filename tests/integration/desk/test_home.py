"""The desk: each role sees its own work, in few statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from consult.consultations.models import Audience, Stage
from consult.core import clock
from consult.core.db import transaction
from consult.people.models import Profile
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import SubmissionState
from consult.summaries.models import State, Summary
from tests.support import factories
from tests.support.browsing import signed_in
from tests.support.inside import Inside
from tests.support.statements import counted


@pytest.fixture
def make(app: Flask) -> Inside:
    """What a test adds to the database, between requests."""
    return Inside(app, factories, Rows)


def desk(app: Flask, user_id: int) -> str:
    answer = signed_in(app, user_id).get("/desk")
    assert answer.status_code == 200
    return answer.text


class Rows:
    """Rows that no factory makes."""

    @staticmethod
    def answered(point_id: int, round_id: int, *, published: bool) -> None:
        with transaction() as session:
            response = Response(
                consultation_id=round_id,
                disposition=Disposition.PARTLY_ACCEPTED,
                reason="Đã xem xét.",
                created_at=clock.now(),
                published_at=clock.now() if published else None,
            )
            session.add(response)
            session.flush()
            session.add(AnsweredPoint(point_id=point_id, response_id=response.id))

    @staticmethod
    def summary(round_id: int, *, released: bool) -> None:
        with transaction() as session:
            session.add(
                Summary(
                    consultation_id=round_id,
                    number=1,
                    state=State.RELEASED if released else State.DRAFT,
                    created_at=clock.now(),
                    released_at=clock.now() if released else None,
                    manifest={},
                )
            )

    @staticmethod
    def profile(user_id: int, state: str, note: str = "") -> None:
        with transaction() as session:
            row = session.get_one(Profile, user_id)
            row.state, row.decision_note, row.requested_at = state, note, clock.now()


def test_an_official_sees_the_agencys_rounds_with_the_next_step(app: Flask, make: Inside) -> None:
    agency, other = make.organisation(), make.organisation()
    version = make.version(agency)
    preparing = make.consultation(agency, version, stage=Stage.PREPARING, title="Đợt đang chuẩn bị")
    closed = make.consultation(agency, version, stage=Stage.CLOSED, title="Đợt đã đóng")
    make.consultation(other, make.version(other), title="Đợt của nơi khác")
    author = make.user(verified=True)
    points = [make.point(closed, author) for _n in range(3)]
    make.point(closed, author, state=SubmissionState.DRAFT)
    make.answered(points[0], closed, published=True)
    make.answered(points[1], closed, published=False)
    make.version(agency, title="Dự thảo chưa có đợt")
    page = desk(app, make.user(roles=(("official", agency),)))
    assert f"/office/rounds/{preparing}" in page
    assert "Hoàn thiện và công bố" in page
    assert "Giải trình 2 ý kiến" in page
    assert "Dự thảo chưa có đợt" in page
    assert "Đợt của nơi khác" not in page
    assert "/office/drafts/upload" in page


def test_every_draft_of_the_agency_is_found(app: Flask, make: Inside) -> None:
    agency, other = make.organisation(), make.organisation()
    versions = [make.version(agency, title=f"Dự thảo số {n}") for n in range(26)]
    with_round = make.version(agency, title="Dự thảo đã lấy ý kiến")
    make.consultation(agency, with_round)
    foreign = make.version(other)
    client = signed_in(app, make.user(roles=(("official", agency),)))
    assert 'href="/desk/drafts"' in client.get("/desk").text
    first, second = client.get("/desk/drafts").text, client.get("/desk/drafts?page=2").text
    for version in [*versions, with_round]:
        place = f'"/office/versions/{version}"'
        assert (place in first) is not (place in second), "on one of the pages"
    assert "Số đợt lấy ý kiến: 1" in first
    assert f'"/office/versions/{foreign}"' not in first + second
    nobody = signed_in(app, make.user(roles=(("official", other),)))
    assert "Dự thảo số" not in nobody.get("/desk/drafts").text
    assert signed_in(app, make.user()).get("/desk/drafts").status_code == 403


def test_a_cancelled_rounds_draft_is_offered_again(app: Flask, make: Inside) -> None:
    agency = make.organisation()
    version = make.version(agency, title="Dự thảo bị hủy đợt")
    make.consultation(agency, version, stage=Stage.CANCELLED)
    assert f'href="/office/versions/{version}"' in desk(
        app, make.user(roles=(("official", agency),))
    )


def test_the_front_sees_published_rounds_and_its_tools(app: Flask, make: Inside) -> None:
    agency = make.organisation()
    version = make.version(agency)
    make.consultation(agency, version, stage=Stage.PREPARING, title="Đợt chưa công bố")
    open_, closed = (
        make.consultation(agency, version, stage=s) for s in (Stage.OPEN, Stage.CLOSED)
    )
    page = desk(app, make.user(roles=(("front", None),)))
    assert f"/front/rounds/{open_}" in page
    assert f"/front/rounds/{closed}/summary" in page
    assert f"/front/rounds/{open_}/summary" not in page
    assert "Đợt chưa công bố" not in page


def test_a_delegate_sees_released_summaries_only(app: Flask, make: Inside) -> None:
    agency = make.organisation()
    version = make.version(agency)
    make.summary(make.consultation(agency, version, title="Đã phát hành"), released=True)
    make.summary(make.consultation(agency, version, title="Còn là bản nháp"), released=False)
    page = desk(app, make.user(roles=(("council", None),)))
    assert "Đã phát hành" in page
    assert "Còn là bản nháp" not in page


def test_the_secretariat_sees_who_waits(app: Flask, make: Inside) -> None:
    waiting = make.user("Ngô Thị Chờ", degree="ThS")
    make.profile(waiting, "pending")
    make.user("Bùi Văn Nháp", degree="ThS")
    page = desk(app, make.user(roles=(("secretariat", None),)))
    assert f"/secretariat/profiles/{waiting}" in page
    assert "Bùi Văn Nháp" not in page


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (None, "Điền hồ sơ"),
        ("draft", "Điền hồ sơ"),
        ("pending", "đang chờ"),
        ("returned", "Thiếu bằng cấp"),
    ],
)
def test_a_newcomer_sees_the_next_step(
    app: Flask, make: Inside, state: str | None, sentence: str
) -> None:
    person = make.user() if state is None else make.user(degree="ThS")
    if state is not None:
        make.profile(person, state, "Thiếu bằng cấp")
    assert sentence in desk(app, person)


def test_a_writer_sees_open_rounds_the_basket_and_answers(app: Flask, make: Inside) -> None:
    agency = make.organisation()
    version = make.version(agency)
    open_ = make.consultation(agency, version, title="Đợt mở", audience=Audience.VERIFIED)
    closed = make.consultation(agency, version, stage=Stage.CLOSED, title="Đợt đóng")
    writer = make.user(verified=True)
    make.point(open_, writer, state=SubmissionState.DRAFT)
    point, unpublished = make.point(closed, writer), make.point(closed, writer)
    make.answered(point, closed, published=True)
    make.answered(unpublished, closed, published=False)
    page = desk(app, writer)
    assert f"/rounds/{open_}/basket" in page
    assert f'href="/points/{point}"' in page
    assert f'href="/points/{unpublished}"' not in page
    assert "Đợt mở" in page
    stranger = desk(app, make.user())
    assert "Đợt mở" not in stranger, "a round for verified people only"
    assert f"/rounds/{open_}/basket" not in stranger


def test_a_club_officer_sees_requests(app: Flask, make: Inside) -> None:
    club = make.organisation("club", name="Câu lạc bộ Trí thức trẻ")
    officer, asker, member = (make.user(n, verified=True) for n in ("A", "Người Xin", "C"))
    make.member(officer, club, role="secretary")
    make.member(asker, club, state="requested")
    make.member(member, club)
    assert "Người Xin" in desk(app, officer)
    assert "Người Xin" not in desk(app, member)


def test_an_administrator_sees_the_pages_of_administration(app: Flask, make: Inside) -> None:
    page = desk(app, make.user(roles=(("admin", None),)))
    for path in ("users", "organisations", "settings", "audit", "jobs", "mail"):
        assert f"/admin/{path}" in page


def test_a_desk_of_every_role_costs_twelve_statements(app: Flask, make: Inside) -> None:
    agency = make.organisation()
    version = make.version(agency)
    club = make.organisation("club")
    everything = make.user(
        verified=True,
        roles=(
            ("official", agency), ("front", None), ("council", None),
            ("secretariat", None), ("admin", None),
        ),
    )  # fmt: skip
    make.member(everything, club, role="chair")
    costs: list[int] = []
    for _more in range(2):
        for days in (10, 20, 30):
            round_id = make.consultation(agency, version, closes=timedelta(days=days))
            for _point in range(5):
                make.answered(make.point(round_id, everything), round_id, published=True)
            make.summary(round_id, released=True)
        client = signed_in(app, everything)
        with counted(app) as statements:
            assert client.get("/desk").status_code == 200
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 12


def test_the_desk_is_for_people_who_signed_in(app: Flask) -> None:
    assert app.test_client().get("/desk").status_code == 302
