"""Opinion groups depend on how people vote: not on names, nor on the order of the lines."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.summaries.engine.groups import evaluate, evaluate_given
from consult.summaries.engine.votes import read

HEADER = "voter,statement,vote"


@st.composite
def rounds(draw: st.DrawFn) -> list[tuple[str, str, int]]:
    """Return the votes of up to forty people, most of whom follow one of two or three camps."""
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    people, statements = draw(st.integers(16, 40)), draw(st.integers(4, 10))
    stances = seed.choice([-1, 1], (draw(st.integers(2, 3)), statements))
    strays, silent = draw(st.sampled_from([0, 0.05, 0.3])), draw(st.sampled_from([0, 0.2]))
    return [
        (f"v{person}", str(statement), int(vote if seed.random() >= strays else -vote))
        for person in range(people)
        for statement, vote in enumerate(stances[seed.integers(len(stances))])
        if seed.random() >= silent
    ]


def found(cast: list[tuple[str, str, int]]) -> dict[str, Any]:
    return evaluate(read([HEADER, *(",".join(map(str, row)) for row in cast)]))


def renamed(result: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    groups = [
        {**group, "members": sorted(names[name] for name in group["members"])}
        for group in result["groups"]
    ]
    return {**result, "groups": groups}


@settings(max_examples=25)
@given(rounds(), st.randoms(use_true_random=False))
def test_neither_order_nor_names_change_the_groups(
    cast: list[tuple[str, str, int]], shuffler: random.Random
) -> None:
    result = found(cast)
    voters = sorted({voter for voter, _, _ in cast})
    others = [f"w{number}" for number in range(len(voters))]
    shuffler.shuffle(others)
    names = dict(zip(voters, others, strict=True))
    turned = [(names[voter], statement, vote) for voter, statement, vote in cast]
    shuffler.shuffle(turned)
    again = found(turned)
    same = {name: name for name in others}
    assert renamed(result, names) == renamed(again, same)


@settings(max_examples=25)
@given(rounds())
def test_counts_add_up(cast: list[tuple[str, str, int]]) -> None:
    result = found(cast)
    members = [name for group in result["groups"] for name in group["members"]]
    assert len(members) == len(set(members))
    assert (result["status"] == "shown") == bool(members)
    assert len(members) == (result["participants"] if members else 0)
    inside = [row for row in cast if row[0] in set(members)]
    for row in result["statements"]:
        votes = [vote for _, statement, vote in inside if statement == row["statement"]]
        figures = list(row["groups"].values())
        assert sum(one["votes"] for one in figures) == len(votes)
        assert sum(one["agree"] for one in figures) == votes.count(1)
        assert sum(one["disagree"] for one in figures) == votes.count(-1)


@given(rounds(), st.integers(1, 4))
def test_probabilities_are_never_certain(cast: list[tuple[str, str, int]], groups: int) -> None:
    votes = read([HEADER, *(",".join(map(str, row)) for row in cast)])
    result = evaluate_given(
        votes, {voter: str(at % groups) for at, voter in enumerate(votes.voters)}
    )
    assert len(result["statements"]) == len(votes.statements)
    for row in result["statements"]:
        assert 0 < row["group_aware_consensus"] < 1
        for figures in row["groups"].values():
            assert 0 < figures["p_success"] < 1
            assert figures["repness"] > 0
