"""Commitments in answers: made, overdue, done with evidence, dropped, kept by a correction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.responses.commitment_models import Commitment, CommitmentState
from tests.integration.responses.test_answers import Round, a_round, drafted, statements
from tests.integration.responses.test_replies import published
from tests.support.browsing import post, signed_in

WORDS = {
    "what": "Ban hành kế hoạch nhà ở công vụ",
    "who": "Sở Xây dựng",
    "due_at": "01/03/2090 08:00",
}
PROOF = "https://vanban.example.vn/12-qd-ubnd"


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return a_round()


def commit(app: Flask, case: Round, point: int, **other: str) -> tuple[int, str]:
    official = signed_in(app, case.official_id)
    url = f"/office/rounds/{case.id}/commitments/new?point={point}"
    page = post(official, url, {**WORDS, "point": str(point), **other})
    return page.status_code, page.text


def settle(app: Flask, case: Round, state: str, **other: str) -> tuple[int, str]:
    official = signed_in(app, case.official_id)
    [row] = rows(app)
    page = post(official, f"/office/rounds/{case.id}/commitments/{row.id}",
                {"state": state, **other})  # fmt: skip
    return page.status_code, page.text


def rows(app: Flask) -> list[Commitment]:
    with app.app_context(), transaction(write=False) as session:
        found = list(session.scalars(select(Commitment).order_by(Commitment.id)))
        session.expunge_all()
        return found


def listed(app: Flask, case: Round, state: str = "") -> bool:
    page = app.test_client().get(f"/rounds/{case.id}/commitments?state={state}")
    assert page.status_code == 200
    return WORDS["what"] in page.text


def test_a_commitment_is_public_done_with_evidence_and_in_the_table(
    app: Flask, case: Round
) -> None:
    first = case.points[0]
    published(app, case, first)
    assert "Đã công khai cam kết" in commit(app, case, first)[1]
    commit(app, case, first)
    assert len(rows(app)) == 1, "a form sent twice is one commitment"
    anybody = app.test_client()
    page = anybody.get(f"/rounds/{case.id}/commitments").text
    assert "Sở Xây dựng" in page
    assert f"YK-{first}" in page
    assert "1 cam kết của cơ quan" in anybody.get(f"/rounds/{case.id}/answers").text
    assert [listed(app, case, s) for s in ("open", "overdue", "done", "x")] == [
        True, False, False, True,
    ]  # fmt: skip
    done = settle(app, case, "done", outcome="Đã ban hành.", evidence=PROOF)
    assert "Đã lưu kết quả" in done[1]
    assert f'href="{PROOF}"' in anybody.get(f"/rounds/{case.id}/commitments").text
    assert [listed(app, case, s) for s in ("open", "done")] == [False, True]
    table = anybody.get(f"/rounds/{case.id}/commitments.csv")
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert f"Đã thực hiện,Đã ban hành.,{PROOF},YK-{first}" in table.text
    assert "Đã lưu kết quả" in settle(app, case, "open")[1]
    [row] = rows(app)
    assert (row.state, row.settled_at) == (CommitmentState.OPEN, None)
    with app.app_context(), transaction(write=False) as session:
        acts = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [act for act in acts if act.startswith("commitment.")] == [
            "commitment.made", "commitment.done", "commitment.open",
        ]  # fmt: skip


def test_bad_input_gets_its_sentence_and_is_kept(app: Flask, case: Round) -> None:
    first, second, _third = case.points
    published(app, case, first)
    drafted(app, case, second)
    for other, sentence in (
        ({"what": " "}, "Xin nêu nội dung cam kết."),
        ({"who": ""}, "Xin nêu người hoặc đơn vị thực hiện."),
        ({"due_at": ""}, "Xin nêu hạn thực hiện."),
        ({"due_at": "mai"}, "mai"),
    ):
        status, page = commit(app, case, first, **other)
        assert (status, sentence in page) == (422, True), other
    for unpublished in (second, _third):
        assert "xin công bố giải trình trước" in commit(app, case, unpublished)[1]
    assert rows(app) == []
    commit(app, case, first)
    for other in (
        {"evidence": "javascript:alert(1)", "outcome": "x"},
        {"evidence": "https://[", "outcome": "x"},
        {"evidence": "vanban", "outcome": "x"},
        {"outcome": " "},
    ):
        assert settle(app, case, "done", **other)[0] == 422, other
    assert settle(app, case, "dropped", outcome="Không còn cần.")[0] == 200
    assert rows(app)[0].state is CommitmentState.DROPPED


def test_overdue_and_defused(app: Flask, case: Round) -> None:
    published(app, case, case.points[0])
    commit(app, case, case.points[0], what="=1+1", due_at="01/03/2020 08:00")
    page = app.test_client().get(f"/rounds/{case.id}/commitments?state=overdue").text
    assert "Quá hạn" in page
    assert "'=1+1," in app.test_client().get(f"/rounds/{case.id}/commitments.csv").text
    assert rows(app)[0].due_at < clock.now() - timedelta(days=1)


def test_a_correction_takes_the_commitments_along(app: Flask, case: Round) -> None:
    first, second, _third = case.points
    old = published(app, case, first, second)
    commit(app, case, first)
    official = signed_in(app, case.official_id)

    def correct(*points: int) -> None:
        words = {"point": [str(p) for p in points], "disposition": "noted", "reason": "Bản mới"}
        post(official, f"/office/rounds/{case.id}/answer", words)

    correct(second)
    assert rows(app)[0].response_id == old, "the other point still has that answer"
    correct(first)
    assert rows(app)[0].response_id > old
    assert f"YK-{first}" in app.test_client().get(f"/rounds/{case.id}/commitments").text


def test_only_the_agency_writes_and_pages_ask_a_fixed_number(app: Flask, case: Round) -> None:
    for point in case.points:
        published(app, case, point)
        commit(app, case, point)
    stranger = signed_in(app, case.author_id)
    [row, *_others] = rows(app)
    for url in (f"commitments/new?point={case.points[0]}", f"commitments/{row.id}"):
        assert stranger.get(f"/office/rounds/{case.id}/{url}").status_code == 404
    official = signed_in(app, case.official_id)
    with app.app_context():
        other = a_round()
    assert signed_in(app, other.official_id).get(
        f"/office/rounds/{other.id}/commitments/{row.id}"
    ).status_code == 404  # fmt: skip
    for url in (
        f"/rounds/{case.id}/commitments", f"/rounds/{case.id}/answers",
        f"/office/rounds/{case.id}/commitments/{row.id}",
        f"/office/rounds/{case.id}/commitments/new?point={case.points[0]}",
    ):  # fmt: skip
        assert statements(app, official, url) <= 12, url
