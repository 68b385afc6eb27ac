"""Pieces of HTML kept in memory."""

from __future__ import annotations

from consult.reading.fragments import Fragments


def test_a_piece_is_made_once_for_a_key() -> None:
    made: list[str] = []

    def make() -> str:
        made.append("x")
        return "piece"

    kept = Fragments(limit=100)
    assert [kept.get("a", make) for _ in range(3)] == ["piece"] * 3
    assert len(made) == 1
    kept.get("b", make)
    assert len(made) == 2


def test_the_piece_used_longest_ago_goes_first() -> None:
    kept = Fragments(limit=30)
    for key in "abc":
        kept.get(key, lambda key=key: key * 7)
    kept.get("a", lambda: "never")
    kept.get("d", lambda: "d" * 7)
    kept.get("e", lambda: "e" * 7)
    assert kept.get("a", lambda: "made again") == "a" * 7
    assert kept.get("b", lambda: "again") == "again"


def test_a_large_piece_is_not_kept() -> None:
    kept = Fragments(limit=100)
    assert kept.get("a", lambda: "x" * 60) == "x" * 60
    assert kept.get("a", lambda: "new") == "new"
