"""Answering a round's questions: the basket, sending, changing until the closing, counts."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from consult.cli.ledger import sources
from consult.cli.main import main
from consult.consultations.models import Consultation, PointsVisibility
from consult.core import clock
from consult.core.db import transaction
from consult.core.i18n import format_datetime
from consult.ledger import auditing
from consult.ledger.models import Leaf
from consult.submissions.answers import queries as answer_queries
from consult.submissions.answers.models import AnswerSheet
from consult.submissions.models import Submission
from tests.support import factories
from tests.support.browsing import post, signed_in, token
from tests.support.exports import download
from tests.support.inside import Inside
from tests.support.said import said
from tests.support.statements import counted

FIRST = {"q1": "2", "q2": ["1", "3"], "q3": "4"}


@dataclass
class Scene:
    """An open round with a question of each kind, and an author's browser."""

    app: Flask
    round_id: int
    agency: int
    author_id: int
    browser: FlaskClient

    @property
    def url(self) -> str:
        return f"/rounds/{self.round_id}/questions"

    def answer(self, browser: FlaskClient | None = None, **chosen: Any) -> Any:
        return post(browser or self.browser, self.url, chosen or FIRST, follow_redirects=False)

    def send(self, browser: FlaskClient | None = None, **form: Any) -> str:
        """Send the basket; return the receipt's reference."""
        client = browser or self.browser
        page = client.get(f"/rounds/{self.round_id}/basket").text
        found = re.search(r'name="reference" value="([^"]+)"', page)
        assert found, "nothing can be sent"
        data = {"reference": found.group(1), "identity": "public"} | form
        sent = post(client, f"/rounds/{self.round_id}/send", data, follow_redirects=False)
        assert sent.status_code == 303
        return sent.location.rsplit("/", 1)[1]

    def answered(self, **chosen: Any) -> str:
        self.answer(**chosen)
        return self.send()

    def person(self, name: str = "Người khác") -> tuple[int, FlaskClient]:
        user_id = Inside(self.app, factories).user(name, verified=True)
        return user_id, signed_in(self.app, user_id)

    def counts(self) -> dict[int, tuple[list[int], int, int]]:
        """Return, by question: how many chose each, answered, did not answer."""
        with self.app.app_context(), transaction(write=False):
            return {
                r.question.ordinal: ([v.total for v in r.counts], r.answered.total, r.silent.total)
                for r in answer_queries.results(self.round_id)
            }

    def sheets(self) -> list[list[str]]:
        with self.app.app_context(), transaction(write=False) as session:
            rows = session.scalars(select(AnswerSheet).order_by(AnswerSheet.id))
            return [sorted(a.chosen for a in row.answers) for row in rows]

    def sound(self) -> list[str]:
        with self.app.app_context(), transaction(write=False):
            return [str(finding) for finding in auditing.audit(sources(), []).findings]

    def close(self) -> None:
        with self.app.app_context(), transaction() as session:
            row = session.get_one(Consultation, self.round_id)
            row.closes_at = clock.now() - timedelta(seconds=1)


@pytest.fixture
def scene(app: Flask) -> Scene:
    here = Inside(app, factories)
    agency = here.organisation(name="Sở Hỏi")
    round_id = here.consultation(agency, here.version(agency))
    here.question(round_id, 1, "single", options=["Có", "Không"], is_required=True)
    here.question(round_id, 2, "multiple", options=["Lương", "Nhà ở", "Đào tạo"])
    here.question(round_id, 3, "scale", low="Rất thấp", high="Rất cao", steps=5)
    here.question(round_id, 4, text="Cần thêm gì?")
    author = here.user("Võ Chí Cường", verified=True)
    return Scene(app, round_id, agency, author, signed_in(app, author))


# --- answering ------------------------------------------------------------------------------------


