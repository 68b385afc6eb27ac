"""Revising a received point until the closing: every wording is kept, the latest counts."""

from __future__ import annotations

import html
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
from sqlalchemy import select

from consult.cli.main import main
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import transaction
from consult.jobs.models import Job
from consult.jobs.runner import run_due
from consult.ledger.models import Leaf
from consult.notifications.models import Notification
from consult.submissions.models import Identity, KeptWords, Point, Submission
from consult.submissions.revisions.models import PointRevision
from tests.support import factories
from tests.support.browsing import post, signed_in, token
from tests.support.inside import Inside
from tests.support.said import said
from tests.support.statements import counted

FIRST = "Mức hỗ trợ này chưa đủ để giữ chân người giỏi."
SECOND = "Mức hỗ trợ này vẫn chưa đủ để giữ chân người giỏi ở tỉnh."


@dataclass
class Scene:
    """A received point in an open round, and its author's browser."""

    app: Flask
    round_id: int
    author_id: int
    browser: FlaskClient
    point_id: int
    reference: str

    @property
    def url(self) -> str:
        return f"/points/{self.point_id}/revise"

    def open(self) -> dict[str, str]:
        """Open the form and return what it holds besides the words."""
        page = self.browser.get(self.url).text
        names = ("form_key", "base", "csrf_token")
        found = {n: re.search(rf'name="{n}"[^>]*value="([^"]*)"', page) for n in names}
        return {name: match.group(1) for name, match in found.items() if match}

    def send(self, form: dict[str, str] | None = None, **changed: Any) -> Any:
        typed = {"kind": "remark", "stance": "disagree", "argument": SECOND, "action": "revise"}
        return self.browser.post(self.url, data={**typed, **(form or self.open()), **changed})

    def wordings(self) -> list[str]:
        """Return what the point said, the first words first."""
        with self.app.app_context(), transaction(write=False) as session:
            earlier = session.scalars(select(PointRevision).order_by(PointRevision.number))
            words = [row.argument for row in earlier]
            return [*words, session.get_one(Point, self.point_id).argument]


def received(app: Flask, identity: str = "public") -> Scene:
    here = Inside(app, factories)
    agency = here.organisation()
    round_id = here.consultation(agency, here.version(agency))
    author = here.user("Võ Chí Cường", verified=True)
    browser = signed_in(app, author)
    form = {
        "provision": "d1.k1",
        "stance": "disagree",
        "argument": FIRST,
        "form_key": "form-1",
        "action": "send",
        "identity": identity,
    }
    post(browser, f"/rounds/{round_id}/write", form)
    with app.app_context(), transaction(write=False) as session:
        submission = session.scalars(select(Submission)).one()
        return Scene(app, round_id, author, browser, submission.points[0].id, submission.reference)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return received(app)


def audited(scene: Scene) -> str:
    settings = scene.app.extensions["consult_settings"]
    env = {
        "CONSULT_DATA_DIR": str(settings.data_dir),
        "CONSULT_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }
    return CliRunner(env=env).invoke(main, ["ledger", "audit"]).output


def test_the_latest_wording_counts_and_every_one_is_kept(scene: Scene) -> None:
    answer = scene.send(stance="agree_with_changes", kind="objection")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/receipts/{scene.reference}")
    scene.send(argument=SECOND + " Thêm.", stance="agree_with_changes", kind="objection")
    assert scene.wordings() == [FIRST, SECOND, SECOND + " Thêm."]
    with scene.app.app_context(), transaction(write=False) as session:
        point = session.get_one(Point, scene.point_id)
        assert (point.stance.value, point.kind.value) == ("agree_with_changes", "objection")
        assert point.revised_at is not None
        assert "Thêm." in point.argument_html
        kinds = session.scalars(select(Leaf.kind).order_by(Leaf.index)).all()
        assert kinds == ["submission", "revision", "revision"]
        actions = session.scalars(select(AuditEntry.action)).all()
        assert actions.count("point.revised") == 2
        assert session.scalars(select(Job.name)).all().count("search.index") == 3
    listed = scene.browser.get(f"/rounds/{scene.round_id}/points").text
    assert "Thêm." in listed
    assert FIRST not in listed


def test_search_and_notices_follow(scene: Scene) -> None:
    scene.send(argument="Cần thêm chính sách về chuyên gia hải ngoại.")
    with scene.app.app_context():
        run_due()
    assert f"/points/{scene.point_id}" in scene.browser.get("/search?q=hải+ngoại").text
    with scene.app.app_context(), transaction(write=False) as session:
        kinds = session.scalars(select(Notification.kind)).all()
    assert sorted(kinds) == ["point.revised", "submission.received"]


def test_readers_see_what_changed(scene: Scene) -> None:
    scene.send(stance="agree")
    reader = scene.app.test_client()
    page = reader.get(f"/points/{scene.point_id}").text
    assert "<ins" in page
    assert "vẫn" in page
    assert FIRST in html.unescape(page)
    assert said(scene.app, "Revisions") in page


def test_hidden_words_stay_hidden_in_the_history(scene: Scene) -> None:
    scene.send()
    with scene.app.app_context(), transaction() as session:
        point = session.get_one(Point, scene.point_id)
        point.hidden_at, point.hidden_reason = clock.now(), "Xúc phạm"
    page = scene.app.test_client().get(f"/points/{scene.point_id}").text
    assert "giữ chân" not in page


def test_a_repeated_post_revises_once(scene: Scene) -> None:
    form = scene.open()
    first, again = scene.send(form), scene.send(form)
    assert first.status_code == again.status_code == 303
    assert scene.wordings() == [FIRST, SECOND]


def test_twenty_at_once_revise_once(scene: Scene) -> None:
    form = scene.open()
    kept = scene.browser.get_cookie("consult_session")
    assert kept is not None

    def send(_number: int) -> int:
        browser = scene.app.test_client()
        browser.set_cookie("consult_session", kept.value)
        typed = {"kind": "remark", "stance": "disagree", "argument": SECOND, **form}
        return browser.post(scene.url, data=typed).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(send, range(20))) == {303}
    assert scene.wordings() == [FIRST, SECOND]


