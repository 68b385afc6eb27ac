"""Duplicates, points set aside and unread files: the accounting in full, and its refusals."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from docx import Document
from flask import Flask

from consult.core import clock
from consult.core.db import transaction
from consult.ledger import auditing
from consult.ledger.services import append
from consult.submissions.attachments.models import Attachment, FileKind
from consult.submissions.models import Point, Stance
from consult.summaries import commands, decision_queries, services
from consult.summaries import decision_services as deciding
from consult.summaries.decision_models import PointDecision, Reason
from consult.summaries.leaves import KIND, Summaries, summary_content
from consult.summaries.models import Passage, State, Summary
from tests.integration.summaries.test_workspace import (
    Round,
    closed_round,
    manifest_of,
    released,
    started,
    statements,
    withdraw,
)
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.exports import exported
from tests.support.summaries import release


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return closed_round()


def point(case: Round, words: str, stance: Stance = Stance.AGREE, provision: str = "d1.k1") -> int:
    return make.point(case.id, case.writers[0], argument=words, stance=stance, provision=provision)


def duplicate(case: Round, leader: int, *points: int) -> None:
    with transaction():
        deciding.decide(deciding.Decide(case.id, frozenset(points), case.front_id, leader))


def set_aside(case: Round, *points: int, reason: Reason = Reason.EMPTY, words: str = "") -> None:
    with transaction():
        deciding.decide(
            deciding.Decide(case.id, frozenset(points), case.front_id, reason=reason, words=words)
        )


def test_a_release_keeps_duplicates_and_what_is_set_aside(app: Flask, case: Round) -> None:
    with app.app_context():
        first = point(case, "Cần nâng mức hỗ trợ cho trí thức ở vùng biên giới.")
        again = point(case, "Cần nâng mức hỗ trợ cho trí thức ở vùng biên giới!")
        empty = point(case, "!!!", Stance.DISAGREE)
        quoted = started(app, case)
        duplicate(case, first, again)
        set_aside(case, empty, reason=Reason.OTHER, words="Chỉ có dấu câu.")
        with transaction() as session:
            assert {p.point_id for p in session.query(Passage).filter_by(is_quoted=True)} == {first}
            release(quoted, actor_id=case.front_id, approver_id=case.approver_id)
    manifest = manifest_of(app, case.id)
    assert manifest["received"] == 3
    assert manifest["body"] == [first]
    assert manifest["appendix"] == []
    assert manifest["duplicates"] == [[again, first]]
    assert manifest["set_aside"] == [[empty, "other", "Chỉ có dấu câu."]]
    # A duplicate is a voice with its stance; what is set aside has none.
    assert list(manifest["cells"].values()) == [{"agree": 2}]
    page = signed_in(app, case.council_id).get(f"/summaries/{quoted}").text
    bare = " ".join(page.split())
    assert f"YK-{first}, được lặp lại bởi: YK-{again}" in " ".join(untagged(bare).split())
    assert "Lý do khác. Chỉ có dấu câu." in bare
    with app.app_context(), transaction(write=False):
        assert findings() == []


def findings() -> list[auditing.Finding]:
    """Return what an audit of the log finds wrong with summaries."""
    found = auditing.audit({KIND: Summaries()}, []).findings
    return [finding for finding in found if finding.table == Summaries.table]


def untagged(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def test_there_are_no_chains(app: Flask, case: Round) -> None:
    with app.app_context():
        a, b, c, d = (point(case, f"Tán thành như đã nêu {n}.") for n in range(4))
        duplicate(case, a, b)
        duplicate(case, b, c)  # b repeats a already
        assert leaders() == {b: a, c: a}
        duplicate(case, d, a)  # what repeated a now repeats d
        assert leaders() == {a: d, b: d, c: d}
        with pytest.raises(deciding.ItsOwnDuplicate):
            duplicate(case, b, d)
        with pytest.raises(deciding.RepeatedByOthers) as refusal:
            set_aside(case, d)
        assert refusal.value.point_ids == [d]
        set_aside(case, a, b, c, d)  # all together they may
        assert leaders() == dict.fromkeys((a, b, c, d))


def leaders() -> dict[int, int | None]:
    with transaction(write=False) as session:
        return {row.point_id: row.leader_id for row in session.query(PointDecision)}


def test_what_may_not_be_repeated(app: Flask, case: Round) -> None:
    with app.app_context():
        yes = point(case, "Đồng ý với mức hỗ trợ.")
        no = point(case, "Không đồng ý với mức hỗ trợ.", Stance.DISAGREE)
        elsewhere = point(case, "Đồng ý với mức hỗ trợ.", provision="d2.k1")
        gone = point(case, "Đồng ý.")
        aside = point(case, "!!")
        withdraw(gone)
        set_aside(case, aside)
        other = closed_round()
        foreign = point(other, "Đồng ý với mức hỗ trợ.")
        for wrong in (no, elsewhere):
            with pytest.raises(deciding.LeaderElsewhere):
                duplicate(case, yes, wrong)
        for wrong in (gone, aside, foreign):
            with pytest.raises(deciding.LeaderNotListed):
                duplicate(case, wrong, yes)
        for wrong in (gone, foreign):
            with pytest.raises(deciding.NotStanding):
                set_aside(case, wrong)
        assert leaders() == {aside: None}


def test_a_duplicate_whose_leader_has_gone_stops_the_release(app: Flask, case: Round) -> None:
    with app.app_context():
        kept = point(case, "Nên hỗ trợ tiền thuê nhà trong năm đầu tiên.")
        leader = point(case, "Đề nghị bổ sung nhà công vụ cho người ở xa.")
        again = point(case, "Đề nghị bổ sung nhà công vụ cho người ở xa")
        duplicate(case, leader, again)
        summary_id = started(app, case)
        withdraw(leader)
        with transaction() as session:
            services.propose(session.get_one(Summary, summary_id))
            session.query(Passage).filter_by(point_id=kept).delete()
            session.add(
                Passage(
                    summary_id=summary_id, point_id=kept, start=0, end=3, text="Nên", is_quoted=True
                )
            )
        with pytest.raises(commands.PointsMissing) as refusal, transaction():
            release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
        assert refusal.value.point_ids == [again]
    front = signed_in(app, case.front_id)
    answer = post(front, f"/front/rounds/{case.id}/summary/send", {"step": "0"})
    assert f"không có trong báo cáo: YK-{again}" in answer.text or f"YK-{again}." in answer.text
    post(front, f"/front/rounds/{case.id}/decisions/take-back", {"point": str(again)})
    with app.app_context(), transaction():
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
    assert again in manifest_of(app, case.id)["appendix"]


def test_a_new_version_does_not_quote_what_was_set_aside_since(app: Flask, case: Round) -> None:
    with app.app_context():
        point(case, "Cần quy định rõ nguồn kinh phí và trách nhiệm bố trí hằng năm.")
        insult = point(case, "Toàn những lời hứa suông, ai soạn thế này?", Stance.DISAGREE)
        first = released(app, case)
        assert insult in manifest_of(app, case.id)["body"]
        set_aside(case, insult, reason=Reason.INSULT)
        second = released(app, case)
    manifest = manifest_of(app, case.id)
    assert manifest["set_aside"] == [[insult, "insult", ""]]
    assert insult not in manifest["body"]
    # The first one stays as it was released.
    assert (
        "Toàn những lời hứa suông" in signed_in(app, case.front_id).get(f"/summaries/{first}").text
    )
    with app.app_context(), transaction(write=False) as session:
        assert insult in session.get_one(Summary, first).manifest["body"]
        assert session.get_one(Summary, second).number == 2


def test_ticking_or_pasting_cannot_quote_what_is_set_aside(app: Flask, case: Round) -> None:
    with app.app_context():
        point(case, "Nhất trí với dự thảo, đề nghị ban hành sớm.")
        aside = point(case, "Quảng cáo phòng khám tư nhân giá rẻ.", Stance.DISAGREE)
        summary_id = started(app, case)
        set_aside(case, aside, reason=Reason.OFF_TOPIC)
        with transaction() as session:
            shown = frozenset(p.id for p in session.query(Passage))
            provision_id = session.get_one(Point, aside).provision_id
            services.save(commands.SaveSummary(summary_id, None, shown=shown, quoted=shown))
            assert not session.query(Passage).filter_by(point_id=aside).one().is_quoted
            services.propose(session.get_one(Summary, summary_id))
            assert not session.query(Passage).filter_by(point_id=aside).one().is_quoted
        with pytest.raises(commands.PassageNotFound), transaction():
            services.save(
                commands.SaveSummary(
                    summary_id, None, additions={provision_id: "Quảng cáo phòng khám tư nhân"}
                )
            )


def test_the_pages_decide_and_undo(app: Flask, case: Round) -> None:
    with app.app_context():
        first = point(case, "Cần nâng mức hỗ trợ ở vùng biên giới.")
        again = point(case, "Cần nâng mức hỗ trợ ở vùng biên giới!")
        third = point(case, "Không nói gì về dự thảo cả.")
    front = signed_in(app, case.front_id)
    base = f"/front/rounds/{case.id}"
    assert f'value="{again}"' in front.get(f"{base}/cell").text
    page = front.get(f"{base}/decide?point={again}").text
    assert f'value="YK-{first}"' in page  # offered to choose from
    assert "Chưa chọn ý kiến nào" in front.get(f"{base}/decide").text
    wrong = post(
        front,
        f"{base}/decide",
        {"point": [str(again)], "decision": "duplicate", "leader": "YK-", "words": "gõ dở"},
    )
    assert wrong.status_code == 422
    assert "ví dụ YK-12" in wrong.text
    assert "gõ dở" in wrong.text
    unknown = post(
        front, f"{base}/decide", {"point": [again], "decision": "duplicate", "leader": "yk 999999"}
    )
    assert unknown.status_code == 422
    assert "Không thể chọn YK-999999" in unknown.text
    silent = post(front, f"{base}/decide", {"point": [third], "decision": "other"})
    assert silent.status_code == 422
    assert "vì sao để riêng" in silent.text
    done = post(
        front,
        f"{base}/decide",
        {
            "point": [again],
            "decision": "duplicate",
            "leader": f"yk-{first}",
            "next": f"{base}/cell",
        },
    )
    assert done.request.path == f"{base}/cell"
    assert f"Trùng với YK-{first}" in done.text
    post(front, f"{base}/decide", {"point": [third], "decision": "off_topic"})
    listed = front.get(f"{base}/decisions").text
    assert f"Trùng với YK-{first}" in listed
    assert "Để riêng: Không liên quan đến dự thảo" in listed
    post(front, f"{base}/decisions/take-back", {"point": [again, third]})
    assert "Không có ý kiến nào trùng" in front.get(f"{base}/decisions").text
    official = signed_in(app, case.official_id)
    answer = post(official, f"{base}/decide", {"point": [third], "decision": "insult"})
    assert answer.status_code == 403


def test_exports_keep_every_point(app: Flask, case: Round) -> None:
    with app.app_context():
        first = point(case, "Cần nâng mức hỗ trợ.")
        again = point(case, "Cần nâng mức hỗ trợ thêm nữa.")
        aside = point(case, "Chuyện không liên quan gì.")
        duplicate(case, first, again)
        set_aside(case, aside)
        table = exported("points.csv", case.id).decode()
        form = Document(BytesIO(exported("mau10.docx", case.id)))
    words = "\n".join(c.text for t in form.tables for row in t.rows for c in row.cells)
    for found in (table, words):
        assert "thêm nữa" in found
        assert "Chuyện không liên quan gì" in found


def attach(point_id: int, name: str) -> int:
    with transaction() as session:
        row = Attachment(
            point_id=point_id,
            ordinal=1,
            name=name,
            kind=FileKind.PDF,
            size=1200,
            sha256=f"{point_id:064d}",
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        return row.id


def test_unread_files_are_listed_until_somebody_reads_them(app: Flask, case: Round) -> None:
    with app.app_context():
        a = point(case, "Có tài liệu kèm theo, đề nghị xem xét.")
        b = point(case, "Cũng có tài liệu kèm theo.")
        read, unread = attach(a, "Số liệu.pdf"), attach(b, "Nguyễn Văn Kín.pdf")
    front = signed_in(app, case.front_id)
    url = f"/front/rounds/{case.id}/files"
    assert "Số liệu.pdf" in front.get(url).text
    post(front, url, {"file": [str(read), str(unread), "999999"], "action": "read"})
    with app.app_context(), transaction(write=False):
        assert decision_queries.unread_files(case.id) == []
    post(front, url, {"file": [str(unread)], "action": "unread"})
    started(app, case)
    assert "1 tệp kèm theo chưa được đọc" in front.get(f"/front/rounds/{case.id}/summary").text
    with app.app_context(), transaction() as session:
        summary_id = session.query(Summary.id).scalar()
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
    assert manifest_of(app, case.id)["unread"] == [[b, unread]]
    page = untagged(front.get(f"/summaries/{summary_id}").text)
    assert f"YK-{b} (1 tệp)" in " ".join(page.split())
    assert "Nguyễn Văn Kín" not in page  # a file's name may tell a sealed author's


def test_summaries_of_older_releases_are_shown_and_verified(app: Flask, case: Round) -> None:
    with app.app_context():
        first = point(case, "Nhất trí với dự thảo.")
        summary_id = started(app, case)
        with transaction() as session:
            row = session.get_one(Summary, summary_id)
            now = clock.now()
            row.state, row.released_at = State.RELEASED, now
            row.manifest = {
                "received": 1,
                "body": [first],
                "appendix": [],
                "withdrawn": [],
                "cells": {str(session.get_one(Point, first).provision_id): {"agree": 1}},
                "submissions": 1,
                "people": 1,
                "organisations": 0,
            }
            leaf = append(KIND, row.id, summary_content(row), at=now)
            row.manifest = row.manifest | {"leaf": {"index": leaf.index, "hash": leaf.leaf_hash}}
        with transaction(write=False):
            assert findings() == []
    page = signed_in(app, case.council_id).get(f"/summaries/{summary_id}")
    assert page.status_code == 200
    assert "Nhất trí với dự thảo" in page.text
    assert "Để riêng có lý do" not in page.text


def test_the_statements_of_the_new_pages_do_not_grow(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = closed_round()
        points = [point(case, f"Đồng ý lần {n}.") for n in range(9)]
        duplicate(case, points[0], points[1])
        attach(points[2], "a.pdf")
    front = signed_in(sqlite_app, case.front_id)
    base = f"/front/rounds/{case.id}"
    paths = [
        f"{base}/decisions",
        f"{base}/files",
        f"{base}/decide?point={points[3]}",
        f"{base}/decide?" + "&".join(f"point={p}" for p in points),
    ]
    few = [statements(sqlite_app, front, path) for path in paths]
    with sqlite_app.app_context():
        duplicate(case, points[0], *points[3:8])
        for each in points[3:]:
            attach(each, "b.pdf")
    assert [statements(sqlite_app, front, path) for path in paths] == few
    assert max(few) <= 12, few
