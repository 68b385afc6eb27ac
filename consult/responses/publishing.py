"""Publishing a version of a draft as what became of the rounds before it."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import select

from consult.consultations import queries as rounds
from consult.consultations.models import Stage
from consult.core import clock
from consult.core.db import db
from consult.drafts import change_queries, leaves, version_queries, versioning
from consult.drafts.models import Draft, DraftVersion
from consult.drafts.version_queries import VersionState
from consult.jobs.services import enqueue
from consult.ledger import services as ledger
from consult.responses import version_queries as points

# One job writes a notification and an e-mail for each person; jobs shall stay short.
_AT_ONCE = 200
# Below this share of provisions with a counterpart the text may be of some other draft.
_SAME_DOCUMENT = 0.2
# Obstacles that do not stand in the way of a revised draft.
ONLY_FOR_FINAL = frozenset({"open_round", "open_points"})


class Obstacle(Struct, frozen=True):
    """Why a version cannot be published: ``code``, with a number or a round where it has one."""

    code: str
    count: int = 0
    round_id: int | None = None
    title: str = ""


class NotReady(Exception):
    """The version cannot be published yet, or no more; nothing was written."""

    def __init__(self, obstacles: list[Obstacle]) -> None:
        super().__init__(", ".join(obstacle.code for obstacle in obstacles))
        self.obstacles = obstacles


class PublishVersion(Struct, frozen=True):
    """The version, whether it is the draft's last, and the official's statement on secrets."""

    version: DraftVersion
    final: bool
    no_state_secret: bool
    actor_id: int | None


class Remarks(Struct, frozen=True):
    """What the official should know before publishing, though it keeps nothing back.

    ``mapped`` of the ``provisions`` of the preceding public version, whose id and number are
    given, have a counterpart that is not in doubt. ``without_reason`` changes have no reason.
    """

    old_id: int
    old_number: int
    without_reason: int
    mapped: int
    provisions: int

    @property
    def another_document(self) -> bool:
        """Whether so few provisions correspond that the text may be of some other draft."""
        return self.mapped < self.provisions * _SAME_DOCUMENT


def remarks(version: DraftVersion) -> Remarks | None:
    """Return them, or None when there is no comparison with the preceding version; 3 queries."""
    [old, *_] = version_queries.earlier_public(version) or [None]
    made = change_queries.comparisons_of(version.id)
    if old is None or old.id not in made:
        return None
    changes = change_queries.changes(made[old.id])
    return Remarks(
        old.id,
        old.number,
        sum(change.lacks_reason for change in changes),
        sum(len(change.old) for change in changes if change.new and not change.doubtful),
        sum(len(change.old) for change in changes),
    )


def obstacles(version: DraftVersion, *, final: bool) -> list[Obstacle]:
    """Return all that keeps the version from being published so; a fixed number of queries.

    Besides the statement on state secrets, which is asked for at publishing: the version is the
    newest, follows a round, is compared with what was shown before, its doubtful mappings are
    decided and a recovered reading is confirmed. For the last version, no round takes opinions
    any more and every open point on changed words is answered (Luật 64/2025/QH15: tiếp thu, giải
    trình đầy đủ và công khai).
    """
    newest = version_queries.newest_of(version.draft_id)
    state = version_queries.state(version, newest.number if newest else version.number)
    if state is VersionState.SUPERSEDED or (newest and newest.id != version.id):
        return [Obstacle("not_newest")]
    if state is VersionState.FINAL or (state is VersionState.PUBLISHED and not final):
        return [Obstacle("published_already")]
    earlier = version_queries.earlier_public(version)
    if not earlier and version.frozen_at is None:
        return [Obstacle("no_round")]
    found = [] if not version.reading or version.reading_confirmed_at else [Obstacle("reading")]
    found += _mapping(version, [old.id for old in earlier])
    if final:
        found += _rounds(version)
        found += [
            Obstacle("open_points", waiting.count, waiting.round_id, waiting.title)
            for waiting in points.waiting_points(version)
        ]
    return found


def _mapping(version: DraftVersion, earlier: list[int]) -> list[Obstacle]:
    """Return what is missing of the comparisons: all are made, the preceding one is decided."""
    if not earlier:
        return []
    made = change_queries.comparisons_of(version.id)
    if version_queries.is_comparing(version.id) or not set(earlier) <= made.keys():
        return [Obstacle("comparing")]
    doubtful = sum(change.doubtful for change in change_queries.changes(made[earlier[0]]))
    return [Obstacle("doubtful", doubtful)] if doubtful else []


def _rounds(version: DraftVersion) -> list[Obstacle]:
    return [
        Obstacle("open_round", round_id=round_.id, title=round_.title)
        for round_ in rounds.rounds_of_draft(version.draft_id)
        if round_.stage in (Stage.SCHEDULED, Stage.OPEN)
    ]


def publish(command: PublishVersion) -> None:
    """Publish the version as the revised draft, or as the final one.

    Freezes it, writes an audit entry and a ledger leaf, and tells the authors of standing points
    on provisions whose words changed (``notifications.tell``). Raises NotReady.
    """
    version = command.version
    # Locked, so that neither a corrected file nor a second official comes between.
    db.session.execute(select(Draft.id).where(Draft.id == version.draft_id).with_for_update())
    db.session.refresh(version)
    missing = obstacles(version, final=command.final)
    if not command.no_state_secret:
        missing.append(Obstacle("no_state_secret"))
    if missing:
        raise NotReady(missing)
    now = clock.now()
    versioning.publish(version, final=command.final, actor_id=command.actor_id, at=now)
    ledger.append(leaves.KIND, version.id, leaves.version_content(version, at=now), at=now)
    _tell(version, final=command.final)


def _tell(version: DraftVersion, *, final: bool) -> None:
    kind = "version.final" if final else "version.published"
    people, sealed = points.authors_on(points.touched_provisions(version.id))
    for first in range(0, len(people), _AT_ONCE):
        enqueue(
            "notifications.tell",
            {
                "user_ids": people[first : first + _AT_ONCE],
                "kind": kind,
                "params": {"draft": version.draft.title, "number": version.number},
                "url": "/my/contributions",
                "dedupe": f"{kind}:{version.id}",
            },
        )
    if sealed:
        enqueue(
            "notifications.tell_sealed",
            {
                "submission_ids": sealed,
                "kind": "contribution.news",
                "fact": f"{kind}:{version.id}",
            },
        )
