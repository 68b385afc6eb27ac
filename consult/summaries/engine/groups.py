"""Opinion groups: who votes alike, what each group stands for, and what all of them share."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct
from threadpoolctl import threadpool_limits

from consult.summaries.engine import clustering
from consult.summaries.engine.limits import (
    FEWEST_PEOPLE,
    FEWEST_STATEMENTS,
    STABLE,
    VOTES_TO_COUNT,
)
from consult.summaries.engine.memberships import WrongMemberships
from consult.summaries.engine.representativeness import (
    Figures,
    figures,
    representative,
    side_figures,
)
from consult.summaries.engine.votes import Votes, in_order

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.intp]


class _Grouping(Struct, frozen=True):
    rows: Labels
    labels: Labels
    names: tuple[str, ...]


def evaluate(votes: Votes, *, left_out: Set[str] = frozenset()) -> dict[str, Any]:
    """Return the opinion groups in ``votes``, as JSON would have them.

    Statements of ``left_out`` (say, hidden by a moderator) form no groups, stand for none, and
    votes on them make nobody count.
    "status" is "shown", or why there are no groups: "few_people", "few_statements",
    "no_groups" (nobody votes alike, or everybody), "unstable" (a fifth of the people fewer and
    the groups are others). Only with "shown" are there "groups" and "statements". The order of
    the votes and the names of the voters change nothing.
    """
    with threadpool_limits(limits=1):
        kept = _kept(votes, left_out)
        rows = _counted(kept)
        result = _head(votes, kept)
        if len(rows) < FEWEST_PEOPLE or kept.shape[1] < FEWEST_STATEMENTS:
            few = "few_statements" if kept.shape[1] < FEWEST_STATEMENTS else "few_people"
            return {**result, "status": few}
        cast = kept[rows]
        found = _cluster(cast)
        if found is None:
            return {**result, "status": "no_groups"}
        agreement, each = clustering.repeatability(found.labels, lambda stay: _cluster(cast[stay]))
        result |= {
            "status": "shown" if agreement >= STABLE else "unstable",
            "stable": agreement >= STABLE,
            "agreement": round(agreement, 6),
            "agreements": [round(one, 6) for one in each],
            "silhouettes": {str(k): round(one, 6) for k, one in found.silhouettes.items()},
        }
        if not result["stable"]:
            return result
        names = tuple(str(group) for group in range(found.groups))
        return result | _groups(votes, _Grouping(rows, found.labels, names), left_out)


def evaluate_given(
    votes: Votes, memberships: Mapping[str, str], *, left_out: Set[str] = frozenset()
) -> dict[str, Any]:
    """Return what ``evaluate`` does for groups that are given, as {voter: group}.

    People in no group do not count. "status" is "given"; whether the groups are stable is not
    asked. Raises WrongMemberships when no voter is in any group.
    """
    place = {voter: at for at, voter in enumerate(votes.voters)}
    members = {place[voter]: group for voter, group in memberships.items() if voter in place}
    if not members:
        raise WrongMemberships("none")
    rows = np.array(sorted(members), dtype=np.intp)
    names = in_order(members.values())
    labels = np.array([names.index(members[int(row)]) for row in rows], dtype=np.intp)
    result = _head(votes, _kept(votes, left_out)) | {
        "status": "given",
        "members_without_votes": len(memberships) - len(members),
    }
    return result | _groups(votes, _Grouping(rows, labels, names), left_out)


def _kept(votes: Votes, left_out: Set[str]) -> Floats:
    return votes.cast[:, [name not in left_out for name in votes.statements]]


def _head(votes: Votes, kept: Floats) -> dict[str, Any]:
    return {
        "voters": len(votes.voters),
        "statement_count": len(votes.statements),
        "votes": int((~np.isnan(votes.cast)).sum()),
        "contradictory": votes.contradictory,
        "votes_to_count": min(VOTES_TO_COUNT, kept.shape[1]),
        "participants": len(_counted(kept)),
        "stable": None,
        "agreement": None,
        "groups": [],
        "statements": [],
    }


def _counted(cast: Floats) -> Labels:
    """Return the rows of the people who voted often enough, ordered by how they voted.

    People who voted alike are interchangeable from here on, so names and places of rows have
    no influence, down to the last digit.
    """
    enough = min(VOTES_TO_COUNT, cast.shape[1])
    rows = np.flatnonzero((~np.isnan(cast)).sum(axis=1) >= max(1, enough))
    if not len(rows):
        return rows
    return rows[np.lexsort(np.nan_to_num(cast[rows], nan=2.0).T[::-1])]


def project(cast: Floats) -> Floats:
    """Return each row's place on the two axes on which people differ most.

    As in Polis: principal components of the votes with each missing one at the statement's
    mean; a person's own votes alone place him, and the place is moved outwards by the square
    root of statements / own votes, because somebody with few votes would else always be in the
    middle. The largest loading of each axis is positive.
    """
    voted = ~np.isnan(cast)
    means = np.nan_to_num(cast).sum(axis=0) / np.maximum(voted.sum(axis=0), 1)
    centred = np.where(voted, cast - means, 0.0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    axes = axes[:, :-3:-1]
    largest = np.abs(axes).round(9).argmax(axis=0)
    axes = axes * np.sign(axes[largest, np.arange(axes.shape[1])])
    outwards = np.sqrt(cast.shape[1] / np.maximum(voted.sum(axis=1), 1))
    return (centred @ axes) * outwards[:, None]


def _cluster(cast: Floats) -> clustering.Clustering | None:
    # Places that differ by less than rounding are one.
    return clustering.cluster(project(cast).round(9))


def _groups(votes: Votes, grouping: _Grouping, left_out: Set[str]) -> dict[str, Any]:
    """Return "groups" and "statements" of the result."""
    found = figures(votes.cast[grouping.rows], grouping.labels, len(grouping.names))
    hidden = frozenset(at for at, name in enumerate(votes.statements) if name in left_out)
    groups: list[dict[str, Any]] = []
    for group, name in enumerate(grouping.names):
        members = np.sort(grouping.rows[grouping.labels == group])
        standing = representative(found, group, hidden)
        groups.append(
            {
                "id": name,
                "size": len(members),
                "members": [votes.voters[row] for row in members],
                "representative": [
                    {**row, "statement": votes.statements[row["statement"]]} for row in standing
                ],
            }
        )
    return {"groups": groups, "statements": _statements(votes, grouping, found, hidden)}


def _statements(
    votes: Votes, grouping: _Grouping, found: Figures, hidden: frozenset[int]
) -> list[dict[str, Any]]:
    """Return each statement's figures in all groups, those that all groups agree with first."""
    consensus = found.consensus
    order = sorted(range(len(votes.statements)), key=lambda at: (-consensus[at], at))
    return [
        {
            "statement": votes.statements[at],
            "left_out": at in hidden,
            "group_aware_consensus": float(consensus[at]),
            "groups": {
                name: {
                    "agree": int(found.agree.count[group, at]),
                    "disagree": int(found.disagree.count[group, at]),
                    "votes": int(found.votes[group, at]),
                    **side_figures(found, group, at),
                }
                for group, name in enumerate(grouping.names)
            },
        }
        for at in order
    ]
