"""What the services of summaries are asked to do, and why they refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consult.submissions.models import Stance

Place = tuple[int | None, Stance]


class NotADraft(Exception):
    """The summary is released: it never changes again."""


class AlreadyStarted(Exception):
    """The round has a summary that is still being written."""


class RoundNotClosed(Exception):
    """Only closed or answered rounds get a summary released."""


class PassageNotFound(Exception):
    """The pasted words stand in no point on these provisions (None: the whole draft)."""

    def __init__(self, places: Iterable[int | None]) -> None:
        super().__init__("passage not found")
        self.places = list(places)


class CellsWithoutPassage(Exception):
    """These cells have points, but nothing of them would be quoted."""

    def __init__(self, cells: Iterable[Place]) -> None:
        super().__init__("cells without a passage")
        self.cells = list(cells)


class PointsMissing(Exception):
    """Received points that are in no part of the accounting, or ``twice`` in it."""

    def __init__(self, point_ids: Iterable[int], twice: Iterable[int] = ()) -> None:
        super().__init__("points missing")
        self.point_ids = list(point_ids)
        self.twice = list(twice)


@dataclass(frozen=True)
class SaveSummary:
    """What the staff wrote. ``narratives`` and ``additions`` go by provision (None: whole draft).

    ``shown`` are the passages that were on the page, ``quoted`` those of them that were
    ticked; an addition is words pasted from a point on the provision.
    """

    summary_id: int
    actor_id: int | None
    introduction: str = ""
    conclusion: str = ""
    is_public: bool = True
    narratives: Mapping[int | None, str] | None = None
    shown: frozenset[int] = frozenset()
    quoted: frozenset[int] = frozenset()
    additions: Mapping[int | None, str] | None = None
