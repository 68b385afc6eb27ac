"""Differences cut where titles end: nothing is lost, and titles alone are marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consult.drafts.comparison import diff
from consult.responses.differences import Run, Words, runs

TEXTS = st.text(st.sampled_from("ab \nđ."), max_size=10)
PROVISIONS = st.lists(st.builds(Words, TEXTS.map(str.strip), TEXTS.map(str.strip)), max_size=3)


def wording(provisions: list[Words]) -> str:
    return "\n".join("\n".join(part for part in one if part) for one in provisions)


def side(shown: list[Run], op: str) -> list[Run]:
    return [run for run in shown if run.op in ("equal", op)]


@given(PROVISIONS, PROVISIONS)
def test_nothing_is_lost_and_the_new_titles_are_marked(old: list[Words], new: list[Words]) -> None:
    shown = runs(diff(wording(old), wording(new)), old, new)
    assert "".join(run.text for run in side(shown, "deleted")) == wording(old)
    now = side(shown, "inserted")
    assert "".join(run.text for run in now) == wording(new)
    assert "".join(run.text for run in now if run.title) == "".join(one.title for one in new)


def test_a_title_is_told_from_the_text_below_it() -> None:
    old, new = [Words("Mức hỗ trợ", "Hỗ trợ 100.")], [Words("Mức hỗ trợ", "Hỗ trợ 200.")]
    shown = runs(diff(wording(old), wording(new)), old, new)
    assert [(run.op, run.text, run.title) for run in shown] == [
        ("equal", "Mức hỗ trợ", True),
        ("equal", "\nHỗ trợ ", False),
        ("deleted", "100", False),
        ("inserted", "200", False),
        ("equal", ".", False),
    ]
