"""Commands about opinion groups."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consult.cli.base import Failure, json_option, print_json

if TYPE_CHECKING:
    from consult.summaries.engine.votes import Votes

_UNREADABLE = {
    "no_votes": "there are no votes",
    "not_csv": "it is not CSV",
    "columns": "the columns must be voter, statement and vote, or participant and the statements",
    "twice": "two columns have the same name",
    "cells": "there are not as many cells as columns",
    "blank": "the voter or the statement is missing",
    "vote": "a vote must be 1, 0 or -1",
    "time": "the timestamp must be a number",
}
_MEMBERSHIPS = {
    "shape": "it must be {voter: group}, {group: [voters]} or Polis's results",
    "twice": "somebody is in two groups, voter",
    "none": "nobody in it has voted",
}
_NO_GROUPS = {
    "few_people": "Too few people voted often enough to form groups.",
    "few_statements": "There are too few statements to form groups.",
    "no_groups": "The votes form no groups.",
    "unstable": "The groups are not shown: with a fifth of the people fewer they are others.",
}


@click.group()
def groups() -> None:
    """Find groups of people who vote alike."""


@groups.command("evaluate")
@click.argument("votes", type=click.Path(path_type=Path))
@click.option(
    "--memberships",
    type=click.Path(path_type=Path),
    help="Do not form groups, take those of this JSON file: {voter: group}, {group: [voters]}, "
    "or Polis's math-pca2.",
)
@click.option(
    "--leave-out",
    metavar="STATEMENT",
    multiple=True,
    help="A statement that forms no groups and stands for none; may be repeated.",
)
@json_option
def evaluate(
    votes: Path, memberships: Path | None, leave_out: tuple[str, ...], as_json: bool
) -> None:
    """Show the opinion groups in the CSV file VOTES.

    Its columns are voter, statement, vote (1 agrees, -1 disagrees, 0 passes) and perhaps
    timestamp; the export of Polis (votes.csv or participants-votes.csv) is read as well. Needs
    no database and writes nothing. The JSON has status (shown, given, few_people,
    few_statements, no_groups, unstable), stable, agreement (of twenty resamples), groups with
    their members and representative statements, and statements with their group-aware
    consensus and each group's figures.
    """
    from consult.summaries.engine import groups as engine

    ballots = _read_votes(votes)
    unknown = sorted(set(leave_out) - set(ballots.statements))
    if unknown:
        raise Failure(f"Nobody voted on a statement {unknown[0]}.")
    left_out = frozenset(leave_out)
    if memberships is None:
        result = engine.evaluate(ballots, left_out=left_out)
    else:
        result = _with_memberships(ballots, memberships, left_out)
    if as_json:
        print_json(result)
    else:
        _print_groups(result)


def _read_votes(file: Path) -> Votes:
    from consult.summaries.engine.votes import UnreadableVotes, read

    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            return read(lines)
    except UnreadableVotes as error:
        raise Failure(f"{file}, line {error.line}: {_UNREADABLE[error.reason]}.") from error
    except UnicodeDecodeError as error:
        raise Failure(f"{file} is not text in UTF-8.") from error
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error


def _with_memberships(votes: Votes, file: Path, left_out: frozenset[str]) -> dict[str, Any]:
    from consult.summaries.engine.groups import evaluate_given
    from consult.summaries.engine.memberships import WrongMemberships, read

    try:
        given = read(json.loads(file.read_text("utf-8-sig")))
        return evaluate_given(votes, given, left_out=left_out)
    except WrongMemberships as error:
        sentence = f"{_MEMBERSHIPS[error.reason]} {error.voter}".strip()
        raise Failure(f"{file} gives no groups: {sentence}.") from error
    except (ValueError, RecursionError) as error:
        raise Failure(f"{file} is not JSON.") from error
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error


def _print_groups(result: dict[str, Any]) -> None:
    click.echo(
        f"{result['votes']} votes of {result['voters']} people on {result['statement_count']} "
        f"statements; {result['participants']} people have at least "
        f"{result['votes_to_count']} votes."
    )
    if result["agreement"] is not None:
        click.echo(f"Agreement of the resamples: {result['agreement']:.2f}.")
    if result["status"] in _NO_GROUPS:
        click.echo(_NO_GROUPS[result["status"]])
    for group in result["groups"]:
        click.echo(f"\nGroup {group['id']}: {group['size']} people")
        for row in group["representative"]:
            verb = "agree with" if row["repful_for"] == "agree" else "disagree with"
            click.echo(f"  {row['n_success']} of {row['n_trials']} {verb} {row['statement']}")
    shared = [row for row in result["statements"] if not row["left_out"]][:5]
    if shared:
        click.echo("\nStatements that all groups agree with most:")
    for row in shared:
        click.echo(f"  {row['statement']}: {row['group_aware_consensus']:.3f}")
