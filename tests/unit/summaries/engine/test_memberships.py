"""Memberships are read from one's own lists and from Polis's results."""

from __future__ import annotations

import pytest

from consult.summaries.engine.memberships import WrongMemberships, read

POLIS = {
    "group-clusters": [{"id": 0, "members": [4, 5]}, {"id": 1, "members": [6]}],
    "base-clusters": {"id": [4, 5, 6], "members": [[1], [2, 3], [9]]},
}


@pytest.mark.parametrize(
    "document",
    [
        {"1": "0", "2": 0, "3": 0, "9": 1},
        {"0": [1, 2, "3"], "1": [9]},
        [{"id": 0, "members": [1, 2, 3]}, {"id": 1, "members": ["9"]}],
        {"groups": [{"id": "0", "members": [1, 2, 3]}, {"id": "1", "members": [9]}]},
        POLIS,
    ],
)
def test_every_form_says_the_same(document: object) -> None:
    assert read(document) == {"1": "0", "2": "0", "3": "0", "9": "1"}


@pytest.mark.parametrize(
    "document",
    [None, 1, "x", [1], [{"id": 1}], {"a": None}, {"a": [[1]]}, {"a": {"b": 1}}, {"a": 1.5},
     {**POLIS, "base-clusters": {"id": [4], "members": []}}, {"group-clusters": []}],
)  # fmt: skip
def test_anything_else_is_refused(document: object) -> None:
    with pytest.raises(WrongMemberships) as told:
        read(document)
    assert told.value.reason == "shape"


def test_nobody_is_in_two_groups() -> None:
    with pytest.raises(WrongMemberships) as told:
        read({"a": [1, 2], "b": [2]})
    assert (told.value.reason, told.value.voter) == ("twice", "2")
