"""What a build of a round's themes proposes, with the provisions' names and who wrote how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from consult.core.db import db
from consult.drafts.models import Provision
from consult.summaries.figures import figures
from consult.summaries.theme_building import Material


def report(read: Material, result: Mapping[str, Any]) -> dict[str, Any]:
    """Return the proposals with the provisions' names, for people and programs; two queries.

    People and organisations are those of all points but withdrawn ones and those set aside,
    "distinct" are the texts that are left when repetitions are folded. The same points give the
    same report, whatever their order; no author is in it.
    """
    rows = db.session.execute(
        select(Provision.id, Provision.key, Provision.citation).where(
            Provision.id.in_([int(group["group"]) for group in result["groups"] if group["group"]])
        )
    )
    counted = figures(read.consultation_id)
    named = {str(id_): (key, citation) for id_, key, citation in rows}
    groups: list[dict[str, Any]] = []
    for group in result["groups"]:
        key, citation = named.get(group["group"], (None, None))
        rest = {name: value for name, value in group.items() if name != "group"}
        at = counted.at(int(group["group"]) if group["group"] else None)
        who = {"people": at.people, "organisations": at.organisations}
        groups.append({"provision": key, "citation": citation, **who, **rest})
    return {
        "round": read.consultation_id,
        **{name: result[name] for name in ("engine", "budget", "coverage", "manifest")},
        "people": counted.whole.people,
        "organisations": counted.whole.organisations,
        "distinct": sum(group["distinct"] for group in result["groups"]),
        "inputs": read.sha256,
        "provisions": groups,
        "confirmed_duplicates": [list(pair) for pair in sorted(read.duplicates.items())],
        "set_aside": read.set_aside,
    }
