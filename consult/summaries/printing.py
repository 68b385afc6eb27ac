"""The words of a summary as they are printed: with the figures in place of the placeholders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from consult.summaries.figures import RoundFigures, figures
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


def words_of(summary: Summary) -> Words:
    """Return what the summary prints: with the figures of its release, else with today's.

    One query for a released summary, two for another.
    """
    return with_figures(summary, None if summary.released_at else figures(summary.consultation_id))


def with_figures(summary: Summary, found: RoundFigures | None) -> Words:
    """Return what the summary prints with these figures, those of its release for None.

    Reads the summary's sections, one query where they are not loaded.
    """
    narratives = {one.provision_id: one.narrative for one in summary.sections}
    if found is None:
        # Nothing is frozen in releases older than placeholders: braces in them are just braces.
        printed: Mapping[str, Mapping[str, str]] = summary.manifest.get(FROZEN, {})
    else:
        printed = frozen(found, narratives)
    return Words(
        fill(summary.introduction, printed.get(_ROUND, {})),
        fill(summary.conclusion, printed.get(_ROUND, {})),
        {
            place: fill(narrative, printed.get(str(place or 0), {}))
            for place, narrative in narratives.items()
        },
    )


def frozen(found: RoundFigures, places: Iterable[int | None]) -> dict[str, dict[str, str]]:
    """Return what every placeholder prints in the round's words and in those on ``places``."""
    by_place = {str(place or 0): values(found.at(place)) for place in places}
    return {_ROUND: values(found.whole), **by_place}
