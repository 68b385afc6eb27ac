"""Reading the files that were made on request."""

from __future__ import annotations

from msgspec import Struct

from consult.consultations import queries as rounds
from consult.consultations.models import Consultation
from consult.documents import summary_list
from consult.documents.export_list import EXPORTS, KIND, Export
from consult.jobs import works
from consult.jobs.work_models import Work
from consult.summaries import queries as summaries
from consult.summaries.models import Summary


class Made(Struct, frozen=True):
    """A file that was made for somebody, the round it is of and the summary, if it is of one."""

    work: Work
    consultation: Consultation
    export: Export
    sha256: str
    summary: Summary | None = None


def made(work_id: int) -> Made | None:
    """Return the file that the work made, None while there is none; at most two queries."""
    work = works.work(work_id)
    if work is None or work.state != "done" or work.file_sha256 is None:
        return None
    if work.kind == summary_list.KIND:
        return _of_summary(work, work.file_sha256)
    if work.kind != KIND:
        return None
    consultation = rounds.consultation(int(work.arguments["round_id"]))
    export = EXPORTS.get(work.arguments["name"])
    if consultation is None or export is None:
        return None
    return Made(work, consultation, export, work.file_sha256)


def _of_summary(work: Work, sha256: str) -> Made | None:
    summary = summaries.summary(int(work.arguments["summary_id"]))
    export = summary_list.FILES.get(work.arguments["document"])
    if summary is None or export is None:
        return None
    return Made(work, summary.consultation, export, sha256, summary)
