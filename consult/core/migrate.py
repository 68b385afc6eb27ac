"""Alembic's door: bring the database to the newest schema, or write a new migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import inspect

from config import ROOT
from consult.core.db import db

if TYPE_CHECKING:
    from alembic.script import ScriptDirectory


def config() -> Config:
    """Return Alembic's configuration; it needs no .ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return settings


def upgrade(revision: str = "head") -> None:
    """Migrate the database to ``revision``; needs an application context."""
    command.upgrade(config(), revision)


def downgrade(revision: str) -> None:
    """Migrate the database back to ``revision``."""
    command.downgrade(config(), revision)


def heads() -> tuple[list[str], str | None]:
    """Return (the script's heads, the database's revision or None)."""
    from alembic.script import ScriptDirectory as Scripts
    from sqlalchemy import text

    scripts: ScriptDirectory = Scripts.from_config(config())
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return list(scripts.get_heads()), None
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return list(scripts.get_heads()), revision
