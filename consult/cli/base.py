"""What commands share: the application around them, sentences for failures, JSON out."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from flask import Flask

Command = TypeVar("Command", bound=Callable[..., Any])


class Failure(click.ClickException):
    """The command cannot do what was asked; the message is a sentence for the operator."""

    def show(self, file: Any = None) -> None:
        """Print the sentence on the standard error stream."""
        click.echo(self.format_message(), err=True, file=file)


def json_option(function: Command) -> Command:
    """Add --json, which the command gets as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")(
        function
    )


def print_json(value: Any) -> None:
    """Print ``value`` as JSON on the standard output; instants become ISO 8601 in UTC."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def report(sentence: str, facts: dict[str, Any], *, as_json: bool) -> None:
    """Say what was done: ``facts`` as JSON, or ``sentence``."""
    if as_json:
        print_json(facts)
    else:
        click.echo(sentence)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


@contextmanager
def application(*, ready: bool = True) -> Generator[Flask]:
    """Run the block inside the application of the environment's settings.

    With ``ready`` the database must be at the newest schema. Raises Failure with a sentence
    for a wrong setting, a database that cannot be reached, an old or missing schema.
    """
    from sqlalchemy.exc import OperationalError

    from config import ConfigError
    from consult.app import create_app
    from consult.core.db import db

    try:
        app = create_app()
    except ConfigError as error:
        raise Failure(str(error)) from error
    with app.app_context():
        try:
            if ready:
                _check_schema()
            yield app
        except OperationalError as error:
            raise Failure(
                f"The database cannot be used: {str(error.orig or error).splitlines()[0]}"
            ) from error
        finally:
            db.engine.dispose()


def _check_schema() -> None:
    from consult.core import migrate

    heads, revision = migrate.heads()
    if revision is None:
        raise Failure("The database has no tables yet. Run “db upgrade” or “serve” first.")
    if [revision] != heads:
        raise Failure(
            f"The database's schema is {revision}, this release needs {', '.join(heads)}. "
            "Run “db upgrade” first."
        )
