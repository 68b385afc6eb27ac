"""Fixtures that every test may ask for: both databases, the application, clients, the clock."""

from __future__ import annotations

import shutil
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from pysqlite3 import dbapi2

from config import Settings
from consult.app import create_app
from consult.core import catalogue, clock, migrate
from consult.core.db import db
from tests.support import postgres
from tests.support.untraced import untraced

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]

# A busy machine is no fault of the code.
settings.register_profile(
    "patient", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.support.side_by_side import SideBySide

    return SideBySide(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Trace no test on PostgreSQL: it covers what the same one does on SQLite, which is enough."""
    if item.get_closest_marker("postgres") is None:
        return (yield)
    with untraced():
        return (yield)


def pytest_make_parametrize_id(config: pytest.Config, val: object) -> str | None:
    """Name no test by the bytes of a file: an archive tells the time, every process another."""
    return "bytes" if isinstance(val, bytes) else None


@dataclass(frozen=True)
class Installation:
    """An application on a database of its own, and how to make that database fresh again."""

    app: Flask
    settings: Settings
    server_url: str | None
    template: str
    shape: str = ""

    def reset(self) -> None:
        """Give the application the migrated, empty database back."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
            database = db.engine.url.database or ""
        if self.server_url is not None:
            url = self.settings.database_url
            if not postgres.empty_database(self.server_url, url, self.shape):
                postgres.drop_database(self.server_url, url)
                postgres.create_database(self.server_url, template=self.template, name=database)
        else:
            _restore(self.template, database)
        for folder in ("index", "mail", "files"):
            shutil.rmtree(self.settings.data_dir / folder, ignore_errors=True)


def _restore(template: str, database: str) -> None:
    """Overwrite the database with the template's pages, by SQLite's own locking.

    Replacing the file under a connection that some thread still holds would damage it.
    """
    with (
        closing(dbapi2.connect(template)) as source,
        closing(dbapi2.connect(database, timeout=15)) as target,
    ):
        target.execute("PRAGMA synchronous=OFF")
        source.backup(target)


def build(folder: Path, server_url: str | None) -> Installation:
    """Return an installation in ``folder``, on SQLite or on a database of that server."""
    if catalogue.stale():
        catalogue.compile_all()
    env = {"CONSULT_DATA_DIR": str(folder), "CONSULT_SECRET_KEY": "test" * 10}
    if server_url is not None:
        env["DATABASE_URL"] = postgres.create_database(server_url)
    app = create_app(Settings.from_environment(env))
    with app.app_context():
        migrate.upgrade()
        migrated = db.engine.url.database or ""
        db.engine.dispose()
    shape = ""
    if server_url is None:
        template = migrated + ".template"
        shutil.copyfile(migrated, template)
    else:
        template = env["DATABASE_URL"]
        shape = postgres.shape(server_url, template)
        env["DATABASE_URL"] = postgres.create_database(server_url, template=template)
        app = create_app(Settings.from_environment(env))
    app.testing = True
    settings = app.extensions["consult_settings"]
    return Installation(app, settings, server_url, template, shape)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server for the whole run; skips (and so fails CI) where there is none."""
    try:
        url, stop = postgres.start()
    except postgres.NoPostgres as error:
        pytest.skip(str(error))
    yield url
    stop()


@pytest.fixture(scope="session")
def installations() -> dict[str, Installation]:
    """What `installation` has built: tests of both engines may come in any order."""
    return {}


@pytest.fixture(scope="session", params=ENGINES)
def installation(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    installations: dict[str, Installation],
) -> Installation:
    """One installation for each engine; `app` resets it for each test."""
    server_url = request.getfixturevalue("postgres_url") if request.param != "sqlite" else None
    if request.param not in installations:
        installations[request.param] = build(tmp_path_factory.mktemp(request.param), server_url)
    return installations[request.param]


@pytest.fixture
def app(installation: Installation) -> Iterator[Flask]:
    """The application on an empty migrated database; runs once for each engine."""
    clock.reset()
    installation.reset()
    yield installation.app
    clock.reset()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a session."""
    return app.test_client()


@pytest.fixture(scope="session")
def sqlite_installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """For tests to which the engine does not matter."""
    return build(tmp_path_factory.mktemp("sqlite_only"), None)


@pytest.fixture
def sqlite_app(sqlite_installation: Installation) -> Iterator[Flask]:
    """The application on SQLite only."""
    clock.reset()
    sqlite_installation.reset()
    yield sqlite_installation.app
    clock.reset()
