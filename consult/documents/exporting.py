"""Making the files of `export_list`: what is read of a round, written as the name says."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from typing import IO, Any, Final

from consult.core import files
from consult.core.db import transaction
from consult.core.i18n import N_
from consult.documents import queries, services
from consult.documents.answers_table import add_answers_sheet, write_answers_csv
from consult.documents.export_list import EXPORTS
from consult.documents.mau10 import render_docx
from consult.documents.points_json import write_json
from consult.documents.points_table import write_csv, write_xlsx
from consult.documents.services import Step
from consult.jobs.works import Failed

Write = Callable[[int, IO[bytes], Step], object]
GONE: Final = N_("The round is no longer there.")


def write(name: str, consultation_id: int, out: IO[bytes], step: Step) -> None:
    """Write the file called ``name`` of the round to ``out``; ``step`` hears how far it is.

    Protected names are in none of them. Reads in a constant number of queries. Raises KeyError
    for an unknown name, LookupError for an unknown round, typesetting.TypesettingFailed.
    """
    queries.consultation(consultation_id)  # a round that is gone is no empty table
    _WRITERS[name](consultation_id, out, step)


def make(arguments: dict[str, Any], step: Step) -> dict[str, Any]:
    """Make the file that ``arguments`` ("name", "round_id") ask for and keep it.

    Returns its digest and size, the result of the work. Raises works.Failed. Opens a reading
    transaction of its own.
    """
    with tempfile.TemporaryFile() as out:
        with transaction(write=False):
            try:
                write(arguments["name"], arguments["round_id"], out, step)
            except LookupError:
                raise Failed(GONE) from None
        out.seek(0)
        digest, size = files.keep_all_of(out)
    return {"sha256": digest, "size": size}


def _mau10_docx(consultation_id: int, out: IO[bytes], step: Step) -> None:
    out.write(render_docx(services.mau10(consultation_id, step)))


def _mau10_pdf(consultation_id: int, out: IO[bytes], step: Step) -> None:
    from consult.documents.mau10_pdf import render_pdf

    out.write(render_pdf(services.mau10(consultation_id, step)))


def _mau10_xlsx(consultation_id: int, out: IO[bytes], step: Step) -> None:
    from consult.documents.mau10_sheet import write_xlsx as write_sheet

    write_sheet(services.mau10(consultation_id, step), out)


def _points_xlsx(consultation_id: int, out: IO[bytes], step: Step) -> None:
    # On a last sheet the answers to the round's questions, if there are any.
    answers = partial(add_answers_sheet, services.answer_rows(consultation_id))
    write_xlsx(services.point_rows(consultation_id, step), out, answers)


def _points_csv(consultation_id: int, out: IO[bytes], step: Step) -> None:
    write_csv(services.point_rows(consultation_id, step), out)


def _points_json(consultation_id: int, out: IO[bytes], step: Step) -> None:
    title = queries.consultation(consultation_id).title
    write_json(services.point_rows(consultation_id, step), out, title=title)


def _answers_csv(consultation_id: int, out: IO[bytes], _step: Step) -> None:
    write_answers_csv(services.answer_rows(consultation_id), out)


_WRITERS: Final[dict[str, Write]] = {
    "mau10.docx": _mau10_docx,
    "mau10.pdf": _mau10_pdf,
    "mau10.xlsx": _mau10_xlsx,
    "points.xlsx": _points_xlsx,
    "points.csv": _points_csv,
    "points.json": _points_json,
    "answers.csv": _answers_csv,
}
assert set(_WRITERS) == set(EXPORTS)
