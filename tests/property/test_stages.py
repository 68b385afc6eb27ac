"""Whatever is tried in whatever order, a round's stage follows the table and is recorded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.consultations import queries, services, stages, tasks
from consult.consultations.models import Consultation, Stage
from consult.core import clock
from consult.core.db import transaction
from tests.support import factories
from tests.support.rounds import prepared

TABLE = {(source, t.name): t.target for t in stages.TRANSITIONS.values() for source in t.sources}


def attempt(round_id: int, name: str) -> bool:
    """Try the transition; return whether it happened."""
    try:
        with transaction():
            row = queries.consultation(round_id)
            assert row is not None
            stages.apply(row, name, actor_id=None, reason="thử")
    except stages.NotAllowed:
        return False
    return True


def record(round_id: int) -> list[tuple[str, str, str]]:
    with transaction(write=False):
        return [
            (line.change.transition, line.change.from_stage, line.change.to_stage)
            for line in queries.history(round_id)
        ]


def stage(round_id: int) -> Stage:
    with transaction(write=False) as session:
        return session.get_one(Consultation, round_id).stage


@given(st.lists(st.sampled_from(sorted(stages.TRANSITIONS)), max_size=12))
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_only_declared_changes_happen_and_each_is_recorded(
    sqlite_app: Flask, names: list[str]
) -> None:
    with sqlite_app.app_context():
        agency = factories.organisation()
        round_id = factories.consultation(
            agency, factories.version(agency, articles=1), stage=Stage.PREPARING
        )
        expected: list[tuple[str, str, str]] = []
        present = Stage.PREPARING
        for name in names:
            target = TABLE.get((present, name))
            assert attempt(round_id, name) is (target is not None)
            if target is not None:
                expected.append((name, present.value, target.value))
                present = target
            assert stage(round_id) is present
        assert record(round_id) == expected


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("wait"), st.integers(0, 9 * 24 * 3600)),
            st.tuples(st.sampled_from(["publish", "extend", "cancel"]), st.integers(1, 400_000)),
        ),
        max_size=10,
    )
)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_stage_agrees_with_the_instants_at_every_time(
    sqlite_app: Flask, steps: list[tuple[str, int]]
) -> None:
    """After each step and the scheduler's work: open exactly between opening and closing."""
    clock.reset()
    with sqlite_app.app_context():
        round_id, user = prepared()
        for act, number in steps:
            try:
                with transaction():
                    row = queries.consultation(round_id)
                    assert row is not None
                    if act == "wait":
                        clock.shift(timedelta(seconds=number))
                    elif act == "publish":
                        services.publish(row, actor_id=user, no_state_secret=True)
                    elif act == "extend":
                        later = (row.closes_at or clock.now()) + timedelta(seconds=number)
                        services.extend(row, later, reason="thử", actor_id=user)
                    else:
                        services.cancel(row, reason="thử", actor_id=user)
            except (stages.NotAllowed, services.TooLate, services.Incomplete):
                pass
            with transaction():
                tasks.advance_overdue([{}])
            agree(round_id)
        changes = record(round_id)
        assert all(TABLE[Stage(source), name] == Stage(to) for name, source, to in changes)
        assert sum(name == "open" for name, _source, _to in changes) <= 1
        assert sum(name == "close" for name, _source, _to in changes) <= 1
    clock.reset()


def agree(round_id: int) -> None:
    with transaction(write=False) as session:
        row = session.get_one(Consultation, round_id)
        if row.stage in (Stage.PREPARING, Stage.CANCELLED):
            return
        assert row.opens_at is not None
        assert row.closes_at is not None
        now = clock.now()
        wanted = (
            Stage.SCHEDULED
            if now < row.opens_at
            else Stage.OPEN
            if now < row.closes_at
            else Stage.CLOSED
        )
        assert row.stage is wanted


def test_an_unknown_transition_is_an_error(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        round_id, _user = prepared()
        with pytest.raises(KeyError):
            attempt(round_id, "reopen")
