"""What may be shown of opinion groups: nothing by which somebody could be placed in one.

Groups of fewer than five people are named and nothing else is told of them. While there is
one, neither the number of all people nor any share is told: beside the counts that everybody
sees, they would give away how many it has, and how it voted. Shares are rounded to tens of per
cent and told only where at least five of a group have voted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any

from consult.summaries.engine.groups import evaluate
from consult.summaries.engine.limits import FEWEST_SHOWN
from consult.summaries.engine.votes import UnreadableVotes, read

# In each group so many of a hundred must agree with a point of consensus.
CONSENSUS = 60
_MOST_CONSENSUS = 10
_TEN = 10


def shown(votes: Iterable[Sequence[int]], left_out: Set[int] = frozenset()) -> dict[str, Any]:
    """Return what may be shown of the groups in ``votes`` as plain values for JSON.

    A vote is (person, point, 1 or -1); points of ``left_out`` form no groups and stand for
    none. "status" is that of `groups.evaluate`; with "shown", "people" is how many count,
    "groups" has "size" (None for a small one) and "points" that stand for each, "consensus" the
    points that all groups agree with. "people" and all shares are None while a group is too
    small to be told of.
    """
    lines = ["voter,statement,vote", *(",".join(map(str, vote)) for vote in votes)]
    try:
        found = evaluate(read(lines), left_out={str(point) for point in left_out})
    except UnreadableVotes:  # there are none
        return {"status": "few_people"}
    if found["status"] != "shown":
        return {"status": found["status"]}
    ordered: list[dict[str, Any]] = sorted(
        found["groups"], key=lambda group: (-group["size"], int(group["id"]))
    )
    large = [group["id"] for group in ordered if group["size"] >= FEWEST_SHOWN]
    if not large:
        return {"status": "no_groups"}
    figures = {row["statement"]: row["groups"] for row in found["statements"]}
    groups = [_group(group, figures) for group in ordered]
    consensus = _consensus(found["statements"], large)
    in_figures = len(large) == len(ordered)
    if not in_figures:
        for row in (*(row for group in groups for row in group["points"]), *consensus):
            row.update({name: None for name in ("share", "shares") if name in row})
    return {
        "status": "shown",
        "agreement": round(found["agreement"], 2),
        "people": found["participants"] if in_figures else None,
        "groups": groups,
        "consensus": consensus,
    }


def _group(
    group: Mapping[str, Any], figures: Mapping[str, Mapping[str, Mapping[str, Any]]]
) -> dict[str, Any]:
    if group["size"] < FEWEST_SHOWN:
        return {"size": None, "points": []}
    points: list[dict[str, Any]] = []
    for row in group["representative"]:
        share = _share(figures[row["statement"]][group["id"]], row["repful_for"])
        if share is not None:
            side = row["repful_for"]
            points.append({"point": int(row["statement"]), "side": side, "share": share})
    return {"size": group["size"], "points": points}


def _share(row: Mapping[str, Any], side: str) -> int | None:
    """Return how many of a hundred who voted take the side, to the ten; None for few votes."""
    votes = row["votes"]
    return None if votes < FEWEST_SHOWN else _TEN * round(_TEN * row[side] / votes)


def _consensus(statements: Iterable[Mapping[str, Any]], large: Sequence[str]) -> list[Any]:
    """Return the points that most in each large group agree with, the most shared first."""
    found: list[dict[str, Any]] = []
    for row in statements:
        shares = [_share(row["groups"][name], "agree") for name in large]
        told = [share for share in shares if share is not None and share >= CONSENSUS]
        if not row["left_out"] and len(told) == len(large):
            found.append({"point": int(row["statement"]), "shares": told})
    return found[:_MOST_CONSENSUS]
