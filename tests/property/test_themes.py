"""Whatever a round holds and staff decide: every point counted, every line verbatim."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import theme_building as building
from consult.summaries import theme_queries as reading
from consult.summaries import theme_services as services
from consult.summaries.decision_models import PointDecision
from consult.summaries.engine.build import build, to_json
from consult.summaries.theme_models import Repetition, ThemeLine, ThemePoint
from tests.support import factories as make

WORDS = (
    "Đề nghị bổ sung nhà ở công vụ cho giáo viên vùng biên giới.",
    "Đề nghị bổ sung nhà ở công vụ cho giáo viên vùng biên giới!",
    "Nên mở tuyến xe buýt về các xã miền núi.",
    "Cần 30 % vốn.",
    "Tôi không đồng ý. TP. Biên Hoà thiếu trường mầm non.",
    "!!",
)
POINT = st.tuples(
    st.sampled_from([None, "d1.k1", "d2.k1"]),
    st.sampled_from([Stance.AGREE, Stance.DISAGREE]),
    st.integers(0, 2),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join),
    st.sampled_from(list(Identity)[::2]),
)
ACT = st.tuples(
    st.sampled_from(["rename", "merge", "move", "split", "undo", "confirm", "refuse", "withdraw"]),
    st.integers(0, 9),
    st.integers(0, 9),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(POINT, min_size=1, max_size=9), st.lists(ACT, max_size=6))
def test_every_point_keeps_one_place(
    sqlite_app: Flask, points: list[tuple[Any, ...]], acts: list[tuple[str, int, int]]
) -> None:
    with sqlite_app.app_context():
        agency = make.organisation()
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        writers = [make.user(f"Người {n}", verified=True) for n in range(3)]
        ids = [
            make.point(
                round_id,
                writers[author],
                provision=provision,
                stance=stance,
                argument=words,
                identity=identity,
            )
            for provision, stance, author, words, identity in points
        ]
        built(round_id)
        for act in acts:
            tried(round_id, ids, act)
            figures_agree(round_id)
        decided = decisions(round_id)
        built(round_id)
        figures_agree(round_id)
        assert decisions(round_id).items() >= decided.items()
        with transaction(write=False):
            read = building.material(round_id)
        again = building.Material(round_id, read.records[::-1], read.duplicates, read.set_aside)
        assert to_json(build(again.records, 60)) == to_json(build(read.records, 60))


def built(round_id: int) -> None:
    """Build in this process: the child's start would take longer than all the rest."""
    with transaction(write=False):
        read = building.material(round_id)
    with transaction():
        building.store(read, build(read.records, 60), actor_id=None)


def decisions(round_id: int) -> dict[int, int | None]:
    with transaction(write=False) as session:
        rows = session.query(ThemePoint).filter_by(consultation_id=round_id, decided=True)
        return {row.point_id: row.theme_id for row in rows}


def figures_agree(round_id: int) -> None:
    with transaction(write=False) as session:
        standing = session.query(Point).filter_by(consultation_id=round_id, withdrawn_at=None)
        coverage, rows = reading.coverage(round_id), reading.rows(round_id)
        assert coverage.points == coverage.assigned == standing.count()
        assert sum(row.numbers.points for row in rows) == coverage.points
        assert 0 <= coverage.echoed <= coverage.assigned
        for row in rows:
            assert 1 <= row.numbers.distinct <= row.numbers.points
            assert 1 <= row.numbers.people <= row.numbers.points
            assert row.theme is None or row.theme.provision_id == row.provision_id
        for line in session.query(ThemeLine).filter_by(consultation_id=round_id):
            assert line.text
            assert line.point.argument[line.start : line.end] == line.text
        heard = {place for place, lines in reading.lines_for(round_id).items() if lines}
        repeated = session.query(PointDecision.point_id)
        quotable = standing.filter(Point.id.not_in(repeated), Point.argument != "!!")
        gone = session.query(Point).filter(Point.withdrawn_at.is_not(None)).count()
        if not gone:  # else a line's only point may have gone since
            assert heard >= {(p.provision_id, p.stance) for p in quotable}


def tried(round_id: int, ids: list[int], act: tuple[str, int, int]) -> None:
    """Do what staff or an author might, unless it is refused."""
    kind, one, other = act
    point_id, second = ids[one % len(ids)], ids[other % len(ids)]
    with transaction(write=False) as session:
        place, into = session.get_one(ThemePoint, point_id), session.get_one(ThemePoint, second)
        mine, theirs = place.theme_id or 0, into.theme_id or 0
        leader = session.get(Repetition, point_id)
        leader_id = leader.leader_id if leader else 0
        newest = next((c.id for c in reading.changes(round_id) if c.undone_at is None), 0)
    try:
        with transaction() as session:
            if kind == "rename":
                services.rename(services.Rename(round_id, mine, f"Tên {other}", None))
            elif kind == "merge":
                services.merge(services.Merge(round_id, mine, theirs, None))
            elif kind == "move":
                services.move(services.Move(round_id, frozenset([point_id]), None, theirs))
            elif kind == "split":
                services.move(services.Move(round_id, frozenset([point_id]), None, name="Mới"))
            elif kind == "undo":
                services.undo(round_id, newest, actor_id=None)
            elif kind == "confirm":
                services.confirm(round_id, leader_id, [point_id], actor_id=None)
            elif kind == "refuse":
                services.refuse(round_id, leader_id, [point_id], actor_id=None)
            else:
                session.get_one(Point, point_id).withdrawn_at = clock.now()
    except (services.NotInThisRound, services.NothingToUndo, services.decision_services.Refused):
        pass
