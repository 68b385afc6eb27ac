"""Reading points against a later version: whose words changed, what is still to be answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from msgspec import Struct
from sqlalchemy import func, select

from consult.consultations.models import Consultation
from consult.core.db import db
from consult.drafts.change_queries import CHANGED
from consult.drafts.models import DraftVersion, Provision, ProvisionChange, VersionComparison
from consult.responses.models import AnsweredPoint, Disposition, Response
from consult.submissions.models import Authorship, Point
from consult.submissions.queries import standing


def touched_provisions(version_id: int) -> dict[int, set[int]]:
    """Return, for each earlier version, its provisions that read otherwise in this one.

    A provision counts when its own words changed, were deleted, split or merged, and when that
    happened to anything below it, an addition included: who wrote on a chapter wrote on all that
    is in it. Ids of versions and provisions; two queries.
    """
    rows = db.session.execute(
        select(
            VersionComparison.old_version_id,
            ProvisionChange.kind,
            ProvisionChange.wording_changed,
            ProvisionChange.old_key,
            ProvisionChange.new_key,
        )
        .join(ProvisionChange, ProvisionChange.comparison_id == VersionComparison.id)
        .where(VersionComparison.new_version_id == version_id)
    )
    by_version: defaultdict[int, list[_Row]] = defaultdict(list)
    for old_version_id, *row in rows:
        by_version[old_version_id].append(_Row._make(row))
    trees = _trees([version_id, *by_version])
    return {
        old_id: _touched(changes, trees[old_id], trees[version_id])
        for old_id, changes in by_version.items()
    }


class _Row(NamedTuple):
    kind: str
    wording_changed: bool
    old_key: str | None
    new_key: str | None


class _Node(NamedTuple):
    id: int
    parent: str | None


def _trees(version_ids: Collection[int]) -> defaultdict[int, dict[str, _Node]]:
    """Return each version's provisions by key, each with its parent's key; one query."""
    rows = db.session.execute(
        select(Provision.version_id, Provision.id, Provision.key, Provision.parent_id)
        .where(Provision.version_id.in_(version_ids))
        .order_by(Provision.ordinal)
    ).all()
    keys = {id_: key for _, id_, key, _ in rows}
    found: defaultdict[int, dict[str, _Node]] = defaultdict(dict)
    for version_id, id_, key, parent_id in rows:
        found[version_id][key] = _Node(id_, keys.get(parent_id) if parent_id else None)
    return found


def _touched(rows: list[_Row], old: dict[str, _Node], new: dict[str, _Node]) -> set[int]:
    sources: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.old_key and row.new_key:
            sources[row.new_key].add(row.old_key)
    keys: set[str] = set()
    for row in rows:
        if row.old_key:
            if row.wording_changed or row.kind in CHANGED:
                keys.add(row.old_key)
        elif row.new_key:
            above = next((k for k in _lineage(row.new_key, new) if k in sources), None)
            keys |= sources[above] if above else set()
    return {old[above].id for key in keys for above in _lineage(key, old)}


def _lineage(key: str, tree: dict[str, _Node]) -> Iterable[str]:
    """Yield the provision's key and those of all that it stands under."""
    at: str | None = key
    while at is not None and at in tree:
        yield at
        at = tree[at].parent


class OpenPoints(Struct, frozen=True):
    """How many points of a round wait for a published answer."""

    round_id: int
    title: str
    count: int


def open_points(version: DraftVersion, touched: dict[int, set[int]]) -> list[OpenPoints]:
    """Return, for each round on an earlier version, the open points on touched provisions.

    Open are standing points without a published answer. One query.
    """
    rows = db.session.execute(
        select(Consultation.id, Consultation.title, Point.provision_id, func.count(Point.id))
        .join(Point, Point.consultation_id == Consultation.id)
        .outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .outerjoin(Response, Response.id == AnsweredPoint.response_id)
        .where(
            Consultation.version_id.in_(list(touched)),
            Point.provision_id.is_not(None),
            *standing(),
            Response.published_at.is_(None),
        )
        .group_by(Consultation.id, Consultation.title, Point.provision_id)
        .order_by(Consultation.id)
    )
    wanted = _union(touched)
    counts: defaultdict[tuple[int, str], int] = defaultdict(int)
    for round_id, title, provision_id, count in rows:
        if provision_id in wanted:
            counts[round_id, title] += count
    return [OpenPoints(round_id, title, count) for (round_id, title), count in counts.items()]


def waiting_points(version: DraftVersion) -> list[OpenPoints]:
    """Return the open points that keep the version from being published as final, by round.

    None when it is final already. Three queries.
    """
    if version.final_at is not None:
        return []
    return open_points(version, touched_provisions(version.id))


def authors_on(touched: dict[int, set[int]]) -> tuple[list[int], list[int]]:
    """Return who has standing points on touched provisions; one query.

    First the accounts of those who write openly, then the submissions of those who do not.
    """
    rows = db.session.execute(
        select(Authorship.user_id, Authorship.submission_id, Point.provision_id)
        .join(Point, Point.submission_id == Authorship.submission_id)
        .join(Consultation, Consultation.id == Point.consultation_id)
        .where(
            Consultation.version_id.in_(list(touched)),
            Point.provision_id.is_not(None),
            *standing(),
        )
        .distinct()
    )
    wanted = _union(touched)
    there = [(user_id, written) for user_id, written, provision in rows if provision in wanted]
    return (
        sorted({user_id for user_id, _ in there if user_id is not None}),
        sorted({written for user_id, written in there if user_id is None}),
    )


def _union(touched: dict[int, set[int]]) -> set[int]:
    return {provision_id for ids in touched.values() for provision_id in ids}


class AnswerOn(NamedTuple):
    """An answer to a round's points on a provision; None for points that have none.

    ``first`` is the lowest id of those points, ``points`` their number.
    """

    provision_id: int
    round_id: int
    disposition: Disposition | None
    reason: str | None
    published: bool
    first: int
    points: int


def answers_on(provision_ids: Collection[int]) -> dict[int, list[AnswerOn]]:
    """Return the answers to the standing points on each of the provisions; one query."""
    if not provision_ids:
        return {}
    rows = db.session.execute(
        select(
            Point.provision_id,
            Point.consultation_id,
            Response.disposition,
            Response.reason,
            Response.published_at.is_not(None),
            func.min(Point.id),
            func.count(Point.id),
        )
        .outerjoin(AnsweredPoint, AnsweredPoint.point_id == Point.id)
        .outerjoin(Response, Response.id == AnsweredPoint.response_id)
        .where(Point.provision_id.in_(provision_ids), *standing())
        .group_by(
            Point.provision_id,
            Point.consultation_id,
            Response.id,
            Response.disposition,
            Response.reason,
            Response.published_at,
        )
        .order_by(func.min(Point.id))
    )
    found: defaultdict[int, list[AnswerOn]] = defaultdict(list)
    for row in rows:
        answer = AnswerOn._make(row)
        found[answer.provision_id].append(answer)
    return dict(found)
