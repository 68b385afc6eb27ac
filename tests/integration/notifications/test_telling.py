"""Telling people: once for each fact, in their language, in the app and by e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from consult.accounts.models import User
from consult.core import clock
from consult.core.db import transaction
from consult.core.i18n import force_locale
from consult.jobs.runner import run_due
from consult.jobs.services import enqueue
from consult.ledger import checkpoints
from consult.ledger import services as ledger
from consult.notifications.messages import TEXTS, message
from consult.notifications.models import Notification, OutgoingEmail
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import Identity
from tests.support import factories

SEALED = "Hoàng Thị Kín Đáo"


@pytest.fixture(autouse=True)
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def tell(user_ids: list[int], kind: str = "profile.verified", **values: Any) -> None:
    payload = {"user_ids": user_ids, "kind": kind, "params": {}, "url": "/profile", "dedupe": "d"}
    with transaction():
        enqueue("notifications.tell", payload | values)
    run_due()


def notices(user_id: int) -> list[Notification]:
    with transaction(write=False) as session:
        found = session.scalars(
            select(Notification).where(Notification.user_id == user_id).order_by(Notification.id)
        ).all()
        session.expunge_all()
    return list(found)


def letters() -> list[OutgoingEmail]:
    with transaction(write=False) as session:
        found = session.scalars(select(OutgoingEmail).order_by(OutgoingEmail.id)).all()
        session.expunge_all()
    return list(found)


def set_user(user_id: int, **values: Any) -> None:
    with transaction() as session:
        session.execute(update(User).where(User.id == user_id).values(**values))


def test_a_fact_is_told_once() -> None:
    one, two = factories.user("Trần Thị Bình"), factories.user("Lê Văn Cường")
    tell([one, two, one])
    tell([one, two])
    assert len(notices(one)) == len(notices(two)) == 1
    assert len(letters()) == 2
    tell([one], dedupe="another fact")
    assert len(notices(one)) == 2
    assert len(letters()) == 3


def test_the_letter_is_in_the_readers_language() -> None:
    vietnamese, english = factories.user("Trần Thị Bình"), factories.user("Lê Văn Cường")
    set_user(english, locale="en")
    tell([vietnamese, english])
    one, two = letters()
    assert one.subject == "Hồ sơ của ông/bà đã được xác minh"
    assert one.body.startswith("Kính gửi ông/bà Trần Thị Bình,\n")
    assert two.subject == "Your profile has been verified"
    assert two.body.startswith("Dear Lê Văn Cường,\n")
    assert "http://127.0.0.1:8000/profile" in one.body


def test_a_letter_on_a_receipt_carries_the_signed_checkpoint() -> None:
    with transaction():
        ledger.append("version", 1, {"title": "Dự thảo"}, at=clock.now())
    params = {"reference": "A", "round": "R", "count": 1, "at": "08:00"}
    user = factories.user("Trần Thị Bình")
    tell([user], "submission.received", params=params)
    tell([user], dedupe="another fact")
    received, verified = letters()
    with transaction(write=False):
        head = str(checkpoints.current().head)
    assert head in received.body
    assert head not in verified.body


def test_a_disabled_account_is_told_nothing() -> None:
    user = factories.user()
    set_user(user, disabled_at=clock.now())
    tell([user])
    assert notices(user) == []
    assert letters() == []


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_every_message_reads_well_in_both_languages(kind: str) -> None:
    names = set(re.findall(r"%\((\w+)\)", "".join(TEXTS[kind])))
    params = {name: f"<{name} 100%>" for name in names}
    for locale in ("vi", "en"):
        with force_locale(locale):
            text = message(kind, params)
        assert "%(" not in text.title + text.body
        assert all(value in text.title + text.body for value in params.values())
    assert message(kind, params).title != TEXTS[kind][0] % params


def test_a_subject_stays_on_one_line() -> None:
    user = factories.user()
    club = "Câu lạc bộ\r\nBcc: all@example.org"
    tell([user], "club.accepted", params={"club": club})
    (letter,) = letters()
    assert "\n" not in letter.subject
    assert letter.sent_at is not None


def answer(points: list[int], *, published: bool = True) -> int:
    now = clock.now()
    with transaction() as session:
        round_id = session.get_one(factories.Point, points[0]).consultation_id
        row = Response(
            consultation_id=round_id,
            disposition=Disposition.NOT_ACCEPTED,
            reason="Không phù hợp.",
            created_at=now,
            published_at=now if published else None,
        )
        row.answered = [AnsweredPoint(point_id=point) for point in points]
        session.add(row)
        session.flush()
        return row.id


def publish(*responses: int) -> None:
    with transaction():
        enqueue("notifications.answers_published", {"response_ids": list(responses)})
    run_due()


@pytest.fixture
def round_id() -> int:
    agency = factories.organisation()
    return factories.consultation(agency, factories.version(agency))


def test_answers_reach_each_author_once_and_say_how_many(round_id: int) -> None:
    one, two, silent = (factories.user(verified=True) for _ in range(3))
    first = answer([factories.point(round_id, one), factories.point(round_id, two)])
    second = answer([factories.point(round_id, one, provision="d2")])
    hidden = answer([factories.point(round_id, silent)], published=False)
    publish(first, second, hidden)
    publish(first, second, hidden)
    ((told_one,), (told_two,)) = notices(one), notices(two)
    assert (told_one.params["count"], told_two.params["count"]) == (2, 1)
    assert told_one.url == "/my/contributions"
    assert notices(silent) == []
    assert len(letters()) == 2


def test_imported_opinions_have_nobody_to_tell(round_id: int) -> None:
    publish(answer([factories.point(round_id, None)]))
    assert letters() == []


def test_later_answers_are_told_again(round_id: int) -> None:
    user = factories.user(verified=True)
    for _ in range(2):
        publish(answer([factories.point(round_id, user)]))
    assert [notice.params["count"] for notice in notices(user)] == [1, 1]


def test_a_sealed_name_stands_in_nobody_elses_letter(round_id: int) -> None:
    sealed = factories.user(SEALED, verified=True, email="kin@example.org")
    other = factories.user("Trần Thị Bình", verified=True)
    points = [factories.point(round_id, sealed, identity=Identity.SEALED)]
    points.append(factories.point(round_id, other))
    publish(answer(points))
    to_others = [letter for letter in letters() if letter.to_address != "kin@example.org"]
    assert len(to_others) == 1
    for letter in to_others:
        assert "Kín Đáo" not in letter.subject + letter.body
        assert "kin@" not in letter.subject + letter.body
    for notice in notices(other) + notices(sealed):
        assert SEALED not in str(notice.params) + notice.url + notice.dedupe_key


def test_a_letter_with_a_link_is_blank_after_it_was_sent(app: Flask) -> None:
    user = factories.user()
    for purpose in ("confirm", "reset"):
        with transaction():
            enqueue("notifications.link", {"user_id": user, "purpose": purpose})
    run_due()
    tell([user])
    confirm, reset, ordinary = letters()
    assert (confirm.body, reset.body) == ("", "")
    assert ordinary.body
    assert all(letter.sent_at for letter in (confirm, reset, ordinary))
    sent = sorted((app.extensions["consult_settings"].data_dir / "mail").glob("*.eml"))
    assert len(sent) == 3


def test_a_link_may_be_asked_for_again() -> None:
    user = factories.user()
    for _ in range(2):
        with transaction():
            enqueue("notifications.link", {"user_id": user, "purpose": "reset"})
        run_due()
        clock.shift(timedelta(seconds=1))
    assert len(letters()) == 2
