"""Representativeness and shared consensus: by hand, and as Polis published them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from consult.summaries.engine.representativeness import Figures, figures, representative

# From the published results of the Polis conversation 3ntrtcehas (CC BY 4.0): each statement's
# agreements, disagreements and votes in the four groups, and its group-aware consensus.
PUBLISHED_VOTES = {
    4: ([36, 4, 31, 4], [1, 24, 9, 5], [39, 36, 51, 29], 0.011563430494797626),
    5: ([0, 33, 31, 4], [27, 0, 3, 6], [37, 33, 47, 32], 0.0023921656574717796),
    18: ([30, 3, 27, 7], [0, 18, 1, 4], [30, 28, 37, 29], 0.02393162393162393),
}
# Group, statement, side, p, p-test, representativeness and its test (published as 32 bit).
PUBLISHED = [
    (0, 4, "agree", 0.9024390243902439, 5.375872022286246, 2.66219512195122, 6.3685427),
    (0, 18, "agree", 0.96875, 5.5677643628300215, 2.447368421052632, 5.8279686),
    (0, 5, "disagree", 0.717948717948718, 2.919985580353725, 8.184615384615386, 7.9670157),
    (1, 5, "agree", 0.9714285714285714, 5.830951894845301, 3.184126984126984, 7.1257157),
    (1, 18, "disagree", 0.6333333333333333, 1.6712580435934665, 10.34444444444444, 7.029526),
    (1, 4, "disagree", 0.6578947368421053, 2.1371868349696443, 4.975328947368421, 6.5658946),
]


def counted(*statements: tuple[list[int], list[int], list[int]]) -> Figures:
    """Return the figures of groups with these agreements, disagreements and votes."""
    groups = len(statements[0][0])
    columns = [
        [
            [1.0] * agree[group]
            + [-1.0] * disagree[group]
            + [0.0] * (votes[group] - agree[group] - disagree[group])
            for agree, disagree, votes in statements
        ]
        for group in range(groups)
    ]
    size = max(len(column) for group in columns for column in group)
    rows = [
        [[*column, *[math.nan] * (size - len(column))] for column in group] for group in columns
    ]
    cast = np.array(rows).transpose(0, 2, 1).reshape(groups * size, len(statements))
    return figures(cast, np.repeat(np.arange(groups), size), groups)


def test_a_small_example_by_hand() -> None:
    # Here two agree and one passes; there one agrees, two disagree.
    found = counted(([2, 1], [0, 2], [3, 3]))
    assert found.votes.tolist() == [[3], [3]]
    assert found.agree.count.tolist() == [[2], [1]]
    assert found.disagree.count.tolist() == [[0], [2]]
    assert found.agree.p[:, 0] == pytest.approx([3 / 5, 2 / 5])
    assert found.agree.p_test[:, 0] == pytest.approx([2 * 2 * (3 / 4 - 1 / 2), 0])
    assert found.agree.r[:, 0] == pytest.approx([3 / 2, 2 / 3])
    z = (3 / 4 - 2 / 4) / math.sqrt(5 / 8 * 3 / 8 * (1 / 4 + 1 / 4))
    assert found.agree.r_test[:, 0] == pytest.approx([z, -z])
    assert found.consensus == pytest.approx([6 / 25])


def test_where_everybody_agrees_nobody_stands_out() -> None:
    found = counted(([4, 5], [0, 0], [4, 5]))
    assert found.agree.r_test.tolist() == [[0], [0]]


def test_figures_are_those_that_polis_published() -> None:
    statements = list(PUBLISHED_VOTES)
    found = counted(*(PUBLISHED_VOTES[statement][:3] for statement in statements))
    expected = [PUBLISHED_VOTES[statement][3] for statement in statements]
    assert np.abs(found.consensus - expected).max() < 1e-15
    for group, statement, name, *published in PUBLISHED:
        side = found.agree if name == "agree" else found.disagree
        at = group, statements.index(statement)
        ours = [side.p[at], side.p_test[at], side.r[at], side.r_test[at]]
        assert ours == pytest.approx(published, rel=0, abs=1e-6)


def standing(found: Figures, *left_out: int) -> list[tuple[int, str, bool]]:
    return [
        (row["statement"], row["repful_for"], row["best_agree"])
        for row in representative(found, 0, frozenset(left_out))
    ]


# In the first of two groups of twenty: what it alone rejects, what all share, and what it alone
# supports, in rising strength.
REJECTED = ([1, 18], [18, 1], [20, 20])
SHARED = ([14, 14], [4, 4], [20, 20])
WEAK = ([15, 10], [5, 10], [20, 20])
STRONG = ([17, 3], [3, 17], [20, 20])
STRONGEST = ([20, 1], [0, 19], [20, 20])


def test_what_sets_a_group_apart_comes_first_and_agreement_before_disagreement() -> None:
    found = counted(REJECTED, SHARED, WEAK, STRONG, STRONGEST)
    assert standing(found) == [
        (4, "agree", True),
        (3, "agree", False),
        (2, "agree", False),
        (0, "disagree", False),
    ]


def test_left_out_statements_stand_for_nobody() -> None:
    found = counted(REJECTED, SHARED, WEAK, STRONG, STRONGEST)
    assert standing(found, 4, 0) == [(3, "agree", True), (2, "agree", False)]


def test_five_statements_are_enough() -> None:
    assert len(standing(counted(*[STRONG] * 8))) == 5


def test_a_group_that_only_rejects_has_its_rejections() -> None:
    found = counted(([0, 15], [20, 2], [20, 20]), ([0, 15], [18, 2], [20, 20]))
    assert standing(found) == [(0, "disagree", False), (1, "disagree", False)]


def test_where_nothing_is_significant_the_nearest_stands() -> None:
    found = counted(([1, 1], [2, 2], [4, 4]), ([1, 0], [2, 2], [4, 4]))
    assert standing(found) == [(1, "agree", False)]


def test_agreement_is_stood_for_even_where_it_is_not_special() -> None:
    assert standing(counted(SHARED, REJECTED)) == [(0, "agree", True), (1, "disagree", False)]


def test_what_a_group_alone_supports_goes_before_what_everybody_does() -> None:
    everybody = ([20, 20], [0, 0], [20, 20])
    assert standing(counted(STRONG, everybody)) == [(0, "agree", True)]


def test_a_statement_on_which_nobody_took_a_side_stands_for_nobody() -> None:
    unseen = ([0, 0], [0, 20], [0, 20])
    assert standing(counted(([3, 5], [1, 5], [4, 10]), unseen)) == [(0, "agree", True)]
