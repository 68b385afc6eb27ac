"""Writing and releasing a summary: proposals, pasted passages, the accounting, refusals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.ledger.models import Leaf
from consult.ledger.services import append
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import accounting, commands, queries, release_services, services
from consult.summaries.models import Passage, Summary
from tests.support import factories as make
from tests.support.browsing import post, signed_in, token
from tests.support.statements import counted
from tests.support.summaries import approver, release


@dataclass
class Round:
    """A closed round with a few points, and who works on it."""

    id: int
    agency_id: int
    front_id: int
    approver_id: int
    council_id: int
    official_id: int
    writers: list[int]


def closed_round(stage: Stage = Stage.CLOSED) -> Round:
    agency = make.organisation()
    body = make.organisation("front")
    version = make.version(agency)
    closes = timedelta(days=-1) if stage is Stage.CLOSED else timedelta(days=3)
    round_id = make.consultation(agency, version, stage=stage, closes=closes)
    return Round(
        round_id,
        agency,
        make.user("Trần Thị Mặt Trận", roles=(("front", body),)),
        approver(body),
        make.user("Lê Đại Biểu", roles=(("council", make.organisation("council")),)),
        make.user("Phạm Cán Bộ", roles=(("official", agency),)),
        [make.user(f"Trí thức {n}", verified=True) for n in "ABCDE"],
    )


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        found = closed_round()
        a, b, c, d, _e = found.writers
        make.point(
            found.id, a, argument="Đồng ý vì mức hỗ trợ đã **sát** với giá cả ở vùng biên giới."
        )
        make.point(found.id, b, argument="Nhất trí, đề nghị làm ngay trong năm 2030.")
        make.point(
            found.id,
            c,
            stance=Stance.DISAGREE,
            argument="Tôi phản đối: ngân sách tỉnh không kham nổi khoản chi này mỗi năm.",
        )
        make.point(
            found.id,
            d,
            provision=None,
            stance=Stance.NONE,
            identity=Identity.SEALED,
            argument="Dự thảo nên có phụ lục giải thích từ ngữ cho người không chuyên.",
        )
        return found


def manifest_of(app: Flask, round_id: int) -> dict[str, Any]:
    with app.app_context(), transaction(write=False):
        summary = queries.newest(round_id)
        assert summary
        return summary.manifest


def started(app: Flask, case: Round) -> int:
    with app.app_context(), transaction():
        return services.start(case.id, actor_id=case.front_id).id


def released(app: Flask, case: Round) -> int:
    summary_id = started(app, case)
    with app.app_context(), transaction():
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
    return summary_id


def test_the_whole_way_through_the_pages(app: Flask, case: Round) -> None:
    front = signed_in(app, case.front_id)
    url = f"/front/rounds/{case.id}"
    matrix = front.get(url).text
    assert "Điều 1" in matrix
    assert "Điều 2" not in matrix  # no points there
    assert "Điều 2" in front.get(f"{url}?all=1").text
    cell = front.get(f"{url}/cell?provision=d1.k1&stance=disagree").text
    assert "không kham nổi" in cell
    assert "làm ngay" not in cell
    page = post(front, f"{url}/summary", {"action": "start"}).text
    assert "không kham nổi" in page
    read = post(
        front,
        f"{url}/summary",
        {
            "action": "review",
            "summary": str(newest_id(app, case)),
            "introduction": "Phần mở đầu của Mặt trận",
            "conclusion": "Kiến nghị của Mặt trận",
            "narrative-0": "Về toàn văn",
            **ticks(app, case),
        },
    )
    assert "Phần mở đầu của Mặt trận" in read.text
    sent = post(front, f"{url}/summary/send", step_of(read.text))
    assert post(front, f"{url}/summary/approve", step_of(sent.text)).status_code == 403
    other = signed_in(app, case.approver_id)
    approved = post(
        other, f"{url}/summary/approve", step_of(other.get(f"{url}/summary/review").text)
    )
    everybody = {"council": "y", "agency": "y", "public": "y", "early": "Không cần chờ."}
    done = post(front, f"{url}/summary/release", everybody | step_of(approved.text))
    assert done.status_code == 200
    assert "/summaries/" in done.request.path
    for words in ("Phần mở đầu của Mặt trận", "Kiến nghị của Mặt trận", "Về toàn văn"):
        assert words in done.text
    # The lone dissent is there in full, and the sealed author's name is nowhere.
    assert "ngân sách tỉnh không kham nổi khoản chi này mỗi năm" in done.text
    assert "Trí thức D" not in done.text
    assert "Trí thức C" in done.text


def step_of(page: str) -> dict[str, str]:
    """Return what the forms of the review page carry: the step on which is decided."""
    found = re.search(r'name="step" value="(\d+)"', page)
    assert found
    return {"step": found[1]}


def newest_id(app: Flask, case: Round) -> int:
    with app.app_context(), transaction(write=False):
        summary = queries.newest(case.id)
        assert summary
        return summary.id


def ticks(app: Flask, case: Round) -> dict[str, list[str]]:
    with app.app_context(), transaction(write=False):
        ids = [str(p.id) for p in queries.evidence(newest_id_in(case))]
    return {"shown": ids, "quote": ids}


def newest_id_in(case: Round) -> int:
    summary = queries.newest(case.id)
    assert summary
    return summary.id


def test_a_release_freezes_the_accounting_and_tells(app: Flask, case: Round) -> None:
    summary_id = released(app, case)
    manifest = manifest_of(app, case.id)
    assert manifest["received"] == 4
    assert len(manifest["body"]) + len(manifest["appendix"]) + len(manifest["withdrawn"]) == 4
    assert sum(sum(row.values()) for row in manifest["cells"].values()) == 4
    with app.app_context(), transaction(write=False) as session:
        leaf = session.query(Leaf).filter_by(kind="summary", subject_id=summary_id).one()
        assert manifest["leaf"] == {"index": leaf.index, "hash": leaf.leaf_hash}
        jobs = session.query(Job).filter_by(name="notifications.tell")
        told = {job.payload["kind"]: job.payload["user_ids"] for job in jobs}
        assert told["summary.released"] == sorted([case.council_id, case.official_id])
        assert told["summary.sent"] == [case.approver_id]
        assert told["summary.approved"] == [case.front_id]


def test_an_open_round_can_be_written_but_not_sent_for_review(app: Flask) -> None:
    with app.app_context():
        case = closed_round(Stage.OPEN)
        make.point(case.id, case.writers[0])
    started(app, case)
    front = signed_in(app, case.front_id)
    answer = post(
        front,
        f"/front/rounds/{case.id}/summary",
        {
            "action": "review",
            "summary": str(newest_id(app, case)),
            "introduction": "Đã viết sẵn",
            **ticks(app, case),
        },
    )
    assert "Đã viết sẵn" in answer.text
    refused = post(front, f"/front/rounds/{case.id}/summary/send", step_of(answer.text))
    assert "Đợt lấy ý kiến chưa kết thúc." in refused.text
    assert manifest_of(app, case.id) == {}


def test_a_silenced_dissent_stops_the_release(app: Flask, case: Round) -> None:
    summary_id = started(app, case)
    with app.app_context(), transaction() as session:
        dissent = session.query(Passage).join(Point).filter(Point.stance == Stance.DISAGREE).one()
        services.save(
            commands.SaveSummary(
                summary_id, None, shown=frozenset([dissent.id]), quoted=frozenset()
            )
        )
    with app.app_context(), pytest.raises(commands.CellsWithoutPassage) as refusal, transaction():
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
    [(provision_id, stance)] = refusal.value.cells
    assert provision_id
    assert stance is Stance.DISAGREE
    with app.app_context(), transaction() as session:
        assert services.propose(session.get_one(Summary, summary_id)) == 0  # ticked anew
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)


def test_a_point_outside_the_books_stops_the_release(
    app: Flask, case: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were the appendix to lose a point, the release would name it."""
    summary_id = started(app, case)
    with app.app_context(), transaction(write=False) as session:
        true = accounting.accounting(session.get_one(Summary, summary_id))
    lost = accounting.Accounting(true.received, true.body[1:], true.appendix, true.withdrawn)
    assert true.balanced
    assert not lost.balanced
    assert lost.missing == [true.body[0]]
    twice = accounting.Accounting(true.received, true.body, true.body[:1], true.withdrawn)
    assert not twice.balanced
    monkeypatch.setattr(accounting, "accounting", lambda _summary: lost)
    with app.app_context(), pytest.raises(commands.PointsMissing) as refusal, transaction():
        release(summary_id, actor_id=case.front_id, approver_id=case.approver_id)
    assert refusal.value.point_ids == [true.body[0]]


