"""Commands about the vault: changing its key, trying it, beginning anew when it is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from consult.cli.base import Failure, application, json_option, report

Result = TypeVar("Result")


@click.group()
def vault() -> None:
    """The vault of sealed identities.

    Its key is a file (CONSULT_VAULT_KEY, or vault.key in the data directory) that no backup
    holds: keep a copy of it apart. Without it nobody can open a sealed identity, and authors do
    not find what they sent under seal.
    """


@vault.command("rotate")
@json_option
def rotate(as_json: bool) -> None:
    """Begin a new key and put every sealed identity under it.

    The portal may run meanwhile. The key before stays in the file until the next time, for a
    process that was just writing; do it twice to be rid of one that was seen by others. Copy the
    file again afterwards: the old copy opens nothing that is sealed from now on.
    """
    from consult.core.db import transaction
    from consult.submissions import vault as door

    def change() -> int:
        with transaction():
            number = door.rotate()
        with transaction(write=False):
            door.forget_old_keys()
        return number

    number = _inside(change)
    report(f"{number} sealed identities are under a new key.", {"sealed": number}, as_json=as_json)


@vault.command("check")
@json_option
def check(as_json: bool) -> None:
    """Try whether the key opens every sealed identity; shows none of them."""
    from consult.core.db import transaction
    from consult.submissions import vault as door

    def count() -> tuple[int, int]:
        with transaction(write=False):
            return door.count()

    whole, opened = _inside(count)
    report(
        f"{opened} of {whole} sealed identities open.",
        {"sealed": whole, "opened": opened},
        as_json=as_json,
    )
    if opened < whole:
        raise Failure(f"{whole - opened} cannot be opened: restore the key that sealed them.")


@vault.command("new")
@json_option
def new(as_json: bool) -> None:
    """Begin anew where the key is lost: what is sealed by now stays closed for good.

    Refused while there is a file. Should the lost key turn up, put it back in its place.
    """
    from consult.core import sealing
    from consult.core.settings import settings

    def begin() -> str:
        path = settings().vault_key
        if path.exists():
            raise Failure(f"There is a key: {path}. To change it, use “vault rotate”.")
        sealing.create(path)
        return str(path)

    path = _inside(begin)
    report(f"{path} is written. Keep a copy of it apart.", {"file": path}, as_json=as_json)


def _inside(action: Callable[[], Result]) -> Result:
    from consult.core.sealing import KeyMissing, Unopenable

    with application():
        try:
            return action()
        except (KeyMissing, Unopenable) as error:
            raise Failure(str(error)) from error
