"""The official's questions: kinds, order, what is wrong with them, and from when they stand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from consult.consultations import services
from consult.consultations.commands import Asked
from consult.consultations.models import Consultation, QuestionKind, Stage
from consult.core import clock
from consult.core.db import transaction
from tests.integration.consultations.test_pages import words
from tests.support import factories, rounds
from tests.support.browsing import post, signed_in
from tests.support.inside import Inside
from tests.support.said import said

OPTIONS = {"questions-0-kind": "single", "questions-0-lines": "Có\n\n Không "}
SCALE = {
    "questions-2-kind": "scale",
    "questions-2-low": "Rất thấp",
    "questions-2-high": "Rất cao",
    "questions-2-steps": "7",
    "questions-2-is_required": "y",
    "questions-2-help": "So với mặt bằng chung.",
}


@pytest.fixture
def desk(app: Flask) -> tuple[FlaskClient, str]:
    """The official's browser, and the address of the form of a new round."""
    make = Inside(app, factories)
    agency = make.organisation()
    version = make.version(agency)
    official = make.user("Lê Thị Hoa", roles=(("official", agency),))
    return signed_in(app, official), f"/office/versions/{version}/rounds/new"


def kept(app: Flask) -> list[dict[str, Any]]:
    with app.app_context(), transaction(write=False) as session:
        [row] = session.query(Consultation).all()
        names = ("text", "kind", "options", "low", "high", "steps", "is_required", "help")
        return [{name: getattr(q, name) for name in names} for q in row.questions]


def test_each_kind_is_kept_and_previewed_as_authors_see_it(
    app: Flask, desk: tuple[FlaskClient, str]
) -> None:
    client, url = desk
    assert post(client, url, words(**OPTIONS, **SCALE)).status_code == 200
    first, second = kept(app)
    assert first["kind"] is QuestionKind.SINGLE
    assert first["options"] == ["Có", "Không"]
    assert (first["steps"], first["low"]) == (0, "")
    assert second == {
        "text": "Cần thêm gì?",
        "kind": QuestionKind.SCALE,
        "options": [],
        "low": "Rất thấp",
        "high": "Rất cao",
        "steps": 7,
        "is_required": True,
        "help": "So với mặt bằng chung.",
    }
    preview = client.get("/office/rounds/1/preview").text
    assert preview.count('name="q2"') == 7
    assert "So với mặt bằng chung." in preview
    form = client.get("/office/rounds/1/edit").text
    assert "Có\nKhông" in form.replace("\r", "")


def test_questions_are_added_moved_and_removed_without_a_script(
    app: Flask, desk: tuple[FlaskClient, str]
) -> None:
    client, url = desk
    typed = words(**OPTIONS, title="")
    added = post(client, url, typed | {"action": "question-add"})
    assert added.status_code == 200, "nothing is checked yet"
    assert 'name="questions-3-text"' in added.text
    assert "Ngân sách đã quyết định" in added.text, "everything typed stays"
    down = post(client, url, typed | {"action": "question-down-0"}).text
    assert down.index("Mức hỗ trợ hợp lý chưa?") < down.index("Cần thêm gì?")
    assert 'name="questions-1-lines"' in down
    up = post(client, url, typed | {"action": "question-up-2"}).text
    up = post(client, url, typed | {"action": "question-remove-0"}).text
    assert "Mức hỗ trợ hợp lý chưa?" not in up
    assert "Cần thêm gì?" in up
    for nonsense in ("question-up-99", "question-remove-7"):
        assert post(client, url, typed | {"action": nonsense}).status_code == 200
    assert factories_rounds(app) == 0


def factories_rounds(app: Flask) -> int:
    return Inside(app, factories).count(Consultation)


@pytest.mark.parametrize(
    ("changed", "message", "parameters"),
    [
        ({"questions-1-lines": "Có\nKhông"}, "Write what you ask, or remove this question.", {}),
        (
            {"questions-0-kind": "multiple", "questions-0-lines": "Một"},
            "Write 2 to %(limit)s options, one on each line; there are %(count)s now.",
            {"limit": 12, "count": 1},
        ),
        (
            {"questions-0-kind": "single", "questions-0-lines": "\n".join("abcdefghijklm")},
            "Write 2 to %(limit)s options, one on each line; there are %(count)s now.",
            {"limit": 12, "count": 13},
        ),
        (
            {"questions-0-kind": "single", "questions-0-lines": "Có\ncó"},
            "Two options are the same.",
            {},
        ),
        (
            {"questions-0-kind": "single", "questions-0-lines": "Có\n" + "x" * 201},
            "An option may have at most %(limit)s characters.",
            {"limit": 200},
        ),
        (
            {"questions-0-kind": "scale", "questions-0-low": "Thấp"},
            "Say what this end of the scale means.",
            {},
        ),
    ],
)
def test_what_is_wrong_with_a_question_is_said_beside_it(
    app: Flask,
    desk: tuple[FlaskClient, str],
    changed: dict[str, str],
    message: str,
    parameters: dict[str, int],
) -> None:
    client, url = desk
    answer = post(client, url, words(**changed))
    assert answer.status_code == 422
    assert said(app, message, **parameters) in answer.text
    assert factories_rounds(app) == 0


@pytest.mark.usefixtures("app")
def test_questions_stand_from_the_opening_on(app: Flask) -> None:
    """Between the instant of opening and the job that follows it too."""
    with app.app_context():
        opens = clock.now() + timedelta(hours=1)
        round_id, user = rounds.published(opens_at=opens, questions=(Asked("Một?"),))
        clock.shift(timedelta(hours=1, seconds=1))
        with transaction() as session:
            row = session.get_one(Consultation, round_id)
            assert row.stage is Stage.SCHEDULED
            same = rounds.said(opens_at=opens, questions=(Asked("Một?"),))
            services.edit(row, same, actor_id=user)
        with transaction() as session:
            row = session.get_one(Consultation, round_id)
            row.stage = Stage.SCHEDULED
            other = rounds.said(opens_at=opens, questions=(Asked("Hai?"),))
            with pytest.raises(services.QuestionsAnswered):
                services.edit(row, other, actor_id=user)


def test_a_question_of_a_published_round_is_not_removed(app: Flask) -> None:
    """Somebody may have begun a point on it; its words may still change."""
    make = Inside(app, factories, rounds)
    round_id, user = make.published(questions=(Asked("Một?"), Asked("Hai?")))
    client = signed_in(app, user)
    typed = words(**{"questions-1-text": "Ba?", "questions-2-text": ""})
    assert post(client, f"/office/rounds/{round_id}/edit", typed).status_code == 200
    assert [q["text"] for q in kept(app)] == ["Mức hỗ trợ hợp lý chưa?", "Ba?"]
    answer = post(client, f"/office/rounds/{round_id}/edit", typed | {"questions-1-text": ""})
    assert answer.status_code == 422
    assert (
        said(
            app,
            "This round is published, and somebody may have begun to write on its questions: none "
            "can be removed. Change its words instead.",
        )
        in answer.text
    )
    assert len(kept(app)) == 2