def test_a_second_tab_is_told_and_sees_both(scene: Scene) -> None:
    stale = scene.open()
    scene.send()
    mine = "Tôi viết ở cửa sổ thứ hai."
    answer = scene.send(stale, argument=mine)
    assert answer.status_code == 409
    assert said(scene.app, "This point was revised meanwhile") in answer.text
    assert SECOND in html.unescape(answer.text)
    assert mine in html.unescape(answer.text)
    assert scene.wordings() == [FIRST, SECOND]
    # Sent knowingly, it becomes the next revision.
    base = re.search(r'name="base"[^>]*value="(\d+)"', answer.text)
    assert base
    assert scene.send(stale, argument=mine, base=base.group(1)).status_code == 303
    assert scene.wordings() == [FIRST, SECOND, mine]


def test_nothing_different_is_no_revision(scene: Scene) -> None:
    assert scene.send(argument=FIRST).status_code == 303
    assert scene.wordings() == [FIRST]


def test_the_words_of_another_of_ones_points_are_asked_about_once(scene: Scene) -> None:
    form = {"provision": "d1.k1", "stance": "disagree", "argument": SECOND, "form_key": "form-2"}
    post(
        scene.browser,
        f"/rounds/{scene.round_id}/write",
        form | {"action": "send", "identity": "public"},
    )
    typed = scene.open()
    asked = scene.send(typed)
    assert asked.status_code == 422
    assert "Ông/bà đã có một ý kiến với đúng nội dung này" in asked.text
    assert SECOND in asked.text
    again = re.search(r'name="again"[^>]*value="([^"]*)"', asked.text)
    assert again
    assert scene.send(typed, again=again.group(1)).status_code == 303


def test_after_the_closing_it_is_refused_and_the_words_are_kept(scene: Scene) -> None:
    form = scene.open()
    with scene.app.app_context(), transaction() as session:
        session.get_one(Consultation, scene.round_id).closes_at = clock.now()
    answer = scene.send(form)
    assert answer.status_code == 409
    assert re.search(r"\d\d:\d\d:\d\d", answer.text)
    assert SECOND in html.unescape(answer.text)
    assert scene.wordings() == [FIRST]
    with scene.app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(KeptWords)).one().fields["argument"] == SECOND
    # Whoever comes back later finds the words in the form.
    assert SECOND in html.unescape(scene.browser.get(scene.url).text)