def test_pasted_words_must_be_a_points_own(app: Flask, case: Round) -> None:
    started(app, case)
    front = signed_in(app, case.front_id)
    url = f"/front/rounds/{case.id}/summary"
    with app.app_context(), transaction(write=False) as session:
        point = session.query(Point).filter(Point.argument.contains("sát")).one()
        provision_id, point_id = point.provision_id, point.id
    base = {"summary": str(newest_id(app, case)), "action": "save", **ticks(app, case)}
    wrong = post(
        front,
        url,
        base | {f"add-{provision_id}": "mức hỗ trợ quá thấp", "introduction": "Lời mở đầu dài"},
    )
    assert wrong.status_code == 422
    assert "đúng từng chữ" in wrong.text
    assert "mức hỗ trợ quá thấp" in wrong.text
    assert "Lời mở đầu dài" in wrong.text
    right = post(front, url, base | {f"add-{provision_id}": "mức hỗ trợ đã sát với giá cả"})
    assert right.status_code == 200
    with app.app_context(), transaction(write=False) as session:
        added = session.query(Passage).filter_by(chosen_by="staff").one()
        assert added.point_id == point_id
        assert added.text == "mức hỗ trợ đã **sát** với giá cả"
        argument = session.get_one(Point, point_id).argument
        assert argument[added.start : added.end] == added.text


