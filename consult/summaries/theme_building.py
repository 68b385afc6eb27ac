"""Building a round's themes: what is read, asking the engine, keeping what it proposes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct
from sqlalchemy import delete, select

from consult.consultations.queries import locked
from consult.core import audit, clock
from consult.core.db import db, insert_rows
from consult.submissions.models import Point
from consult.submissions.queries import standing
from consult.summaries import doubt_services, queries
from consult.summaries.decision_models import PointDecision
from consult.summaries.engine.child import ask
from consult.summaries.theme_models import (
    Repetition,
    Theme,
    ThemeBuild,
    ThemeLine,
    ThemePoint,
)

# In syllables, of each provision.
BUDGET = 230
_AT_ONCE = 2_000
Watch = Callable[[int, int], None]


class Material(Struct, frozen=True):
    """All that a build of a round reads.

    ``records`` are those of the engine, grouped by the provision's id, "" for the whole draft;
    ``duplicates`` maps the points that staff count as duplicates to those that they repeat,
    and ``set_aside`` are left out. Nobody's name is in it, but ``author`` tells people apart:
    it is for the engine only.
    """

    consultation_id: int
    records: list[dict[str, Any]]
    duplicates: dict[int, int]
    set_aside: list[int]

    @property
    def sha256(self) -> str:
        """The hash of all of it."""
        parts = [self.records, sorted(self.duplicates.items()), self.set_aside]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def material(consultation_id: int) -> Material:
    """Return what a build of the round reads now; four queries."""
    decided = _decided_places(consultation_id)
    refused = set(
        db.session.scalars(
            select(Repetition.point_id).where(
                Repetition.consultation_id == consultation_id, Repetition.refused_at.is_not(None)
            )
        )
    )
    records = [
        {
            "id": opinion.point_id,
            "group": str(provision_id or ""),
            "text": opinion.text,
            "author": repr(opinion.author),
            "stance": stance.value,
            "theme": decided.get(opinion.point_id),
            "alone": opinion.point_id in refused,
        }
        for (provision_id, stance), opinions in queries.opinions_by_cell(
            consultation_id, most=None
        ).items()
        for opinion in opinions
    ]
    records.sort(key=_id)
    counted_apart = db.session.execute(
        select(PointDecision.point_id, PointDecision.leader_id)
        .join(PointDecision.point)
        .where(Point.consultation_id == consultation_id, *standing())
        .order_by(PointDecision.point_id)
    ).all()
    return Material(
        consultation_id,
        records,
        {point_id: leader for point_id, leader in counted_apart if leader is not None},
        [point_id for point_id, leader in counted_apart if leader is None],
    )


def _id(record: dict[str, Any]) -> int:
    return record["id"]


def _decided_places(consultation_id: int) -> dict[int, int]:
    rows = db.session.execute(
        select(ThemePoint.point_id, ThemePoint.theme_id).where(
            ThemePoint.consultation_id == consultation_id,
            ThemePoint.decided,
            ThemePoint.theme_id.is_not(None),
        )
    )
    return {point_id: theme_id for point_id, theme_id in rows if theme_id is not None}


def propose(read: Material, watch: Watch | None = None) -> dict[str, Any]:
    """Return what the engine proposes (`engine.build.build`), from a process of its own.

    Needs no transaction and may take seconds; ``watch`` is that of `engine.child.ask`, as are
    the errors.
    """
    return ask("build", read.records, BUDGET, watch)


def store(read: Material, result: Mapping[str, Any], *, actor_id: int | None) -> ThemeBuild:
    """Keep the proposals in place of earlier ones; return the flushed build.

    Staff's names, decided places and refusals stay, also those that came since ``read``. Lines
    that are not exactly the words of their point are left out. Writes themes, places, lines,
    repetitions, doubts, an audit entry.
    """
    locked(read.consultation_id)
    kept = _clear(read.consultation_id)
    places: dict[int, int | None] = {}
    for group in result["groups"]:
        places |= _themes(read.consultation_id, group, kept)
    silent = {
        point_id for group in result["groups"] for point_id in group["coverage"]["not_echoed"]
    }
    echoed = {record["id"] for record in read.records} - silent
    for point_id, leader_id in read.duplicates.items():
        places.setdefault(point_id, places.get(leader_id))
        if leader_id in echoed:
            echoed.add(point_id)
    _places(read.consultation_id, places, echoed)
    _lines(read, [line for group in result["groups"] for line in group["lines"]])
    _repetitions(read.consultation_id, result)
    doubt_services.keep(read.consultation_id, result)
    build = ThemeBuild(
        consultation_id=read.consultation_id,
        engine=result["engine"],
        inputs=read.sha256,
        built_at=clock.now(),
        built_by=actor_id,
    )
    db.session.add(build)
    db.session.flush()
    audit.record(
        "themes.built",
        actor_id=actor_id,
        subject=("round", read.consultation_id),
        details={"points": len(read.records)},
    )
    return build


def _clear(consultation_id: int) -> set[int]:
    """Take away what may be proposed anew; return the themes that stay."""
    mine = ThemePoint.consultation_id == consultation_id
    db.session.execute(delete(ThemePoint).where(mine, ~ThemePoint.decided))
    db.session.execute(delete(ThemeLine).where(ThemeLine.consultation_id == consultation_id))
    decided = select(ThemePoint.theme_id).where(mine, ThemePoint.theme_id.is_not(None))
    kept = set(db.session.scalars(decided.distinct()))
    db.session.execute(
        delete(Theme).where(
            Theme.consultation_id == consultation_id, Theme.id.not_in(decided.distinct())
        )
    )
    db.session.execute(
        delete(Repetition).where(
            Repetition.consultation_id == consultation_id,
            Repetition.refused_at.is_(None),
            Repetition.point_id.not_in(
                select(PointDecision.point_id).where(PointDecision.leader_id.is_not(None))
            ),
        )
    )
    db.session.expire_all()
    return {theme_id for theme_id in kept if theme_id is not None}


def _themes(
    consultation_id: int, group: Mapping[str, Any], kept: set[int]
) -> dict[int, int | None]:
    """Add the group's new themes and return where the group's points are."""
    places: dict[int, int | None] = dict.fromkeys(group["singletons"])
    for proposed in group["themes"]:
        known = int(proposed.get("known", 0))
        if known in kept:
            theme_id = known
        else:
            theme = Theme(
                consultation_id=consultation_id,
                provision_id=int(group["group"]) if group["group"] else None,
                label=", ".join(proposed["labels"])[:300],
            )
            db.session.add(theme)
            db.session.flush()
            theme_id = theme.id
        places |= dict.fromkeys(proposed["texts"], theme_id)
    return places


def _places(consultation_id: int, places: Mapping[int, int | None], echoed: set[int]) -> None:
    stay = db.session.scalars(
        select(ThemePoint).where(ThemePoint.consultation_id == consultation_id)
    ).all()
    for place in stay:
        place.echoed = place.point_id in echoed
    db.session.flush()
    known = {place.point_id for place in stay}
    _insert(
        ThemePoint,
        (
            {
                "point_id": point_id,
                "consultation_id": consultation_id,
                "theme_id": theme_id,
                "decided": False,
                "echoed": point_id in echoed,
            }
            for point_id, theme_id in sorted(places.items())
            if point_id not in known
        ),
    )


def _lines(read: Material, lines: Iterable[Mapping[str, Any]]) -> None:
    words = {record["id"]: record["text"] for record in read.records}
    _insert(
        ThemeLine,
        (
            {
                "consultation_id": read.consultation_id,
                "point_id": line["id"],
                "start": line["start"],
                "end": line["end"],
                "text": line["text"],
                "reason": line["reason"],
            }
            for line in lines
            if line["text"] and words[line["id"]][line["start"] : line["end"]] == line["text"]
        ),
    )


def _repetitions(consultation_id: int, result: Mapping[str, Any]) -> None:
    known = set(
        db.session.scalars(
            select(Repetition.point_id).where(Repetition.consultation_id == consultation_id)
        )
    )
    _insert(
        Repetition,
        (
            {
                "point_id": member["id"],
                "consultation_id": consultation_id,
                "leader_id": campaign["leader"],
                "added": [[part["start"], part["end"]] for part in member["added"]],
                "missing": [[part["start"], part["end"]] for part in member["missing"]],
            }
            for group in result["groups"]
            for campaign in group["duplicates"]
            for member in campaign["members"]
            if member["id"] not in known
        ),
    )


def _insert(model: type[Any], rows: Iterable[dict[str, Any]]) -> None:
    every = list(rows)
    for first in range(0, len(every), _AT_ONCE):
        insert_rows(model, every[first : first + _AT_ONCE])
