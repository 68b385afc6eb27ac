"""Writing points: the basket, sending, repeats, lateness, withdrawing."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from consult.consultations.models import Consultation, Question, Stage
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.ledger.models import Leaf
from consult.submissions.models import Authorship, Identity, Point, Submission, SubmissionState
from tests.support import factories
from tests.support.browsing import post, signed_in
from tests.support.said import said
from tests.support.statements import counted

SAME_WORDS = (
    "You have written the same words on the same place before. Change them, or press the button "
    "again to have them twice."
)
TAKEN = (
    "You have written the same words on the same place before. If once is enough, delete or "
    "withdraw one of the two."
)
ARGUMENT = "Mức hỗ trợ này **chưa đủ** để giữ chân người giỏi."


@dataclass
class Scene:
    """An open round, a verified author and the author's browser."""

    app: Flask
    round_id: int
    author_id: int
    browser: FlaskClient

    def url(self, path: str = "write") -> str:
        return f"/rounds/{self.round_id}/{path}"

    def fill(self, **changed: Any) -> dict[str, Any]:
        return {
            "provision": "d1.k1",
            "stance": "disagree",
            "argument": ARGUMENT,
            "proposed_wording": "Trí thức được hỗ trợ 20 triệu đồng mỗi năm.",
            "form_key": "form-1",
            "action": "save",
        } | changed

    def write(self, **changed: Any) -> Any:
        return post(self.browser, self.url(), self.fill(**changed), follow_redirects=False)

    def send_now(self, **changed: Any) -> Any:
        return self.write(**{"action": "send", "identity": "public"} | changed)

    def reference(self) -> str:
        with self.app.app_context(), transaction(write=False) as session:
            return session.scalars(select(Submission.reference)).one()

    def send_basket(self, **changed: Any) -> Any:
        data = {"reference": self.reference(), "identity": "public"} | changed
        return post(self.browser, self.url("send"), data, follow_redirects=False)


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context():
        agency = factories.organisation()
        version = factories.version(agency)
        round_id = factories.consultation(agency, version)
        author_id = factories.user("Phạm Thị Hồng Đào", verified=True)
    return Scene(app, round_id, author_id, signed_in(app, author_id))


def rows(app: Flask, model: type[Any]) -> list[Any]:
    with app.app_context(), transaction(write=False) as session:
        found = list(session.scalars(select(model)).unique())
        session.expunge_all()
        return found


def test_many_points_are_saved_and_sent_once(scene: Scene) -> None:
    answer = scene.write()
    assert answer.status_code == 303
    assert answer.location.endswith("#d1.k1")
    scene.write(provision="c1", form_key="form-2", stance="agree", argument="Đồng ý cả chương.")
    scene.write(provision="", form_key="form-3", stance="none", argument="Dự thảo dễ đọc.")
    assert {p.received_at for p in rows(scene.app, Point)} == {None}
    assert rows(scene.app, Leaf) == []
    basket = scene.browser.get(scene.url("basket")).text
    assert "<strong>chưa đủ</strong>" in basket
    assert "Chương I" in basket

    answer = scene.send_basket()
    [submission] = rows(scene.app, Submission)
    assert answer.location == f"/receipts/{submission.reference}"
    assert submission.state is SubmissionState.RECEIVED
    assert submission.draft_of is None
    points = rows(scene.app, Point)
    assert {p.received_at for p in points} == {submission.received_at}
    assert sorted(p.ordinal for p in points) == [1, 2, 3]
    [authorship] = rows(scene.app, Authorship)
    assert authorship.identity is Identity.PUBLIC
    assert [leaf.kind for leaf in rows(scene.app, Leaf)] == ["submission"]
    assert sorted(job.name for job in rows(scene.app, Job)) == [
        "notifications.tell",
        "search.index",
    ]
    assert "submission.received" in [entry.action for entry in rows(scene.app, AuditEntry)]


