"""The database that the migrations make is the one that the models describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask

from consult.core import migrate
from consult.core.db import Base, db


def test_head_equals_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_database_is_at_the_one_head(app: Flask) -> None:
    with app.app_context():
        heads, revision = migrate.heads()
    assert heads == [revision]
