"""The words of a summary as they are printed: with the figures in place of the placeholders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from consult.summaries import queries
from consult.summaries.decision_queries import not_set_aside
from consult.summaries.figures import Counts, RoundFigures, figures
from consult.summaries.models import Summary
from consult.summaries.placeholders import fill, values

# Where a released summary's manifest keeps what its placeholders print.
FROZEN = "placeholders"
_ROUND = "round"


class Words(Struct, frozen=True):
    """A summary's words, by provision (None: the whole draft) where they are on one."""

    introduction: str
    conclusion: str
    narratives: Mapping[int | None, str]


def words_of(summary: Summary, *, found: RoundFigures | None = None) -> Words:
    """Return what the summary prints: with the figures of its release, else with today's.

    ``found`` are today's where they are read already. One query for a released summary, up to
    four for another.
    """
    narratives = queries.narratives(summary.id)
    if summary.released_at is not None:
        # Nothing is frozen in releases older than placeholders: braces in them are just braces.
        printed: Mapping[str, Mapping[str, str]] = summary.manifest.get(FROZEN, {})
    else:
        printed = frozen(found or current(summary), narratives)
    return Words(
        fill(summary.introduction, printed.get(_ROUND, {})),
        fill(summary.conclusion, printed.get(_ROUND, {})),
        {
            place: fill(narrative, printed.get(str(place or 0), {}))
            for place, narrative in narratives.items()
        },
    )


def current(summary: Summary, *, counts: Counts | None = None) -> RoundFigures:
    """Return today's figures of the summary's round; two queries, three without ``counts``."""
    if counts is None:
        by_place: dict[int | None, dict[Any, int]] = {}
        for one in queries.counts(summary.consultation_id, not_set_aside()):
            row = by_place.setdefault(one.provision_id, {})
            row[one.stance] = row.get(one.stance, 0) + one.number
        counts = by_place
    return figures(summary.consultation_id, counts)


def frozen(found: RoundFigures, places: Iterable[int | None]) -> dict[str, dict[str, str]]:
    """Return what every placeholder prints in the round's words and in those on ``places``."""
    by_place = {str(place or 0): values(found.at(place)) for place in places}
    return {_ROUND: values(found.whole), **by_place}
