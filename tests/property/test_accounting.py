"""Received, withdrawn, ticked or not: every point of a release is accounted for."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Point, Stance
from consult.summaries import queries, services
from consult.summaries.commands import CellsWithoutPassage, SaveSummary
from consult.summaries.models import Passage, Summary
from tests.support import factories as make

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


def withdraw(points: list[int]) -> None:
    with transaction() as session:
        for point in points:
            session.get_one(Point, point).withdrawn_at = clock.now()


def released(summary_id: int) -> None:
    """Release; where a silenced stance stops it, have passages proposed anew and release."""
    try:
        with transaction():
            services.release(summary_id, actor_id=None)
    except CellsWithoutPassage:
        with transaction() as session:
            services.propose(session.get_one(Summary, summary_id))
            services.release(summary_id, actor_id=None)
