"""Doubtful stances: flagged when themes are built, dismissed by staff, never changed."""

from __future__ import annotations

import html
import re

import pytest
from flask import Flask

from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import doubt_queries
from tests.integration.summaries.test_themes import built
from tests.integration.summaries.test_workspace import Round, closed_round
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.said import said
from tests.support.statements import counted

WORDS = "Mức thu gấp đôi. Tôi không đồng ý với khoản này."


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        return closed_round()


def doubtful(case: Round, **values: object) -> int:
    return make.point(case.id, case.writers[0], argument=WORDS, **values)  # type: ignore[arg-type]


def open_and_dismissed(case: Round) -> tuple[int, int]:
    with transaction(write=False):
        return doubt_queries.numbers(case.id)


def test_it_is_shown_with_its_words_dismissed_and_doubted_again(app: Flask, case: Round) -> None:
    with app.app_context():
        point_id = doubtful(case, identity=Identity.SEALED)
        make.point(case.id, case.writers[1], argument="Tôi phản đối.", stance=Stance.DISAGREE)
        built(case)
        assert open_and_dismissed(case) == (1, 0)
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}"
    page = front.get(f"{url}/doubts").text
    assert "<mark>không đồng ý</mark>" in page
    assert f"YK-{point_id}" in page
    assert said(app, "Doubtful stance") in front.get(f"{url}/cell?provision=d1.k1").text
    themes = re.findall(rf'href="({url}/theme\?[^"]+)"', front.get(f"{url}/themes").text)
    assert any('doubt-words">không đồng ý' in front.get(html.unescape(t)).text for t in themes)
    answer = {"point": str(point_id), "next": f"{url}/cell?provision=d1.k1"}
    page = post(front, f"{url}/doubts/dismiss", answer).text
    assert said(app, "Kept: the stance of %(code)s is right.", code=f"YK-{point_id}") in page
    assert "Trần Thị Mặt Trận" in page
    again = post(front, f"{url}/doubts/dismiss", answer).text
    changed = "Nothing was changed: a colleague was quicker, or the point has changed."
    assert said(app, changed) in again
    assert "<mark>" not in front.get(f"{url}/doubts").text
    assert "<mark>" in front.get(f"{url}/doubts?dismissed=1").text
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Point, point_id).stance is Stance.AGREE
    post(front, f"{url}/doubts/dismiss", answer | {"undo": "1"})
    assert "<mark>" in front.get(f"{url}/doubts").text


def test_what_was_dismissed_stays_so_until_the_words_change(app: Flask, case: Round) -> None:
    with app.app_context():
        point_id = doubtful(case)
        built(case)
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/doubts/dismiss"
    post(front, url, {"point": str(point_id)})
    with app.app_context():
        with transaction() as session:  # the same words, elsewhere in the text
            session.get_one(Point, point_id).argument = f"Kính gửi quý cơ quan. {WORDS}"
        assert open_and_dismissed(case) == (0, 0)
        built(case)
        assert open_and_dismissed(case) == (0, 1)
        with transaction() as session:
            session.get_one(Point, point_id).argument = "Tôi phản đối khoản này."
        built(case)
        assert open_and_dismissed(case) == (1, 0)
        with transaction() as session:
            session.get_one(Point, point_id).withdrawn_at = clock.now()
        assert open_and_dismissed(case) == (0, 0)
        built(case)


def test_points_of_other_rounds_are_left_alone(app: Flask, case: Round) -> None:
    with app.app_context():
        other = closed_round()
        point_id = doubtful(other)
        built(other)
    front = signed_in(app, case.front_id)
    post(front, f"/front/rounds/{case.id}/doubts/dismiss", {"point": str(point_id)})
    post(front, f"/front/rounds/{case.id}/doubts/dismiss", {"point": "x"})
    with app.app_context():
        assert open_and_dismissed(other) == (1, 0)
    assert said(app, "No themes have been built yet.") in (
        front.get(f"/front/rounds/{case.id}/doubts").text
    )


def test_the_numbers_of_statements_do_not_grow(app: Flask, case: Round) -> None:
    with app.app_context():
        for _ in range(30):
            doubtful(case)
        built(case)
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}"
    for path in ("doubts", "cell", "themes", "theme?provision=d1.k1"):
        with counted(app) as statements:
            assert front.get(f"{url}/{path}").status_code == 200
        assert len(statements) <= 12, (path, len(statements), statements)
