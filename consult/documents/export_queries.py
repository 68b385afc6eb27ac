"""Reading the files that were made on request."""

from __future__ import annotations

from msgspec import Struct

from consult.consultations import queries as rounds
from consult.consultations.models import Consultation
from consult.documents.export_list import EXPORTS, KIND, Export
from consult.jobs import works
from consult.jobs.work_models import Work


class Made(Struct, frozen=True):
    """A file that was made for somebody, and the round it is of."""

    work: Work
    consultation: Consultation
    export: Export
    sha256: str


def made(work_id: int) -> Made | None:
    """Return the file that the work made, None while there is none; at most two queries."""
    work = works.work(work_id)
    if work is None or work.kind != KIND or work.state != "done" or work.file_sha256 is None:
        return None
    consultation = rounds.consultation(int(work.arguments["round_id"]))
    export = EXPORTS.get(work.arguments["name"])
    if consultation is None or export is None:
        return None
    return Made(work, consultation, export, work.file_sha256)
