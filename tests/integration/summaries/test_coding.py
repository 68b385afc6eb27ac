"""Two people read a sample: drawn by lot, blind until both are done, differences settled."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.core.db import transaction
from consult.submissions.models import Identity, Stance
from consult.summaries import coding_queries as queries
from consult.summaries import coding_services as services
from consult.summaries.coding_models import Code, Coding
from consult.summaries.coding_services import Mine
from tests.integration.summaries.test_workspace import Round, closed_round
from tests.support import factories as make
from tests.support.browsing import post, signed_in
from tests.support.said import said
from tests.support.statements import counted

SIZE = 12


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        found = closed_round()
        for n in range(20):
            stance = Stance.DISAGREE if n % 2 else Stance.AGREE
            make.point(found.id, found.writers[n % 5], stance=stance, argument=f"Lời thứ {n}.")
        make.point(found.id, found.writers[0], identity=Identity.SEALED, argument="Lời kín.")
        return found


def drawn(app: Flask, case: Round, size: int = SIZE) -> int:
    with app.app_context(), transaction():
        return services.draw(case.id, size, actor_id=case.front_id).id


def read(app: Flask, case: Round, sample_id: int, user_id: int, code: Code, but: int = 0) -> None:
    """Join and read everything as ``code``, the first ``but`` points as unclear; be done."""
    mine = Mine(case.id, sample_id, user_id)
    with app.app_context():
        with transaction():
            services.join(mine)
        with transaction(write=False) as session:
            order = [row.point_id for row in session.scalars(queries.points(sample_id))]
        with transaction():
            codes = {p: Code.UNCLEAR if n < but else code for n, p in enumerate(order)}
            services.keep(mine, codes)
        with transaction():
            services.finish(mine)


def page_of(client: FlaskClient, case: Round, sample_id: int) -> str:
    return client.get(f"/front/rounds/{case.id}/coding/sample?id={sample_id}").text


def test_the_sample_depends_on_round_points_and_size_only(app: Flask, case: Round) -> None:
    with app.app_context(), transaction(write=False):
        first, number = queries.drawn(case.id, SIZE)
        assert (first, number) == queries.drawn(case.id, SIZE)
        assert number == 21
        assert len(set(first)) == SIZE
        assert first != sorted(first)
        assert set(queries.drawn(case.id, SIZE + 1)[0]) != {*first}
    front, url = signed_in(app, case.front_id), f"/front/rounds/{case.id}/coding"
    for size, message in (
        (None, said(app, "Please type a number.")),
        ("", said(app, "Not a valid integer value.")),
        ("zwei", said(app, "Not a valid integer value.")),
        ("1", said(app, "A sample has %(least)s to %(most)s points.", least=2, most=500)),
        ("22", "chỉ có 21 ý kiến"),
    ):
        refused = post(front, url, {} if size is None else {"size": size})
        assert refused.status_code == 422
        assert message in refused.text
    assert post(front, url, {"size": "5"}).status_code == 200
    again = post(front, url, {"size": "5"})
    assert said(app, "A sample of that size is being read: it is listed below.") in again.text


def answers(page: str, code: str) -> dict[str, str]:
    return dict.fromkeys(set(re.findall(r'name="(code-\d+)"', page)), code)


def test_reading_on_the_pages_until_both_are_done(app: Flask, case: Round) -> None:
    sample_id = drawn(app, case)
    url = f"/front/rounds/{case.id}/coding/sample?id={sample_id}"
    front, other = signed_in(app, case.front_id), signed_in(app, case.approver_id)
    page = post(front, url, {"action": "join"}).text
    assert len(set(re.findall(r'name="code-\d+"', page))) == 10
    # Neither the declared stance nor the author is shown.
    assert "stance-agree" not in page
    assert "Trí thức A" not in page
    page = post(front, url, answers(page, "agree") | {"action": "keep"}).text
    assert len(set(re.findall(r'name="code-\d+"', page))) == 2  # the second page
    early = post(front, url, {"action": "finish"}).text
    assert "Còn 2 ý kiến chưa đọc." in early
    done = post(front, url, answers(page, "agree") | {"action": "finish"}).text
    message = "You are done. The result is shown here when your colleague is done as well."
    assert said(app, message) in done
    # The colleague, and whoever else looks, sees nothing of it.
    for client in (front, other):
        page = page_of(client, case, sample_id)
        assert "kappa" not in page
        assert "checked" not in page
    read(app, case, sample_id, case.approver_id, Code.AGREE, but=3)
    page = page_of(front, case, sample_id)
    assert "9 / 12" in page
    assert "75%" in page or "75,0%" in page
    assert said(app, "Cohen's kappa") in page
    assert page.count('name="code"') == 3


def test_differences_are_settled_and_settled_anew(app: Flask, case: Round) -> None:
    sample_id = drawn(app, case)
    read(app, case, sample_id, case.front_id, Code.AGREE)
    read(app, case, sample_id, case.approver_id, Code.AGREE, but=2)
    front = signed_in(app, case.front_id)
    url = f"/front/rounds/{case.id}/coding/sample?id={sample_id}"
    page = front.get(url).text
    point_id = re.findall(r'id="point-(\d+)"', page)[0]
    settle = {"action": "settle", "point": point_id}
    wrong = post(front, url, settle | {"code": ""})
    assert wrong.status_code == 422
    assert said(app, "Please choose one.") in wrong.text
    for code, name in (("disagree", "Disagree"), ("unclear", "Unclear")):
        page = post(front, url, settle | {"code": code}).text
        assert said(app, "Taken for: %(stance)s", stance=name_of(app, name)) in page
    assert "Trần Thị Mặt Trận" in page
    assert said(app, "%(settled)s of %(count)s settled", settled=1, count=2) in page
    alike = {"action": "settle", "point": str(point_read_alike(app, sample_id)), "code": "agree"}
    assert said(app, "Not kept: the sample has changed meanwhile.") in post(front, url, alike).text


def name_of(app: Flask, name: str) -> str:
    return said(app, name)


def point_read_alike(app: Flask, sample_id: int) -> int:
    with app.app_context(), transaction(write=False) as session:
        rows: dict[int, set[Code]] = {}
        for row in session.query(Coding).filter_by(sample_id=sample_id):
            rows.setdefault(row.point_id, set()).add(row.code)
        return next(point_id for point_id, found in rows.items() if len(found) == 1)


def test_who_may_do_what_when(app: Flask, case: Round) -> None:
    sample_id = drawn(app, case)
    third = case.council_id

    def mine(user_id: int) -> Mine:
        return Mine(case.id, sample_id, user_id)

    def refused(why: type[services.Refused], act: Any, *rest: Any) -> None:
        with app.app_context(), pytest.raises(why), transaction():
            act(*rest)

    refused(services.NotReading, services.keep, mine(case.front_id), {1: Code.AGREE})
    refused(services.StillRead, services.settle, mine(case.front_id), 1, Code.AGREE)
    read(app, case, sample_id, case.front_id, Code.AGREE)
    refused(services.NotReading, services.keep, mine(case.front_id), {1: Code.NONE})
    with app.app_context():
        with transaction():
            services.resume(mine(case.front_id))
        with transaction():
            services.leave(mine(case.front_id))
        assert make.count(Coding) == 0
    read(app, case, sample_id, case.front_id, Code.AGREE)
    with app.app_context(), transaction():
        services.join(mine(case.approver_id))
    refused(services.Taken, services.join, mine(third))
    with app.app_context(), transaction(write=False):
        shown = queries.sample(case.id, sample_id)
        assert shown
        with pytest.raises(queries.NotOpen):
            queries.result(shown)
        with pytest.raises(queries.NotOpen):
            queries.both_read(shown, [1])
    read(app, case, sample_id, case.approver_id, Code.AGREE)
    for act in (services.resume, services.leave, services.drop):
        refused(services.Open, act, mine(case.front_id))
    refused(services.Gone, services.join, Mine(case.id + 1, sample_id, third))


def test_a_dropped_sample_is_gone_and_other_rounds_have_none(app: Flask, case: Round) -> None:
    sample_id = drawn(app, case)
    front = signed_in(app, case.front_id)
    url = f"/front/rounds/{case.id}/coding/sample"
    with app.app_context():
        other = closed_round()
    elsewhere = signed_in(app, other.front_id)
    assert (
        elsewhere.get(f"/front/rounds/{other.id}/coding/sample?id={sample_id}").status_code == 404
    )
    page = post(front, f"{url}?id={sample_id}", {"action": "drop"}).text
    assert said(app, "No sample has been drawn yet.") in page
    for query in (f"?id={sample_id}", "", "?id=x"):
        assert front.get(url + query).status_code == 404
    assert drawn(app, case) != sample_id  # it can be drawn anew


def test_both_alike_everywhere_have_no_kappa(app: Flask, case: Round) -> None:
    sample_id = drawn(app, case)
    for user_id in (case.front_id, case.approver_id):
        read(app, case, sample_id, user_id, Code.AGREE)
    page = page_of(signed_in(app, case.front_id), case, sample_id)
    assert "12 / 12" in page
    assert "—" in page
    assert said(app, "They have read every point alike.") in page


def test_the_numbers_of_statements_are_small(app: Flask, case: Round) -> None:
    sample_id = drawn(app, case, 20)
    base = f"/front/rounds/{case.id}/coding"
    front = signed_in(app, case.front_id)
    page = post(front, f"{base}/sample?id={sample_id}", {"action": "join"}).text
    with counted(app) as statements:
        post(front, f"{base}/sample?id={sample_id}", answers(page, "none") | {"action": "keep"})
    assert len(statements) <= 20 + 12, (len(statements), statements)  # the page after it as well
    paths = [base, f"{base}/sample?id={sample_id}"]
    measure(app, front, paths)
    with app.app_context(), transaction():
        services.leave(Mine(case.id, sample_id, case.front_id))
    read(app, case, sample_id, case.front_id, Code.AGREE)
    read(app, case, sample_id, case.approver_id, Code.AGREE, but=15)
    measure(app, front, paths)


def measure(app: Flask, client: FlaskClient, paths: list[str]) -> None:
    for path in paths:
        with counted(app) as statements:
            assert client.get(path).status_code == 200
        assert len(statements) <= 12, (path, len(statements), statements)
