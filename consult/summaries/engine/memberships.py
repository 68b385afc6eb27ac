"""Who is in which opinion group, read from JSON: one's own lists or a document of Polis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast


class WrongMemberships(ValueError):
    """The JSON gives no memberships.

    ``reason`` is "shape" (not one of the forms), "twice" (``voter`` is in two groups) or "none"
    (nobody who voted is in any group).
    """

    def __init__(self, reason: str, voter: str = "") -> None:
        """Take what is wrong, and with whom."""
        super().__init__(f"{reason} {voter}".strip())
        self.reason = reason
        self.voter = voter


def read(document: object) -> dict[str, str]:
    """Return {voter: group} from what a JSON file holds.

    That is {voter: group}, {group: [voters]}, [{"id": group, "members": [voters]}], an object
    with such a list as "groups", or Polis's mathematical results (math-pca2), whose
    "group-clusters" have base clusters as members. Voters and groups may be numbers. Raises
    WrongMemberships.
    """
    try:
        return _by_voter(_pairs(document))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, WrongMemberships):
            raise
        raise WrongMemberships("shape") from error


def _pairs(document: Any) -> Iterable[tuple[object, object]]:
    if isinstance(document, list):
        groups = cast("list[dict[str, list[object]]]", document)
        return [(voter, group["id"]) for group in groups for voter in group["members"]]
    if "group-clusters" in document:
        bases = document["base-clusters"]
        members = dict(zip(bases["id"], bases["members"], strict=True))
        return [
            (voter, group["id"])
            for group in document["group-clusters"]
            for base in group["members"]
            for voter in members[base]
        ]
    if isinstance(document.get("groups"), list):
        return _pairs(document["groups"])
    pairs: list[tuple[object, object]] = []
    for key, value in document.items():
        members = cast("list[object]", value) if isinstance(value, list) else None
        pairs += [(key, value)] if members is None else [(voter, key) for voter in members]
    return pairs


def _by_voter(pairs: Iterable[tuple[object, object]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for voter, group in pairs:
        if not isinstance(voter, int | str) or not isinstance(group, int | str):
            raise WrongMemberships("shape")
        if found.setdefault(str(voter), str(group)) != str(group):
            raise WrongMemberships("twice", str(voter))
    return found
