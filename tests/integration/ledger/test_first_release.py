"""Entries that the first release made stay what they are, and are still compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from consult.cli.ledger import sources
from consult.consultations.models import Stage
from consult.core import migrate
from consult.core.db import db, transaction
from consult.ledger import auditing, keys
from consult.ledger.entries import leaf_hash
from consult.ledger.models import Leaf
from consult.responses import services
from consult.responses.models import Disposition, Response
from tests.support import factories as make


def answered(app: Flask) -> tuple[list[int], list[int]]:
    """Return four points and the answers on them, of which the points moved to later ones."""
    with app.app_context():
        agency = make.organisation()
        round_id = make.consultation(
            agency, make.version(agency), stage=Stage.CLOSED, closes=timedelta(days=-1)
        )
        author = make.user(verified=True)
        points = [make.point(round_id, author) for _ in range(4)]

        def write(*chosen: int, correct: bool = False) -> int:
            command = services.AnswerPoints(
                round_id, frozenset(chosen), Disposition.NOTED, f"Về {chosen}.", None
            )
            with transaction():
                return (services.correct if correct else services.answer)(command).id

        ids = [write(*points[:2]), write(points[2]), write(points[3])]
        with transaction():
            services.publish(round_id, actor_id=None)
        ids.append(write(points[0], correct=True))
        ids.append(write(points[2], points[3], correct=True))
        return points, ids


def as_of_the_first_release(app: Flask) -> None:
    """Give the leaves of answers the form and the hash that the first release gave them."""
    with app.app_context():
        with transaction() as session:
            for leaf in session.scalars(select(Leaf)):
                row = session.get_one(Response, leaf.subject_id)
                assert row.published_at
                content: dict[str, Any] = {
                    "round": row.consultation_id,
                    "points": row.answered_ids,
                    "disposition": row.disposition.value,
                    "reason": row.reason,
                    "published_at": row.published_at.isoformat(),
                }
                leaf.leaf_hash = leaf_hash(leaf.salt, content)
        db.session.remove()
        migrate.downgrade("0002")
        migrate.upgrade()


def findings(app: Flask) -> list[tuple[str, str, int]]:
    with app.app_context(), transaction(write=False):
        report = auditing.audit(sources(), [keys.signer().verifier])
        # The points of the scene were put straight into the tables.
        tables = ("responses", "answered_points")
        return [(f.problem, f.table, f.row) for f in report.findings if f.table in tables]


def test_answers_know_their_points_after_the_migration(app: Flask) -> None:
    points, ids = answered(app)
    as_of_the_first_release(app)
    with app.app_context(), transaction(write=False) as session:
        known = {row.id: row.answered_ids for row in session.scalars(select(Response))}
    a, b, c, d = points
    # The last correction replaced two answers at once: which point was whose is not recorded.
    assert known == dict(zip(ids, [[a, b], None, None, [a], [c, d]], strict=True))
    assert findings(app) == [("unknown", "responses", ids[1]), ("unknown", "responses", ids[2])]


def test_an_altered_answer_of_the_first_release_is_named(app: Flask) -> None:
    _points, ids = answered(app)
    as_of_the_first_release(app)
    with app.app_context(), transaction() as session:
        session.get_one(Response, ids[-1]).reason = "Khác."
    assert ("altered", "responses", ids[-1]) in findings(app)
