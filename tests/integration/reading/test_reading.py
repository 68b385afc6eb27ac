"""The public pages: who sees what, what is masked, and how many statements they take."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import time, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert, select

from consult.consultations.models import Audience, Consultation, PointsVisibility, Stage
from consult.core import clock, files
from consult.core.db import transaction
from consult.drafts.models import DraftVersion, Provision
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions import vault
from consult.submissions.models import (
    Authorship,
    Identity,
    Point,
    Stance,
    Submission,
    SubmissionState,
)
from consult.summaries.models import Passage, State, Summary
from tests.support import factories
from tests.support.browsing import signed_in
from tests.support.said import said
from tests.support.statements import counted

SEALED = "Nguyễn Bí Mật"


@dataclass
class Scene:
    """A round with an agency and a reader."""

    app: Flask
    agency_id: int
    round_id: int

    def get(self, path: str, user_id: int | None = None, status: int = 200) -> str:
        browser = signed_in(self.app, user_id) if user_id else self.app.test_client()
        answer = browser.get(path)
        assert answer.status_code == status, path
        return answer.text


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        agency = factories.organisation(name="Sở Nội vụ")
        return Scene(app, agency, factories.consultation(agency, factories.version(agency)))


def set_round(scene: Scene, **values: object) -> None:
    with scene.app.app_context(), transaction() as session:
        consultation = session.get_one(Consultation, scene.round_id)
        for name, value in values.items():
            setattr(consultation, name, value)


def test_masks_by_identity(scene: Scene) -> None:
    with scene.app.app_context():
        club = factories.organisation("club", "Câu lạc bộ Hóa học")
        sealed = factories.user(SEALED, verified=True)
        shown = factories.user("Trần Công Khai", verified=True)
        hidden = factories.user("Lê Chỉ Tổ Chức", verified=True)
        factories.point(scene.round_id, sealed, identity=Identity.SEALED, organisation_id=club)
        first = factories.point(scene.round_id, shown)
        factories.point(
            scene.round_id, hidden, identity=Identity.ORGANISATION, organisation_id=club
        )
        official = factories.user("Cán bộ", roles=(("official", scene.agency_id),))
        front = factories.user("Mặt trận", roles=(("front", None),))
    pages = [f"/rounds/{scene.round_id}", f"/rounds/{scene.round_id}/points", "/", "/rounds"]
    pages += [f"/points/{first - 1}", f"/points/{first + 1}"]
    for reader in (None, official, front):
        everything = "".join(scene.get(page, reader) for page in pages)
        assert SEALED not in everything
        assert "Lê Chỉ Tổ Chức" not in everything
    listed = scene.get(f"/rounds/{scene.round_id}/points")
    assert "Trần Công Khai" in listed
    assert listed.count("Câu lạc bộ Hóa học") == 1
    assert said(scene.app, "Identity sealed") in listed


def test_a_draft_point_is_nowhere(scene: Scene) -> None:
    with scene.app.app_context():
        author = factories.user(verified=True)
        official = factories.user(roles=(("official", scene.agency_id),))
        point = factories.point(
            scene.round_id, author, argument="Còn nghĩ", state=SubmissionState.DRAFT
        )
    assert "Còn nghĩ" not in scene.get(f"/rounds/{scene.round_id}/points")
    for reader in (None, official):
        if reader is None:
            continue
        scene.get(f"/points/{point}", reader, 404)


@pytest.mark.parametrize(
    ("visibility", "stage", "seen"),
    [
        (PointsVisibility.AT_ONCE, Stage.OPEN, True),
        (PointsVisibility.AFTER_CLOSING, Stage.OPEN, False),
        (PointsVisibility.AFTER_CLOSING, Stage.CLOSED, True),
        (PointsVisibility.STAFF_ONLY, Stage.CLOSED, False),
    ],
)
def test_points_are_shown_when_the_round_says_so(
    scene: Scene, visibility: PointsVisibility, stage: Stage, seen: bool
) -> None:
    set_round(scene, points_visibility=visibility, stage=stage)
    with scene.app.app_context():
        author = factories.user(verified=True)
        reader = factories.user(verified=True)
        official = factories.user(roles=(("official", scene.agency_id),))
        point = factories.point(scene.round_id, author)
    listed = f"/rounds/{scene.round_id}/points"
    scene.get(listed, reader, 200 if seen else 403)
    scene.get(f"/points/{point}", reader, 200 if seen else 404)
    scene.get(listed, official)
    scene.get(f"/points/{point}", author)
    page = scene.get(f"/rounds/{scene.round_id}", reader)
    assert ('class="tally"' in page) is seen
    assert "<strong>1</strong>" in page


def test_a_round_for_verified_people_is_hidden_from_others(scene: Scene) -> None:
    set_round(scene, audience=Audience.VERIFIED, title="Chỉ dành cho trí thức")
    with scene.app.app_context():
        plain = factories.user()
        verified = factories.user(verified=True)
        council = factories.user(roles=(("council", None),))
    for page in ("/", "/rounds"):
        assert "Chỉ dành cho trí thức" not in scene.get(page)
        assert "Chỉ dành cho trí thức" not in scene.get(page, plain)
        assert "Chỉ dành cho trí thức" in scene.get(page, verified)
        assert "Chỉ dành cho trí thức" in scene.get(page, council)
    for tail in ("", "/answers", "/source"):
        scene.get(f"/rounds/{scene.round_id}{tail}", plain, 404)
    scene.get(f"/rounds/{scene.round_id}", verified)
    scene.get(f"/rounds/{scene.round_id}", None, 302)


def test_a_round_in_preparation_is_seen_by_its_agency_only(scene: Scene) -> None:
    set_round(scene, stage=Stage.PREPARING)
    with scene.app.app_context():
        verified = factories.user(verified=True)
        official = factories.user(roles=(("official", scene.agency_id),))
        stranger = factories.user(roles=(("official", factories.organisation()),))
    scene.get(f"/rounds/{scene.round_id}", verified, 404)
    scene.get(f"/rounds/{scene.round_id}", stranger, 404)
    scene.get(f"/rounds/{scene.round_id}", official)
    assert "đãi ngộ" not in scene.get("/rounds", official)


def test_every_provision_has_an_anchor_and_a_way_to_write(scene: Scene) -> None:
    with scene.app.app_context():
        writer = factories.user(verified=True)
        plain = factories.user()
    page = scene.get(f"/rounds/{scene.round_id}", writer)
    for key in ("c1", "d1", "d1.k1", "d3.k2"):
        assert f'id="{key}"' in page
        assert f"/rounds/{scene.round_id}/write?provision={key}" in page
    assert "<h3>Chương I Quy định chung</h3>" in page
    assert "<h4>Điều 1. Nội dung 1</h4>" in page
    assert 'class="write"' not in scene.get(f"/rounds/{scene.round_id}", plain)
    set_round(scene, stage=Stage.CLOSED)
    assert 'class="write"' not in scene.get(f"/rounds/{scene.round_id}", writer)


def test_the_kept_text_follows_the_points_and_the_reader(scene: Scene) -> None:
    url = f"/rounds/{scene.round_id}"
    with scene.app.app_context():
        author = factories.user(verified=True)
        official = factories.user(roles=(("official", scene.agency_id),))
    assert 'class="tally"' not in scene.get(url)
    with scene.app.app_context():
        point = factories.point(scene.round_id, author, stance=Stance.DISAGREE)
    assert 't-disagree">1 ' in scene.get(url)
    with scene.app.app_context():
        factories.point(scene.round_id, author, stance=Stance.DISAGREE)
    assert 't-disagree">2 ' in scene.get(url)
    with scene.app.app_context(), transaction() as session:
        session.get_one(Point, point).withdrawn_at = clock.now()
    assert 't-disagree">1 ' in scene.get(url)
    set_round(scene, points_visibility=PointsVisibility.STAFF_ONLY)
    assert 't-disagree">1 ' in scene.get(url, official)
    assert 'class="tally"' not in scene.get(url, author)
    assert 'class="write"' in scene.get(url, author)
    assert 'class="write"' not in scene.get(url, official)
    browser = scene.app.test_client()
    browser.set_cookie("consult_lang", "en")
    assert "Contents of the draft" in browser.get(url).text
    assert said(scene.app, "Contents of the draft") in scene.get(url)


def test_rounds_are_found_without_diacritics(scene: Scene) -> None:
    set_round(scene, title="Dự thảo về đãi ngộ trí thức")
    assert "Dự thảo về đãi ngộ" in scene.get("/rounds?q=dai+NGO")
    assert "Dự thảo về đãi ngộ" in scene.get("/rounds?q=%C4%91%C3%A3i")
    assert "Dự thảo về đãi ngộ" not in scene.get("/rounds?q=giao+thong")
    assert "Dự thảo về đãi ngộ" not in scene.get("/rounds?stage=closed")
    assert "Dự thảo về đãi ngộ" in scene.get("/rounds?stage=nonsense&kind=&page=x")


def test_points_are_filtered(scene: Scene) -> None:
    with scene.app.app_context():
        author = factories.user(verified=True)
        one = factories.point(scene.round_id, author, argument="Phản biện thứ nhất")
        factories.point(
            scene.round_id,
            author,
            provision=None,
            stance=Stance.DISAGREE,
            argument="Về tổng thể",
            proposed_wording="Đường sắt",
        )
        factories.point(scene.round_id, author, provision="d2", argument="Điều hai có 100%")
        answer(scene, one)
    base = f"/rounds/{scene.round_id}/points"

    def found(query: str) -> set[str]:
        page = scene.get(base + query)
        texts = ("Phản biện thứ nhất", "Về tổng thể", "Điều hai")
        return {text for text in texts if text in page}

    assert len(found("")) == 3
    assert len(found("?provision=*&stance=&disposition=&q=")) == 3
    assert found("?provision=d1.k1") == {"Phản biện thứ nhất"}
    assert found("?provision=") == {"Về tổng thể"}
    assert found("?stance=disagree") == {"Về tổng thể"}
    assert found("?q=phan+bien") == {"Phản biện thứ nhất"}
    assert found("?q=duong+sat") == {"Về tổng thể"}
    assert found("?q=100%25") == {"Điều hai"}
    assert found("?q=%25") == {"Điều hai"}
    assert found("?disposition=accepted") == {"Phản biện thứ nhất"}
    assert found("?disposition=not_accepted") == set()
    assert found("?disposition=waiting") == {"Về tổng thể", "Điều hai"}
    scene.get(base + "?provision=nowhere", None, 404)


def answer(scene: Scene, *point_ids: int, published: bool = True) -> None:
    """Answer the points; needs an application context."""
    now = clock.now()
    with transaction() as session:
        response = Response(
            consultation_id=scene.round_id,
            disposition=Disposition.ACCEPTED,
            reason="Sẽ sửa lại khoản này.",
            created_at=now,
            published_at=now if published else None,
        )
        response.answered = [AnsweredPoint(point_id=point_id) for point_id in point_ids]
        session.add(response)


def test_only_published_answers_are_shown(scene: Scene) -> None:
    with scene.app.app_context():
        author = factories.user(verified=True)
        one, two = (factories.point(scene.round_id, author) for _ in range(2))
        answer(scene, one)
        answer(scene, two, published=False)
    assert "Sẽ sửa lại" in scene.get(f"/points/{one}")
    assert "Sẽ sửa lại" not in scene.get(f"/points/{two}")
    page = scene.get(f"/rounds/{scene.round_id}/answers")
    assert f"YK-{one}" in page
    assert f"YK-{two}" not in page
    assert page.count("Sẽ sửa lại") == 1
    mine = scene.get("/my/contributions", author)
    assert mine.count("Sẽ sửa lại") == 1


def test_answers_are_read_by_a_delegate_without_the_hidden_points(scene: Scene) -> None:
    set_round(scene, points_visibility=PointsVisibility.STAFF_ONLY, stage=Stage.ANSWERED)
    with scene.app.app_context():
        author = factories.user("Trần Công Khai", verified=True)
        delegate = factories.user(roles=(("council", None),))
        answer(scene, factories.point(scene.round_id, author, argument="Không cho ai xem"))
    page = scene.get(f"/rounds/{scene.round_id}/answers", delegate)
    assert "Sẽ sửa lại" in page
    assert "khoản 1 Điều 1" in page
    assert "Không cho ai xem" not in page
    assert "Trần Công Khai" not in page


def test_a_withdrawn_point_keeps_its_page_without_its_words(scene: Scene) -> None:
    with scene.app.app_context():
        author = factories.user(verified=True)
        official = factories.user(roles=(("official", scene.agency_id),))
        point = factories.point(scene.round_id, author, argument="Lời đã rút")
        with transaction() as session:
            session.get_one(Point, point).withdrawn_at = clock.now()
    page = scene.get(f"/points/{point}")
    assert "Người góp ý đã rút ý kiến này" in page
    assert "Lời đã rút" not in page
    assert "Lời đã rút" in scene.get(f"/points/{point}", author)
    assert "Lời đã rút" in scene.get(f"/points/{point}", official)
    assert "Lời đã rút" not in scene.get(f"/rounds/{scene.round_id}/points")


def test_my_contributions_follow_each_point(scene: Scene) -> None:
    with scene.app.app_context():
        author = factories.user(verified=True)
        other = factories.user(verified=True)
        quoted = factories.point(scene.round_id, author, argument="Câu được trích")
        factories.point(scene.round_id, author, argument="Câu trong danh mục")
        factories.point(scene.round_id, author, argument="Nháp", state=SubmissionState.DRAFT)
        with transaction() as session:
            summary = Summary(
                consultation_id=scene.round_id,
                number=1,
                created_at=clock.now(),
                state=State.RELEASED,
                released_at=clock.now(),
                manifest={},
            )
            summary.passages = [Passage(point_id=quoted, start=0, end=3, text="Câu")]
            session.add(summary)
    page = scene.get("/my/contributions", author)
    assert "Được trích trong báo cáo tổng hợp" in page
    assert "Có trong phụ lục báo cáo tổng hợp" in page
    assert "1 ý kiến đã viết, chưa gửi" in page
    assert "Câu được trích" not in scene.get("/my/contributions", other)


def test_the_source_is_the_uploaded_file(scene: Scene) -> None:
    with scene.app.app_context():
        stranger = factories.user()
        with transaction() as session:
            stored = files.store(
                io.BytesIO(b"<script>alert(1)</script>"),
                name="Dự thảo.html",
                media_type="text/html",
                uploaded_by=None,
                limit=1000,
            )
            consultation = session.get_one(Consultation, scene.round_id)
            session.get_one(DraftVersion, consultation.version_id).file_id = stored.id
    answer = scene.app.test_client().get(f"/rounds/{scene.round_id}/source")
    assert answer.data == b"<script>alert(1)</script>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    set_round(scene, audience=Audience.VERIFIED)
    scene.get(f"/rounds/{scene.round_id}/source", stranger, 404)


def test_the_time_left_is_said(scene: Scene) -> None:
    left = ("%(count)s day left", "%(count)s days left")
    assert said(scene.app, *left, 10, count=10) in scene.get("/")
    with scene.app.app_context(), transaction(write=False) as session:
        closes = session.get_one(Consultation, scene.round_id).closes_at
    assert closes
    clock.move_to(closes - timedelta(seconds=30))
    local = closes + timedelta(hours=7)
    today = said(scene.app, "Closes today at %(time)s", time=f"{local:%H:%M}")
    yesterday = said(scene.app, *left, 1, count=1)
    expected = today if local.time() > time(0, 0, 30) else yesterday
    assert expected in scene.get(f"/rounds/{scene.round_id}")


def fill(scene: Scene, number: int, author_id: int) -> None:
    """Add ``number`` received points by one author, quickly; needs an application context."""
    now = clock.now()
    with transaction() as session:
        first = (session.scalar(select(Submission.id).order_by(Submission.id.desc())) or 0) + 1
        version_id = session.get_one(Consultation, scene.round_id).version_id
        provisions = session.scalars(
            select(Provision.id).where(Provision.version_id == version_id)
        ).all()
        ids = range(first, first + number)
        session.execute(
            insert(Submission),
            [
                {
                    "id": i,
                    "reference": f"X{i}",
                    "consultation_id": scene.round_id,
                    "state": SubmissionState.RECEIVED,
                    "created_at": now,
                    "received_at": now,
                }
                for i in ids
            ],
        )
        session.execute(
            insert(Authorship),
            [
                {
                    "submission_id": i,
                    "user_id": author_id,
                    "identity": Identity.PUBLIC,
                    "idempotency_key": f"x{i}",
                }
                for i in ids
            ],
        )
        session.execute(
            insert(Point),
            [
                {
                    "submission_id": i,
                    "consultation_id": scene.round_id,
                    "provision_id": provisions[i % len(provisions)],
                    "ordinal": 1,
                    "stance": list(Stance)[i % 4],
                    "argument": "Ý kiến",
                    "argument_html": "<p>Ý kiến</p>",
                    "form_key": f"x{i}",
                    "created_at": now,
                    "received_at": now,
                }
                for i in ids
            ],
        )


def test_pages_take_the_same_few_statements_at_any_number_of_points(scene: Scene) -> None:
    set_round(scene, stage=Stage.CLOSED)
    with scene.app.app_context():
        author = factories.user(verified=True)
        official = factories.user(roles=(("official", scene.agency_id),))
        vault.keyring()  # made once, with a statement of its own
    base = f"/rounds/{scene.round_id}"
    pages = ["/", "/rounds", base, base + "/points", base + "/points?q=y+kien&provision=d1"]
    pages += [base + "/answers", "/my/contributions"]
    taken: list[list[int]] = []
    for more in (100, 1900):
        with scene.app.app_context():
            fill(scene, more, author)
            with transaction(write=False) as session:
                ids = session.scalars(select(Point.id).order_by(Point.id.desc()).limit(40)).all()
            answer(scene, *ids)
        row: list[int] = []
        for page in pages:
            for reader in (author, official):
                browser = signed_in(scene.app, reader)
                with counted(scene.app) as statements:
                    assert browser.get(page).status_code == 200
                assert len(statements) <= 12, (page, statements)
                row.append(len(statements))
        taken.append(row)
    assert taken[0] == taken[1]