def test_answers_go_into_the_basket_and_alone_are_a_contribution(scene: Scene) -> None:
    page = scene.browser.get(f"/rounds/{scene.round_id}").text
    assert page.count("<fieldset") >= 3
    assert f"/rounds/{scene.round_id}/write?provision=&amp;question=4" in page
    assert scene.answer().status_code == 303
    assert scene.counts()[1] == ([0, 0], 0, 0), "what is not sent is not counted"
    basket = scene.browser.get(f"/rounds/{scene.round_id}/basket").text
    assert said(scene.app, "Send the answers") in basket
    assert "Đào tạo" in basket
    assert said(scene.app, "“%(title)s”: answers are given and not sent.", title="").split("”")[
        -1
    ] in (scene.browser.get("/my/contributions").text)
    assert scene.browser.get("/desk").status_code == 200
    reference = scene.send()
    receipt = scene.browser.get(f"/receipts/{reference}").text
    assert "Đào tạo" in receipt
    assert said(scene.app, "Change the answers") in receipt
    assert scene.counts() == {
        1: ([0, 1], 1, 0),
        2: ([1, 0, 1], 1, 0),
        3: ([0, 0, 0, 1, 0], 1, 0),
        4: ([], 0, 1),
    }
    assert "checked" in scene.browser.get(scene.url).text
    assert reference in scene.browser.get("/my/contributions").text
    assert scene.sound() == []


def test_they_go_along_with_points_and_the_leaf_says_both(scene: Scene) -> None:
    scene.answer()
    form = {"provision": "d1.k1", "stance": "agree", "argument": "Đúng.", "form_key": "f1"}
    post(scene.browser, f"/rounds/{scene.round_id}/write", form | {"action": "save"})
    scene.send(identity="sealed")
    with scene.app.app_context(), transaction(write=False) as session:
        [leaf] = session.scalars(select(Leaf))
        source = sources()["submission"]
        content = source.contents([leaf])[leaf.index]
    assert content is not None
    assert len(content["points"]) == 1
    assert content["answers"] == [
        {"question": 1, "asked": "Câu hỏi số 1?", "chosen": ["Không"]},
        {"question": 2, "asked": "Câu hỏi số 2?", "chosen": ["Lương", "Đào tạo"]},
        {"question": 3, "asked": "Câu hỏi số 3?", "scale": ["Rất thấp", "Rất cao", 5], "value": 4},
    ]
    assert scene.sound() == []


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"q2": "1"}, "Please answer this question."),
        ({"q1": ["1", "2"]}, "Choose one answer only."),
        ({"q1": "3", "q2": "2"}, "This answer is not among the choices."),
        ({"q1": "١", "q2": "2"}, "This answer is not among the choices."),
        ({"q1": "1", "q3": "6"}, "This answer is not among the choices."),
    ],
)
def test_bad_answers_are_told_beside_the_question_and_kept(
    scene: Scene, chosen: dict[str, Any], sentence: str
) -> None:
    answer = scene.answer(**chosen)
    assert answer.status_code == 422
    assert said(scene.app, sentence) in answer.text
    for name, value in chosen.items():
        if value in ("1", "2"):
            assert re.search(rf'id="{name}-{value}"\s+value="{value}"\s+checked', answer.text)
    assert scene.sheets() == []


def test_a_question_in_words_is_answered_by_a_point(scene: Scene) -> None:
    page = scene.browser.get(f"/rounds/{scene.round_id}/write?provision=&question=4").text
    assert re.search(r'<option selected value="4">', page)
    form = {"stance": "none", "argument": "Thêm nhà ở.", "form_key": "f1", "question": "4"}
    post(scene.browser, f"/rounds/{scene.round_id}/write", form | {"action": "save"})
    scene.send()
    assert said(
        scene.app, "%(count)s point on this question.", "%(count)s points on this question.", 1,
        count=1,
    ) in scene.browser.get(f"{scene.url}/results").text  # fmt: skip


def test_a_question_of_another_round_is_not_answered(scene: Scene) -> None:
    assert scene.answer(q1="1", q4="1", q9="1").status_code == 303
    assert scene.sheets() == [["1"]], "only what the page asks is taken"


def test_in_the_basket_the_last_answers_stand_and_none_is_none(scene: Scene) -> None:
    scene.answer()
    scene.answer(q1="1", q3="5")
    assert scene.sheets() == [["1", "5"]]
    with scene.app.app_context(), transaction() as session:
        session.get_one(Consultation, scene.round_id).questions[0].is_required = False
    scene.answer(q1="")
    assert scene.sheets() == []
    page = scene.browser.get(f"/rounds/{scene.round_id}/basket").text
    assert 'name="reference"' not in page


