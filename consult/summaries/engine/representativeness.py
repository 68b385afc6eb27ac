"""What sets a group of voters apart, and what all groups share: figures for each statement.

The formulas are Polis's: C. Small, M. Bjorkegren, T. Erkkilä, L. Shaw, C. Megill, "Polis:
Scaling deliberation by mapping high dimensional opinion spaces", Recerca 26 (2), 2021. In them
one vote each way is added to what was counted, so that few votes never look certain.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from consult.summaries.engine.votes import AGREE, DISAGREE

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

# One-sided 90 % of the normal distribution, rounded as Polis rounds it.
SIGNIFICANT = 1.2816
REPRESENTATIVE_STATEMENTS = 5


class Side(Struct, frozen=True):
    """Agreement (or disagreement) with each statement in each group, groups by statements."""

    count: Counts
    p: Floats
    """Probability that a member takes this side, within (0, 1)."""
    p_test: Floats
    """z of that probability against one half."""
    r: Floats
    """Representativeness: the probability here divided by that in all other groups."""
    r_test: Floats
    """z of the two-proportion test between this group and all others."""

    @property
    def weight(self) -> Floats:
        """Return by what representative statements are ordered."""
        return self.r * self.r_test * self.p * self.p_test

    @property
    def passes(self) -> npt.NDArray[np.bool_]:
        """Return where this side is significant, in itself and against the other groups."""
        return (self.p_test > SIGNIFICANT) & (self.r_test > SIGNIFICANT)


class Figures(Struct, frozen=True):
    """All that is counted and tested for given groups."""

    votes: Counts
    """Votes with the passes, groups by statements."""
    agree: Side
    disagree: Side

    @property
    def consensus(self) -> Floats:
        """Return each statement's group-aware consensus.

        That is the product over the groups of the probability of agreement: it is high only
        where every group agrees, whatever the groups' sizes.
        """
        return np.prod(self.agree.p, axis=0)


def figures(cast: Floats, labels: npt.NDArray[np.intp], groups: int) -> Figures:
    """Return the figures of ``groups`` groups.

    ``cast`` has a row for each member of a group and NaN where somebody did not vote;
    ``labels`` has the number of each row's group, from 0.
    """
    members = [cast[labels == group] for group in range(groups)]
    votes = np.array([(~np.isnan(rows)).sum(axis=0) for rows in members])
    return Figures(
        votes,
        _side(np.array([(rows == AGREE).sum(axis=0) for rows in members]), votes),
        _side(np.array([(rows == DISAGREE).sum(axis=0) for rows in members]), votes),
    )


def _side(count: Counts, votes: Counts) -> Side:
    other_count, other_votes = count.sum(axis=0) - count, votes.sum(axis=0) - votes
    p = (count + 1) / (votes + 2)
    return Side(
        count=count,
        p=p,
        p_test=2 * np.sqrt(votes + 1) * ((count + 1) / (votes + 1) - 0.5),
        r=p / ((other_count + 1) / (other_votes + 2)),
        r_test=_two_proportions(count + 1, votes + 1, other_count + 1, other_votes + 1),
    )


def _two_proportions(here: Counts, of_here: Counts, there: Counts, of_there: Counts) -> Floats:
    """Return z of the difference between two proportions; 0 where everybody takes the side."""
    pooled = (here + there) / (of_here + of_there)
    variance = pooled * (1 - pooled) * (1 / of_here + 1 / of_there)
    undecided = variance > 0
    difference = here / of_here - there / of_there
    return np.where(undecided, difference / np.sqrt(np.where(undecided, variance, 1.0)), 0.0)


def representative(found: Figures, group: int, left_out: frozenset[int]) -> list[dict[str, Any]]:
    """Return the statements that stand for a group, at most five, agreement before disagreement.

    These are the significant ones with the greatest weight, and always the statement the group
    most agrees with (Polis's rule), with its agreement. When nothing is significant, the one
    that is nearest to it.
    ``left_out`` are places of statements that may not stand for anybody. Each statement is a
    dict with "statement" (its place), "best_agree", and what ``side_figures`` returns.
    """
    places = [at for at in range(found.votes.shape[1]) if at not in left_out]
    best = _most_agreed(found, group, places)
    agree, disagree = found.agree, found.disagree
    passing = agree.passes[group] | disagree.passes[group]
    chosen = [at for at in places if passing[at] and at != best]
    chosen.sort(key=lambda at: (-_side_of(found, group, at).weight[group, at], at))
    if best is not None:
        chosen.insert(0, best)
    elif not chosen:
        nearest = np.maximum(agree.r_test[group], disagree.r_test[group])
        chosen = sorted(places, key=lambda at: (-nearest[at], at))[:1]
    shown = [
        {
            "statement": at,
            "best_agree": at == best,
            **_shown(found, found.agree if at == best else _side_of(found, group, at), group, at),
        }
        for at in chosen[:REPRESENTATIVE_STATEMENTS]
    ]
    return sorted(shown, key=lambda row: row["repful_for"] != "agree")


def side_figures(found: Figures, group: int, at: int) -> dict[str, Any]:
    """Return the figures of the side on which a statement is more representative of a group.

    Keys: repful_for ("agree" or "disagree"), n_success, n_trials, p_success, p_test, repness,
    repness_test.
    """
    return _shown(found, _side_of(found, group, at), group, at)


def _shown(found: Figures, side: Side, group: int, at: int) -> dict[str, Any]:
    return {
        "repful_for": "agree" if side is found.agree else "disagree",
        "n_success": int(side.count[group, at]),
        "n_trials": int(found.votes[group, at]),
        "p_success": float(side.p[group, at]),
        "p_test": float(side.p_test[group, at]),
        "repness": float(side.r[group, at]),
        "repness_test": float(side.r_test[group, at]),
    }


def _side_of(found: Figures, group: int, at: int) -> Side:
    agrees = found.agree.r_test[group, at] > found.disagree.r_test[group, at]
    return found.agree if agrees else found.disagree


def _most_agreed(found: Figures, group: int, places: list[int]) -> int | None:
    """Return the statement a group most agrees with, or None when it agrees with none.

    As in Polis the measure depends on the best one so far: while that one is no more agreed
    with here than elsewhere, agreement alone counts; afterwards the whole weight.
    """
    side = found.agree
    p, p_test, r = side.p[group], side.p_test[group], side.r[group]
    weight, sheer = side.weight[group], p * p_test
    best: int | None = None
    for at in places:
        if side.count[group, at] + found.disagree.count[group, at] == 0:
            continue
        if best is None:
            better = p_test[at] > SIGNIFICANT or (r[at] > 1 and p[at] > 0.5)
        elif r[best] > 1:
            better = weight[at] > weight[best]
        else:
            better = sheer[at] > sheer[best]
        if better:
            best = at
    return best
