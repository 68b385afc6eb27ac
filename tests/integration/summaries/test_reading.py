"""The reading list: marks of each person, shared importance and notes, filters, undoing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import reading_queries as queries
from consult.summaries import theme_building
from consult.summaries.reading_models import PointImportance, PointNote, PointReading
from consult.summaries.theme_models import ThemePoint
from tests.integration.summaries.test_workspace import Round, closed_round, started, withdraw
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.statements import counted

WORDS = "Đề nghị nâng mức hỗ trợ {} cho trí thức trẻ."


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return closed_round()


def points(case: Round, number: int, **values: object) -> list[int]:
    return [
        make.point(case.id, case.writers[n % 5], argument=WORDS.format(n), **values)  # type: ignore[arg-type]
        for n in range(number)
    ]


def url(case: Round, query: str = "") -> str:
    return f"/front/rounds/{case.id}/reading{'?' if query else ''}{query}"


def listed(page: TestResponse) -> list[int]:
    assert page.status_code in (200, 422)
    return [int(found) for found in re.findall(r'<article id="point-(\d+)"', page.text)]


def act(client: FlaskClient, address: str, action: str, **fields: object) -> TestResponse:
    return post(client, address, {"action": action, **fields})


def progress(page: TestResponse) -> tuple[int, int]:
    found = re.search(r"Ông/bà đã đọc (\d+) trên (\d+) ý kiến", page.text)
    assert found, page.text[:3000]
    return int(found.group(1)), int(found.group(2))


def test_each_person_has_marks_of_their_own(app: Flask, case: Round) -> None:
    with app.app_context():
        first, second, third = points(case, 3)
        withdraw(third)
    mine, other = signed_in(app, case.front_id), signed_in(app, case.approver_id)
    page = mine.get(url(case))
    assert listed(page) == [first, second, third]
    assert "đã rút" in page.text
    assert progress(page) == (0, 3)
    page = act(mine, url(case, "show=unread"), "read", point=first)
    assert progress(page) == (1, 3)
    # What was just read stays where it is, with a way back.
    assert listed(page) == [first, second, third]
    assert page.request.query_string.decode().startswith("show=unread")
    assert listed(mine.get(url(case, "show=unread"))) == [second, third]
    assert listed(mine.get(url(case, "show=read"))) == [first]
    assert progress(other.get(url(case))) == (0, 3)
    assert progress(act(mine, url(case), "unread", point=first)) == (0, 3)
    assert act(mine, url(case), "read", point=[first, second, 10**9]).status_code == 200
    assert progress(mine.get(url(case))) == (2, 3)
    with app.app_context(), transaction(write=False) as session:
        assert session.query(AuditEntry).filter(AuditEntry.action.startswith("triage")).all() == []


def test_a_revised_point_is_unread_again(app: Flask, case: Round) -> None:
    with app.app_context():
        [point_id] = points(case, 1)
    front = signed_in(app, case.front_id)
    act(front, url(case), "read", point=point_id)
    with app.app_context(), transaction() as session:
        session.get_one(Point, point_id).revised_at = clock.now() + timedelta(minutes=1)
    page = front.get(url(case, "show=unread"))
    assert listed(page) == [point_id]
    assert "Đã sửa sau khi ông/bà đọc" in page.text
    clock.shift(timedelta(minutes=2))
    assert progress(act(front, url(case), "read", point=point_id)) == (1, 1)


def test_nothing_of_another_round_is_touched(app: Flask, case: Round) -> None:
    with app.app_context():
        other = closed_round()
        [foreign] = points(other, 1)
        points(case, 1)
    front = signed_in(app, case.front_id)
    act(front, url(case), "read", point=foreign)
    for action, fields in (
        ("rate", {"level": 2}),
        ("note", {"text": "Ghi chú"}),
        ("remove", {"note": 1}),
    ):
        assert act(front, url(case), action, point=foreign, **fields).status_code == 404
    assert act(front, url(case), "rate", point=foreign, level=9).status_code == 400
    assert act(front, url(case), "burn", point=foreign).status_code == 400
    with app.app_context(), transaction(write=False) as session:
        for kept in (PointReading, PointImportance, PointNote):
            assert session.query(kept).all() == []


def test_importance_belongs_to_the_team_and_is_undone(app: Flask, case: Round) -> None:
    with app.app_context():
        first, second = points(case, 2)
    mine, other = signed_in(app, case.front_id), signed_in(app, case.approver_id)
    page = act(mine, url(case), "rate", point=first, level=3)
    assert "Trần Thị Mặt Trận" in page.text
    assert listed(other.get(url(case, "importance=3"))) == [first]
    assert listed(other.get(url(case, "importance=0"))) == [second]
    page = act(other, url(case), "rate", point=first, level=1)
    # The button that undoes it has the level from before.
    undo = re.search(r'id="reading-done".*?name="level" value="(\d)"', page.text, re.DOTALL)
    assert undo
    assert undo.group(1) == "3"
    act(other, url(case), "rate", point=first, level=undo.group(1))
    assert listed(mine.get(url(case, "importance=3"))) == [first]
    act(other, url(case), "rate", point=first, level=0)
    assert listed(mine.get(url(case, "importance=0"))) == [first, second]
    with app.app_context(), transaction(write=False) as session:
        kept = session.query(AuditEntry).filter_by(action="triage.rated").all()
        assert [entry.actor_id for entry in kept] == [case.front_id, *[case.approver_id] * 3]


def test_notes_are_kept_removed_and_brought_back(app: Flask, case: Round) -> None:
    with app.app_context():
        first, _second = points(case, 2)
    mine, other = signed_in(app, case.front_id), signed_in(app, case.approver_id)
    act(mine, url(case), "note", point=first, text="Nên hỏi lại <b>tác giả</b>.")
    # The second press of a double click.
    page = act(mine, url(case), "note", point=first, text="Nên hỏi lại <b>tác giả</b>.")
    assert page.text.count("Nên hỏi lại &lt;b&gt;tác giả&lt;/b&gt;.") == 1
    seen = other.get(url(case, "noted=1"))
    assert listed(seen) == [first]
    assert "Nên hỏi lại" in seen.text
    with app.app_context(), transaction(write=False) as session:
        [note] = session.query(PointNote).all()
        note_id = note.id
    page = act(other, url(case), "remove", note=note_id)
    assert "1 ghi chú đã xóa" in page.text
    assert listed(other.get(url(case, "noted=1"))) == []
    act(mine, url(case), "restore", note=note_id)
    assert listed(other.get(url(case, "noted=1"))) == [first]


def test_a_note_that_is_not_accepted_is_shown_again(app: Flask, case: Round) -> None:
    with app.app_context():
        first, second = points(case, 2)
    front = signed_in(app, case.front_id)
    page = act(front, url(case, f"after={first}"), "note", point=second, text="")
    assert page.status_code == 422
    assert listed(page) == [second]
    assert "Xin viết ghi chú." in page.text
    long = "x" * 2001
    page = act(front, url(case), "note", point=second, text=long)
    assert page.status_code == 422
    assert long in page.text
    assert "Tối đa 2.000 ký tự" in page.text


def test_a_point_goes_to_another_theme_and_back(app: Flask, case: Round) -> None:
    with app.app_context():
        ids = points(case, 4)
        make.point(case.id, case.writers[0], argument="Chuyện khác.", provision="d2.k1")
        with transaction(write=False):
            read = theme_building.material(case.id)
        result = theme_building.propose(read)
        with transaction():
            theme_building.store(read, result, actor_id=case.front_id)
    front = signed_in(app, case.front_id)
    before = theme_of(app, ids[0])
    page = act(front, url(case), "theme", point=ids[0], move_into="", new_name="Tên đã gõ")
    assert page.status_code == 422
    assert "Xin chọn một chủ đề." in page.text
    assert "Tên đã gõ" in page.text
    page = act(front, url(case), "theme", point=ids[0], move_into="new", new_name="Mức tiền")
    made = theme_of(app, ids[0])
    assert made not in (before, None)
    assert listed(front.get(url(case, f"theme={made}"))) == [ids[0]]
    change = re.search(r'name="change" value="(\d+)"', page.text)
    assert change
    back = f"{url(case)}#point-{ids[0]}"
    done = post(
        front,
        f"/front/rounds/{case.id}/themes/undo",
        {"change": change.group(1), "next": back},
        follow_redirects=False,
    )
    assert done.headers["Location"].endswith(back)
    assert theme_of(app, ids[0]) == before
    with app.app_context():
        withdraw(ids[1])
    gone = act(front, url(case), "theme", point=ids[1], move_into="new", new_name="Tên khác")
    assert gone.status_code == 422


def theme_of(app: Flask, point_id: int) -> int | None:
    with app.app_context(), transaction(write=False) as session:
        return session.get_one(ThemePoint, point_id).theme_id


def test_filters_and_pages_keep_their_place(app: Flask, case: Round) -> None:
    with app.app_context():
        ids = points(case, 30)
        against = make.point(
            case.id,
            case.writers[0],
            argument="Phản đối.",
            stance=Stance.DISAGREE,
            provision="d2.k1",
        )
        general = make.point(
            case.id,
            case.writers[1],
            argument="Chung.",
            provision=None,
            identity=Identity.SEALED,
        )
    front = signed_in(app, case.front_id)
    page = front.get(url(case))
    assert listed(page) == ids[: queries.SIZE]
    assert f"after={ids[24]}" in page.text
    # Reading the first page moves nothing on the second.
    act(front, url(case, "show=unread"), "read", point=ids[:25])
    following = front.get(url(case, f"show=unread&after={ids[24]}"))
    assert listed(following) == [*ids[25:], against, general]
    assert listed(front.get(url(case, f"before={ids[25]}"))) == ids[:25]
    assert listed(front.get(url(case, f"before={ids[3]}"))) == ids[:3]
    assert listed(front.get(url(case, f"before={general}"))) == [*ids[6:], against]
    assert listed(front.get(url(case, "stance=disagree"))) == [against]
    assert listed(front.get(url(case, "provision=d2"))) == [against]  # with its parts
    assert listed(front.get(url(case, "provision=general"))) == [general]
    assert "Trí thức B" not in front.get(url(case, "provision=general")).text
    assert front.get(url(case, "provision=d99")).status_code == 404
    assert listed(front.get(url(case, "stance=agree&theme=5"))) == []
    started(app, case)
    quoted = front.get(url(case, "quoted=no&stance=disagree"))
    assert listed(quoted) == []  # the one against is quoted


def test_the_decision_form_leads_back_to_the_point(app: Flask, case: Round) -> None:
    with app.app_context():
        first, second = points(case, 2)
    front = signed_in(app, case.front_id)
    page = front.get(url(case, "show=unread")).text
    link = re.search(rf'href="([^"]*/decide\?point={second}[^"]*)"', page)
    assert link
    form = front.get(link.group(1).replace("&amp;", "&")).text
    back = re.search(r'name="next" value="([^"]*)"', form)
    assert back
    answer = post(
        front,
        f"/front/rounds/{case.id}/decide",
        {
            "point": second,
            "next": back.group(1).replace("&amp;", "&"),
            "decision": "duplicate",
            "leader": f"YK-{first}",
        },
        follow_redirects=False,
    )
    assert answer.headers["Location"].endswith(f"show=unread#point-{second}")
    assert f"YK-{first}" in front.get(url(case, "show=unread")).text


def test_the_number_of_statements(app: Flask, case: Round) -> None:
    with app.app_context():
        ids = points(case, 30)
    started(app, case)
    front = signed_in(app, case.front_id)
    for point_id in ids[:5]:
        act(front, url(case), "note", point=point_id, text="Ghi chú")
        act(front, url(case), "rate", point=point_id, level=2)
    with counted(app) as statements:
        front.get(url(case, "show=unread&provision=d1&importance=2&noted=1&quoted=no"))
    assert len(statements) <= 12, "\n".join(statements)
    for action, fields in (
        ("read", {"point": ids[6]}),
        ("rate", {"point": ids[6], "level": 1}),
        ("note", {"point": ids[6], "text": "x"}),
    ):
        with counted(app) as statements:
            post(front, url(case), {"action": action, **fields}, follow_redirects=False)
        assert len(statements) <= 20, "\n".join(statements)
