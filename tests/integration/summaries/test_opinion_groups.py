"""Opinion groups of a round: from readers' endorsements to the page, and nobody placed in one."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask

from consult.core import clock
from consult.core.db import insert_rows, transaction
from consult.jobs.runner import run_due
from consult.submissions.models import Point
from consult.submissions.voices.models import Endorsement, Voice
from consult.summaries import group_queries
from consult.summaries.group_models import OpinionGroups
from tests.integration.summaries.test_workspace import Round, closed_round
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.said import said
from tests.support.statements import counted

CAMPS = (
    (1, 1, 1, 1, -1, -1, -1, -1, 1),
    (-1, -1, -1, -1, 1, 1, 1, 1, 1),
    (1, -1, 1, -1, 1, -1, 1, -1, 1),
)
SIZES = (11, 8)


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return closed_round()


def endorsed(case: Round, sizes: tuple[int, ...] = SIZES) -> tuple[list[int], list[int]]:
    """Add nine points, and the votes of camps on them; return points and readers."""
    points = [
        make.point(case.id, case.writers[n % 5], argument=f"Ý kiến thứ {n}.") for n in range(9)
    ]
    readers = [make.user(f"Người đọc {n}", verified=True) for n in range(sum(sizes))]
    camps = [camp for size, camp in zip(sizes, CAMPS, strict=False) for _ in range(size)]
    at = clock.now() - timedelta(days=2)
    with transaction():
        insert_rows(
            Endorsement,
            [
                {
                    "point_id": point_id,
                    "user_id": reader,
                    "value": Voice.AGREE if vote > 0 else Voice.DISAGREE,
                    "at": at,
                }
                for reader, camp in zip(readers, camps, strict=True)
                for point_id, vote in zip(points, camp, strict=True)
            ],
        )
    return points, readers


def looked_for(app: Flask, case: Round) -> str:
    """Press the button, do the work, and return the page."""
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/groups"
    post(front, f"{url}/build", {})
    with app.app_context():
        run_due()
    return front.get(url).text


def test_groups_are_shown_with_what_sets_them_apart(app: Flask, case: Round) -> None:
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/groups"
    assert said(app, "Nobody has looked for groups yet.") in front.get(url).text
    with app.app_context():
        points, readers = endorsed(case)
    page = looked_for(app, case)
    assert "11 người" in page
    assert "8 người" in page
    assert f"YK-{points[8]}" in page.split('id="consensus"')[1]
    assert f"YK-{points[0]}" not in page.split('id="consensus"')[1]
    assert "Người đọc" not in page
    assert said(app, "Readers' answers, or the points that count, have changed since. "
                "Look for the groups anew.") not in page  # fmt: skip
    with app.app_context(), transaction(write=False) as session:
        [kept] = session.query(OpinionGroups).all()
        kept_words = json.dumps(kept.result)
    # Neither names nor numbers of people are kept: only points are named.
    assert set(json.loads(kept_words)) == {"agreement", "people", "groups", "consensus"}
    assert not {"members", "voter", "user"} & set(kept_words.replace('"', " ").split())
    assert len(readers) == 19


def test_other_answers_make_it_stale_and_hidden_points_do_not_count(
    app: Flask, case: Round
) -> None:
    stale = said(
        app,
        "Readers' answers, or the points that count, have changed since. Look for the groups anew.",
    )
    with app.app_context():
        points, readers = endorsed(case)
    assert stale not in looked_for(app, case)
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/groups"
    with app.app_context(), transaction() as session:
        vote = session.get_one(Endorsement, (points[0], readers[0]))
        vote.value, vote.at = Voice.DISAGREE, vote.at + timedelta(seconds=1)
    assert stale in front.get(url).text
    assert stale not in looked_for(app, case)
    with app.app_context(), transaction() as session:
        session.get_one(Point, points[8]).hidden_at = clock.now()
    page = front.get(url).text
    assert stale in page
    assert "Ý kiến thứ 8." not in page
    assert said(app, "A point that does not count any more") in page
    page = looked_for(app, case)
    assert stale not in page
    assert f"YK-{points[8]}" not in page
    with app.app_context(), transaction() as session:
        session.delete(session.get_one(Endorsement, (points[1], readers[1])))
    assert stale in front.get(url).text


def test_of_a_small_group_nothing_is_told(app: Flask, case: Round) -> None:
    with app.app_context():
        endorsed(case, (14, 12, 4))
    page = looked_for(app, case)
    assert said(app, "fewer than %(fewest)s people", fewest=5) in page
    assert "14 người" in page
    assert "12 người" in page
    assert "khoảng" not in page
    assert said(app, "readers in them") not in page


def test_without_enough_readers_a_sentence_says_why(app: Flask, case: Round) -> None:
    page = looked_for(app, case)
    message = (
        "No groups are shown: there must be at least %(people)s readers who have each answered "
        "%(votes)s points or more, or all of them where there are fewer."
    )
    assert said(app, message, people=15, votes=7) in page


def test_votes_name_nobody_and_the_page_stays_small(app: Flask, case: Round) -> None:
    with app.app_context():
        _points, readers = endorsed(case)
        with transaction(write=False):
            votes, left_out = group_queries.votes(case.id)
    assert len(votes) == 19 * 9
    assert left_out == []
    assert {person for person, _point, _vote in votes} == set(range(19)) != set(readers)
    looked_for(app, case)
    front = signed_in(app, case.front_id)
    with counted(app) as statements:
        assert front.get(f"/front/rounds/{case.id}/groups").status_code == 200
    assert len(statements) <= 12, statements
