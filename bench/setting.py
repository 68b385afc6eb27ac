"""Everything a run of the measurements stands on: database, rows, people, both applications."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import text

from bench import bare, bare_pages, data, databases
from bench.client import Person, person
from bench.databases import Database
from bench.server import Server, serve
from config import Settings
from consult.app import create_app
from consult.core import catalogue, migrate
from consult.core.db import db
from consult.search import tasks as search

SECRET = "bench" * 10
WRITERS = 50


@dataclass(frozen=True)
class Setting:
    """``people`` are by role, "nobody" among them; ``writers`` send points by turns.

    ``loaded`` and ``indexed`` are CPU seconds.
    """

    database: Database
    world: data.World
    app: Flask
    bare_app: Flask
    people: dict[str, Person]
    writers: list[Person]
    visitor: Person
    environment: dict[str, str]
    loaded: float
    indexed: float

    def ours(self) -> AbstractContextManager[Server]:
        """Start the product's web server."""
        env = self.environment | {"DATABASE_URL": self.database.url_for("ours")}
        return serve("ours", "wsgi:application", env, "/", self.database.backends("ours"))

    def bare(self) -> AbstractContextManager[Server]:
        """Start the bare application's web server, with the same options."""
        url = _driver(self.database.url_for("bare"))
        env = self.environment | {"BENCH_DATABASE_URL": url}
        backends = self.database.backends("bare")
        return serve("bare", "bench.bare:application", env, "/pages/none", backends)


@contextmanager
def prepared(server: str | None, sizes: data.Sizes) -> Iterator[Setting]:
    """Make everything in a temporary folder (and a database of its own on ``server``)."""
    if catalogue.stale():
        catalogue.compile_all()
    with TemporaryDirectory(prefix="consult-bench-") as name:
        folder = Path(name)
        with databases.fresh(server, folder) as database:
            yield _prepare(database, folder, sizes)


def _prepare(database: Database, folder: Path, sizes: data.Sizes) -> Setting:
    environment = {
        "CONSULT_DATA_DIR": str(folder),
        "CONSULT_SECRET_KEY": SECRET,
        "DATABASE_URL": database.url,
    }
    app = create_app(Settings.from_environment(environment))
    bare_app = bare.create_app(_driver(database.url), SECRET)
    with app.app_context():
        migrate.upgrade()
        began = time.process_time()
        world = data.build(sizes)
        tokens = data.sessions(world.users)
        loaded = time.process_time() - began
    visitor = bare_pages.prepare(bare_app)
    with app.app_context():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))  # as the database does by itself in time
        began = time.process_time()
        search.rebuild()
        indexed = time.process_time() - began
    everybody = {
        who: person(app, {"_user_id": token, "_fresh": True}) for who, token in tokens.items()
    }
    numbered = [who for who in everybody if who.startswith("person")]
    return Setting(
        database,
        world,
        app,
        bare_app,
        {"nobody": Person()} | {w: p for w, p in everybody.items() if w not in numbered},
        [everybody[who] for who in numbered[:WRITERS]],
        person(bare_app, {"token": visitor}),
        environment,
        loaded,
        indexed,
    )


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
