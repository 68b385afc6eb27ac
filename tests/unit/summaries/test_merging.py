"""Merging what two people saved: no word of either is lost, nothing is asked without need."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from consult.summaries.merging import field_of, mark, merge, merge_ticks, provision_of

WORDS = st.sampled_from(["", "a", "b", "c"])
FIELDS = st.fixed_dictionaries({"introduction": WORDS, "conclusion": WORDS})


@given(FIELDS, FIELDS, FIELDS)
def test_what_one_changed_is_kept_and_what_both_changed_is_asked(
    began: dict[str, str], stored: dict[str, str], typed: dict[str, str]
) -> None:
    found = merge(stored, typed, {name: mark(words) for name, words in began.items()})
    for name in typed:
        mine, theirs = typed[name] != began[name], stored[name] != began[name]
        if mine and theirs and typed[name] != stored[name]:
            assert found.conflicts[name] == stored[name]
            assert found.words[name] == typed[name]
        else:
            assert name not in found.conflicts
            assert found.words[name] == (typed[name] if mine else stored[name])


def test_words_without_a_mark_are_taken_as_typed() -> None:
    assert merge({"introduction": "x"}, {"introduction": "y"}, {}).words == {"introduction": "y"}


def test_line_ends_are_no_change() -> None:
    assert mark("một\r\nhai ") == mark("một\nhai")


IDS = st.frozensets(st.integers(0, 5))


@given(IDS, IDS, IDS)
def test_each_tick_follows_whoever_changed_it(
    stored: frozenset[int], typed: frozenset[int], seen: frozenset[int]
) -> None:
    found = merge_ticks(stored, typed, seen)
    for one in range(6):
        changed = (one in typed) != (one in seen)
        assert (one in found) == (one in (typed if changed else stored))


@given(st.none() | st.integers(1, 10**9))
def test_a_field_names_its_provision(provision_id: int | None) -> None:
    assert provision_of(field_of(provision_id)) == provision_id