def test_a_released_summary_never_changes_and_a_new_version_copies_it(
    app: Flask, case: Round
) -> None:
    first = released(app, case)
    with app.app_context(), pytest.raises(commands.NotADraft), transaction():
        services.save(commands.SaveSummary(first, None, introduction="đổi"))
    with app.app_context(), pytest.raises(commands.NotADraft), transaction():
        release_services.release(commands.Release(first, case.front_id, 1))
    front = signed_in(app, case.front_id)
    late = post(
        front,
        f"/front/rounds/{case.id}/summary",
        {"summary": str(first), "action": "save", "introduction": "viết muộn mất rồi"},
    )
    assert late.status_code == 409
    assert "viết muộn mất rồi" in late.text
    second = started(app, case)
    with app.app_context(), transaction(write=False) as session:
        old, new = session.get_one(Summary, first), session.get_one(Summary, second)
        assert new.number == old.number + 1
        assert {(p.point_id, p.start, p.text) for p in new.passages} == {
            (p.point_id, p.start, p.text) for p in old.passages
        }
    with app.app_context(), pytest.raises(commands.AlreadyStarted), transaction():
        services.start(case.id, actor_id=None)
    with app.app_context(), transaction():
        release(second, actor_id=case.front_id, approver_id=case.approver_id)
    assert f"/summaries/{second}" in front.get(f"/summaries/{first}").text


def test_withdrawn_points_are_accounted_for_and_later_ones_announced(
    app: Flask, case: Round
) -> None:
    with app.app_context():
        gone = make.point(case.id, case.writers[4], argument="Ý kiến sẽ được rút lại ngay thôi.")
        withdraw(gone)
    summary_id = released(app, case)
    manifest = manifest_of(app, case.id)
    assert manifest["received"] == 5
    assert manifest["withdrawn"] == [gone]
    assert gone not in manifest["body"] + manifest["appendix"]
    with app.app_context():
        clock.shift(timedelta(minutes=5))
        withdraw(manifest["body"][0])
    page = signed_in(app, case.council_id).get(f"/summaries/{summary_id}").text
    assert f"YK-{manifest['body'][0]}." in page
    assert "Kể từ khi phát hành" in page


def withdraw(point_id: int) -> None:
    with transaction() as session:
        session.get_one(Point, point_id).withdrawn_at = clock.now()


def test_who_reads_what(app: Flask, client: FlaskClient, case: Round) -> None:
    draft = started(app, case)
    council, official = signed_in(app, case.council_id), signed_in(app, case.official_id)
    assert council.get(f"/summaries/{draft}").status_code == 404
    assert official.get(f"/summaries/{draft}").status_code == 404
    front = signed_in(app, case.front_id)
    assert front.get(f"/summaries/{draft}").location.endswith(f"/front/rounds/{case.id}/summary")
    with app.app_context(), transaction():
        release(draft, actor_id=case.front_id, approver_id=case.approver_id, public=False)
    assert council.get(f"/summaries/{draft}").status_code == 200
    assert official.get(f"/summaries/{draft}").status_code == 200
    writer = signed_in(app, case.writers[0])
    assert writer.get(f"/summaries/{draft}").status_code == 404
    assert client.get(f"/summaries/{draft}").status_code == 302  # to signing in
    for path in ("", "/cell", "/summary"):
        for person in (council, official, writer):
            assert person.get(f"/front/rounds/{case.id}{path}").status_code == 403
    assert post(official, f"/front/rounds/{case.id}/summary/release").status_code == 403


