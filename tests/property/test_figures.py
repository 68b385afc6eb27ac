"""Whatever a round holds: each printed number is what counting the points one by one gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import transaction
from consult.submissions.models import Identity, Point, Stance
from consult.summaries import decision_services as decisions
from consult.summaries import services
from consult.summaries.commands import SaveSummary
from consult.summaries.decision_models import Reason
from consult.summaries.figures import Figures, figures
from consult.summaries.models import Summary
from consult.summaries.placeholders import PLACEHOLDERS, STANCES, in_braces, share
from consult.summaries.printing import words_of
from consult.summaries.quantities import quantity
from tests.support import factories as make


class Given(NamedTuple):
    """A point of the round: where, how, by whom, on whose behalf; what became of it."""

    place: str | None
    stance: Stance
    author: int
    club: int | None
    identity: Identity
    fate: str


POINT = st.builds(
    Given,
    st.sampled_from([None, "d1", "d1.k1"]),
    st.sampled_from(list(Stance)),
    st.integers(0, 2),
    st.sampled_from([None, 0, 1]),
    st.sampled_from(list(Identity)),
    st.sampled_from(["stands", "stands", "withdrawn", "set aside"]),
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(POINT, max_size=9))
def test_every_figure_is_counted_and_printed_as_counted(
    sqlite_app: Flask, points: list[Given]
) -> None:
    with sqlite_app.app_context():
        agency = make.organisation()
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        writers = [make.user(f"Người {n}", verified=True) for n in range(3)]
        clubs = [make.organisation("club", f"Hội {n}") for n in range(2)]
        places = fill(round_id, points, writers, clubs)
        with transaction():
            summary = services.start(round_id, actor_id=None)
            every = " · ".join(map(in_braces, PLACEHOLDERS))
            there = " · ".join(in_braces(name) for name in PLACEHOLDERS if name != "so_ban_gop_y")
            narratives = dict.fromkeys(places.values(), there)
            summary_id = summary.id
            services.save(SaveSummary(summary_id, None, introduction=every, narratives=narratives))
        with transaction(write=False) as session:
            found = figures(round_id)
            words = words_of(session.get_one(Summary, summary_id))
        counted = [p for p in points if p.fate == "stands"]
        assert found.whole.stances == dict.fromkeys(Stance, 0) | stances(counted)
        assert found.whole.contributions == len(points)
        assert (found.whole.people, found.whole.organisations) == people(points)
        printed(words.introduction, PLACEHOLDERS, found.whole)
        for place in {p.place for p in counted}:
            here = [p for p in counted if p.place == place]
            one = found.at(places[place])
            assert one.stances == stances(here)
            assert one.texts == len(here)  # nothing is said to repeat another point
            assert (one.people, one.organisations) == people(here)
            names = [name for name in PLACEHOLDERS if name != "so_ban_gop_y"]
            printed(words.narratives[places[place]], names, one)


def fill(
    round_id: int, points: list[Given], writers: list[int], clubs: list[int]
) -> dict[str | None, int | None]:
    """Add the points; return the ids of their provisions by key."""
    places: dict[str | None, int | None] = {}
    for given_ in points:
        point_id = make.point(
            round_id,
            writers[given_.author],
            provision=given_.place,
            stance=given_.stance,
            identity=given_.identity,
            organisation_id=None if given_.club is None else clubs[given_.club],
        )
        with transaction() as session:
            point = session.get_one(Point, point_id)
            places[given_.place] = point.provision_id
            if given_.fate == "withdrawn":
                point.withdrawn_at = clock.now()
        if given_.fate == "set aside":
            with transaction():
                decisions.decide(
                    decisions.Decide(
                        round_id, frozenset([point_id]), None, None, Reason.OFF_TOPIC, "Lạc đề."
                    )
                )
    return places


def stances(points: Iterable[Given]) -> dict[Stance, int]:
    found: dict[Stance, int] = {}
    for point in points:
        found[point.stance] = found.get(point.stance, 0) + 1
    return found


def people(points: Iterable[Given]) -> tuple[int, int]:
    """Whoever writes both openly and sealed counts as two; who is sealed for is not told."""
    named = [p for p in points if p.identity is not Identity.SEALED]
    hidden = {(p.author, p.club) for p in points if p.identity is Identity.SEALED}
    authors = len({p.author for p in named}) + len({author for author, _club in hidden})
    return authors, len({p.club for p in named if p.club is not None})


def printed(text: str, names: Iterable[str], one: Figures) -> None:
    total = one.points
    expected = {
        "so_y_kien": str(total),
        "so_nguoi": str(one.people),
        "so_to_chuc": str(one.organisations),
        "so_ban_gop_y": str(one.contributions),
        "so_noi_dung_khac_nhau": str(one.texts),
    }
    for stance, name in STANCES.items():
        of = one.stances.get(stance, 0)
        expected[f"so_{name}"] = str(of)
        expected[f"phan_{name}"] = quantity(of, total).value
        expected[f"ty_le_{name}"] = share(of, total)
    wanted = [expected[name] for name in names]
    assert text.lower().split(" · ") == [one.lower() for one in wanted]
