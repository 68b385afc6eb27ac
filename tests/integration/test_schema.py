"""The database that the migrations make is the one that the models describe."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from consult.core import migrate
from consult.core.db import Base, db


def test_head_equals_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_partial_indexes_are_partial(app: Flask) -> None:
    """Alembic does not compare what an index leaves out."""
    with app.app_context(), db.engine.connect() as connection:
        option = f"{db.engine.dialect.name}_where"
        found = {
            str(index["name"]): option in index.get("dialect_options", {})
            for table in Base.metadata.tables
            for index in inspect(connection).get_indexes(table)
        }
    wanted = {
        str(index.name): index.dialect_kwargs.get(option) is not None
        for table in Base.metadata.tables.values()
        for index in table.indexes
    }
    assert sum(wanted.values()) >= 5
    assert {name: found[name] for name in wanted} == wanted


def test_the_database_is_at_the_one_head(app: Flask) -> None:
    with app.app_context():
        heads, revision = migrate.heads()
    assert heads == [revision]
