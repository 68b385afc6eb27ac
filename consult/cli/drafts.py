"""Commands about drafts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from consult.cli.base import Failure, application, json_option, print_json

if TYPE_CHECKING:
    from consult.drafts.parsing import ParsedDocument


@click.group()
def drafts() -> None:
    """Read draft documents."""


@drafts.command("parse")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def parse(file: Path, as_json: bool) -> None:
    """Show the provisions that are found in FILE (.docx, .pdf with text, or .txt).

    Needs no database and writes nothing. The JSON has parts, provisions (key, part, kind,
    number, title, text, parent, citation, start, end), warnings and the remainder.
    """
    from consult.drafts.parsing import REASONS, UnreadableDocument, parse_untrusted

    if not file.is_file():
        raise Failure(f"There is no file {file}.")
    try:
        document = parse_untrusted(file, filename=file.name)
    except UnreadableDocument as error:
        with application(ready=False):
            from consult.core.i18n import _

            raise Failure(_(REASONS[error.reason], **error.params)) from error
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error
    if as_json:
        print_json(document.to_json())
    else:
        _print_tree(document)


def _print_tree(document: ParsedDocument) -> None:
    from consult.core.text import shorten

    for provision in document.provisions:
        words = provision.title or shorten(provision.text, 70)
        click.echo(f"{'  ' * provision.depth}{provision.citation}: {words}")
    click.echo(f"\n{len(document.provisions)} provisions in {max(1, len(document.parts))} part(s).")
    for warning in document.warnings:
        click.echo(f"Warning: {warning.message}")
    if document.remainder.strip():
        click.echo(f"Text outside of every provision:\n{document.remainder}")
