"""What the answers to one question come to: counts, shares, median and mean."""

from __future__ import annotations

import statistics
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

import consult.submissions.paper.models  # noqa: F401  (a mapper of the queries names it)
from consult.consultations.models import Question, QuestionKind
from consult.submissions.answers.queries import Result, Voices


def scale(counts: list[int]) -> Result:
    question = Question(kind=QuestionKind.SCALE, steps=len(counts), low="Xấu", high="Tốt")
    voices = tuple(Voices(people=n) for n in counts)
    return Result(question, voices, sum(voices, Voices()), Voices(), 0)


@given(st.lists(st.integers(0, 30), min_size=3, max_size=10))
def test_median_and_mean_are_those_of_the_single_answers(counts: list[int]) -> None:
    every = [step for step, number in enumerate(counts, 1) for _ in range(number)]
    result = scale(counts)
    if not every:
        assert (result.mean, result.median) == (None, None)
        return
    assert result.median == Decimal(str(statistics.median(every)))
    assert result.mean is not None
    assert abs(float(result.mean) - statistics.mean(every)) <= 0.05 + 1e-9
    assert result.mean.as_tuple().exponent == -1


def test_a_half_is_rounded_up_and_shares_are_of_the_answers() -> None:
    assert scale([15, 5]).mean == Decimal("1.3")  # 1.25
    assert [share for _, _, share in scale([1, 0, 7]).rows] == [13, 0, 88]  # 12.5, 0, 87.5
    assert [share for _, _, share in scale([0, 0, 0]).rows] == [0, 0, 0]
