"""Commands about the database's schema and the demonstration."""

from __future__ import annotations

import click

from consult.cli.base import Failure, application, json_option, print_json, report


@click.group()
def demo() -> None:
    """The demonstration: marked accounts, rounds, points, answers."""


@demo.command("load")
@click.option("--anyway", is_flag=True, help="Also into a database that has other accounts.")
@json_option
def load(anyway: bool, as_json: bool) -> None:
    """Load the demonstration.

    Its accounts have a password that everybody knows, so it goes into a database without
    other accounts only (unless --anyway).
    """
    with application():
        from consult.cli.serving import has_accounts
        from consult.core.db import transaction
        from consult.demo import loader

        with transaction(write=False):
            loaded = loader.loaded()
        if loaded:
            raise Failure("The demonstration is loaded already.")
        if has_accounts() and not anyway:
            raise Failure(
                "This database has real accounts. The demonstration's accounts have a known "
                "password, so it is not loaded here; --anyway does it all the same."
            )
        loader.load()
        report("The demonstration is loaded.", {"loaded": True}, as_json=as_json)


@click.group("db")
def db_group() -> None:
    """The database's schema."""


@db_group.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest schema; does nothing when it is there."""
    with application(ready=False):
        from consult.core import migrate

        migrate.upgrade()
        _heads, revision = migrate.heads()
        click.echo(f"The database's schema is {revision}.")


@db_group.command("revision")
@json_option
def revision(as_json: bool) -> None:
    """Show the database's schema and the newest one of this release."""
    with application(ready=False):
        from consult.core import migrate

        heads, current = migrate.heads()
    if as_json:
        print_json({"database": current, "release": heads, "current": [current] == heads})
    else:
        click.echo(f"Database: {current or 'no tables yet'}. Release: {', '.join(heads)}.")
