"""Reading a draft's public versions: chapters, points that led to a change, later wordings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import func, select

from consult.consultations.models import Audience, Consultation, Stage
from consult.core.db import db
from consult.drafts.change_queries import LaterWording, MappedChange, later_wording
from consult.drafts.comparison import diff
from consult.drafts.models import DraftVersion, Provision
from consult.reading.points import ShownPoint, points_on
from consult.reading.version_trees import Node, Tree
from consult.responses.differences import Run, Words, runs
from consult.submissions.models import Point
from consult.submissions.queries import standing

# More points than these on a provision are named by their number and a link.
MOST_POINTS = 4
_CHAPTERS = ("part", "chapter", "appendix", "roman")


def public_version(draft_id: int) -> DraftVersion | None:
    """Return the draft's newest version that was shown to others, or None; one query."""
    return db.session.scalars(
        select(DraftVersion)
        .where(DraftVersion.draft_id == draft_id, DraftVersion.frozen_at.is_not(None))
        .order_by(DraftVersion.number.desc())
        .limit(1)
    ).first()


def later_public(version: DraftVersion) -> int | None:
    """Return the id of the newest version after this one that was shown to others; one query."""
    return db.session.scalar(
        select(DraftVersion.id)
        .where(
            DraftVersion.draft_id == version.draft_id,
            DraftVersion.number > version.number,
            DraftVersion.frozen_at.is_not(None),
        )
        .order_by(DraftVersion.number.desc())
        .limit(1)
    )


class Chapter(NamedTuple):
    """A heading of the new version under which changes are listed."""

    key: str
    name: str


def chapters(tree: Tree) -> dict[str, Chapter]:
    """Return the version's parts, chapters, appendices and main headings by key."""
    return {node.key: _chapter(node) for node in tree.values() if node.kind in _CHAPTERS}


def _chapter(node: Node) -> Chapter:
    name = f"{node.citation[:1].upper()}{node.citation[1:]}"
    return Chapter(node.key, f"{name}. {node.title}" if node.title else name)


def chapter_of(
    changes: Iterable[MappedChange], named: dict[str, Chapter]
) -> list[tuple[MappedChange, Chapter | None]]:
    """Return all changes of a comparison, in order, each with the chapter that it stands in."""
    here: Chapter | None = None
    found: list[tuple[MappedChange, Chapter | None]] = []
    for change in changes:
        here = next((named[key] for key in change.new if key in named), here)
        found.append((change, here))
    return found


# --- points that led to a change -----------------------------------------------------------------


class PointsOn(Struct, frozen=True):
    """The standing points on one provision in one round: all when few, else only their number."""

    round_id: int
    key: str
    count: int
    points: tuple[ShownPoint, ...]


def points_that_led(
    provision_ids: Collection[int], round_ids: Collection[int]
) -> dict[int, list[PointsOn]]:
    """Return the points on each provision, of the rounds whose points the reader may see.

    One query, which brings at most MOST_POINTS of each provision and round.
    """
    if not provision_ids or not round_ids:
        return {}
    apart = (Point.provision_id, Point.consultation_id)
    ranked = (
        select(
            Point.id,
            func.count().over(partition_by=apart).label("of"),
            func.row_number()
            .over(partition_by=apart, order_by=(Point.received_at, Point.id))
            .label("place"),
        )
        .where(
            Point.provision_id.in_(provision_ids),
            Point.consultation_id.in_(round_ids),
            *standing(),
        )
        .subquery()
    )
    groups: defaultdict[tuple[int, int], list[tuple[ShownPoint, int]]] = defaultdict(list)
    for point, count in points_on(ranked, MOST_POINTS):
        groups[point.provision_id or 0, point.consultation_id].append((point, count))
    found: defaultdict[int, list[PointsOn]] = defaultdict(list)
    for (provision_id, round_id), members in groups.items():
        first, count = members[0]
        few = tuple(point for point, _ in members) if count <= MOST_POINTS else ()
        found[provision_id].append(PointsOn(round_id, first.key or "", count, few))
    return dict(found)


# --- how a provision reads now -------------------------------------------------------------------


class Later(Struct, frozen=True):
    """How a provision reads in the newest later version, word by word.

    ``places`` are the citations there, none when it was deleted.
    """

    version_id: int
    number: int
    kind: str
    places: tuple[str, ...]
    segments: tuple[Run, ...]
    reason: str


def changed_since(
    provision_ids: Collection[int],
    *,
    restricted: bool,
    loaded: Mapping[int, Provision],
) -> dict[int, Later]:
    """Return how those of the provisions read now whose words changed; three queries at most.

    What the caller has ``loaded`` of them already is not read again. Without ``restricted``,
    versions of drafts with a round for verified people are left out: the narrowest audience of a
    draft's rounds is that of its versions.
    """
    wordings = {
        id_: rows
        for id_, rows in later_wording(provision_ids).items()
        if any(row.changed for row in rows)
    }
    if wordings and not restricted:
        hidden = _for_verified({rows[0].version_id for rows in wordings.values()})
        wordings = {i: rows for i, rows in wordings.items() if rows[0].version_id not in hidden}
    if not wordings:
        return {}
    old = [(id_, loaded[id_].title, loaded[id_].text) for id_ in wordings if id_ in loaded]
    if unread := wordings.keys() - loaded.keys():
        rows = select(Provision.id, Provision.title, Provision.text)
        old += [row.tuple() for row in db.session.execute(rows.where(Provision.id.in_(unread)))]
    return {id_: _later(title, text, wordings[id_]) for id_, title, text in old}


def _for_verified(version_ids: Collection[int]) -> set[int]:
    """Return those of the versions whose draft has a published round for verified people."""
    of_round = select(DraftVersion.draft_id).join(
        Consultation, Consultation.version_id == DraftVersion.id
    )
    drafts = of_round.where(
        Consultation.audience == Audience.VERIFIED, Consultation.stage != Stage.PREPARING
    )
    return set(
        db.session.scalars(
            select(DraftVersion.id).where(
                DraftVersion.id.in_(version_ids), DraftVersion.draft_id.in_(drafts)
            )
        )
    )


def _later(title: str, text: str, rows: list[LaterWording]) -> Later:
    there = [row for row in rows if row.key is not None]
    was, now = Words(title, text), [Words(row.title or "", row.text or "") for row in there]
    titles = (len(title), len(now[0].title)) if now else (0, 0)
    segments = diff(_wording(was), "\n".join(map(_wording, now)), titles=titles)
    first = rows[0]
    return Later(
        first.version_id,
        first.version_number,
        first.kind,
        tuple(row.citation or "" for row in there),
        tuple(runs(segments, [was], now)),
        next((row.reason for row in rows if row.reason), ""),
    )


def _wording(words: Words) -> str:
    return "\n".join(part for part in words if part)
