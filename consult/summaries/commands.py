"""What the services of summaries are asked to do, and why they refuse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct, field

from consult.submissions.models import Stance
from consult.summaries.models import State

Place = tuple[int | None, Stance]


class NotADraft(Exception):
    """The summary is released: it never changes again."""


class AlreadyStarted(Exception):
    """The round has a summary that is still being written."""


class RoundNotClosed(Exception):
    """Only closed or answered rounds get a summary released."""


class WrongState(Exception):
    """The step is not to be taken in the summary's present state."""

    def __init__(self, state: State) -> None:
        super().__init__(state.value)
        self.state = state


class OwnSummary(Exception):
    """Whoever has written in a summary does not approve it."""


class Overtaken(Exception):
    """Somebody has taken a step since the page was shown on which this one was decided."""


class PointsChanged(Exception):
    """The round's points are no longer those on which the step was decided."""


class TooEarly(Exception):
    """Authors may object until that instant (aware)."""

    def __init__(self, until: datetime) -> None:
        super().__init__("too early")
        self.until = until


class ObjectionsOpen(Exception):
    """Objections of authors wait for an answer."""


class SavedMeanwhile(Exception):
    """A colleague has changed the same words; nothing was written.

    ``words`` are the merged words by field, ``conflicts`` the colleague's where both wrote,
    ``ticked`` the passages ticked after merging.
    """

    def __init__(
        self, words: Mapping[str, str], conflicts: Mapping[str, str], ticked: frozenset[int]
    ) -> None:
        super().__init__("saved meanwhile")
        self.words, self.conflicts, self.ticked = dict(words), dict(conflicts), ticked


class PassageNotFound(Exception):
    """The pasted words stand in no point on these provisions (None: the whole draft)."""

    def __init__(self, places: Iterable[int | None]) -> None:
        super().__init__("passage not found")
        self.places = list(places)


class UnknownPlaceholders(Exception):
    """These placeholders stand for nothing, by the field (`merging.field_of`) with them."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        super().__init__("unknown placeholders")
        self.fields = dict(fields)

    @property
    def names(self) -> list[str]:
        """All of them, once each."""
        return list(dict.fromkeys(name for names in self.fields.values() for name in names))


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


class PassagesOutdated(Exception):
    """The authors of these points have revised the words that are quoted."""

    def __init__(self, point_ids: Iterable[int]) -> None:
        super().__init__("passages outdated")
        self.point_ids = sorted(set(point_ids))


class SaveSummary(Struct, frozen=True):
    """What the staff wrote. ``narratives`` and ``additions`` go by provision (None: whole draft).

    ``shown`` are the passages that were on the page, ``quoted`` those of them that were
    ticked; an addition is words pasted from a point on the provision. ``seen`` has the marks
    (`merging.mark`) of the words with which the page began, by field; ``ticked`` the passages
    that were ticked then, None to take ``quoted`` as it is.
    """

    summary_id: int
    actor_id: int | None
    introduction: str = ""
    conclusion: str = ""
    narratives: Mapping[int | None, str] | None = None
    shown: frozenset[int] = frozenset()
    quoted: frozenset[int] = frozenset()
    additions: Mapping[int | None, str] | None = None
    seen: Mapping[str, str] = field(default_factory=dict[str, str])
    ticked: frozenset[int] | None = None


class Approve(Struct, frozen=True):
    """Approve what was shown when ``step_id`` was the summary's last step."""

    summary_id: int
    actor_id: int
    step_id: int
    points_seen: bool = False


class Release(Struct, frozen=True):
    """Release to the Front and to these audiences what ``step_id`` approved.

    ``early`` is why the end of the authors' time to object is not waited for.
    """

    summary_id: int
    actor_id: int | None
    step_id: int
    council: bool = True
    agency: bool = True
    public: bool = True
    early: str = ""


Refusal = (
    RoundNotClosed
    | CellsWithoutPassage
    | PassagesOutdated
    | UnknownPlaceholders
    | PointsMissing
    | WrongState
    | OwnSummary
    | Overtaken
    | PointsChanged
    | TooEarly
    | ObjectionsOpen
)
REFUSALS = (
    RoundNotClosed,
    CellsWithoutPassage,
    PassagesOutdated,
    UnknownPlaceholders,
    PointsMissing,
    WrongState,
    OwnSummary,
    Overtaken,
    PointsChanged,
    TooEarly,
    ObjectionsOpen,
)
