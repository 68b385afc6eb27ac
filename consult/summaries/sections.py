"""What a summary says of each provision: counts, the staff's words, passages by stance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consult.submissions.models import Point, Stance, code_of
from consult.summaries.matrix import Line, differing, lone_stances
from consult.summaries.models import Passage

# So many points are named in one sentence.
_MOST_CODES = 50


@dataclass
class SectionView:
    """One provision (None: the whole draft) as the workspace and the released page show it."""

    line: Line | None
    counts: dict[Stance, int] = field(default_factory=dict[Stance, int])
    narrative: str = ""
    passages: list[Passage] = field(default_factory=list[Passage])

    @property
    def key(self) -> str:
        """The section's name in forms and anchors."""
        return "0" if self.line is None else str(self.line.id)

    @property
    def total(self) -> int:
        """How many points there are on the provision."""
        return sum(self.counts.values())

    @property
    def differs(self) -> bool:
        """Whether there are points for the provision and points against it."""
        return differing(self.counts)

    def of(self, stance: Stance) -> list[Passage]:
        """Return the passages of one stance."""
        return [passage for passage in self.passages if passage.point.stance is stance]

    def lone_points(self) -> list[Point]:
        """Return the one point that stands against all others, if there is such a one."""
        lone = lone_stances(self.counts)
        return list({p.point_id: p.point for p in self.passages if p.point.stance in lone}.values())


def codes(point_ids: Collection[int]) -> str:
    """Return the codes under which people cite the points, the first fifty of them."""
    named = [code_of(point_id) for point_id in sorted(point_ids)[:_MOST_CODES]]
    return ", ".join([*named, "…"] if len(point_ids) > _MOST_CODES else named)


def compose(
    lines: Iterable[Line],
    counts: Mapping[int | None, dict[Stance, int]],
    narratives: Mapping[int | None, str],
    passages: Iterable[Passage],
) -> list[SectionView]:
    """Return the provisions that have anything, in the draft's order, the whole draft last."""
    views: dict[int | None, SectionView] = {line.id: SectionView(line) for line in lines}
    views[None] = SectionView(None)
    for provision_id, view in views.items():
        view.counts = counts.get(provision_id, {})
        view.narrative = narratives.get(provision_id, "")
    for passage in passages:
        views[passage.point.provision_id].passages.append(passage)
    return [view for view in views.values() if view.total or view.narrative or view.passages]


def frozen_counts(manifest: Mapping[str, Any]) -> dict[int | None, dict[Stance, int]]:
    """Return the counts by provision that a released summary's manifest holds."""
    return {
        int(key) or None: {Stance(name): number for name, number in row.items()}
        for key, row in manifest.get("cells", {}).items()
    }


@dataclass
class Apart:
    """What a released summary counts neither in its body nor in its appendix.

    ``duplicates`` goes by the point that is repeated; ``set_aside`` has point, reason and
    words; ``unread`` counts the unread files by point. ``known`` is False for summaries of
    older releases of the portal, which kept nothing of the kind.
    """

    known: bool
    duplicates: dict[int, list[int]] = field(default_factory=dict[int, list[int]])
    set_aside: list[tuple[int, str, str]] = field(default_factory=list[tuple[int, str, str]])
    unread: Counter[int] = field(default_factory=Counter[int])

    @property
    def number_of_duplicates(self) -> int:
        """How many points are duplicates."""
        return sum(map(len, self.duplicates.values()))


def apart_in(manifest: Mapping[str, Any]) -> Apart:
    """Return what the manifest of a released summary counts apart."""
    found = Apart("duplicates" in manifest)
    for point_id, leader_id in manifest.get("duplicates", ()):
        found.duplicates.setdefault(leader_id, []).append(point_id)
    found.set_aside = [(point, why, words) for point, why, words in manifest.get("set_aside", ())]
    found.unread = Counter(point_id for point_id, _file in manifest.get("unread", ()))
    return found
