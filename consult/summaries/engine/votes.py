"""Votes on statements: who agreed, disagreed or passed, read from CSV into one matrix."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from msgspec import Struct

AGREE, PASS, DISAGREE = 1.0, 0.0, -1.0

_VOTER = ("voter", "voter-id")
_STATEMENT = ("statement", "comment-id")
# Columns of Polis's matrix of participants that are no statements.
_ABOUT_PARTICIPANTS = frozenset(
    "participant xid group-id n-comments n-votes n-agree n-disagree".split()
)


class UnreadableVotes(ValueError):
    """The file is no list or matrix of votes.

    ``reason`` is one of "no_votes", "not_csv", "columns", "twice", "cells", "blank", "vote",
    "time"; ``line`` is the line of the file, from 1.
    """

    def __init__(self, reason: str, line: int) -> None:
        """Take what is wrong, and where."""
        super().__init__(f"{reason}, line {line}")
        self.reason = reason
        self.line = line


class Votes(Struct, frozen=True):
    """Everybody's last vote on each statement."""

    voters: tuple[str, ...]
    """Sorted, numbers as numbers."""
    statements: tuple[str, ...]
    """Sorted, numbers as numbers."""
    cast: npt.NDArray[np.float64]
    """Voters by statements: 1 agreed, -1 disagreed, 0 passed, NaN did not vote."""
    contradictory: int
    """Votes counted as passed, because the same voter voted differently at the same time."""


@dataclass
class _Cast:
    vote: float
    time: float
    contradicted: bool = False


def read(lines: Iterable[str]) -> Votes:
    """Return the votes in the lines of a CSV file.

    Either one vote a line (columns voter or voter-id, statement or comment-id, vote, and
    perhaps timestamp) or, like Polis's participants-votes.csv, one participant a line, with a
    column for each statement. Votes are 1, 0 and -1. Of several votes of one voter on one
    statement the latest counts; where the time does not tell which came last and they differ,
    they count as one pass, so that the order of the lines never matters. Raises UnreadableVotes.
    """
    rows = csv.reader(lines)
    last: dict[tuple[str, str], _Cast] = {}
    try:
        header = [name.strip() for name in next(rows, list[str]())]
        if len(set(header)) < len(header):
            raise UnreadableVotes("twice", 1)
        for voter, statement, vote, time in _single_votes(header, rows):
            _keep_latest(last, (voter, statement), vote, time)
    except csv.Error as error:
        raise UnreadableVotes("not_csv", rows.line_num) from error
    if not last:
        raise UnreadableVotes("no_votes", rows.line_num)
    return _matrix(last)


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once: numbers first, by their value, then the others by their letters."""

    def key(name: str) -> tuple[bool, int, str]:
        number = name.isascii() and name.isdigit()
        return (not number, int(name) if number else 0, name)

    return tuple(sorted(set(names), key=key))


def _single_votes(
    header: list[str], rows: Iterator[list[str]]
) -> Iterator[tuple[str, str, float, float]]:
    """Yield voter, statement, vote and time of each vote, whichever shape the file has."""
    if "participant" in header:
        return _of_participants(header, rows)
    voter, statement = _place(header, _VOTER), _place(header, _STATEMENT)
    vote = _place(header, ("vote",))
    time = header.index("timestamp") if "timestamp" in header else None
    return _of_list(rows, len(header), (voter, statement, vote, time))


def _place(header: list[str], names: Sequence[str]) -> int:
    places = [at for at, name in enumerate(header) if name in names]
    if len(places) != 1:
        raise UnreadableVotes("columns", 1)
    return places[0]


def _of_list(
    rows: Iterator[list[str]], width: int, places: tuple[int, int, int, int | None]
) -> Iterator[tuple[str, str, float, float]]:
    voter_at, statement_at, vote_at, time_at = places
    for line, row in _numbered(rows, width):
        voter, statement = row[voter_at].strip(), row[statement_at].strip()
        if not voter or not statement:
            raise UnreadableVotes("blank", line)
        time = _number(row[time_at], "time", line) if time_at is not None else 0.0
        yield voter, statement, _vote(row[vote_at], line), time


def _of_participants(
    header: list[str], rows: Iterator[list[str]]
) -> Iterator[tuple[str, str, float, float]]:
    voter_at = header.index("participant")
    statements = [
        (at, name) for at, name in enumerate(header) if name and name not in _ABOUT_PARTICIPANTS
    ]
    for line, row in _numbered(rows, len(header)):
        voter = row[voter_at].strip()
        if not voter:
            raise UnreadableVotes("blank", line)
        for at, statement in statements:
            if row[at].strip():
                yield voter, statement, _vote(row[at], line), 0.0


def _numbered(rows: Iterator[list[str]], width: int) -> Iterator[tuple[int, list[str]]]:
    for line, row in enumerate(rows, start=2):
        if len(row) not in (0, width):
            raise UnreadableVotes("cells", line)
        if row:
            yield line, row


def _vote(cell: str, line: int) -> float:
    vote = _number(cell, "vote", line)
    if vote not in (AGREE, PASS, DISAGREE):
        raise UnreadableVotes("vote", line)
    return vote


def _number(cell: str, reason: str, line: int) -> float:
    try:
        number = float(cell)
    except ValueError as error:
        raise UnreadableVotes(reason, line) from error
    if not np.isfinite(number):
        raise UnreadableVotes(reason, line)
    return number


def _keep_latest(
    last: dict[tuple[str, str], _Cast], key: tuple[str, str], vote: float, time: float
) -> None:
    before = last.get(key)
    if before is None or time > before.time:
        last[key] = _Cast(vote, time)
    elif time == before.time and vote != before.vote:
        before.contradicted = True


def _matrix(last: dict[tuple[str, str], _Cast]) -> Votes:
    voters = in_order(voter for voter, _ in last)
    statements = in_order(statement for _, statement in last)
    row = {voter: at for at, voter in enumerate(voters)}
    column = {statement: at for at, statement in enumerate(statements)}
    cast = np.full((len(voters), len(statements)), np.nan)
    for (voter, statement), kept in last.items():
        cast[row[voter], column[statement]] = PASS if kept.contradicted else kept.vote
    contradictory = sum(kept.contradicted for kept in last.values())
    return Votes(voters, statements, cast, contradictory)