def test_after_the_closing_the_instant_is_told_and_the_choices_stay(scene: Scene) -> None:
    scene.close()
    answer = scene.answer()
    assert answer.status_code == 409
    assert re.search(r'id="q1-2"\s+value="2"\s+checked', answer.text)
    with scene.app.app_context(), transaction(write=False) as session:
        closes = session.get_one(Consultation, scene.round_id).closes_at
        assert format_datetime(closes, seconds=True) in answer.text
    assert scene.sheets() == []


def test_twenty_at_once_make_one_sheet(scene: Scene) -> None:
    data = FIRST | {"csrf_token": token(scene.browser)}

    fresh = scene.browser.get_cookie("consult_session")
    assert fresh

    def again(_number: int) -> int:
        client = scene.app.test_client()
        client.set_cookie("consult_session", fresh.value)
        return client.post(scene.url, data=data).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(again, range(20))) == {303}
    assert len(scene.sheets()) == 1


# --- changing and withdrawing ---------------------------------------------------------------------


def test_the_latest_answers_count_and_earlier_ones_are_kept(scene: Scene) -> None:
    reference = scene.answered()
    change = {"q1": "1", "form_key": "k2"}
    again = scene.answer(**change)
    assert again.location.endswith(f"/receipts/{reference}")
    assert scene.answer(**change).location == again.location, "a replay changes nothing"
    assert scene.answer(q1="1", form_key="k3").status_code == 303, "nothing is different"
    assert scene.sheets() == [["1,3", "2", "4"], ["1"]]
    assert scene.counts()[1] == ([1, 0], 1, 0)
    assert scene.counts()[2] == ([0, 0, 0], 0, 1)
    receipt = scene.browser.get(f"/receipts/{reference}").text
    assert said(scene.app, "Earlier answers") in receipt
    assert scene.sound() == []
    scene.close()
    assert scene.answer(q1="2").status_code == 409
    assert len(scene.sheets()) == 2


def test_an_author_answers_once_whatever_the_number_of_contributions(scene: Scene) -> None:
    first = scene.answered()
    form = {"provision": "d1.k1", "stance": "agree", "argument": "Đúng.", "form_key": "f1"}
    post(scene.browser, f"/rounds/{scene.round_id}/write", form | {"action": "save"})
    assert scene.answer(q1="1").location.endswith(first)
    scene.send()
    assert scene.counts()[1] == ([1, 0], 1, 1)


def test_withdrawing_takes_the_answers_out_of_the_counts(scene: Scene) -> None:
    scene.answer()
    form = {"provision": "d1.k1", "stance": "agree", "argument": "Đúng.", "form_key": "f1"}
    post(scene.browser, f"/rounds/{scene.round_id}/write", form | {"action": "save"})
    reference = scene.send()
    with scene.app.app_context(), transaction(write=False) as session:
        submission = session.scalars(select(Submission)).one()
        point_id = submission.points[0].id
    post(scene.browser, f"/receipts/{reference}/withdraw", {"point": point_id})
    assert scene.counts()[1] == ([0, 1], 1, 0), "only the point was withdrawn"
    assert scene.sound() == []
    for _ in range(2):
        post(scene.browser, f"/receipts/{reference}/withdraw")
    assert scene.counts()[1] == ([0, 0], 0, 0)
    assert scene.sound() == []
    assert said(scene.app, "Withdraw everything") not in (
        scene.browser.get(f"/receipts/{reference}").text
    )
    assert scene.answer(q1="1").location.partition("?")[0].endswith("/basket"), (
        "one may answer anew"
    )
    scene.send()
    assert scene.counts()[1] == ([1, 0], 1, 0)
    assert scene.sound() == []


