"""Commands about submissions: importing what came on paper or in letters."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consult.cli.base import Failure, application, json_option, print_json
from consult.cli.rounds import find_round

if TYPE_CHECKING:
    from consult.submissions.incoming.table import Table


@click.group()
def submissions() -> None:
    """Submissions of opinions."""


@submissions.command("import")
@click.argument("round_id", type=int, metavar="ROUND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Receive the rows without asking.")
@json_option
def import_file(round_id: int, file: Path, yes: bool, as_json: bool) -> None:
    """Receive the opinions of a table (.csv or .xlsx) in ROUND: all rows or none.

    Columns, by English or Vietnamese headings: author (người góp ý), organisation (đơn vị),
    provision (điều khoản), stance (quan điểm), content (nội dung góp ý), proposed wording
    (đề xuất sửa đổi), kind (loại ý kiến). A provision is named as "Điều 5", "khoản 2 Điều 5",
    "II.2.3" or by its key; empty means the whole draft. First shows what was understood, or
    every wrong row. Without --yes it then asks; where nobody can be asked, it writes nothing.
    The same file is received once only.
    """
    with application():
        data = _read(file)
        table = _check(round_id, data, file.name)
        if as_json:
            report = _plain(table)
            if not table.errors and yes:
                report |= _receive(round_id, table, data, file.name)
            print_json(report)
        else:
            _preview(table)
        if table.errors:
            raise Failure(f"{len(table.errors)} error(s); nothing was written.")
        if as_json:
            return
        if not yes and not (sys.stdin.isatty() and click.confirm("Receive these rows?")):
            click.echo("Nothing was written. With --yes the rows are received.")
            return
        done = _receive(round_id, table, data, file.name)
        if done["repeated"]:
            click.echo("This file has been received before; nothing was written.")
        else:
            click.echo(
                f"Received: {done['points']} point(s) in {done['submissions']} submission(s)."
            )


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise Failure(f"There is no file {file}.") from error
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror}.") from error


def _check(round_id: int, data: bytes, name: str) -> Table:
    from consult.consultations.models import Stage
    from consult.core.db import transaction
    from consult.core.i18n import _
    from consult.drafts.queries import provisions
    from consult.submissions.incoming.spreadsheet import REASONS, UnreadableSheet, read_rows
    from consult.submissions.incoming.table import check_table

    with transaction(write=False):
        round_ = find_round(round_id)
        if round_.stage not in (Stage.OPEN, Stage.CLOSED):
            raise Failure(
                f"Round {round_id} is {round_.stage.value}: opinions are imported while it is "
                "open or closed and not answered yet."
            )
        try:
            return check_table(read_rows(data, name), provisions(round_.version_id))
        except UnreadableSheet as error:
            raise Failure(_(REASONS[error.reason], **error.params)) from error


def _receive(round_id: int, table: Table, data: bytes, name: str) -> dict[str, Any]:
    from consult.consultations.queries import locked
    from consult.core import clock
    from consult.core.db import transaction
    from consult.submissions.incoming.services import ReceiveTable, receive_table
    from consult.submissions.incoming.table import fingerprint

    digest = fingerprint(data)
    with transaction():
        round_ = locked(round_id)
        if round_ is None:
            raise Failure(f"There is no round {round_id}.")
        outcomes = receive_table(ReceiveTable(round_, table.rows, name, digest, clock.now()))
        repeated = all(outcome.repeated for outcome in outcomes)
    return {
        "written": not repeated,
        "repeated": repeated,
        "points": 0 if repeated else len(table.rows),
        "submissions": 0 if repeated else len(outcomes),
        "references": [outcome.reference for outcome in outcomes],
    }


def _errors(table: Table) -> list[dict[str, Any]]:
    from consult.core.i18n import _
    from consult.submissions.incoming.table import MESSAGES

    return [
        {
            "row": error.row,
            "column": error.column or None,
            "code": error.code,
            "message": _(MESSAGES[error.code], **error.params),
        }
        for error in table.errors
    ]


def _plain(table: Table) -> dict[str, Any]:
    return {
        "rows": [
            {
                "row": row.row,
                "author": row.author,
                "organisation": row.organisation,
                "provision": row.provision,
                "citation": row.citation or None,
                "kind": row.kind.value,
                "stance": row.stance.value,
                "content": row.content,
                "proposed_wording": row.proposed_wording,
            }
            for row in table.rows
        ],
        "errors": _errors(table),
        "ignored_columns": table.ignored,
        "written": False,
    }


def _preview(table: Table) -> None:
    from consult.core.text import shorten

    for row in table.rows:
        who = " – ".join(part for part in (row.author, row.organisation) if part)
        click.echo(
            f"{row.row:>5}  {shorten(who, 34):<34}  {shorten(row.citation or '—', 26):<26}  "
            f"{row.kind.value:<9}  {row.stance.value:<18}  {shorten(row.content, 60)}"
        )
    if table.ignored:
        click.echo(f"Columns that are not used: {', '.join(table.ignored)}")
    click.echo(f"{len(table.rows)} row(s) understood.")
    for error in _errors(table):
        place = f"Row {error['row']}" if error["row"] else "Table"
        column = f", {error['column']}" if error["column"] else ""
        click.echo(f"{place}{column}: {error['message']}", err=True)