def test_a_sent_basket_sent_again_shows_the_same_receipt(scene: Scene) -> None:
    scene.write()
    reference = scene.reference()
    first, second = scene.send_basket(), scene.send_basket()
    assert first.location == second.location == f"/receipts/{reference}"
    assert len(rows(scene.app, Leaf)) == 1


def test_one_point_is_sent_at_once(scene: Scene) -> None:
    answer = scene.send_now(identity="sealed")
    receipt = scene.browser.get(answer.location)
    assert receipt.status_code == 200
    [submission] = rows(scene.app, Submission)
    assert submission.reference in receipt.text
    assert rows(scene.app, Authorship)[0].identity is Identity.SEALED


def test_a_replayed_form_shows_the_same_receipt(scene: Scene) -> None:
    first, second = scene.send_now(), scene.send_now()
    assert first.location == second.location
    assert len(rows(scene.app, Point)) == 1


def test_the_same_form_with_other_words_is_another_point(scene: Scene) -> None:
    scene.send_now()
    scene.send_now(argument="Nghĩ lại: nên bỏ hẳn khoản này.")
    assert len(rows(scene.app, Submission)) == 2


def test_saved_then_sent_leaves_the_basket(scene: Scene) -> None:
    scene.write()
    scene.send_now()
    [point] = rows(scene.app, Point)
    assert point.received_at is not None


def test_sent_then_saved_shows_the_receipt(scene: Scene) -> None:
    sent = scene.send_now()
    assert scene.write().location == sent.location
    assert len(rows(scene.app, Point)) == 1


def test_saving_twice_saves_one_point(scene: Scene) -> None:
    scene.write()
    scene.write()
    assert len(rows(scene.app, Point)) == 1


def asked(answer: Any) -> str:
    """Return what the author is asked about: the value that comes back when they mean it."""
    found = re.search(r'name="again"[^>]*value="([^"]+)"', answer.text)
    assert answer.status_code == 422
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("action", "button"), [("save", "Save all the same"), ("send", "Send all the same")]
)
def test_the_same_words_again_are_asked_about_once(scene: Scene, action: str, button: str) -> None:
    told, insist = said(scene.app, SAME_WORDS), said(scene.app, button)

    def again(**changed: Any) -> Any:
        return scene.write(action=action, identity="public", **changed)

    assert scene.write(form_key="first").status_code == 303
    assert scene.write(form_key="first").status_code == 303, "the same form is the same point"
    assert scene.write(form_key="other", argument="Ý khác hẳn.").status_code == 303
    assert scene.write(form_key="there", provision="d2.k1").status_code == 303
    page = again(form_key="second")
    beside = page.text.split('id="argument-error"')[1]
    assert told in beside.split("</div>")[0]
    assert ARGUMENT in page.text, "everything typed is there"
    assert insist in page.text
    assert len(rows(scene.app, Point)) == 3, "and nothing is written"
    meant = again(form_key="second", again=asked(page))
    assert meant.status_code == 303
    repeated = again(form_key="second", again=asked(page))
    assert repeated.location == meant.location
    assert len(rows(scene.app, Point)) == 4
    assert told not in scene.browser.get(meant.location.partition("#")[0]).text
    other = again(form_key="second", again=asked(page), argument="Ý khác hẳn.")
    assert asked(other) != asked(page), "other words that stand there are asked about anew"
    with scene.app.app_context():
        stranger = signed_in(scene.app, factories.user("Lê Văn Bình", verified=True))
    scene.browser = stranger
    assert again(form_key="mine").status_code == 303, "somebody else may agree word for word"


