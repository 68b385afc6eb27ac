"""The command that finds opinion groups in a file of votes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from consult.cli.main import main

# Two camps and one line of each's votes on the statements a to h; all agree with h.
CAMPS = {"x": (1, 1, 1, 1, -1, -1, -1, 1), "y": (-1, -1, -1, -1, 1, 1, 1, 1)}
LINES = [
    f"{camp}{number},{statement},{vote}"
    for camp, size in (("x", 12), ("y", 8))
    for number in range(size)
    for statement, vote in zip("abcdefgh", CAMPS[camp], strict=True)
]


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(main, ["groups", "evaluate", *map(str, arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def evaluated(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture
def votes(tmp_path: Path) -> Path:
    file = tmp_path / "votes.csv"
    file.write_text("\n".join(["\ufeffvoter,statement,vote", *LINES]), "utf-8")
    return file


def test_groups_come_out_as_json(votes: Path) -> None:
    result = evaluated(votes)
    assert (result["status"], result["stable"], result["agreement"]) == ("shown", True, 1.0)
    assert [group["size"] for group in result["groups"]] == [12, 8]
    first = result["groups"][0]["representative"]
    assert [row["repful_for"] for row in first] == ["agree"] * 4 + ["disagree"]
    shared = result["statements"][0]
    assert shared["statement"] == "h"
    assert shared["group_aware_consensus"] == pytest.approx(13 / 14 * 9 / 10)


def test_groups_come_out_as_sentences(votes: Path) -> None:
    lines = run(votes).output.splitlines()
    assert lines[0].startswith("160 votes of 20 people on 8 statements; 20 people have at least 7")
    assert "Group 1: 8 people" in lines
    assert "  8 of 8 agree with e" in lines
    assert "  h: 0.836" in lines


def test_groups_that_are_not_shown_are_explained(tmp_path: Path) -> None:
    few = tmp_path / "few.csv"
    few.write_text("\n".join(["voter,statement,vote", *LINES[:80]]))
    assert "Too few people voted often enough" in run(few).output


def test_given_groups_and_left_out_statements(votes: Path, tmp_path: Path) -> None:
    file = tmp_path / "groups.json"
    file.write_text('{"one": ["x0", "x1"], "two": ["y0"]}')
    result = evaluated(votes, "--memberships", file, "--leave-out", "h", "--leave-out", "a")
    assert result["status"] == "given"
    assert [group["size"] for group in result["groups"]] == [2, 1]
    chosen = {row["statement"] for group in result["groups"] for row in group["representative"]}
    assert chosen
    assert chosen <= set("bcdefg")


def test_neither_the_order_of_the_lines_nor_a_run_changes_a_byte(
    votes: Path, tmp_path: Path
) -> None:
    turned = tmp_path / "turned.csv"
    turned.write_text("\n".join(["voter,statement,vote", *reversed(LINES)]))
    printed = [
        subprocess.run(
            [sys.executable, "-m", "consult.cli", "groups", "evaluate", str(file), "--json"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for file, seed in ((votes, "1"), (turned, "2"))
    ]
    assert printed[0] == printed[1]
    assert b'"shown"' in printed[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("voter,statement,vote\na,b,2\n", "votes.csv, line 2: a vote must be 1, 0 or -1."),
        ("voter,statement\na,b\n", "line 1: the columns must be voter, statement and vote"),
        ("voter,statement,vote\n", "there are no votes"),
    ],
)
def test_bad_votes_are_told(votes: Path, text: str, sentence: str) -> None:
    votes.write_text(text)
    result = run(votes)
    assert result.exit_code == 1
    assert sentence in result.stderr


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "is not JSON."),
        ("3", "it must be {voter: group}"),
        ('{"a": ["x1"], "b": ["x1"]}', "somebody is in two groups, voter x1."),
        ('{"stranger": 1}', "nobody in it has voted."),
    ],
)
def test_bad_memberships_are_told(votes: Path, tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "groups.json"
    file.write_text(text)
    result = run(votes, "--memberships", file)
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_files_that_are_not_there_and_statements_that_nobody_voted_on(votes: Path) -> None:
    assert "cannot be read: No such file" in run(votes.parent / "none.csv").stderr
    assert "cannot be read: No such file" in run(votes, "--memberships", "/none.json").stderr
    assert "Nobody voted on a statement z." in run(votes, "--leave-out", "z").stderr
    votes.write_bytes(b"voter,statement,vote\n\xff,b,1\n")
    assert "is not text in UTF-8." in run(votes).stderr