def test_a_withdrawn_point_is_not_revised(scene: Scene) -> None:
    form = scene.open()
    post(scene.browser, f"/receipts/{scene.reference}/withdraw")
    answer = scene.send(form)
    assert answer.status_code == 409
    assert SECOND in html.unescape(answer.text)
    assert scene.wordings() == [FIRST]
    assert scene.browser.get(scene.url).headers["Location"] == f"/receipts/{scene.reference}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"argument": ""},
        {"argument": "a" * 20_001},
        {"stance": "love"},
        {"kind": "joke"},
        {"kind": "wording", "proposed_wording": ""},
        {"question": "7"},
        {"quote": "a" * 4_001},
    ],
)
def test_bad_input_is_told_beside_the_field_and_kept(scene: Scene, wrong: dict[str, str]) -> None:
    typed = {"proposed_wording": "Xin giữ lại câu này.", **wrong}
    answer = scene.send(**typed)
    assert answer.status_code == 422
    for words in typed.values():
        if len(words) > 10:
            assert words in html.unescape(answer.text)
    assert scene.wordings() == [FIRST]


@pytest.mark.parametrize("base", ["-1", "x", "99999999999", "²"])
def test_a_wrong_base_is_a_conflict_at_most(scene: Scene, base: str) -> None:
    scene.send()
    assert scene.send(base=base, argument="Lời khác hẳn.").status_code == 409
    assert scene.wordings() == [FIRST, SECOND]


def test_only_its_author_revises_and_a_lost_right_loses_no_words(scene: Scene) -> None:
    other = signed_in(scene.app, Inside(scene.app, factories).user(verified=True))
    assert other.get(scene.url).status_code == 404
    form = scene.open()
    data = {"argument": SECOND, "stance": "agree", "csrf_token": token(other)}
    assert other.post(scene.url, data=data).status_code == 404
    with scene.app.app_context(), transaction() as session:
        from consult.accounts.models import User

        session.get_one(User, scene.author_id).verified_at = None
    answer = scene.send(form)
    assert answer.status_code == 403
    assert SECOND in html.unescape(answer.text)
    assert scene.wordings() == [FIRST]


def test_the_receipt_proves_each_revision(scene: Scene, tmp_path: Path) -> None:
    scene.send()
    scene.send(argument="Lần thứ ba.")
    page = scene.browser.get(f"/receipts/{scene.reference}").text
    with scene.app.app_context(), transaction(write=False) as session:
        hashes = session.scalars(select(Leaf.leaf_hash)).all()
    assert all(one in page for one in hashes)
    text = scene.browser.get(f"/receipts/{scene.reference}.txt").text
    for words in (FIRST, SECOND, "Lần thứ ba."):
        assert words in text
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
    assert checked.output.count("revision") == 2, checked.output


def test_withdrawing_a_revised_point_keeps_the_log_sound(scene: Scene) -> None:
    scene.send()
    post(scene.browser, f"/receipts/{scene.reference}/withdraw")
    page = scene.browser.get(f"/receipts/{scene.reference}").text
    assert "alert-danger" not in page  # that the rows no longer fit the log
    assert "point_revisions" not in audited(scene)


def test_a_sealed_author_revises_without_being_named(app: Flask) -> None:
    scene = received(app, "sealed")
    assert scene.send().status_code == 303
    assert scene.wordings() == [FIRST, SECOND]
    with app.app_context(), transaction(write=False) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "point.revised"))
        assert entry.one().actor_id is None
        for job in session.scalars(select(Job)):
            assert str(scene.author_id) not in str(job.payload.get("user_ids", ""))
        assert session.scalars(select(Submission)).one().authorship.identity is Identity.SEALED


def test_statements_are_few_and_constant(scene: Scene) -> None:
    scene.send()
    with counted(scene.app) as few:
        scene.browser.get(f"/points/{scene.point_id}")
    for number in range(4):
        scene.send(argument=f"Lời thứ {number}.")
    with counted(scene.app) as many:
        scene.browser.get(f"/points/{scene.point_id}")
    assert len(many) == len(few) <= 12
    form = scene.open()
    with counted(scene.app) as found:
        assert scene.send(form, argument="Lời cuối.").status_code == 303
    assert len(found) <= 20
    with counted(scene.app) as found:
        scene.browser.get(f"/receipts/{scene.reference}")
    assert len(found) <= 12
    with counted(scene.app) as found:
        scene.browser.get(scene.url)
    assert len(found) <= 12


def test_another_point_after_sending_is_another_submission(scene: Scene) -> None:
    clock.shift(timedelta(minutes=1))
    form = {
        "provision": "d1.k1",
        "stance": "agree",
        "argument": "Bổ sung một ý nữa.",
        "form_key": "form-2",
        "action": "send",
        "identity": "public",
    }
    post(scene.browser, f"/rounds/{scene.round_id}/write", form)
    assert factories_count(scene) == 2


def factories_count(scene: Scene) -> int:
    return Inside(scene.app, factories).count(Submission)
