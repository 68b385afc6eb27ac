"""Finds units whose words were shared among neighbours, and the reverse."""

from __future__ import annotations

from consult.drafts.comparison.matching import Matching


def find_splits_and_mergers(matching: Matching) -> None:
    """Fill ``matching.splits`` and ``matching.merges`` with what can be seen by now."""
