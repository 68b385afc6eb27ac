"""People, organisations and different texts are counted apart, and each by a query."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from flask import Flask

from consult.cli.main import main
from consult.core.db import transaction
from consult.submissions.models import Identity, Stance
from consult.summaries.decision_services import Decide, decide
from consult.summaries.figures import figures
from consult.summaries.text_queries import texts_by_place
from consult.summaries.theme_services import refuse
from tests.integration.cli.test_commands import environment_of
from tests.integration.summaries.test_themes import APPEAL, built
from tests.integration.summaries.test_workspace import (
    Round,
    closed_round,
    manifest_of,
    released,
)
from tests.support import factories as make
from tests.support.browsing import signed_in
from tests.support.said import said


@pytest.fixture
def case(app: Flask) -> Round:
    with app.app_context():
        found = closed_round()
        a, b, c, d, _e = found.writers
        make.point(found.id, a, argument=APPEAL)
        make.point(found.id, b, argument=APPEAL.upper())
        make.point(found.id, c, argument=f"{APPEAL} Hàng xóm của tôi cũng mong như vậy.")
        make.point(found.id, c, argument="Tôi phản đối.", stance=Stance.DISAGREE)
        make.point(found.id, d, argument="Nên có phụ lục.", provision=None)
        make.point(
            found.id,
            d,
            argument="Một ý kiến khác hẳn của hội.",
            provision=None,
            identity=Identity.ORGANISATION,
            organisation_id=make.organisation("club"),
        )
        return found


def counts(case: Round) -> tuple[int, dict[str, int]]:
    """Return the different texts of the round, and those on the clause and on the whole."""
    with transaction(write=False):
        found = figures(case.id)
        by_place = texts_by_place(case.id)
    assert {place: one.texts for place, one in found.places.items()} == by_place
    assert found.whole.points == 6
    return found.whole.texts, {"whole draft": by_place[None], "all": sum(by_place.values())}


def test_a_repetition_is_no_other_text_unless_staff_refuse_it(app: Flask, case: Round) -> None:
    with app.app_context():
        assert counts(case) == (6, {"whole draft": 2, "all": 6})
        built(case)
        assert counts(case) == (4, {"whole draft": 2, "all": 4})
        with transaction(write=False):
            first, second, third, *_ = ids(case)
        with transaction():
            refuse(case.id, first, [second], actor_id=case.front_id)
        assert counts(case)[0] == 5
        with transaction():
            decide(Decide(case.id, frozenset([second]), case.front_id, leader_id=third))
        assert counts(case)[0] == 4


def ids(case: Round) -> list[int]:
    from consult.core.db import db
    from consult.submissions.models import Point

    rows = db.session.query(Point.id).filter_by(consultation_id=case.id).order_by(Point.id)
    return [row[0] for row in rows]


def test_they_are_shown_beside_people_and_organisations(app: Flask, case: Round) -> None:
    with app.app_context():
        built(case)
    front = signed_in(app, case.front_id)
    page = front.get(f"/front/rounds/{case.id}").text
    assert f"<strong>4</strong>{said(app, 'different texts')}" in page
    summary_id = released(app, case)
    manifest = manifest_of(app, case.id)
    assert (manifest["people"], manifest["organisations"], manifest["texts"]) == (4, 1, 4)
    assert f"<strong>4</strong>{said(app, 'different texts')}" in (
        front.get(f"/summaries/{summary_id}").text
    )


def test_the_command_tells_them_apart(
    app: Flask, case: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DATABASE_URL", "CONSULT_LOCALE", "CONSULT_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with app.app_context():
        make.point(case.id, case.writers[4], argument="Tôi không đồng ý.")
    environment = environment_of(app)
    result = CliRunner().invoke(
        main, ["summaries", "build", str(case.id), "--json"], env=environment
    )
    found = json.loads(result.stdout)
    assert (found["people"], found["organisations"], found["distinct"]) == (5, 1, 5)
    clause, whole = sorted(found["provisions"], key=lambda row: row["citation"] is None)
    assert [clause[name] for name in ("people", "organisations", "distinct")] == [4, 0, 3]
    assert [whole[name] for name in ("people", "organisations", "distinct")] == [1, 1, 2]
    assert [doubt["text"] for doubt in clause["doubts"]] == ["không đồng ý"]
    words = CliRunner().invoke(main, ["summaries", "build", str(case.id)], env=environment).stdout
    assert "5 people, 1 organisations, 5 distinct texts." in words
    assert "? YK-" in words
