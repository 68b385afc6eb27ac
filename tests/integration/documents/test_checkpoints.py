"""What is released and what is written to people carries the log's signed checkpoint."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.jobs.runner import run_due
from consult.jobs.services import enqueue
from consult.ledger import checkpoints, keys, verifying
from consult.ledger import services as ledger
from consult.notifications.models import OutgoingEmail
from consult.notifications.services import ATTESTED
from consult.summaries import services as summaries
from tests.integration.documents.test_critiques import get, words_of
from tests.support import factories as make
from tests.support import panels
from tests.support.browsing import signed_in
from tests.support.exports import exported
from tests.support.inside import Inside
from tests.support.summaries import approver, release

PARAMS = {"reference": "K7M2", "round": "Dự thảo", "count": 1, "at": "08:00", "subject": "Dự thảo"}


def signed_now(app: Flask) -> str:
    """Return the log's checkpoint, after checking that the portal's key has signed it."""
    with app.app_context(), transaction(write=False):
        signed = checkpoints.current()
        assert signed.head.size
        assert verifying.checkpoint(signed.note, [keys.signer().verifier]) == signed.head
        return signed.note


def on_one_line(note: str) -> str:
    """Return ``note`` as a document prints it, without the spaces at which lines may end."""
    return re.sub(r"\s", "", " / ".join(note.split()))


def a_closed_round() -> tuple[int, int]:
    """Return a closed round with an opinion that is in the log, and its official."""
    agency = make.organisation()
    closed = {"stage": Stage.CLOSED, "closes": timedelta(days=-1)}
    round_id = make.consultation(agency, make.version(agency), **closed)
    make.point(round_id, make.user(verified=True))
    with transaction():
        ledger.append("version", 1, {"title": "Dự thảo"}, at=clock.now())
    return round_id, make.user("Cán Bộ", roles=(("official", agency),))


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_official_form_of_a_round_prints_it(app: Flask, form: str) -> None:
    with app.app_context():
        round_id, _official = a_closed_round()
        text = words_of(form, exported(f"mau10.{form}", round_id))
    assert on_one_line(signed_now(app)) in re.sub(r"\s", "", text)


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_the_report_of_a_critique_prints_it(app: Flask, form: str) -> None:
    story = Inside(app, panels).delivered()
    url = f"/critiques/{story.commission}/report.{form}"
    text = words_of(form, get(signed_in(app, story.official), url))
    assert on_one_line(signed_now(app)) in re.sub(r"\s", "", text)


def test_a_released_summary_shows_the_first_one_over_it(app: Flask) -> None:
    with app.app_context():
        round_id, official = a_closed_round()
        approver_id = approver()
        with transaction():
            summary_id = summaries.start(round_id, actor_id=official).id
            release(summary_id, actor_id=official, approver_id=approver_id)
        with transaction():
            assert checkpoints.store()
    page = get(signed_in(app, approver_id), f"/summaries/{summary_id}").decode()
    assert signed_now(app).strip() in page.replace("&#43;", "+")


@pytest.mark.parametrize("kind", sorted(ATTESTED))
def test_a_letter_brings_one_that_can_be_checked(app: Flask, kind: str) -> None:
    with app.app_context():
        a_closed_round()
        user_id = make.user("Trần Thị Bình")
        payload = {"user_ids": [user_id], "kind": kind, "params": PARAMS, "url": "/", "dedupe": "d"}
        with transaction():
            enqueue("notifications.tell", payload)
        run_due()
        with transaction(write=False) as session:
            letter = session.scalars(select(OutgoingEmail)).one().body
    assert signed_now(app).strip() in letter
