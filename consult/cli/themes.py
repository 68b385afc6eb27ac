"""The command that shows what the machine proposes for a round's summary."""

from __future__ import annotations

from typing import Any

import click

from consult.cli.base import Failure, application, json_option, print_json
from consult.cli.rounds import find_round


@click.command("build")
@click.argument("round_id", type=int, metavar="ROUND")
@click.option("--keep", is_flag=True, help="Keep them as the Front's pages show them.")
@json_option
def build(round_id: int, keep: bool, as_json: bool) -> None:
    """Propose themes, lines and repetitions for the points of ROUND.

    The same points give the same output, in whatever order they came. Writes nothing unless
    --keep is given; then the proposals take the place of earlier ones, and what staff decided
    of themes and repetitions stays. --json prints for each provision themes, lines with the id
    of the point and the characters start to end, duplicates with what each added, doubtful
    stances with the words that contradict them, coverage, and how many people, organisations
    and distinct texts there are, then the manifest: the hash of each point's words. Nobody's
    name is in it.
    """
    with application():
        from consult.core.db import transaction
        from consult.summaries import theme_building, theme_report
        from consult.summaries.engine.child import EngineFailed

        with transaction(write=False):
            find_round(round_id)
            read = theme_building.material(round_id)
        try:
            result = theme_building.propose(read)
        except EngineFailed as error:
            raise Failure(f"The points could not be read: {error}") from error
        if keep:
            with transaction():
                theme_building.store(read, result, actor_id=None)
        with transaction(write=False):
            found = theme_report.report(read, result)
    if as_json:
        print_json(found)
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    for provision in found["provisions"]:
        coverage = provision["coverage"]
        click.echo(
            f"{provision['citation'] or 'The whole draft'}: {coverage['texts']} points, "
            f"{provision['distinct']} different ones; {coverage['echoed']} are echoed"
        )
        for theme in provision["themes"]:
            name = ", ".join(theme["labels"]) or "(no words in common)"
            click.echo(f"    {len(theme['texts']):>6}  {name}")
        for line in provision["lines"]:
            words = " ".join(line["text"].split())
            click.echo(f"  – YK-{line['id']} ({line['stance']}): {words}")
        for doubt in provision["doubts"]:
            click.echo(f"  ? YK-{doubt['id']} ({doubt['stance']}): {doubt['text']}")
    coverage = found["coverage"]
    click.echo(
        f"\n{found['people']} people, {found['organisations']} organisations, "
        f"{found['distinct']} distinct texts."
    )
    click.echo(
        f"{coverage['texts']} points: {coverage['assigned']} assigned, {coverage['echoed']} "
        f"echoed, {coverage['texts'] - coverage['echoed']} not echoed."
    )
