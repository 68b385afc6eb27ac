"""Alembic's environment: the application's own engine and metadata."""

from __future__ import annotations

from alembic import context

from consult.core.db import Base, db


def run() -> None:
    """Migrate the application's database in one transaction."""
    engine = db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
