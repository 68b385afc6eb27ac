"""Opinion groups are found where there are some, hidden where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from consult.summaries.engine.groups import evaluate, evaluate_given, project
from consult.summaries.engine.memberships import WrongMemberships
from consult.summaries.engine.votes import Votes, in_order

# How three camps vote on twelve statements; all agree with the last two.
CAMPS = [
    [1, 1, 1, 1, 1, -1, -1, -1, -1, -1, 1, 1],
    [-1, -1, -1, 1, 1, 1, 1, 1, -1, -1, 1, 1],
    [-1, 1, -1, -1, -1, -1, 1, 1, 1, 1, 1, 1],
]


def ballots(cast: npt.NDArray[np.float64]) -> Votes:
    return Votes(
        in_order(f"v{row:03}" for row in range(len(cast))),
        in_order(str(at) for at in range(cast.shape[1])),
        cast,
        0,
    )


def camps(*sizes: int, noise: float = 0.1, missing: float = 0.2) -> Votes:
    """Return the votes of camps: some vote against their camp, some not at all."""
    random = np.random.default_rng(8)
    wanted = np.repeat(np.array(CAMPS[: len(sizes)], dtype=np.float64), sizes, axis=0)
    cast = np.where(random.random(wanted.shape) < noise, -wanted, wanted)
    return ballots(np.where(random.random(wanted.shape) < missing, np.nan, cast))


def memberships(result: dict[str, Any]) -> list[set[str]]:
    return [set(group["members"]) for group in result["groups"]]


def test_planted_camps_are_found() -> None:
    votes = camps(40, 25, 15)
    result = evaluate(votes)
    assert (result["status"], result["stable"]) == ("shown", True)
    assert result["agreement"] > 0.85
    camp = {name: (row >= 40) + (row >= 65) for row, name in enumerate(votes.voters)}
    assert [group["id"] for group in result["groups"]] == ["0", "1", "2"]
    assert [[camp[name] for name in members].count(place) / len(members)
            for place, members in enumerate(memberships(result))] >= [0.95] * 3  # fmt: skip


def test_the_shared_statements_come_first() -> None:
    result = evaluate(camps(40, 25, 15))
    assert {row["statement"] for row in result["statements"][:2]} == {"10", "11"}
    values = [row["group_aware_consensus"] for row in result["statements"]]
    assert values == sorted(values, reverse=True)


def test_each_camp_is_known_by_what_it_alone_holds() -> None:
    third = evaluate(camps(40, 25, 15))["groups"][2]["representative"]
    sides = {row["statement"]: row["repful_for"] for row in third}
    assert {"8", "9"} <= sides.keys()
    assert all(
        side == ("agree" if CAMPS[2][int(statement)] > 0 else "disagree")
        for statement, side in sides.items()
    )


def test_noise_is_not_shown_as_groups() -> None:
    random = np.random.default_rng(2)
    result = evaluate(ballots(random.choice([-1.0, 0.0, 1.0, np.nan], (80, 20))))
    assert (result["status"], result["stable"]) == ("unstable", False)
    assert result["agreement"] < 0.7
    assert (result["groups"], result["statements"]) == ([], [])


@pytest.mark.parametrize(
    ("cast", "status"),
    [
        (np.ones((14, 9)), "few_people"),
        (np.ones((30, 2)), "few_statements"),
        (np.ones((30, 9)), "no_groups"),
        # Six votes where seven count.
        (np.where(np.arange(9) < 6, np.ones((30, 9)), np.nan), "few_people"),
    ],
)
def test_too_little_is_said_to_be_so(cast: npt.NDArray[np.float64], status: str) -> None:
    result = evaluate(ballots(cast))
    assert (result["status"], result["stable"]) == (status, None)
    assert result["groups"] == []


def test_who_voted_on_everything_counts_even_with_few_statements() -> None:
    result = evaluate(ballots(np.array([[1.0, 1, 1]] * 10 + [[-1.0, -1, -1]] * 10)))
    assert (result["votes_to_count"], result["participants"]) == (3, 20)
    assert [group["size"] for group in result["groups"]] == [10, 10]


def test_left_out_statements_form_no_groups_and_stand_for_none() -> None:
    votes = camps(40, 25)
    split = np.concatenate([votes.cast, np.tile([[1.0], [-1.0]], (65, 1))[:65]], axis=1)
    more = Votes(votes.voters, (*votes.statements, "hidden"), split, 0)
    plain, left = evaluate(votes), evaluate(more, left_out={"hidden"})
    assert memberships(plain) == memberships(left)
    assert [group["representative"] for group in plain["groups"]] == [
        group["representative"] for group in left["groups"]
    ]
    assert plain["participants"] == left["participants"]
    assert [row["statement"] for row in left["statements"] if row["left_out"]] == ["hidden"]
    everything = evaluate(votes, left_out=set(votes.statements))
    assert (everything["status"], everything["participants"]) == ("few_statements", 0)


def test_given_groups_are_taken_as_they_are() -> None:
    votes = camps(2, 3)
    given = {"v000": "b", "v004": "a", "v001": "b", "nobody": "a"}
    result = evaluate_given(votes, given)
    assert (result["status"], result["members_without_votes"]) == ("given", 1)
    assert [(group["id"], group["members"]) for group in result["groups"]] == [
        ("a", ["v004"]),
        ("b", ["v000", "v001"]),
    ]


def test_groups_of_strangers_are_refused() -> None:
    with pytest.raises(WrongMemberships):
        evaluate_given(camps(2, 3), {"nobody": "a"})


def test_the_axes_are_principal_components() -> None:
    cast = camps(20, 20, 20, missing=0).cast
    centred = cast - cast.mean(axis=0)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    assert np.abs(project(cast)) == pytest.approx(np.abs(left[:, :2] * values[:2]), abs=1e-9)


def test_few_votes_move_outwards() -> None:
    full = np.array([[1.0, 1, 1, 1]] * 60 + [[-1.0, -1, -1, -1]] * 60)
    alone = np.array([[1.0, np.nan, np.nan, np.nan]])
    places = project(np.concatenate([full, alone]))[:, 0]
    # One vote of four reaches a quarter as far, and is moved outwards by the root of four.
    assert places[-1] / places[0] == pytest.approx(1 / 2, abs=0.01)


def test_whatever_the_axes_their_largest_loading_is_positive() -> None:
    cast = camps(20, 20, missing=0).cast
    # A vote for everything less its opposite tells the sign of each loading.
    for votes in (cast, cast[::-1]):
        base = np.concatenate([votes, np.zeros((1, 12)), np.eye(12)])
        loadings = project(base)[-12:] - project(base)[-13]
        largest = np.abs(loadings).round(6).argmax(axis=0)
        assert (loadings[largest, [0, 1]] > 0).all()
