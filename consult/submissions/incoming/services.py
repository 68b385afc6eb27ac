"""Receiving a checked table of contributions: all of its rows or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from consult.consultations.models import Consultation
from consult.core import audit
from consult.submissions.commands import Outcome
from consult.submissions.incoming.table import ImportedRow, commands
from consult.submissions.services import import_submissions


class ReceiveTable(Struct, frozen=True):
    """Receive ``rows`` of the file ``name`` with the SHA-256 ``digest``.

    ``actor_id`` is None at the server's console.
    """

    consultation: Consultation
    rows: Sequence[ImportedRow]
    name: str
    digest: str
    received_at: datetime
    actor_id: int | None = None


def receive_table(command: ReceiveTable) -> list[Outcome]:
    """Receive one submission for each author of the table; the same file only once.

    Writes what `submit` writes and an audit entry. The round must be locked by the caller, who
    has checked that it takes contributions.
    """
    round_ = command.consultation
    outcomes = import_submissions(
        commands(command.rows, round_, command.digest, command.received_at)
    )
    if not all(outcome.repeated for outcome in outcomes):
        audit.record(
            "submissions.imported",
            actor_id=command.actor_id,
            subject=("round", round_.id),
            details={
                "file": command.name,
                "sha256": command.digest,
                "points": len(command.rows),
            },
        )
    return outcomes
