"""Who may have which of the Front's documents; the policy's table names these predicates."""

from __future__ import annotations

from msgspec import Struct

from consult.consultations.rights import front_of_round
from consult.core.permissions import Actor
from consult.documents.export_list import Export
from consult.documents.summary_list import FILES, paper_of
from consult.summaries import queries
from consult.summaries.models import Summary
from consult.summaries.rights import agency_reader, council_reader, public_reader


class Wanted(Struct, frozen=True):
    """One file of a summary that somebody asks for."""

    summary: Summary
    file: Export


def wanted(summary_id: int, document: str) -> Wanted | None:
    """Return the file called ``document`` of the summary, None for an unknown one; one query."""
    summary, file = queries.summary(summary_id), FILES.get(document)
    return Wanted(summary, file) if summary and file else None


def reader_of_file(actor: Actor, asked: Wanted) -> bool:
    """The Front, drafts too; of what was released its audiences, each what is for it.

    Files are made for somebody who can come back to them, so for people with an account.
    """
    summary = asked.summary
    if actor.user_id is None:
        return False
    if front_of_round(actor, summary):
        return True
    if council_reader(actor, summary) or agency_reader(actor, summary):
        return True
    return paper_of(asked.file.name).public and public_reader(actor, summary)
