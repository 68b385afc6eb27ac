"""Databases for one run of the measurements, made before it and dropped after it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.machine import cpu_seconds


@dataclass(frozen=True)
class Database:
    """Where both applications keep their rows. ``server`` is None for SQLite."""

    url: str
    server: str | None

    def url_for(self, name: str) -> str:
        """Return the URL by which the application called ``name`` is known to the server."""
        return self.url if self.server is None else f"{self.url}?application_name={name}"

    def backends(self, name: str) -> Callable[[], float]:
        """Return what tells the CPU seconds of the server's processes that serve ``name``."""
        if self.server is None:
            return lambda: 0.0
        return lambda: sum(map(_cpu, self._processes(name)))

    def _processes(self, name: str) -> list[int]:
        import psycopg

        query = "SELECT pid FROM pg_stat_activity WHERE application_name = %s ORDER BY pid"
        with psycopg.connect(self.server or "") as connection:
            return [row[0] for row in connection.execute(query, (name,))]


def _cpu(pid: int) -> float:
    try:
        return cpu_seconds(pid)
    except OSError:  # the connection has ended since, or the server is another machine
        return 0.0


@contextmanager
def fresh(server: str | None, folder: Path) -> Iterator[Database]:
    """Yield a new database: a file in ``folder``, or on the PostgreSQL server at that URL.

    The URL's account must be allowed to create databases.
    """
    if server is None:
        yield Database(f"sqlite:///{folder / 'consult.sqlite3'}", None)
        return
    import psycopg
    from psycopg import sql

    name = f"consult_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        url = server.partition("?")[0].rpartition("/")[0] + "/" + name
        yield Database(url.replace("postgres://", "postgresql://", 1), server)
    finally:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(drop)
