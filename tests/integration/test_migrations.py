"""Migrations on a populated database: what people wrote is there afterwards."""

from __future__ import annotations

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, select, text

from consult.accounts.models import User
from consult.core import migrate
from consult.core.db import Base, db, transaction
from consult.drafts.models import DraftVersion
from consult.submissions.models import Point
from consult.summaries import theme_building
from consult.summaries.decision_models import Reason
from consult.summaries.decision_services import Decide, decide
from consult.summaries.engine.build import build
from consult.summaries.theme_models import Theme, ThemePoint
from tests.support import factories as make


def populate() -> None:
    """Put people, a round and opinions into the database at the newest revision."""
    agency = make.organisation()
    round_id = make.consultation(agency, make.version(agency))
    author = make.user("Nguyễn Văn An", verified=True)
    points = [
        make.point(round_id, author, provision=provision) for provision in ("d1.k1", "d2.k1", None)
    ]
    with transaction():
        decide(Decide(round_id, frozenset(points[:1]), author, reason=Reason.EMPTY))
        result = build([], 60)
        read = theme_building.Material(round_id, [], {}, [])
        theme_building.store(read, result, actor_id=author)
        theme = Theme(consultation_id=round_id, name="Chủ đề")
        db.session.add_all(
            [theme, ThemePoint(point_id=points[2], consultation_id=round_id, theme=theme)]
        )


def revisions_in_order() -> list[str]:
    """Return the revisions of every migration, the first one first."""
    scripts = ScriptDirectory.from_config(migrate.config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def test_upgrading_a_populated_database_keeps_everything(app: Flask) -> None:
    with app.app_context():
        populate()
        migrate.upgrade()
        assert make.count(Point) == 3
        assert make.count(User) == 1


def test_each_migration_keeps_a_populated_database(app: Flask) -> None:
    with app.app_context():
        populate()
        revisions = revisions_in_order()
        for older in reversed(revisions[:-1]):
            db.session.remove()
            migrate.downgrade(older)
            assert db.session.scalar(text("SELECT count(*) FROM points")) == 3
            assert db.session.scalar(text("SELECT count(*) FROM draft_versions")) == 1
        for newer in revisions[1:]:
            db.session.remove()
            migrate.upgrade(newer)
            assert db.session.scalar(text("SELECT count(*) FROM points")) == 3
        if db.engine.dialect.name == "sqlite":
            assert db.session.scalar(text("PRAGMA foreign_keys")) == 1
        assert make.count(Point) == 3
        assert db.session.scalars(select(DraftVersion)).one().reading_sample == []


def test_each_migration_can_be_undone_and_done_again(app: Flask) -> None:
    with app.app_context():
        populate()
        db.session.remove()
        migrate.downgrade("base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        migrate.upgrade()
        assert set(Base.metadata.tables) <= set(inspect(db.engine).get_table_names())
        populate()
        assert make.count(Point) == 3


def test_published_answers_survive_the_migration_of_answers(app: Flask) -> None:
    with app.app_context():
        populate()
        insert = (
            "INSERT INTO responses"
            " (consultation_id, disposition, reason, for_discussion, created_at, published_at)"
            " SELECT id, 'noted', 'Đã rõ', :no, created_at, created_at FROM consultations"
        )
        with transaction():
            db.session.execute(text(insert), {"no": False})
        for revision in ("0013", "0014"):
            db.session.remove()
            (migrate.downgrade if revision == "0013" else migrate.upgrade)(revision)
            assert db.session.scalar(text("SELECT reason FROM responses")) == "Đã rõ"
        assert not db.session.scalar(text("SELECT for_discussion FROM responses"))


def test_rounds_that_closed_before_have_no_period_for_answers(app: Flask) -> None:
    with app.app_context():
        populate()
        db.session.remove()
        migrate.downgrade("0018")
        migrate.upgrade("0019")
        assert db.session.execute(text("SELECT answer_by FROM consultations")).all() == [(None,)]
        assert db.session.scalar(text("SELECT count(*) FROM answer_objections")) == 0
