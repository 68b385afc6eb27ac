"""The summaries room's work: building the themes of a round, looking for opinion groups."""

from __future__ import annotations

from typing import Any

from consult.core.db import transaction
from consult.core.i18n import N_
from consult.jobs import works
from consult.jobs.works import Progress
from consult.summaries import group_queries, group_services, theme_building
from consult.summaries.engine.child import ask_groups

KIND = "summaries.themes"
GROUPS = "summaries.groups"


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


@works.does(GROUPS, label=N_("Opinion groups of a consultation"))
def build_groups(arguments: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Look for the opinion groups of a round; people are numbers here, and none is kept."""
    round_id = arguments["round_id"]
    with transaction(write=False):
        basis = group_queries.basis(round_id)
        votes, left_out = group_queries.votes(round_id)
    found = ask_groups(votes, left_out, progress.step)
    with transaction():
        group_services.store(round_id, basis, found, actor_id=arguments["actor_id"])
    return {"votes": len(votes)}
