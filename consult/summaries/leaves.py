"""What the ledger's leaf of a released summary covers, and whether the rows still have it.

The content is {"conclusion", "introduction", "manifest", "narratives", "number", "passages",
"released_at", "round"}: narratives as [provision id or 0, words], passages that are quoted as
[point id, start, end, words], both sorted; the manifest is that of the release without its
"leaf". In format 1 the instant is as Python's isoformat has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from consult.core.db import db
from consult.ledger.auditing import Finding, logged
from consult.ledger.entries import instant
from consult.ledger.models import Leaf
from consult.summaries.models import Summary

KIND = "summary"
# Added to the manifest once the leaf exists.
_OF_THE_LOG = "leaf"


def summary_content(summary: Summary, *, format: int = 2) -> dict[str, Any]:
    """Return what the leaf of a released summary covers; ValueError for an unreleased one."""
    if summary.released_at is None:
        raise ValueError("an unreleased summary has no leaf")
    at = summary.released_at
    return {
        "round": summary.consultation_id,
        "number": summary.number,
        "released_at": at.isoformat() if format == 1 else instant(at),
        "introduction": summary.introduction,
        "conclusion": summary.conclusion,
        "narratives": sorted(
            [section.provision_id or 0, section.narrative] for section in summary.sections
        ),
        "passages": sorted(
            [passage.point_id, passage.start, passage.end, passage.text]
            for passage in summary.passages
            if passage.is_quoted
        ),
        "manifest": {
            name: value for name, value in summary.manifest.items() if name != _OF_THE_LOG
        },
    }


class Summaries:
    """The summaries' side of the audit."""

    table = Summary.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf of a summary that is there and released."""
        rows = db.session.scalars(
            select(Summary)
            .options(selectinload(Summary.sections), selectinload(Summary.passages))
            .where(
                Summary.id.in_({leaf.subject_id for leaf in leaves}),
                Summary.released_at.is_not(None),
            )
        )
        known = {row.id: row for row in rows}
        return {
            leaf.index: summary_content(known[leaf.subject_id], format=leaf.format)
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield released summaries without a leaf."""
        recorded = logged(KIND)
        for summary_id in db.session.scalars(
            select(Summary.id).where(Summary.released_at.is_not(None)).order_by(Summary.id)
        ):
            if summary_id not in recorded:
                yield Finding("inserted", self.table, summary_id)
