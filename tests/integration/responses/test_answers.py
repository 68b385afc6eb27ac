"""Answering points: reasons, groups, moving, publishing, correcting; who sees what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.consultations.models import Consultation, Stage, StageChange
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.ledger.models import Leaf
from consult.responses import queries, services
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import Identity, Point, Stance
from tests.support import factories as make
from tests.support.browsing import post, signed_in, token
from tests.support.statements import counted


@dataclass
class Round:
    """A closed round with three points, its official and an author."""

    id: int
    official_id: int
    author_id: int
    points: list[int]


def a_round(stage: Stage = Stage.CLOSED, points: int = 3) -> Round:
    agency = make.organisation()
    version = make.version(agency)
    closes = timedelta(days=5) if stage is Stage.OPEN else timedelta(days=-1)
    round_id = make.consultation(agency, version, stage=stage, closes=closes)
    author = make.user("Đỗ Thị Tác Giả", verified=True)
    return Round(
        round_id,
        make.user("Phạm Cán Bộ", roles=(("official", agency),)),
        author,
        [
            make.point(round_id, author, argument=f"Ý kiến thứ {n}: nâng mức hỗ trợ.")
            for n in range(1, points + 1)
        ],
    )


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return a_round()


def command(
    case: Round,
    *points: int,
    disposition: Disposition = Disposition.ACCEPTED,
    reason: str = "",
) -> services.AnswerPoints:
    return services.AnswerPoints(case.id, frozenset(points), disposition, reason, case.official_id)


def drafted(app: Flask, case: Round, *points: int, reason: str = "Đã ghi nhận") -> int:
    with app.app_context(), transaction():
        return services.answer(command(case, *points, reason=reason)).id


def answers(app: Flask, case: Round) -> dict[int, tuple[str, str, bool]]:
    with app.app_context(), transaction(write=False):
        return {
            point: (response.disposition.value, response.reason, bool(response.published_at))
            for point, response in queries.current_for(case.points).items()
        }


@pytest.mark.parametrize("disposition", list(Disposition))
def test_a_reason_is_needed_except_for_full_acceptance(
    app: Flask, case: Round, disposition: Disposition
) -> None:
    official = signed_in(app, case.official_id)
    page = post(
        official,
        f"/office/rounds/{case.id}/answer",
        {"point": str(case.points[0]), "disposition": disposition.value, "reason": "  "},
    )
    if disposition is Disposition.ACCEPTED:
        assert answers(app, case) == {case.points[0]: ("accepted", "", False)}
    else:
        assert page.status_code == 422
        assert "Xin nêu lý do" in page.text
        assert answers(app, case) == {}
        with app.app_context(), pytest.raises(services.ReasonMissing), transaction():
            services.answer(command(case, case.points[0], disposition=disposition, reason=" "))


def test_what_was_typed_survives_a_mistake(app: Flask, case: Round) -> None:
    page = post(
        signed_in(app, case.official_id),
        f"/office/rounds/{case.id}/answer",
        {"point": str(case.points[0]), "reason": "Lời giải trình rất dài"},
    )
    assert page.status_code == 422
    assert "Lời giải trình rất dài" in page.text
    assert "Xin chọn kết quả xử lý ý kiến" in page.text


def test_the_table_filters_and_leads_to_the_form(app: Flask, case: Round) -> None:
    with app.app_context():
        other = make.point(
            case.id,
            case.author_id,
            provision=None,
            stance=Stance.DISAGREE,
            identity=Identity.SEALED,
            argument="Đãi ngộ cần công bằng hơn.",
        )
    drafted(app, case, case.points[0])
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/answers"
    page = official.get(url).text
    assert all(f"YK-{point}<" in page for point in (*case.points, other))
    assert "Danh tính được bảo mật" in page
    for query, shown in (
        ("state=unanswered", {*case.points[1:], other}),
        ("state=drafted", {case.points[0]}),
        ("state=published", set()),
        ("stance=disagree", {other}),
        ("provision=general", {other}),
        ("provision=d1.k1", set(case.points)),
        ("q=dai+ngo", {other}),
        ("state=nonsense&stance=x&provision=x", {*case.points, other}),
    ):
        text = official.get(f"{url}?{query}").text
        assert {p for p in (*case.points, other) if f"YK-{p}<" in text} == shown, query
    form = official.get(f"/office/rounds/{case.id}/answer?point={case.points[1]}&point={other}")
    assert f"YK-{other}" in form.text
    nothing = official.get(f"/office/rounds/{case.id}/answer", follow_redirects=True)
    assert "Xin chọn ít nhất một ý kiến" in nothing.text


def test_a_group_is_one_answer_which_can_be_edited_split_and_joined(
    app: Flask, case: Round
) -> None:
    first, second, third = case.points
    group = drafted(app, case, first, second, third)
    with app.app_context(), transaction():
        same = services.answer(
            command(case, *case.points, disposition=Disposition.NOTED, reason="Sửa lại")
        )
        assert same.id == group
    with app.app_context(), transaction():
        split = services.answer(
            command(case, third, disposition=Disposition.NOT_ACCEPTED, reason="Không đủ nguồn")
        ).id
    assert split != group
    assert answers(app, case) == {
        first: ("noted", "Sửa lại", False),
        second: ("noted", "Sửa lại", False),
        third: ("not_accepted", "Không đủ nguồn", False),
    }
    page = post(
        signed_in(app, case.official_id),
        f"/office/rounds/{case.id}/answer",
        {"point": str(third), "action": "move", "response": str(group)},
    )
    assert page.status_code == 200
    assert answers(app, case)[third] == ("noted", "Sửa lại", False)
    with app.app_context(), transaction(write=False) as session:
        assert session.get(Response, split) is None  # it answers nothing any more
    with app.app_context(), pytest.raises(services.NoSuchAnswer), transaction():
        services.move(case.id, [third], split)


def test_drafts_are_the_agencys_own(app: Flask, client: FlaskClient, case: Round) -> None:
    drafted(app, case, *case.points, reason="Chưa ai được biết điều này")
    with app.app_context(), transaction(write=False):
        assert queries.published_for(case.points) == {}
    author = signed_in(app, case.author_id)
    for path in (f"/points/{case.points[0]}", f"/rounds/{case.id}/answers", "/my/contributions"):
        assert "Chưa ai được biết điều này" not in author.get(path).text
    for path in ("answers", "answer"):
        url = f"/office/rounds/{case.id}/{path}"
        assert author.get(url).status_code == 404
        assert client.get(url).status_code == 302
    assert (
        post(author, f"/office/rounds/{case.id}/answers/publish", {"all": "1"}).status_code == 404
    )


def test_publishing_everything_answers_the_round(app: Flask, case: Round) -> None:
    first, second, third = case.points
    drafted(app, case, first, second)
    drafted(app, case, third)
    official = signed_in(app, case.official_id)
    page = post(official, f"/office/rounds/{case.id}/answers/publish", {"all": "1"})
    assert "Đã công bố 2 giải trình" in page.text
    assert all(published for _d, _r, published in answers(app, case).values())
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Consultation, case.id).stage is Stage.ANSWERED
        assert session.query(StageChange).filter_by(transition="answer").count() == 1
        assert session.query(Leaf).filter_by(kind="response").count() == 2
        [job] = session.query(Job).filter_by(name="notifications.answers_published").all()
        assert len(job.payload["response_ids"]) == 2
    again = post(official, f"/office/rounds/{case.id}/answers/publish", {"all": "1"})
    assert "Không có nội dung nào để công bố" in again.text
    with app.app_context(), transaction(write=False) as session:
        assert session.query(Leaf).filter_by(kind="response").count() == 2


def test_chosen_answers_are_published_alone(app: Flask, case: Round) -> None:
    first, second, third = case.points
    drafted(app, case, first)
    drafted(app, case, second)
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/answers/publish"
    post(official, url, {"point": [str(first), str(third)]})
    assert {p: a[2] for p, a in answers(app, case).items()} == {first: True, second: False}
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Consultation, case.id).stage is Stage.CLOSED
        assert queries.progress(case.id) == queries.Progress(3, 1, 1)
    none = post(official, url, {"point": str(third)})
    assert "không có giải trình nào chờ công bố" in none.text


def test_an_open_round_stays_open_until_it_closes(app: Flask) -> None:
    with app.app_context():
        case = a_round(Stage.OPEN)
    drafted(app, case, *case.points)
    with app.app_context(), transaction():
        services.publish(case.id, actor_id=case.official_id)
    with app.app_context(), transaction() as session:
        assert session.get_one(Consultation, case.id).stage is Stage.OPEN
        assert queries.progress(case.id).complete


def test_withdrawn_points_need_no_answer(app: Flask, case: Round) -> None:
    drafted(app, case, *case.points[:2])
    with app.app_context(), transaction() as session:
        session.get_one(Point, case.points[2]).withdrawn_at = clock.now()
    with app.app_context(), pytest.raises(services.NoPoints), transaction():
        services.answer(command(case, case.points[2]))
    with app.app_context(), transaction() as session:
        services.publish(case.id, actor_id=None)
        assert session.get_one(Consultation, case.id).stage is Stage.ANSWERED


def test_a_published_answer_is_only_corrected_in_the_open(app: Flask, case: Round) -> None:
    old = drafted(app, case, *case.points, reason="Trả lời ban đầu")
    with app.app_context(), transaction():
        services.publish(case.id, actor_id=case.official_id)
    first = case.points[0]
    with app.app_context(), pytest.raises(services.AlreadyPublished) as refusal, transaction():
        services.answer(command(case, first))
    assert refusal.value.point_ids == [first]
    page = post(
        signed_in(app, case.official_id),
        f"/office/rounds/{case.id}/answer",
        {"point": str(first), "disposition": "not_accepted", "reason": "Xin đính chính"},
    )
    assert "Đã công bố nội dung đính chính" in page.text
    assert answers(app, case)[first] == ("not_accepted", "Xin đính chính", True)
    with app.app_context(), transaction(write=False) as session:
        kept = session.get_one(Response, old)
        assert kept.reason == "Trả lời ban đầu"
        assert {
            row.point_id for row in session.query(AnsweredPoint).filter_by(response_id=old)
        } == {*case.points[1:]}
        [entry] = session.query(AuditEntry).filter_by(action="answer.corrected").all()
        assert entry.details == {"replaces": [old], "points": [first]}
        assert session.query(Leaf).filter_by(kind="response").count() == 2
        assert session.query(Job).filter_by(name="notifications.answers_published").count() == 2


def test_answered_and_unanswered_points_are_not_mixed(app: Flask, case: Round) -> None:
    drafted(app, case, case.points[0])
    with app.app_context(), transaction():
        services.publish(case.id, actor_id=None)
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/answer?point={case.points[0]}&point={case.points[1]}"
    assert f"YK-{case.points[0]}. Xin bỏ chọn" in official.get(url, follow_redirects=True).text
    with app.app_context(), pytest.raises(services.NotPublished), transaction():
        services.correct(command(case, *case.points))


def test_points_of_another_round_are_not_answered(app: Flask, case: Round) -> None:
    with app.app_context():
        other = a_round()
    with app.app_context(), pytest.raises(services.NoPoints), transaction():
        services.answer(command(case, *other.points))
    official = signed_in(app, case.official_id)
    assert official.get(f"/office/rounds/{other.id}/answers").status_code == 404


def test_the_number_of_queries_does_not_grow(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = a_round(points=1)
        make.many_points(case.id, 99, user_ids=(case.author_id, make.user("B", verified=True)))
    official = signed_in(sqlite_app, case.official_id)
    url = f"/office/rounds/{case.id}/answers"
    drafted(sqlite_app, case, *case.points)
    few = statements(sqlite_app, official, url), publication(sqlite_app, official, case)
    with sqlite_app.app_context():
        make.many_points(case.id, 1900, user_ids=(case.author_id,))
    with sqlite_app.app_context(), transaction() as session:
        ids = [row.id for row in session.query(Point).filter_by(consultation_id=case.id)]
        for point in ids[1:201]:
            services.answer(command(case, point))
    many = statements(sqlite_app, official, url), publication(sqlite_app, official, case)
    assert many[0] == few[0] <= 12
    assert few[1] <= 20
    assert many[1] <= 20


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    with counted(app) as found:
        assert client.get(path).status_code == 200
    return len(found)


def publication(app: Flask, client: FlaskClient, case: Round) -> int:
    data = {"all": "1", "csrf_token": token(client)}
    with counted(app) as found:
        assert (
            client.post(f"/office/rounds/{case.id}/answers/publish", data=data).status_code == 303
        )
    return len(found)
