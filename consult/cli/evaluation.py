"""The command that summarises any list of texts, and measures it where summaries are known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from consult.cli.base import Failure, json_option, print_json

_NAMES = {
    "engine": "these lines",
    "lexrank": "LexRank",
    "mmr": "MMR",
    "random": "at random",
    "people": "people among themselves",
}


@click.command()
@click.option(
    "--texts",
    "file",
    type=click.Path(path_type=Path),
    required=True,
    help="One JSON object a line: id and text, perhaps group, author, stance, reference(s).",
)
@click.option(
    "--budget",
    type=click.IntRange(1),
    default=230,
    show_default=True,
    help="How many syllables to quote of each group.",
)
@json_option
def evaluate(file: Path, budget: int, as_json: bool) -> None:
    """Choose the lines that say most of each group of texts, and measure them.

    Needs no database and writes nothing. A reference is a person's summary of the text's
    group; where there are some, ROUGE-1 and -2 over syllables is shown (F1; --json has the
    recall too) for these lines, for LexRank, for sentences at random, and, where a group has
    several references, for people among themselves.
    """
    from consult.summaries.engine.child import EngineFailed, EngineRefused, ask

    try:
        found = ask("evaluate", _read(file), budget)
    except EngineRefused as error:
        raise Failure(f"{file}: {error}.") from error
    except EngineFailed as error:
        raise Failure(f"The texts could not be read: {error}") from error
    if as_json:
        print_json(found)
    else:
        _print(found)


def _read(file: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines; Failure names the first line that is not one."""
    try:
        lines = file.read_text("utf-8-sig").split("\n")
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file} is not UTF-8.") from error
    found: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append({**json.loads(line)})
            except (ValueError, TypeError) as error:
                raise Failure(f"{file}, line {number}: not an object in JSON.") from error
    return found


def _print(found: dict[str, Any]) -> None:
    for group in found["groups"]:
        coverage = group["coverage"]
        click.echo(
            f"{group['group'] or '(no group)'}: {group['syllables']} syllables; "
            f"{coverage['echoed']} of {coverage['texts']} texts are echoed"
        )
        for line in group["lines"]:
            stance = f" ({line['stance']})" if line["stance"] else ""
            click.echo(f"  – {line['id']}{stance}: {' '.join(line['text'].split())}")
    if found["rouge"]:
        click.echo(f"\nROUGE over {found['measured_groups']} group(s):     -1     -2")
        for way, name in _NAMES.items():
            if way in found["rouge"]:
                score = found["rouge"][way]
                click.echo(f"  {name:<26} {score['rouge1']:.3f}  {score['rouge2']:.3f}")
