"""Review and approval by another person, changed points, two writers at once, audiences."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import commands, release_services, review_services, services, steps
from consult.summaries import decision_services as deciding
from consult.summaries.decision_models import Reason
from consult.summaries.models import Passage, State, Summary
from tests.integration.summaries.test_workspace import (
    Round,
    closed_round,
    newest_id,
    started,
    step_of,
    ticks,
    withdraw,
)
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.summaries import approve, release


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        found = closed_round()
        a, b, c, *_ = found.writers
        make.point(found.id, a, argument="Đồng ý vì mức hỗ trợ sát với giá cả ở vùng biên giới.")
        make.point(found.id, b, argument="Nhất trí, đề nghị làm ngay trong năm nay.")
        make.point(found.id, c, stance=Stance.DISAGREE, argument="Ngân sách tỉnh không kham nổi.")
        return found


def approved(case: Round, summary_id: int) -> int:
    with transaction():
        return approve(summary_id, actor_id=case.front_id, approver_id=case.approver_id)


def state_of(summary_id: int) -> State:
    with transaction(write=False) as session:
        return session.get_one(Summary, summary_id).state


def save(summary_id: int, actor_id: int, introduction: str) -> None:
    with transaction():
        services.save(commands.SaveSummary(summary_id, actor_id, introduction=introduction))


def test_whoever_wrote_does_not_approve(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        with transaction():
            summary = review_services.send(summary_id, actor_id=case.front_id, step_id=0)
            sent = steps.last_id(summary)
        with pytest.raises(commands.OwnSummary), transaction():
            review_services.approve(commands.Approve(summary_id, case.front_id, sent))
        # A reviewer who changes a word becomes a writer; the review begins anew.
        save(summary_id, case.approver_id, "Sửa một chữ.")
        assert state_of(summary_id) is State.DRAFT
        with transaction():
            summary = review_services.send(
                summary_id,
                actor_id=case.front_id,
                step_id=steps.last_id(db.session.get_one(Summary, summary_id)),
            )
            sent = steps.last_id(summary)
        with pytest.raises(commands.OwnSummary), transaction():
            review_services.approve(commands.Approve(summary_id, case.approver_id, sent))
    page = signed_in(app, case.front_id).get(f"/front/rounds/{case.id}/summary/review").text
    assert "một cán bộ Mặt trận không tham gia soạn sẽ duyệt" in page
    assert "Duyệt báo cáo" not in page


def test_a_summary_is_sent_back_with_a_reason_and_its_words(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        save(summary_id, case.front_id, "Mở đầu đã soạn.")
        approved(case, summary_id)
    other, url = signed_in(app, case.approver_id), f"/front/rounds/{case.id}/summary"
    step = step_of(other.get(f"{url}/review").text)
    empty = post(other, f"{url}/return", step)
    assert empty.status_code == 422
    assert "Hãy nêu nội dung cần sửa" in empty.text
    post(other, f"{url}/return", step | {"reason": "Thiếu kiến nghị về kinh phí."})
    with app.app_context():
        assert state_of(summary_id) is State.DRAFT
        with transaction(write=False) as session:
            told = [job.payload for job in session.query(Job).filter_by(name="notifications.tell")]
            actions = [a for (a,) in session.query(AuditEntry.action)]
    [notice] = [one for one in told if one["kind"] == "summary.returned"]
    assert notice["user_ids"] == [case.front_id]
    assert notice["params"]["reason"] == "Thiếu kiến nghị về kinh phí."
    assert {"summary.edited", "summary.sent", "summary.approved", "summary.returned"} <= {*actions}
    page = signed_in(app, case.front_id).get(url).text
    assert "Thiếu kiến nghị về kinh phí." in page
    assert "Mở đầu đã soạn." in page


def test_only_what_was_shown_is_approved_or_released(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        step_id = approved(case, summary_id)
        save(summary_id, case.front_id, "Đổi sau khi duyệt.")
        assert state_of(summary_id) is State.DRAFT
        with pytest.raises(commands.WrongState), transaction():
            release_services.release(commands.Release(summary_id, case.front_id, step_id))
        approved(case, summary_id)
        with pytest.raises(commands.Overtaken), transaction():
            release_services.release(commands.Release(summary_id, case.front_id, step_id))
        # Saving without a change takes nothing back.
        save(summary_id, case.front_id, "Đổi sau khi duyệt.")
        assert state_of(summary_id) is State.APPROVED


def test_changed_points_are_shown_and_approved_knowingly(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    url = f"/front/rounds/{case.id}/summary"
    with app.app_context():
        late = make.point(case.id, case.writers[3], argument="Tán thành, nên mở rộng đối tượng.")
        with transaction():
            review_services.send(summary_id, actor_id=case.front_id, step_id=0)
        withdraw(late)
    other = signed_in(app, case.approver_id)
    page = other.get(f"{url}/review").text
    assert "1 ý kiến được rút" in page
    refused = post(other, f"{url}/approve", step_of(page))
    assert "Ý kiến đã có thay đổi" in refused.text
    knowing = post(other, f"{url}/approve", step_of(page) | {"points_seen": "y"})
    assert "Đã duyệt báo cáo" in knowing.text
    with app.app_context():
        make.point(case.id, case.writers[4], argument="Ý kiến đến muộn qua bưu điện, tán thành.")
    front = signed_in(app, case.front_id)
    stale = front.get(f"{url}/review").text
    assert "1 ý kiến mới nhận" in stale
    assert "Phát hành chính thức" not in stale
    assert "1 ý kiến mới nhận" in front.get(url).text
    everybody = {"council": "y", "agency": "y", "public": "y", "early": "Không cần chờ."}
    answer = post(front, f"{url}/release", everybody | step_of(stale))
    assert answer.status_code == 409
    again = post(other, f"{url}/approve", step_of(stale) | {"points_seen": "y"})
    done = post(front, f"{url}/release", everybody | step_of(again.text))
    assert "/summaries/" in done.request.path


def test_a_decision_after_the_approval_stops_the_release(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        empty = make.point(case.id, case.writers[3], argument="Tán thành.")
        step_id = approved(case, summary_id)
        decide = deciding.Decide(
            case.id, frozenset([empty]), case.front_id, reason=Reason.EMPTY, words=""
        )
        with transaction():
            deciding.decide(decide)
        with pytest.raises(commands.PointsChanged), transaction():
            release_services.release(
                commands.Release(summary_id, case.front_id, step_id, early="Gấp.")
            )


def test_words_that_their_author_has_revised_are_not_quoted(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context():
        with transaction() as session:
            point = session.query(Point).filter(Point.stance == Stance.DISAGREE).one()
            point.argument, point.revised_at = "Ngân sách nay đủ rồi.", clock.now()
        with pytest.raises(commands.PassagesOutdated) as refusal, transaction():
            review_services.send(summary_id, actor_id=case.front_id, step_id=0)
        assert len(refusal.value.point_ids) == 1
        with transaction() as session:
            services.propose(session.get_one(Summary, summary_id), actor_id=case.front_id)
            quoted = session.query(Passage).join(Point).filter(Point.stance == Stance.DISAGREE)
            assert [p.text for p in quoted if p.is_quoted] == ["Ngân sách nay đủ rồi."]
        approved(case, summary_id)


def test_two_who_write_at_once_keep_both_their_words(app: Flask, case: Round) -> None:
    started(app, case)
    url = f"/front/rounds/{case.id}/summary"
    mine, theirs = signed_in(app, case.front_id), signed_in(app, case.approver_id)
    began = hidden(mine.get(url).text)
    base = {"summary": str(newest_id(app, case)), "action": "save", **ticks(app, case)}
    post(theirs, url, base | began | {"introduction": "Của đồng nghiệp", "conclusion": "Kết luận"})
    both = post(mine, url, base | began | {"introduction": "Của tôi", "narrative-0": "Chung"})
    assert both.status_code == 409
    for words in ("Của đồng nghiệp", "Của tôi", "Chung", "Chưa lưu: đồng nghiệp"):
        assert words in both.text
    with app.app_context(), transaction(write=False) as session:
        assert session.query(Summary).one().introduction == "Của đồng nghiệp"
    # Having seen both, one saves knowingly; what only the colleague wrote stays theirs.
    seen = hidden(both.text)
    assert "Kết luận" in both.text
    last = {"introduction": "Của cả hai", "narrative-0": "Chung", "conclusion": "Kết luận"}
    assert post(mine, url, base | seen | last).status_code == 200
    with app.app_context(), transaction(write=False) as session:
        row = session.query(Summary).one()
        assert (row.introduction, row.conclusion) == ("Của cả hai", "Kết luận")


def test_different_fields_are_saved_side_by_side(app: Flask, case: Round) -> None:
    started(app, case)
    url = f"/front/rounds/{case.id}/summary"
    mine, theirs = signed_in(app, case.front_id), signed_in(app, case.approver_id)
    began = hidden(mine.get(url).text)
    chosen = ticks(app, case)
    base = {"summary": str(newest_id(app, case)), "action": "save", "shown": chosen["shown"]}
    fewer = {"quote": chosen["quote"][1:]}
    assert post(theirs, url, base | began | fewer | {"conclusion": "Kết luận"}).status_code == 200
    whole = {"quote": chosen["quote"], "introduction": "Mở đầu"}
    assert post(mine, url, base | began | whole).status_code == 200
    with app.app_context(), transaction(write=False) as session:
        row = session.query(Summary).one()
        assert (row.introduction, row.conclusion) == ("Mở đầu", "Kết luận")
        # The colleague unticked one, I touched none.
        assert sum(p.is_quoted for p in row.passages) == len(chosen["quote"]) - 1


def hidden(page: str) -> dict[str, list[str]]:
    """Return what the workspace's page carries of its beginning."""
    found: dict[str, list[str]] = {}
    inputs = re.findall(r"<input[^>]*>", page)
    for one in inputs:
        name = re.search(r'name="(seen-[\w-]+|ticked)"', one)
        value = re.search(r'value="([^"]*)"', one)
        if name and value:
            found.setdefault(name[1], []).append(value[1])
    return found


