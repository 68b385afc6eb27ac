"""What is told of opinion groups places nobody in one of them."""

from __future__ import annotations

import random

from consult.summaries.engine.child import ask_groups
from consult.summaries.engine.limits import FEWEST_SHOWN
from consult.summaries.engine.shown_groups import shown

# How three camps vote on ten points; all agree with the last two.
CAMPS = (
    (1, 1, 1, 1, -1, -1, -1, -1, 1, 1),
    (-1, -1, -1, -1, 1, 1, 1, 1, 1, 1),
    (1, -1, 1, -1, 1, -1, 1, -1, 1, 1),
)


def cast(*sizes: int) -> list[tuple[int, int, int]]:
    votes: list[tuple[int, int, int]] = []
    person = 0
    for size, camp in zip(sizes, CAMPS, strict=False):
        for _ in range(size):
            votes += [(person, 100 + at, vote) for at, vote in enumerate(camp)]
            person += 1
    return votes


def test_groups_are_told_with_what_stands_for_them_and_what_all_share() -> None:
    found = shown(cast(12, 9))
    assert found["status"] == "shown"
    assert found["people"] == 21
    assert [group["size"] for group in found["groups"]] == [12, 9]
    first, second = found["groups"]
    assert {"point": 100, "side": "agree", "share": 100} in first["points"]
    assert {"point": 104, "side": "agree", "share": 100} in second["points"]
    sides = {row["point"]: row["side"] for row in second["points"]}
    assert all(side == ("agree" if point >= 104 else "disagree") for point, side in sides.items())
    assert found["consensus"] == [
        {"point": 108, "shares": [100, 100]},
        {"point": 109, "shares": [100, 100]},
    ]


def test_nothing_is_told_of_a_small_group_and_it_cannot_be_computed() -> None:
    found = shown(cast(14, 12, FEWEST_SHOWN - 1))
    assert found["status"] == "shown"
    assert [group["size"] for group in found["groups"]] == [14, 12, None]
    assert found["groups"][2]["points"] == []
    assert found["people"] is None
    assert [row["point"] for row in found["consensus"]] == [108, 109]
    shares = [row["share"] for group in found["groups"] for row in group["points"]]
    assert shares
    assert set(shares) == {row["shares"] for row in found["consensus"]} == {None}


def test_shares_are_rounded_and_need_five_votes() -> None:
    stray = random.Random(5)
    # Of the first camp only four have answered the last point but one.
    found = shown(
        (person, point, -vote if stray.random() < 0.1 else vote)
        for person, point, vote in cast(40, 30)
        if stray.random() < 0.9 and not (point == 108 and 4 <= person < 40)
    )
    rows = [row for group in found["groups"] for row in group["points"]]
    shares = {row["share"] for row in rows}
    assert all(share % 10 == 0 for share in shares)
    assert shares & {80, 90}
    assert [row["point"] for row in found["consensus"]] == [109]


def test_points_left_out_stand_for_nothing() -> None:
    found = shown(cast(12, 9), {100, 108})
    points = {row["point"] for group in found["groups"] for row in group["points"]}
    points |= {row["point"] for row in found["consensus"]}
    assert points
    assert not points & {100, 108}


def test_without_groups_there_is_only_the_reason() -> None:
    assert shown([]) == {"status": "few_people"}
    assert shown(cast(8, 4)) == {"status": "few_people"}
    assert shown(cast(30)) == {"status": "no_groups"}
    noise = random.Random(3)
    votes = [(p, at, noise.choice((1, -1))) for p in range(40) for at in range(10)]
    assert shown(votes) in ({"status": "unstable"}, {"status": "no_groups"})


def test_names_of_people_change_nothing_and_a_child_says_the_same() -> None:
    votes = cast(14, 12, 3)
    other = [(900 - person, point, vote) for person, point, vote in reversed(votes)]
    assert shown(other) == shown(votes) == ask_groups(votes, [])
