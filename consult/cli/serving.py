"""Starting: preparing the installation, the web server and the scheduler side by side."""

from __future__ import annotations

import socket
import subprocess
import sys

import click

from consult.cli.base import Failure, application


@click.command()
@click.option("--empty", is_flag=True, help="Do not load the demonstration.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Web processes, of four threads each.",
)
def serve(empty: bool, host: str, port: int, workers: int) -> None:
    """Start the portal: web server and scheduler.

    First brings the database to the newest schema, loads the demonstration into a new
    installation (unless --empty) and builds the search index if it is missing. Ctrl-C or
    SIGTERM stops everything.
    """
    from consult.cli.supervisor import Supervisor

    _check_address(host, port)
    arguments = [sys.executable, "-m", "consult.cli", "prepare", *(["--empty"] if empty else [])]
    try:
        # In a process of its own, so that the one that stays is small.
        prepared = subprocess.call(arguments)
    except KeyboardInterrupt:
        raise Failure("Stopped before the start was complete; start again to go on.") from None
    if prepared != 0:
        raise SystemExit(prepared)
    raise SystemExit(Supervisor(host, port, workers).run())


def _check_address(host: str, port: int) -> None:
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise Failure(f"There is no address {host!r} to listen on.") from error
    except PermissionError as error:
        raise Failure(f"Port {port} needs more rights; choose one above 1023: --port 8000.") from (
            error
        )
    except OSError as error:
        raise Failure(
            f"Port {port} on {host} is taken by another program (or not of this machine). "
            f"Choose another, for example: --port {port + 1 if port < 65535 else 8000}."
        ) from error


@click.command()
@click.option("--empty", is_flag=True, help="Do not load the demonstration.")
def prepare(empty: bool) -> None:
    """Prepare the installation, as “serve” does before it starts.

    Brings the database to the newest schema, loads the demonstration into a database without
    accounts (unless --empty) and builds the search index if it is missing. May be repeated.
    """
    with application(ready=False):
        from consult.core import migrate
        from consult.search.current import engine
        from consult.search.tasks import rebuild

        heads, revision = migrate.heads()
        if [revision] != heads:
            click.echo("Bringing the database to the newest schema …")
            migrate.upgrade()
        if not empty and not has_accounts():
            from consult.demo import loader

            click.echo("Loading the demonstration (this time only) …")
            loader.load()
        if not engine().available():
            click.echo("Building the search index …")
            rebuild()
        _print_sign_ins()


def has_accounts() -> bool:
    """Return whether anybody has an account; needs no open transaction."""
    from sqlalchemy import exists, select

    from consult.accounts.models import User
    from consult.core.db import db, transaction

    with transaction(write=False):
        return bool(db.session.scalar(select(exists().where(User.id.is_not(None)))))


def _print_sign_ins() -> None:
    from consult.accounts.passwords import DEMO_PASSWORD
    from consult.accounts.queries import demo_accounts
    from consult.core.db import transaction

    shown: dict[str, str] = {}
    with transaction(write=False):
        for user in demo_accounts():
            role = user.roles[0].role if user.roles else "intellectual"
            if user.roles or user.verified_at:
                shown.setdefault(role, f"{user.email:<32} {user.full_name}")
    if shown:
        click.echo(f"\nDemonstration sign-ins (password of all: {DEMO_PASSWORD})")
        for role, line in shown.items():
            click.echo(f"  {role:<13} {line}")


@click.command()
@click.option(
    "--parent",
    type=int,
    metavar="PID",
    help="Stop when this process is no longer the parent.",
)
def scheduler(parent: int | None) -> None:
    """Run the scheduler: opens and closes rounds, sends mail, keeps the search index.

    “serve” starts one. With several machines any number of them may run; the rows of the
    jobs decide who does what. SIGTERM stops it.
    """
    import logging

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    # A beat that is still at work is no event.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    with application() as app:
        from consult.jobs.scheduler import run_forever
    run_forever(app, parent=parent)
