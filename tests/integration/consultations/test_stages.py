"""Rounds open and close at their instants, each change recorded once, whoever asks."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from consult.app import create_app
from consult.consultations import queries, services, stages
from consult.consultations.commands import Asked
from consult.consultations.models import Consultation, Holiday, PeriodRule, Stage, StageChange
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db, transaction
from consult.jobs.models import Job
from consult.jobs.runner import run_due, tick
from consult.notifications.models import Notification
from tests.support import factories
from tests.support.rounds import prepared, publish, published, said, stage, work


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


def instants(round_id: int) -> tuple[datetime, datetime]:
    with transaction(write=False):
        row = queries.consultation(round_id)
        assert row is not None
        assert row.opens_at is not None
        assert row.closes_at is not None
        return row.opens_at, row.closes_at


def changes(round_id: int) -> list[tuple[str, str, str]]:
    with transaction(write=False):
        return [
            (line.change.transition, line.change.from_stage, line.change.to_stage)
            for line in queries.history(round_id)
        ]


def told(kind: str) -> set[int]:
    with transaction(write=False) as session:
        return set(session.scalars(select(Notification.user_id).where(Notification.kind == kind)))


def load(round_id: int) -> Consultation:
    row = queries.consultation(round_id)
    assert row is not None
    return row


def test_a_round_opens_and_closes_at_its_instants() -> None:
    round_id, _user = published()
    opens, closes = instants(round_id)
    for instant, expected in (
        (opens - timedelta(seconds=2), Stage.SCHEDULED),
        (opens, Stage.OPEN),
        (closes - timedelta(seconds=2), Stage.OPEN),
        (closes, Stage.CLOSED),
    ):
        clock.move_to(instant)
        work()
        assert stage(round_id) is expected, instant
    assert changes(round_id) == [
        ("publish", "preparing", "scheduled"),
        ("open", "scheduled", "open"),
        ("close", "open", "closed"),
    ]


def test_the_instants_are_kept_across_a_restart(app: Flask) -> None:
    round_id, _user = published()
    opens, closes = instants(round_id)
    for instant, expected in ((opens, Stage.OPEN), (closes, Stage.CLOSED)):
        clock.move_to(instant)
        with create_app(app.extensions["consult_settings"]).app_context():
            run_due()
            assert stage(round_id) is expected
            db.engine.dispose()


def test_after_a_long_stop_both_changes_happen() -> None:
    round_id, _user = published()
    clock.move_to(instants(round_id)[1] + timedelta(days=3))
    work()
    assert [name for name, _from, _to in changes(round_id)] == ["publish", "open", "close"]


def test_advancing_twice_changes_nothing() -> None:
    round_id, _user = published()
    clock.move_to(instants(round_id)[0])
    for _again in range(3):
        with transaction():
            services.advance(round_id)
    assert len(changes(round_id)) == 2
    with transaction():
        services.advance(987654)  # a round that is gone harms nobody


def test_the_safety_net_catches_a_lost_job() -> None:
    round_id, _user = published()
    with transaction() as session:
        session.execute(delete(Job).where(Job.name == "consultations.advance"))
    clock.move_to(instants(round_id)[0])
    work()
    assert stage(round_id) is Stage.SCHEDULED, "no job was left"
    tick()
    assert stage(round_id) is Stage.OPEN


def test_an_opening_that_is_past_or_empty_is_now() -> None:
    for opens_at in (None, clock.now() - timedelta(days=30)):
        round_id, _user = published(opens_at=opens_at)
        assert stage(round_id) is Stage.OPEN
        assert abs(instants(round_id)[0] - clock.now()) < timedelta(seconds=20)


def test_publishing_keeps_the_statement_and_freezes_the_text() -> None:
    round_id, user = prepared()
    publish(round_id, user)
    with transaction(write=False) as session:
        row = load(round_id)
        assert row.no_state_secret_by == user
        assert row.no_state_secret_at is not None
        assert row.version.frozen_at is not None
        actions = session.scalars(
            select(AuditEntry.action).where(AuditEntry.subject_kind == "round")
        ).all()
    assert actions == ["round.created", "round.publish"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"summary": " "}, "summary"),
        ({"responsible_name": ""}, "responsible"),
        ({"closes_at": None}, "closes"),
        ({"closes_at": datetime.fromisoformat("2020-01-01T00:00:00+00:00")}, "order"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_published(
    changed: dict[str, object], code: str
) -> None:
    round_id, user = prepared(**changed)
    with pytest.raises(services.Incomplete) as refused:
        publish(round_id, user)
    assert refused.value.codes == [code]
    assert stage(round_id) is Stage.PREPARING
    with transaction(write=False):
        assert load(round_id).no_state_secret_at is None


def test_without_the_statement_nothing_is_published() -> None:
    round_id, user = prepared()
    with pytest.raises(services.Incomplete), transaction():
        services.publish(load(round_id), actor_id=user, no_state_secret=False)
    assert stage(round_id) is Stage.PREPARING


def test_a_text_without_provisions_is_not_published() -> None:
    agency = factories.organisation()
    user = factories.user(roles=(("official", agency),))
    with transaction() as session:
        from consult.drafts.models import Draft, DraftVersion

        draft = Draft(title="Trống", agency_id=agency, created_at=clock.now())
        version = DraftVersion(
            draft=draft, number=1, text="", remainder="", parts=[], warnings=[],
            created_at=clock.now(),
        )  # fmt: skip
        session.add(version)
        session.flush()
        round_id = services.create(version, said(), created_by=user).id
    with pytest.raises(services.Incomplete) as refused:
        publish(round_id, user)
    assert refused.value.codes == ["provisions"]


def test_extending_moves_the_closing_and_tells_the_authors() -> None:
    round_id, user = published(opens_at=None)
    author = factories.user(verified=True)
    front = factories.user(roles=(("front", None),))
    bystander = factories.user(verified=True)
    factories.point(round_id, author)
    old = instants(round_id)[1]
    with transaction():
        services.extend(
            load(round_id), old + timedelta(days=5), reason="Nhiều người đề nghị", actor_id=user
        )
    work()
    assert {author, front, user} <= told("round.extended")
    assert bystander not in told("round.extended")
    clock.move_to(old)
    work()
    assert stage(round_id) is Stage.OPEN
    clock.move_to(old + timedelta(days=5))
    work()
    assert stage(round_id) is Stage.CLOSED


def test_an_extension_must_be_later_and_in_time() -> None:
    round_id, user = published(opens_at=None)
    closes = instants(round_id)[1]
    with pytest.raises(services.NotLater), transaction():
        services.extend(load(round_id), closes, reason="x", actor_id=user)
    clock.move_to(closes)  # the scheduler has not been round yet
    with pytest.raises(services.TooLate), transaction():
        services.extend(load(round_id), closes + timedelta(days=1), reason="x", actor_id=user)
    assert instants(round_id)[1] == closes


def test_cancelling_is_final_and_told() -> None:
    round_id, user = published(opens_at=None)
    author = factories.user(verified=True)
    factories.point(round_id, author)
    with transaction():
        services.cancel(load(round_id), reason="Rút dự thảo", actor_id=user)
    work()
    assert author in told("round.cancelled")
    clock.move_to(instants(round_id)[1])
    work()
    assert stage(round_id) is Stage.CANCELLED
    with pytest.raises(stages.NotAllowed), transaction():
        services.cancel(load(round_id), reason="x", actor_id=user)


def test_an_unpublished_round_is_cancelled_quietly() -> None:
    round_id, user = prepared()
    factories.user(roles=(("front", None),))
    with transaction():
        services.cancel(load(round_id), reason="Nhầm", actor_id=user)
    work()
    assert told("round.cancelled") == set()


def test_opening_tells_writers_and_closing_tells_staff() -> None:
    writer = factories.user(verified=True)
    unverified = factories.user()
    front = factories.user(roles=(("front", None),))
    round_id, user = published()
    clock.move_to(instants(round_id)[0])
    work()
    assert told("round.opened") == {writer, front}
    clock.move_to(instants(round_id)[1])
    work()
    assert told("round.closed") == {front, user}
    assert unverified not in told("round.opened")


def test_editing_a_scheduled_round_moves_its_instants() -> None:
    round_id, user = published()
    opens, closes = instants(round_id)
    with transaction():
        later = said(opens_at=opens + timedelta(days=2), closes_at=closes + timedelta(days=2))
        services.edit(load(round_id), later, actor_id=user)
    clock.move_to(opens)
    work()
    assert stage(round_id) is Stage.SCHEDULED
    clock.move_to(opens + timedelta(days=2))
    work()
    assert stage(round_id) is Stage.OPEN
    with pytest.raises(services.NotEditable), transaction():
        services.edit(load(round_id), said(), actor_id=user)


def test_a_scheduled_round_stays_complete() -> None:
    round_id, user = published()
    with pytest.raises(services.Incomplete), transaction():
        services.edit(load(round_id), said(summary=""), actor_id=user)
    with transaction(write=False):
        assert load(round_id).summary


def test_questions_are_changed_in_place() -> None:
    round_id, user = prepared(questions=(Asked("Một?"), Asked("Hai?"), Asked("Ba?")))
    for questions in (("Một?", "Bốn?"), ("Năm?",), ("Sáu?", "Bảy?", "Tám?"), ()):
        with transaction():
            asked = tuple(map(Asked, questions))
            services.edit(load(round_id), said(questions=asked), actor_id=user)
        with transaction(write=False):
            found = [(q.ordinal, q.text) for q in load(round_id).questions]
        assert found == list(enumerate(questions, 1))


def test_a_rule_refuses_a_short_period_unless_a_reason_is_given() -> None:
    with transaction() as session:
        rule = PeriodRule(name="20 ngày", days=20, unit="calendar", legal_basis="Ví dụ")
        session.add(rule)
        session.flush()
        rule_id = rule.id
    round_id, user = prepared(period_rule_id=rule_id)
    with pytest.raises(services.Incomplete) as refused:
        publish(round_id, user)
    assert refused.value.codes == ["period"]
    with transaction():
        shortened = said(period_rule_id=rule_id, shortened_reason="Trình tự rút gọn")
        services.edit(load(round_id), shortened, actor_id=user)
    publish(round_id, user)
    assert stage(round_id) is Stage.SCHEDULED


def test_holidays_lengthen_a_working_period() -> None:
    with transaction() as session:
        rule = PeriodRule(name="1 ngày làm việc", days=1, unit="working")
        session.add(rule)
        opens = datetime.fromisoformat("2026-03-02T01:00:00+00:00")  # a Monday
        before = queries.minimum_close(opens, rule)
        session.add(Holiday(day=before.date(), name="Nghỉ bù"))
        session.flush()
        assert queries.minimum_close(opens, rule) == before + timedelta(days=1)


def test_a_corrected_text_can_be_used_before_publishing_only() -> None:
    from consult.drafts import services as drafts
    from consult.drafts.parsing import parse_text

    round_id, user = prepared()
    with transaction():
        old = load(round_id).version
        command = drafts.CreateVersion(
            parse_text("Điều 1. Mới"), "", 0, created_by=user, draft_id=old.draft_id
        )
        newer = drafts.create_version(command).id
    with transaction():
        services.use_newest_version(load(round_id), actor_id=user)
    publish(round_id, user)
    with transaction(write=False):
        assert load(round_id).version_id == newer
    with pytest.raises(services.NotEditable), transaction():
        services.use_newest_version(load(round_id), actor_id=user)
    with transaction():
        assert drafts.create_version(command).number == 3, "the revised draft"
    with transaction(write=False):
        assert load(round_id).version_id == newer


def test_a_change_is_one_row_with_its_actor(app: Flask) -> None:
    round_id, user = published()
    clock.move_to(instants(round_id)[0])
    work()
    with transaction(write=False) as session:
        rows = session.scalars(select(StageChange).order_by(StageChange.id)).all()
        assert [row.actor_id for row in rows] == [user, None]
        assert all(row.at >= row.at.replace(microsecond=0) for row in rows)
        assert rows[1].at >= load(round_id).opens_at  # type: ignore[operator]
