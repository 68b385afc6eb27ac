"""What a summary says of each provision: counts, the staff's words, passages by stance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from consult.submissions.models import Point, Stance
from consult.summaries.matrix import Line, differing, lone_stances
from consult.summaries.models import Passage


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