def test_a_point_changed_in_the_basket_is_not_its_own_double(scene: Scene) -> None:
    scene.write(form_key="one", argument="Ý thứ nhất.")
    scene.write(form_key="two", argument="Ý thứ hai.")
    first, _second = rows(scene.app, Point)
    path = scene.url(f"basket/{first.id}")

    def change(**changed: Any) -> Any:
        data = scene.fill(form_key="three", **changed)
        return post(scene.browser, path, data, follow_redirects=False)

    assert change(argument="Ý thứ nhất.").status_code == 303
    page = change(argument="Ý thứ hai.")
    key = asked(page)
    assert said(scene.app, SAME_WORDS) in page.text
    assert change(argument="Ý thứ hai.", again=key).status_code == 303
    assert [point.argument for point in rows(scene.app, Point)] == ["Ý thứ hai."] * 2


def test_minutes_before_the_deadline_nobody_is_asked(scene: Scene) -> None:
    scene.send_now(form_key="first")
    with scene.app.app_context(), transaction(write=False) as session:
        closes = session.get_one(Consultation, scene.round_id).closes_at
    assert closes
    clock.move_to(closes - timedelta(minutes=9))
    taken = scene.send_now(form_key="second")
    assert taken.status_code == 303
    assert said(scene.app, TAKEN) in scene.browser.get(taken.location).text
    assert {point.received_at is None for point in rows(scene.app, Point)} == {False}


@pytest.mark.parametrize("action", ["save", "send"])
def test_fifty_identical_posts_at_once_make_one_point(scene: Scene, action: str) -> None:
    page = scene.browser.get(scene.url()).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    with scene.browser.session_transaction() as session:
        cookie = dict(session)
    data = scene.fill(action=action, identity="public", csrf_token=token.group(1))

    def send(_number: int) -> tuple[int, str]:
        browser = scene.app.test_client()
        with browser.session_transaction() as session:
            session.update(cookie)
        answer = browser.post(scene.url(), data=data)
        return answer.status_code, answer.location

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(50)))
    assert {code for code, _location in answers} == {303}
    assert len({location for _code, location in answers}) == 1
    assert len(rows(scene.app, Point)) == 1
    assert len(rows(scene.app, Submission)) == 1
    assert len(rows(scene.app, Leaf)) == (1 if action == "send" else 0)


def test_a_late_point_is_kept_and_the_instant_is_said(scene: Scene) -> None:
    with scene.app.app_context(), transaction(write=False) as session:
        closes = session.get_one(Consultation, scene.round_id).closes_at
    assert closes
    page = scene.browser.get(scene.url()).text
    assert "action" in page
    clock.move_to(closes)
    answer = scene.send_now()
    assert answer.location == scene.url("basket")
    basket = scene.browser.get(answer.location).text
    local = closes + timedelta(hours=7)
    assert f"{local:%H:%M:%S %d/%m/%Y}" in basket
    assert "chưa đủ" in basket
    assert [p.received_at for p in rows(scene.app, Point)] == [None]
    late = scene.send_basket()
    assert late.location == scene.url("basket")
    assert rows(scene.app, Leaf) == []


def test_a_point_just_in_time_is_received(scene: Scene) -> None:
    with scene.app.app_context(), transaction(write=False) as session:
        closes = session.get_one(Consultation, scene.round_id).closes_at
    assert closes
    clock.move_to(closes - timedelta(seconds=20))
    assert scene.send_now().location.startswith("/receipts/")


