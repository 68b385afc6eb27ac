"""Cohen's kappa as computed by hand, and where there is none."""

from __future__ import annotations

import pytest

from consult.summaries.coding_agreement import agreement
from consult.summaries.coding_models import Code

A, D, U = Code.AGREE, Code.DISAGREE, Code.UNCLEAR


def test_the_textbook_example() -> None:
    # 20 both yes, 15 both no, 5 and 10 differ: 0.7 observed, 0.5 by chance.
    found = agreement([(A, A)] * 20 + [(A, D)] * 5 + [(D, A)] * 10 + [(D, D)] * 15)
    assert (found.points, found.same, found.percent, found.kappa) == (50, 35, 70.0, 0.4)


@pytest.mark.parametrize(
    ("pairs", "percent", "kappa"),
    [
        ([(A, A), (D, D), (U, U)], 100.0, 1.0),
        ([(A, D), (D, A)], 0.0, -1.0),
        ([(A, A), (A, D), (D, A), (D, D)], 50.0, 0.0),
        ([(A, A), (A, A), (A, D)], 66.7, 0.0),
        ([(A, A)] * 5, 100.0, None),
        ([], 0.0, None),
    ],
)
def test_edges(pairs: list[tuple[Code, Code]], percent: float, kappa: float | None) -> None:
    found = agreement(pairs)
    assert found.percent == percent
    assert found.kappa == kappa
