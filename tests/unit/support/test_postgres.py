"""The throw-away PostgreSQL server: starts, clones, leaves nothing behind."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support import postgres

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres.find_binaries() is None, reason="no PostgreSQL here"),
]


@pytest.fixture
def open_directory() -> Iterator[Path]:
    """A temporary directory that the server's account may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    url, stop = postgres.start()
    yield url
    stop()
    assert not answers(url)


def test_is_new_enough_and_speaks_unicode(server: str) -> None:
    with psycopg.connect(server) as connection:
        assert connection.info.server_version >= 150000
        row = connection.execute("SELECT lower('ĐIỀU ƯỚC'), current_setting('fsync')").fetchone()
    assert row == ("điều ước", "off")


def test_a_clone_holds_the_template_and_is_its_own(server: str) -> None:
    template = postgres.create_database(server)
    with psycopg.connect(template) as connection:
        connection.execute("CREATE TABLE points (body text)")
        connection.execute("INSERT INTO points VALUES ('góp ý')")
    clone = postgres.create_database(server, template=template)
    with psycopg.connect(clone) as connection:
        connection.execute("INSERT INTO points VALUES ('phản biện')")
    with psycopg.connect(template) as connection:
        assert connection.execute("SELECT count(*) FROM points").fetchone() == (1,)


def test_drop_ends_open_connections(server: str) -> None:
    url = postgres.create_database(server)
    with psycopg.connect(url) as connection:
        postgres.drop_database(server, url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_an_emptied_database_counts_from_one_again(server: str) -> None:
    url = postgres.create_database(server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE clubs (id serial PRIMARY KEY)")
        connection.execute(
            "CREATE TABLE members (id serial, club integer NOT NULL REFERENCES clubs)"
        )
    shape = postgres.shape(server, url)
    for _ in range(2):
        with psycopg.connect(url) as connection:
            for table in ("clubs", "members"):
                assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
            added = "INSERT INTO clubs DEFAULT VALUES RETURNING id"
            assert connection.execute(added).fetchone() == (1,)
            connection.execute("INSERT INTO members (club) VALUES (1)")
        assert postgres.empty_database(server, url, shape)
    postgres.drop_database(server, url)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE clubs ADD place text",
        "ALTER TABLE clubs ALTER name SET NOT NULL",
        "ALTER TABLE clubs DROP CONSTRAINT clubs_pkey",
        "CREATE TABLE other ()",
        "DROP TABLE clubs",
    ],
)
def test_a_database_whose_tables_were_changed_is_not_emptied(server: str, change: str) -> None:
    url = postgres.create_database(server)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE clubs (id integer PRIMARY KEY, name text DEFAULT '')")
    shape = postgres.shape(server, url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(change)
    assert not postgres.empty_database(server, url, shape)
    postgres.drop_database(server, url)


def test_the_server_dies_with_the_process_that_started_it(open_directory: Path) -> None:
    program = (
        "from tests.support import postgres; import time\n"
        "print(postgres.start()[0], flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[3],
        env={**os.environ, "TMPDIR": str(open_directory)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert owner.stdout is not None
    url = owner.stdout.readline().strip()
    assert answers(url)
    owner.kill()
    owner.communicate()
    deadline = time.monotonic() + 10
    while answers(url):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def test_says_why_it_cannot_start(open_directory: Path) -> None:
    initdb = open_directory / "initdb"
    initdb.write_text("#!/bin/sh\necho no room left >&2\nexit 1\n")
    initdb.chmod(0o755)
    with pytest.raises(postgres.NoPostgres, match="no room left"):
        postgres.start(open_directory)


def test_says_so_when_the_programs_are_not_there(open_directory: Path) -> None:
    with pytest.raises(postgres.NoPostgres, match="initdb cannot be run"):
        postgres.start(open_directory / "nowhere")