def test_before_the_opening_one_may_save_but_not_send(app: Flask) -> None:
    with app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(
            agency, factories.version(agency), stage=Stage.SCHEDULED, opens=timedelta(days=1)
        )
        author_id = factories.user(verified=True)
    scene = Scene(app, round_id, author_id, signed_in(app, author_id))
    assert scene.send_now().location == scene.url("basket")
    assert [p.received_at for p in rows(app, Point)] == [None]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"argument": "  "}, "argument"),
        ({"argument": "a" * 20_001}, "20.000"),
        ({"proposed_wording": "a" * 20_001}, "20.000"),
        ({"stance": ""}, "stance"),
        ({"stance": "perhaps"}, "stance"),
        ({"provision": "d99"}, "argument-error"),
        ({"question": "7"}, "question"),
        ({"action": "send", "identity": ""}, "identity"),
        ({"action": "send", "identity": "organisation"}, "identity"),
        ({"action": "send", "identity": "public", "organisation": "999"}, "organisation"),
    ],
)
def test_bad_input_is_explained_and_nothing_typed_is_lost(
    scene: Scene, changed: dict[str, str], words: str
) -> None:
    with scene.app.app_context(), transaction() as session:
        session.add(Question(consultation_id=scene.round_id, ordinal=1, text="Có đủ không?"))
    answer = scene.write(**changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="problems"' in answer.text
    typed = scene.fill(**changed)
    assert typed["argument"].strip() in answer.text
    assert typed["proposed_wording"] in answer.text
    assert rows(scene.app, Point) == []


def test_a_quote_that_is_not_in_the_provision_is_kept_with_a_warning(scene: Scene) -> None:
    scene.write(quote="được hỗ   trợ 11 triệu")
    assert "alert-warning" not in scene.browser.get(f"/rounds/{scene.round_id}").text
    scene.write(quote="được tặng xe", argument="Ý khác.", form_key="form-2")
    assert "alert-warning" in scene.browser.get(f"/rounds/{scene.round_id}").text
    assert {p.quote for p in rows(scene.app, Point)} == {"được hỗ   trợ 11 triệu", "được tặng xe"}


def test_on_behalf_of_a_club_that_has_accepted_the_author(scene: Scene) -> None:
    with scene.app.app_context():
        club = factories.organisation("club", "Câu lạc bộ Kỹ sư")
        other = factories.organisation("club", "Câu lạc bộ Nhà báo")
        factories.member(scene.author_id, club)
        factories.member(scene.author_id, other, state="requested")
    page = scene.browser.get(scene.url()).text
    assert "Câu lạc bộ Kỹ sư" in page
    assert "Câu lạc bộ Nhà báo" not in page
    refused = scene.send_now(organisation=str(other))
    assert refused.status_code == 422
    scene.send_now(organisation=str(club), identity="organisation")
    [authorship] = rows(scene.app, Authorship)
    assert (authorship.organisation_id, authorship.identity) == (club, Identity.ORGANISATION)


def test_changing_and_deleting_before_sending(scene: Scene) -> None:
    scene.write()
    [point] = rows(scene.app, Point)
    url = scene.url(f"basket/{point.id}")
    assert "chưa đủ" in scene.browser.get(url).text
    empty = post(scene.browser, url, scene.fill(argument=""), follow_redirects=False)
    assert empty.status_code == 422
    post(scene.browser, url, scene.fill(argument="Lời *mới*", stance="agree"))
    [changed] = rows(scene.app, Point)
    assert (changed.argument, changed.argument_html.strip()) == (
        "Lời *mới*",
        "<p>Lời <em>mới</em></p>",
    )
    post(scene.browser, url + "/delete")
    assert rows(scene.app, Point) == []


def test_a_sent_point_is_neither_changed_nor_deleted(scene: Scene) -> None:
    scene.send_now()
    [point] = rows(scene.app, Point)
    assert scene.browser.get(scene.url(f"basket/{point.id}")).status_code == 404
    gone = post(scene.browser, scene.url(f"basket/{point.id}/delete"), follow_redirects=False)
    assert gone.status_code == 404
    assert len(rows(scene.app, Point)) == 1


def test_nobody_sends_or_sees_another_ones_basket(scene: Scene) -> None:
    scene.write()
    [point] = rows(scene.app, Point)
    with scene.app.app_context():
        other = signed_in(scene.app, factories.user("Lê Văn Bình", verified=True))
    assert other.get(scene.url(f"basket/{point.id}")).status_code == 404
    assert "chưa đủ" not in other.get(scene.url("basket")).text
    data = {"reference": scene.reference(), "identity": "public"}
    post(other, scene.url("send"), data)
    assert [p.received_at for p in rows(scene.app, Point)] == [None]
    assert other.get(f"/receipts/{scene.reference()}").status_code == 404


@pytest.mark.parametrize("verified", [False, True])
def test_only_verified_people_write(scene: Scene, verified: bool) -> None:
    with scene.app.app_context():
        browser = signed_in(scene.app, factories.user(verified=verified))
    assert browser.get(scene.url()).status_code == (200 if verified else 403)


def test_a_lost_session_shows_what_was_typed(scene: Scene) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', scene.browser.get(scene.url()).text)
    assert token
    with scene.browser.session_transaction() as session:
        session.pop("_user_id")
    answer = scene.browser.post(scene.url(), data=scene.fill(csrf_token=token.group(1)))
    assert answer.status_code == 401
    assert ARGUMENT in answer.text
    assert 'name="kept.form_key" value="form-1"' in answer.text
    with scene.browser.session_transaction() as session:
        session.clear()  # signed out in another tab: the token is stale as well
    answer = scene.browser.post(scene.url(), data=scene.fill(csrf_token=token.group(1)))
    assert answer.status_code == 401
    assert 'name="kept_url"' in answer.text
    assert ARGUMENT in answer.text


def test_a_stale_page_shows_what_was_typed(scene: Scene) -> None:
    answer = scene.browser.post(scene.url(), data=scene.fill(csrf_token="old"))
    assert answer.status_code == 400
    assert 'name="kept_url"' not in answer.text
    assert ARGUMENT in answer.text


def test_withdrawing_counts_and_erases_nothing(scene: Scene) -> None:
    scene.write()
    scene.write(provision="d2", form_key="form-2", argument="Điều 2 thừa.")
    receipt = scene.send_basket().location
    first = min(rows(scene.app, Point), key=lambda p: p.ordinal)
    post(scene.browser, receipt + "/withdraw", {"point": first.id})
    points = {p.id: p for p in rows(scene.app, Point)}
    assert points[first.id].withdrawn_at is not None
    assert points[first.id].argument == ARGUMENT
    assert sum(p.withdrawn_at is None for p in points.values()) == 1
    assert rows(scene.app, Submission)[0].state is SubmissionState.RECEIVED
    post(scene.browser, receipt + "/withdraw", {"point": first.id})
    post(scene.browser, receipt + "/withdraw")
    [submission] = rows(scene.app, Submission)
    assert submission.state is SubmissionState.WITHDRAWN
    assert [leaf.kind for leaf in sorted(rows(scene.app, Leaf), key=lambda leaf: leaf.index)] == [
        "submission",
        "withdrawal",
        "withdrawal",
    ]


def test_the_audit_log_names_no_sealed_author(scene: Scene) -> None:
    scene.send_now(identity="sealed")
    scene.send_now(argument="Ý khác.", identity="public")
    actors = [e.actor_id for e in rows(scene.app, AuditEntry) if e.action == "submission.received"]
    assert sorted(actors, key=str) == [scene.author_id, None]


def test_hostile_markdown_is_made_harmless(scene: Scene) -> None:
    scene.send_now(argument="<script>alert(1)</script> [x](javascript:alert(2)) **đậm**")
    [point] = rows(scene.app, Point)
    assert "<script" not in point.argument_html
    assert 'href="javascript' not in point.argument_html
    assert "<strong>đậm</strong>" in point.argument_html


def test_a_send_needs_few_statements(scene: Scene) -> None:
    scene.browser.get(scene.url())
    data = scene.fill(action="send", identity="public", quote="được hỗ trợ 11 triệu")
    page = scene.browser.get(scene.url()).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    with counted(scene.app) as seen:
        answer = scene.browser.post(scene.url(), data=data | {"csrf_token": token.group(1)})
    assert answer.status_code == 303
    assert len(seen) <= 20, "\n".join(seen)
