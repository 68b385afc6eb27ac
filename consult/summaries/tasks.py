"""The summaries room's work: building the themes of a round."""

from __future__ import annotations

from typing import Any

from consult.core.db import transaction
from consult.core.i18n import N_
from consult.jobs import works
from consult.jobs.works import Progress
from consult.summaries import theme_building

KIND = "summaries.themes"


@works.does(KIND, label=N_("Themes of a consultation"))
def build_themes(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Build the themes of a round; the reading is long, and only the keeping writes."""
    with transaction(write=False):
        read = theme_building.material(arguments["round_id"])
    progress.step(0, len(read.records))
    result = theme_building.propose(read, progress.step)
    progress.step(len(read.records), len(read.records))
    with transaction():
        theme_building.store(read, result, actor_id=arguments["actor_id"])
    return {"points": len(read.records)}