def test_each_audience_has_its_own_view(app: Flask, case: Round) -> None:
    with app.app_context(), transaction() as session:
        session.query(Point).filter(Point.stance == Stance.DISAGREE).update(
            {"hidden_at": clock.now(), "hidden_reason": "Quảng cáo"}
        )
    summary_id = started(app, case)
    with app.app_context(), transaction():
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
    pages = {
        name: signed_in(app, user).get(f"/summaries/{summary_id}").text
        for name, user in (
            ("front", case.front_id),
            ("council", case.council_id),
            ("agency", case.official_id),
            ("public", case.writers[0]),
        )
    }
    history = "Quá trình soạn và duyệt"
    assert [name for name, page in pages.items() if history in page] == ["front"]
    to_answer = f"/office/rounds/{case.id}/answers"
    assert [name for name, page in pages.items() if to_answer in page] == ["agency"]
    assert "không kham nổi" not in pages["public"]
    assert "không kham nổi" in pages["agency"]
    assert all(re.search(r"<strong>3</strong>", page) for page in pages.values())


@pytest.mark.parametrize("left_out", ["council", "agency", "public"])
def test_who_is_not_chosen_neither_reads_nor_is_told(
    app: Flask, case: Round, left_out: str
) -> None:
    summary_id = started(app, case)
    with app.app_context():
        step_id = approved(case, summary_id)
        chosen = {name: name != left_out for name in ("council", "agency", "public")}
        with transaction():
            release_services.release(
                commands.Release(summary_id, case.front_id, step_id, **chosen, early="Gấp.")
            )
            jobs = db.session.query(Job).filter_by(name="notifications.tell")
            [notice] = [j.payload for j in jobs if j.payload["kind"] == "summary.released"]
            told = set(notice["user_ids"])
    people = {
        "council": case.council_id,
        "agency": case.official_id,
        "public": case.writers[0],
    }
    for name, user in people.items():
        status = signed_in(app, user).get(f"/summaries/{summary_id}").status_code
        # A public summary is everybody's.
        welcome = name != left_out or (chosen["public"] and left_out != "public")
        assert (status == 200) is welcome, name
    assert ({case.council_id, case.official_id} - {people[left_out]}) <= told
    assert people[left_out] not in told


def test_the_public_reads_only_what_it_may(app: Flask) -> None:
    """In a round whose points are for staff only, the appendix counts them without words."""
    from consult.consultations.models import Consultation, PointsVisibility

    with app.app_context():
        case = closed_round()
        with transaction() as session:
            session.get_one(Consultation, case.id).points_visibility = PointsVisibility.STAFF_ONLY
        for n in range(4):
            make.point(
                case.id,
                case.writers[n],
                argument=f"Tán thành, lý do riêng thứ {n} về nhà ở công vụ.",
                identity=Identity.ORGANISATION,
            )
    summary_id = started(app, case)
    with app.app_context(), transaction() as session:
        quoted = session.query(Passage).filter_by(is_quoted=True).first()
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
        body = session.get_one(Summary, summary_id).manifest["body"]
    assert quoted
    page = signed_in(app, case.writers[0]).get(f"/summaries/{summary_id}").text
    full = signed_in(app, case.council_id).get(f"/summaries/{summary_id}").text
    assert len(re.findall("lý do riêng thứ", page)) == len(body)
    assert len(re.findall("lý do riêng thứ", full)) == 4
    assert page.count("Chỉ cán bộ được xem") == 4 - len(body)