def test_the_receipt_proves_the_answers_and_their_change(scene: Scene, tmp_path: Path) -> None:
    reference = scene.answered()
    scene.answer(q1="1")
    text = scene.browser.get(f"/receipts/{reference}.txt").text
    assert "Đào tạo" in text
    assert text.count("-----BEGIN CONTENT-----\n{") == 2
    saved = tmp_path / "receipt.txt"
    saved.write_text(text, "utf-8", newline="")
    settings = scene.app.extensions["consult_settings"]
    env = {
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }
    checked = CliRunner(env=env).invoke(main, ["ledger", "verify", str(saved)])
    assert checked.exit_code == 0, checked.output
    assert "1 answer(s)" in checked.output


# --- the results ----------------------------------------------------------------------------------


def test_results_are_for_staff_at_once_and_for_readers_with_the_points(scene: Scene) -> None:
    scene.answered()
    with scene.app.app_context(), transaction() as session:
        row = session.get_one(Consultation, scene.round_id)
        row.points_visibility = PointsVisibility.STAFF_ONLY
    here = Inside(scene.app, factories)
    official = signed_in(scene.app, here.user("Hoa", roles=(("official", scene.agency),)))
    url = f"{scene.url}/results"
    assert scene.app.test_client().get(url).status_code in (302, 403)
    assert official.get(url).status_code == 200
    assert url in official.get(f"/office/rounds/{scene.round_id}").text
    with scene.app.app_context(), transaction() as session:
        row = session.get_one(Consultation, scene.round_id)
        row.points_visibility = PointsVisibility.AT_ONCE
    page = scene.app.test_client().get(url).text
    assert "Rất cao" in page
    assert said(scene.app, "Median: %(median)s; mean: %(mean)s.", median=4, mean="4,0") in page


def test_organisations_are_counted_apart_and_sealed_ones_as_people(scene: Scene) -> None:
    here = Inside(scene.app, factories)
    club = here.organisation("club", "Hội Kiểm Đếm")
    for identity in ("organisation", "sealed", "public"):
        user_id, browser = scene.person(f"Người {identity}")
        here.member(user_id, club)
        scene.answer(browser, q1="2")
        chosen = {} if identity == "public" else {"organisation": club}
        scene.send(browser, identity=identity, **chosen)
    with scene.app.app_context(), transaction(write=False):
        first = answer_queries.results(scene.round_id)[0]
    assert (first.counts[1].people, first.counts[1].organisations) == (2, 1)
    front = here.user("Mặt trận", roles=(("front", here.organisation("front")),))
    browser = signed_in(scene.app, front)
    text = download(browser, f"/rounds/{scene.round_id}/export/answers.csv").text
    assert text.count("Không") == 3
    assert "Người sealed" not in text
    assert text.count("Hội Kiểm Đếm") == 1
    assert "Ý kiến được bảo mật" in text
    data = download(browser, f"/rounds/{scene.round_id}/export/points.xlsx").data
    sheet = load_workbook(io.BytesIO(data))["Trả lời câu hỏi"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[2] for row in rows[1:]] == ["Không"] * 3
    assert {row[4] for row in rows[1:]} == {"Cá nhân", "Tổ chức"}


def test_statements_are_few_and_constant(scene: Scene) -> None:
    pages = [f"/rounds/{scene.round_id}", scene.url, f"{scene.url}/results"]
    before: list[int] = []
    for number in range(6):
        _user, browser = scene.person()
        scene.answer(browser, **(FIRST if number % 2 else {"q1": "1"}))
        scene.send(browser)
        scene.browser.get(pages[0])
        if number in (0, 5):
            for page in pages:
                with counted(scene.app) as seen:
                    assert scene.browser.get(page).status_code == 200
                before.append(len(seen))
    assert before[:3] == before[3:]
    assert max(before) <= 12
    form = FIRST | {"csrf_token": token(scene.browser)}
    with counted(scene.app) as seen:
        assert scene.browser.post(scene.url, data=form).status_code == 303
    assert len(seen) <= 20
    with counted(scene.app) as seen:
        scene.browser.get(f"/rounds/{scene.round_id}/basket")
    assert len(seen) <= 12
    reference = scene.send()
    scene.answer(q1="1")
    with counted(scene.app) as seen:
        assert scene.browser.get(f"/receipts/{reference}").status_code == 200
    assert len(seen) <= 12, seen
