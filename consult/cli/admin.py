"""Commands about administrators."""

from __future__ import annotations

import click

from consult.cli.base import Failure, application


@click.group()
def admin() -> None:
    """Administrators of the portal."""


@admin.command("create")
@click.argument("email")
@click.option("--name", help="Full name; asked for when the account is new.")
def create(email: str, name: str | None) -> None:
    """Make EMAIL an administrator.

    A new account's name and password are asked for; an existing account keeps its own and
    gets the role.
    """
    from email_validator import EmailNotValidError, validate_email

    try:
        address = validate_email(email, check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise Failure(f"{email!r} is not an e-mail address: {error}") from error
    with application():
        from consult.accounts import roles
        from consult.accounts.queries import user_by_email
        from consult.core.db import transaction

        with transaction(write=False):
            known = user_by_email(address) is not None
        full_name = "" if known else name or click.prompt("Full name")
        password = "" if known else _ask_password(address, full_name)
        with transaction():
            user = user_by_email(address)
            user_id = user.id if user else _add(address, full_name, password)
            roles.grant_role(user_id, "admin", None, actor_id=None)
        click.echo(f"{address} is an administrator now.")


def _ask_password(email: str, name: str) -> str:
    from consult.accounts import passwords

    password: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise Failure(
            f"The password must have {passwords.SHORTEST} to {passwords.LONGEST} characters."
        )
    if passwords.too_easy(password, email=email, full_name=name):
        raise Failure("This password is too easy to guess; choose another.")
    return password


def _add(email: str, name: str, password: str) -> int:
    from consult.accounts.models import User
    from consult.accounts.passwords import hash_password
    from consult.core import clock
    from consult.core.db import db
    from consult.core.text import nfc, squeeze

    now = clock.now()
    user = User(
        email=email,
        full_name=squeeze(nfc(name))[:120],
        password_hash=hash_password(password),
        created_at=now,
        email_confirmed_at=now,
    )
    db.session.add(user)
    db.session.flush()
    return user.id
