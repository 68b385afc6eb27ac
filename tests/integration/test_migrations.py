"""Migrations on a populated database: what people wrote is there afterwards."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import inspect

from consult.accounts.models import User
from consult.core import migrate
from consult.core.db import Base, db
from consult.submissions.models import Point
from tests.support import factories as make


def populate() -> None:
    """Put people, a round and opinions into the database at the newest revision."""
    agency = make.organisation()
    round_id = make.consultation(agency, make.version(agency))
    author = make.user("Nguyễn Văn An", verified=True)
    for provision in ("d1.k1", "d2.k1", None):
        make.point(round_id, author, provision=provision)


def test_upgrading_a_populated_database_keeps_everything(app: Flask) -> None:
    with app.app_context():
        populate()
        migrate.upgrade()
        assert make.count(Point) == 3
        assert make.count(User) == 1


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
