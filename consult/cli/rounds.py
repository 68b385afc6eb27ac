"""Commands about rounds: lists, summaries, documents."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from consult.cli.base import Failure, application, json_option, print_json, report

if TYPE_CHECKING:
    from consult.consultations.models import Consultation
    from consult.summaries.models import Summary

_FORMATS = {"mau10": ("docx", "pdf", "xlsx"), "points": ("xlsx", "csv", "json")}


@click.group()
def rounds() -> None:
    """Consultation rounds."""


@rounds.command("list")
@json_option
def list_rounds(as_json: bool) -> None:
    """List all rounds, also those being prepared, with their stage, dates and points."""
    with application():
        from sqlalchemy import func, select

        from consult.consultations.models import Consultation
        from consult.core.db import db, transaction
        from consult.core.i18n import format_datetime
        from consult.submissions.models import Point
        from consult.submissions.queries import standing

        with transaction(write=False):
            statement = (
                select(Point.consultation_id, func.count())
                .where(*standing())
                .group_by(Point.consultation_id)
            )
            counts = {row[0]: row[1] for row in db.session.execute(statement)}
            found = db.session.scalars(select(Consultation).order_by(Consultation.id)).all()
            listed: list[dict[str, Any]] = [
                _plain(round_) | {"points": counts.get(round_.id, 0)} for round_ in found
            ]
        if as_json:
            print_json(listed)
            return
        for row in listed:
            click.echo(
                f"{row['id']:>5}  {row['stage']:<9}  {format_datetime(row['opens_at']):<16}  "
                f"{format_datetime(row['closes_at']):<16}  {row['points']:>6}  {row['title']}"
            )
        click.echo(f"{len(listed)} round(s).")


def _plain(round_: Consultation) -> dict[str, Any]:
    return {
        "id": round_.id,
        "title": round_.title,
        "stage": round_.stage.value,
        "kind": round_.kind.value,
        "agency": round_.agency.name,
        "draft": round_.version.draft.title,
        "audience": round_.audience.value,
        "opens_at": round_.opens_at,
        "closes_at": round_.closes_at,
    }


def find_round(round_id: int) -> Consultation:
    """Return the round; Failure when there is none. Needs an open transaction."""
    from consult.consultations.queries import consultation

    found = consultation(round_id)
    if found is None:
        raise Failure(f"There is no round {round_id}. “rounds list” shows what there is.")
    return found


@click.group()
def summaries() -> None:
    """The Front's summaries of rounds."""


@summaries.command("show")
@click.argument("round_id", type=int, metavar="ROUND")
@json_option
def show(round_id: int, as_json: bool) -> None:
    """Show the newest released summary of ROUND, with its accounting of every point."""
    with application():
        from consult.core.db import transaction
        from consult.summaries import queries

        with transaction(write=False):
            find_round(round_id)
            released = queries.released(consultation_ids=[round_id])
            if not released:
                raise Failure(f"No summary of round {round_id} has been released.")
            plain = _plain_summary(released[0])
    if as_json:
        print_json(plain)
        return
    click.echo(f"Summary {plain['number']} of “{plain['round_title']}”\n")
    click.echo(plain["introduction"])
    for section in plain["sections"]:
        click.echo(f"\n{section['citation'] or 'The whole draft'}\n{section['narrative']}")
        for passage in section["passages"]:
            click.echo(f"  – {passage['point']} ({passage['stance']}): {passage['text']}")
    click.echo(f"\n{plain['conclusion']}")


def _plain_summary(summary: Summary) -> dict[str, Any]:
    from consult.drafts.queries import provisions
    from consult.summaries import queries
    from consult.summaries.printing import words_of

    words = words_of(summary)
    passages: dict[int | None, list[dict[str, Any]]] = {}
    for passage in queries.evidence(summary.id, only_quoted=True):
        passages.setdefault(passage.point.provision_id, []).append(
            {
                "point": passage.point.code,
                "stance": passage.point.stance.value,
                "start": passage.start,
                "end": passage.end,
                "text": passage.text,
                "hidden": passage.point.hidden_at is not None,
            }
        )
    lines = provisions(summary.consultation.version_id)
    places = [(line.id, line.key, line.citation) for line in lines] + [(None, None, None)]
    return {
        "id": summary.id,
        "round": summary.consultation_id,
        "round_title": summary.consultation.title,
        "number": summary.number,
        "released_at": summary.released_at,
        "public": summary.is_public,
        "introduction": words.introduction,
        "conclusion": words.conclusion,
        "sections": [
            {
                "provision": key,
                "citation": citation,
                "narrative": words.narratives.get(id_, ""),
                "passages": passages.get(id_, []),
            }
            for id_, key, citation in places
            if id_ in words.narratives or id_ in passages
        ],
        "manifest": summary.manifest,
    }


@click.command()
@click.argument("round_id", type=int, metavar="ROUND")
@click.option(
    "--kind",
    type=click.Choice(list(_FORMATS)),
    default="mau10",
    show_default=True,
    help="mau10: the table of opinions and answers; points: all points as a table.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["docx", "pdf", "xlsx", "csv", "json"]),
    help="File format.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write."
)
@json_option
def export(round_id: int, kind: str, form: str | None, output: Path, as_json: bool) -> None:
    """Write a document of ROUND to a file: Mẫu số 10 or all points.

    Mẫu số 10 as docx, pdf or xlsx, the points as xlsx, csv or json.

    Sealed identities are never written.
    """
    form = form or _FORMATS[kind][0]
    if form not in _FORMATS[kind]:
        raise Failure(f"{kind} can be written as {' or '.join(_FORMATS[kind])}, not as {form}.")
    with application():
        from consult.core.db import transaction
        from consult.documents import exporting

        made = BytesIO()
        with transaction(write=False):
            find_round(round_id)
            exporting.write(f"{kind}.{form}", round_id, made, lambda _done, _total: None)
        content = made.getvalue()
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Failure(f"{output} cannot be written: {error.strerror}.") from error
    report(
        f"{output} is written ({len(content)} bytes).",
        {"file": str(output), "kind": kind, "format": form, "bytes": len(content)},
        as_json=as_json,
    )