def test_the_front_does_not_see_a_round_being_prepared(app: Flask) -> None:
    with app.app_context():
        case = closed_round(Stage.PREPARING)
    assert signed_in(app, case.front_id).get(f"/front/rounds/{case.id}").status_code == 403


def test_the_number_of_queries_does_not_grow(sqlite_app: Flask) -> None:
    """100 or 2,000 points: the same statements, at most 12 on a page and 20 on a post."""
    with sqlite_app.app_context():
        case = closed_round()
        make.many_points(case.id, 100, user_ids=tuple(case.writers))
    started(sqlite_app, case)
    front = signed_in(sqlite_app, case.front_id)
    base = f"/front/rounds/{case.id}"
    paths = [base, f"{base}?all=1", f"{base}/cell", f"{base}/summary"]
    paths.append(f"{base}/cell?provision=c1&parts=1&stance=agree&quoted=no")
    few = [statements(sqlite_app, front, path) for path in paths]
    with sqlite_app.app_context():
        make.many_points(case.id, 1900, user_ids=tuple(case.writers))
    assert [statements(sqlite_app, front, path) for path in paths] == few
    assert max(few) <= 12
    with sqlite_app.app_context(), transaction():
        append("test", 1, {}, at=clock.now())  # the very first leaf costs two statements more
    words = {"summary": str(newest_id(sqlite_app, case)), "csrf_token": token(front)}
    words |= {"introduction": "Mở đầu", "narrative-0": "Chung"} | ticks(sqlite_app, case)
    posted(sqlite_app, front, f"{base}/summary", words)
    review = f"{base}/summary/review"
    sent = step_of(front.get(review).text) | {"csrf_token": token(front)}
    posted(sqlite_app, front, f"{base}/summary/send", sent)
    other = signed_in(sqlite_app, case.approver_id)
    assert statements(sqlite_app, other, review) <= 12
    approval = step_of(other.get(review).text) | {"csrf_token": token(other)}
    posted(sqlite_app, other, f"{base}/summary/approve", approval)
    everybody = {"council": "y", "agency": "y", "public": "y", "early": "Không cần chờ."}
    everybody |= step_of(front.get(review).text) | {"csrf_token": token(front)}
    posted(sqlite_app, front, f"{base}/summary/release", everybody)
    with sqlite_app.app_context(), transaction(write=False):
        summary_id = newest_id_in(case)
    assert statements(sqlite_app, front, f"/summaries/{summary_id}") <= 12


def posted(app: Flask, client: FlaskClient, path: str, fields: dict[str, Any]) -> None:
    with counted(app) as found:
        assert client.post(path, data=fields).status_code == 303
    assert len(found) <= 20, (len(found), "\n\n".join(found))


def statements(app: Flask, client: FlaskClient, path: str) -> int:
    with counted(app) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_the_appendix_has_pages_and_a_whole(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        case = closed_round()
        make.many_points(case.id, 350, user_ids=tuple(case.writers))
    summary_id = released(sqlite_app, case)
    listed = manifest_of(sqlite_app, case.id)["appendix"]
    council = signed_in(sqlite_app, case.council_id)
    first = council.get(f"/summaries/{summary_id}").text
    last = council.get(f"/summaries/{summary_id}?page={-(-len(listed) // 100)}").text
    whole = council.get(f"/summaries/{summary_id}?all=1").text
    assert f"YK-{listed[0]}<" in first.replace("\n", "").replace(" ", "")
    assert f"YK-{listed[-1]}<" not in first.replace("\n", "").replace(" ", "")
    assert f"YK-{listed[-1]}<" in last.replace("\n", "").replace(" ", "")
    bare = whole.replace("\n", "").replace(" ", "")
    assert all(f"YK-{point_id}<" in bare for point_id in listed)
