"""The command that finds campaigns in any list of texts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import to_builtins

from consult.cli.base import Failure, json_option, print_json
from consult.core.text import nfc

if TYPE_CHECKING:
    from consult.summaries.engine.duplicates import Group
    from consult.summaries.engine.wordings import Text


@click.command()
@click.option(
    "--texts",
    "file",
    type=click.Path(path_type=Path),
    required=True,
    help="One JSON object a line: id (a whole number), text, and perhaps author.",
)
@json_option
def duplicates(file: Path, as_json: bool) -> None:
    """Show which texts of a file are one campaign's.

    Needs no database and writes nothing. The JSON has texts (how many), groups (leader, size,
    authors, and members with id, how: “exact” or “near”, the passages added to the leader's
    text and those missing from it, with their places) and alone, the ids of all others.
    """
    from consult.summaries.engine.duplicates import groups

    texts = _read(file)
    try:
        found = groups(texts)
    except ValueError as error:
        raise Failure(f"{file}: {error}") from error
    if as_json:
        print_json(_plain(found))
    else:
        _print(found)


def _read(file: Path) -> list[Text]:
    """Return the texts of a file of JSON lines; Failure names the first line that is not one."""
    try:
        lines = file.read_text("utf-8").split("\n")
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file} is not UTF-8.") from error
    texts: list[Text] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                texts.append(_text(json.loads(line)))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise Failure(
                    f"{file}, line {number}: not an object with id, a whole number, and text."
                ) from error
    return texts


def _text(row: Any) -> Text:
    """Return the text of one line's object; raises where it is no such object."""
    from consult.summaries.engine.wordings import Text

    if type(row["id"]) is not int:
        raise TypeError("id")
    author = row.get("author")
    return Text(row["id"], nfc(row["text"]), None if author is None else str(author))


def _plain(found: list[Group]) -> dict[str, Any]:
    return {
        "texts": sum(group.size for group in found),
        "groups": [
            {
                "leader": group.leader,
                "size": group.size,
                "authors": group.authors,
                "members": [to_builtins(member) for member in group.members],
            }
            for group in found
            if group.members
        ],
        "alone": [group.leader for group in found if not group.members],
    }


def _print(found: list[Group]) -> None:
    for group in found:
        if group.members:
            click.echo(f"{group.leader}: {group.size} texts of {group.authors} authors")
            for member in group.members:
                click.echo(f"    {member.id} ({member.how})")
                for sign, differences in (("+", member.added), ("-", member.missing)):
                    for difference in differences:
                        click.echo(f"        {sign} {' '.join(difference.text.split())}")
    alone = sum(not group.members for group in found)
    click.echo(f"\n{alone} texts are like no other.")
