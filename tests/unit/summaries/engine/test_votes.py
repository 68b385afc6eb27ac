"""Votes come in from lists and matrices, and the order of the lines never matters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.summaries.engine.votes import UnreadableVotes, Votes, read


def table(votes: Votes) -> dict[tuple[str, str], float]:
    return {
        (voter, statement): float(votes.cast[row, column])
        for row, voter in enumerate(votes.voters)
        for column, statement in enumerate(votes.statements)
        if not np.isnan(votes.cast[row, column])
    }


def test_one_vote_a_line() -> None:
    votes = read(["vote,voter,statement\n", "1,b,10\n", "\n", "-1,a,9\n", "0.0, a ,10\n"])
    assert votes.voters == ("a", "b")
    assert votes.statements == ("9", "10"), "numbers are ordered by their value"
    assert table(votes) == {("b", "10"): 1, ("a", "9"): -1, ("a", "10"): 0}
    assert votes.contradictory == 0


def test_the_list_that_polis_exports() -> None:
    lines = ["timestamp,datetime,comment-id,voter-id,vote", '5,"Jun 18, 2014",3,7,1']
    assert table(read(lines)) == {("7", "3"): 1}


def test_the_matrix_that_polis_exports() -> None:
    header = "participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,B"
    votes = read([header, "4,0,0,1,0,1,-1,", "5,,1,2,1,0,0,1"])
    assert table(votes) == {("4", "0"): -1, ("5", "0"): 0, ("5", "B"): 1}


@pytest.mark.parametrize("turned", [False, True])
def test_the_latest_vote_counts(turned: bool) -> None:
    rows = ["a,s,1,10", "a,s,-1,30", "a,s,0,20"]
    votes = read(["voter,statement,vote,timestamp", *(reversed(rows) if turned else rows)])
    assert (table(votes), votes.contradictory) == ({("a", "s"): -1}, 0)


def test_two_votes_at_once_are_a_pass() -> None:
    votes = read(["voter,statement,vote", "a,s,1", "a,s,-1", "a,s,1", "b,s,1", "b,s,1"])
    assert table(votes) == {("a", "s"): 0, ("b", "s"): 1}
    assert votes.contradictory == 1


rows = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from([1, 0, -1]), st.integers(0, 2)),
    min_size=1,
    max_size=30,
)


@given(rows, st.randoms())
def test_the_order_of_the_lines_does_not_matter(
    cast: list[tuple[int, int, int, int]], random: st.Random
) -> None:
    lines = [",".join(map(str, row)) for row in cast]
    once = read(["voter,statement,vote,timestamp", *lines])
    random.shuffle(lines)
    again = read(["voter,statement,vote,timestamp", *lines])
    assert (once.voters, once.statements) == (again.voters, again.statements)
    assert np.array_equal(once.cast, again.cast, equal_nan=True)
    assert once.contradictory == again.contradictory


LIST = "voter,statement,vote,timestamp"


@pytest.mark.parametrize(
    ("lines", "reason", "line"),
    [
        ([], "columns", 1),
        (["voter,vote"], "columns", 1),
        (["voter,voter-id,statement,vote"], "columns", 1),
        (["voter,statement,vote,vote"], "twice", 1),
        ([LIST], "no_votes", 1),
        ([LIST, "a,s,1,5", "a,s,2,5"], "vote", 3),
        ([LIST, "a,s,yes,5"], "vote", 2),
        ([LIST, "a,s,nan,5"], "vote", 2),
        ([LIST, "a,s,,5"], "vote", 2),
        ([LIST, "a,s,1,noon"], "time", 2),
        ([LIST, "a,s,1,inf"], "time", 2),
        ([LIST, " ,s,1,5"], "blank", 2),
        ([LIST, "a,,1,5"], "blank", 2),
        ([LIST, "a,s,1"], "cells", 2),
        (["participant,0", ",1"], "blank", 2),
        (["participant,0", "a,"], "no_votes", 2),
        ([LIST, "a\rb,s,1,5"], "not_csv", 2),
    ],
)
def test_what_is_no_vote_is_told_with_its_line(lines: list[str], reason: str, line: int) -> None:
    with pytest.raises(UnreadableVotes) as told:
        read(lines)
    assert (told.value.reason, told.value.line) == (reason, line)
