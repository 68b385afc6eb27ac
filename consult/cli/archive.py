"""Commands that put the whole installation into one file and back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consult.cli.base import Failure, application, json_option, report

if TYPE_CHECKING:
    from consult.cli.backups import Manifest


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write the database and the uploaded files to FILE (.tar.gz).

    The portal may run meanwhile: the copy is of one instant. It can be restored on SQLite and
    on PostgreSQL alike. The search index is left out, for it is rebuilt, and so are the keys
    (secret.key, vault.key, ledger.key): keep those apart. FILE holds personal data; only its
    owner may read it.
    """
    with application() as app:
        from consult.cli.backups import write_backup

        if file.exists():
            raise Failure(f"{file} exists already; choose another name.")
        try:
            manifest = write_backup(file, app.extensions["consult_settings"].data_dir)
        except OSError as error:
            raise Failure(f"{file} cannot be written: {error.strerror}.") from error
    rows = sum(manifest.rows.values())
    report(
        f"{file} is written: {rows} rows, {manifest.files} uploaded files. The vault's key is not "
        "in it.",
        _facts(file, manifest),
        as_json=as_json,
    )


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Replace what the installation holds.")
@json_option
def restore(file: Path, force: bool, as_json: bool) -> None:
    """Put the backup FILE into this installation, which must be empty (or --force).

    Stop the portal first. All or nothing: a damaged file changes nothing. Rebuilds the search
    index at the end. The backup must come from the same release's schema.
    """
    if not file.is_file():
        raise Failure(f"There is no file {file}.")
    with application(ready=False) as app:
        from consult.cli.backups import BadBackup, NotEmpty, restore_backup
        from consult.core import migrate
        from consult.search.tasks import rebuild

        migrate.upgrade()
        try:
            manifest = restore_backup(
                file, app.extensions["consult_settings"].data_dir, replace=force
            )
        except BadBackup as error:
            raise Failure(f"{file} cannot be restored: {error}") from error
        except NotEmpty as error:
            raise Failure(
                "This installation is not empty. --force replaces everything that it holds."
            ) from error
        rebuild()
        closed = _closed()
    rows = sum(manifest.rows.values())
    keyless = (
        f" {closed} sealed identities do not open: put the vault's key back." if closed else ""
    )
    report(
        f"Restored: {rows} rows, {manifest.files} uploaded files, as of {manifest.made_at}."
        + keyless,
        _facts(file, manifest),
        as_json=as_json,
    )


def _closed() -> int:
    """Return how many sealed identities the key that is here does not open."""
    from consult.core.db import transaction
    from consult.core.sealing import KeyMissing
    from consult.submissions import vault

    with transaction(write=False):
        try:
            whole, opened = vault.count()
        except KeyMissing:
            return vault.sealed()
    return whole - opened


def _facts(file: Path, manifest: Manifest) -> dict[str, Any]:
    return {
        "file": str(file),
        "schema": manifest.schema,
        "made_at": manifest.made_at,
        "rows": manifest.rows,
        "uploads": manifest.files,
    }
