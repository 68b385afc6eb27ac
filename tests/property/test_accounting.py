"""Received, withdrawn, ticked or not: every point of a release is accounted for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Point, Stance
from consult.summaries import decision_services as decisions
from consult.summaries import queries, services
from consult.summaries.commands import CellsWithoutPassage, PointsMissing, SaveSummary
from consult.summaries.decision_models import PointDecision, Reason
from consult.summaries.models import Passage, Summary
from tests.support import factories as make
from tests.support.summaries import approver, release

POINT = st.tuples(
    st.sampled_from([None, "c1", "d1", "d1.k1", "d2.k2"]),
    st.sampled_from(list(Stance)),
    st.integers(0, 3),  # which author
    st.sampled_from(["Tốt.", "!!", "Cần nâng mức hỗ trợ. Nhà ở còn thiếu ở vùng biên giới."]),
    st.booleans(),  # withdrawn before the summary is started
    st.booleans(),  # withdrawn between start and release
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(POINT, max_size=10), st.sets(st.integers(0, 9)))
def test_received_is_quoted_plus_listed_plus_withdrawn(
    sqlite_app: Flask,
    points: list[tuple[str | None, Stance, int, str, bool, bool]],
    unticked: set[int],
) -> None:
    with sqlite_app.app_context():
        agency = make.organisation()
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        writers = [make.user(f"Người {n}", verified=True) for n in range(4)]
        early: list[int] = []
        late: list[int] = []
        received: list[int] = []
        for provision, stance, author, words, gone_early, gone_late in points:
            point = make.point(
                round_id, writers[author], provision=provision, stance=stance, argument=words
            )
            received.append(point)
            if gone_early:
                early.append(point)
            elif gone_late:
                late.append(point)
        withdraw(early)
        with transaction():
            summary_id = services.start(round_id, actor_id=None).id
            shown = [passage.id for passage in queries.evidence(summary_id)]
        withdraw(late)
        with transaction():
            quoted = {p for n, p in enumerate(shown) if n not in unticked}
            services.save(
                SaveSummary(summary_id, None, shown=frozenset(shown), quoted=frozenset(quoted))
            )
        released(summary_id)
        with transaction(write=False) as session:
            summary = queries.newest(round_id)
            assert summary
            manifest = summary.manifest
            assert summary.released_at
            parts = manifest["body"] + manifest["appendix"] + manifest["withdrawn"]
            assert sorted(parts) == received
            assert manifest["received"] == len(received)
            assert sorted(manifest["withdrawn"]) == sorted(early + late)
            standing = [
                session.get_one(Point, p) for p in received if p not in manifest["withdrawn"]
            ]
            quotes = session.query(Passage).filter_by(summary_id=summary_id, is_quoted=True).all()
            assert {quote.point_id for quote in quotes} == set(manifest["body"])
            assert {(p.provision_id, p.stance) for p in standing} == {
                (quote.point.provision_id, quote.point.stance) for quote in quotes
            }
            for quote in quotes:
                assert quote.point.argument[quote.start : quote.end] == quote.text


DECISION = st.tuples(
    st.integers(0, 7),  # which point
    st.one_of(st.sampled_from(list(Reason)), st.integers(0, 7)),  # why aside, or whom it repeats
    st.booleans(),  # taken back afterwards
)
FEW_PLACES = st.tuples(
    st.sampled_from([None, "d1.k1"]),
    st.sampled_from([Stance.AGREE, Stance.DISAGREE]),
    st.booleans(),  # withdrawn after the decisions
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(FEW_PLACES, min_size=2, max_size=8), st.lists(DECISION, max_size=8))
def test_whatever_staff_decide_the_identity_holds_or_the_release_names_what_is_missing(
    sqlite_app: Flask,
    points: list[tuple[str | None, Stance, bool]],
    wanted: list[tuple[int, Reason | int, bool]],
) -> None:
    with sqlite_app.app_context():
        agency = make.organisation()
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        writer = make.user("Người viết", verified=True)
        ids = [
            make.point(round_id, writer, provision=provision, stance=stance)
            for provision, stance, _gone in points
        ]
        with transaction():
            summary_id = services.start(round_id, actor_id=None).id
        for which, what, undone in wanted:
            tries(round_id, ids[which % len(ids)], what, ids)
            if undone:
                with transaction():
                    decided = frozenset(ids[:1])
                    decisions.take_back(decisions.TakeBack(round_id, decided, None))
        gone = [point_id for point_id, (*_place, left) in zip(ids, points, strict=True) if left]
        withdraw(gone)
        with transaction(write=False) as session:
            decided = session.query(PointDecision).filter(PointDecision.point_id.in_(ids))
            leaders = {row.point_id: row.leader_id for row in decided}
        # No chains: nobody repeats a point that is itself decided on.
        assert not set(leaders.values()) & leaders.keys()
        orphans = {p for p, leader in leaders.items() if leader in gone and p not in gone}
        assert missing_at_release(summary_id, round_id) == orphans
        with transaction(write=False):
            manifest = queries.newest(round_id).manifest
        assert_identity(manifest, ids)
        apart = {*dict(manifest["duplicates"]), *(row[0] for row in manifest["set_aside"])}
        assert apart == leaders.keys() - gone - orphans


def missing_at_release(summary_id: int, round_id: int) -> set[int]:
    """Release; return the points that a first attempt named, whose decisions are then undone."""
    try:
        released(summary_id)
    except PointsMissing as refusal:
        missing = frozenset(refusal.point_ids)
        with transaction():
            decisions.take_back(decisions.TakeBack(round_id, missing, None))
        released(summary_id)
        return set(missing)
    return set()


def assert_identity(manifest: dict[str, Any], received: list[int]) -> None:
    """Received = body + appendix + duplicates of a listed one + withdrawn + set aside."""
    listed, duplicates = manifest["body"] + manifest["appendix"], dict(manifest["duplicates"])
    aside = [point_id for point_id, *_why in manifest["set_aside"]]
    assert sorted([*listed, *manifest["withdrawn"], *duplicates, *aside]) == received
    assert manifest["received"] == len(received)
    assert set(duplicates.values()) <= set(listed)
    counted = sum(n for row in manifest["cells"].values() for n in row.values())
    assert counted == len(listed) + len(duplicates)


def tries(round_id: int, point_id: int, what: Reason | int, ids: list[int]) -> None:
    """Decide so on the point, unless it is refused; then nothing is written."""
    leader = None if isinstance(what, Reason) else ids[what % len(ids)]
    reason = what if isinstance(what, Reason) else None
    try:
        with transaction():
            decisions.decide(
                decisions.Decide(round_id, frozenset([point_id]), None, leader, reason, "Vì thế.")
            )
    except decisions.Refused:
        pass


def withdraw(points: list[int]) -> None:
    with transaction() as session:
        for point in points:
            session.get_one(Point, point).withdrawn_at = clock.now()


def released(summary_id: int) -> None:
    """Release; where a silenced stance stops it, have passages proposed anew and release."""
    approver_id = approver()
    try:
        with transaction():
            release(summary_id, actor_id=None, approver_id=approver_id)
    except CellsWithoutPassage:
        with transaction() as session:
            services.propose(session.get_one(Summary, summary_id))
            release(summary_id, actor_id=None, approver_id=approver_id)
