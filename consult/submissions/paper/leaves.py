"""Whether comparisons of transcriptions with their originals are still as the ledger has them.

The leaf of kind "comparison", on a submission that staff entered, covers {"by", "checked_at",
"submission"}: the second person by the account's id. The words that were compared are those of the
leaves before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from consult.core.audit import AuditEntry
from consult.core.db import db
from consult.ledger.auditing import Finding
from consult.ledger.entries import instant
from consult.ledger.models import Leaf
from consult.submissions.paper.models import PaperEntry

KIND, COMPARED = "comparison", "submission.compared"


def comparison_content(submission_id: int, by: int | None, at: datetime) -> dict[str, Any]:
    """Return what the leaf of a comparison covers."""
    return {"submission": submission_id, "by": by, "checked_at": instant(at)}


class Comparisons:
    """The side of the audit that knows who compared transcriptions with their originals.

    The entry has the last comparison; whose the earlier ones were stands in the audit log.
    """

    table = PaperEntry.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf whose entry is there."""
        ids = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(select(PaperEntry).where(PaperEntry.submission_id.in_(ids)))
        known, noted = {row.submission_id: row for row in rows}, _noted(ids)
        found: dict[int, dict[str, Any] | None] = {}
        for leaf in leaves:
            if row := known.get(leaf.subject_id):
                earlier = noted.get((leaf.subject_id, instant(leaf.at)))
                by = row.checked_by if row.checked_at == leaf.at else earlier
                found[leaf.index] = comparison_content(leaf.subject_id, by, leaf.at)
        return found

    def others(self) -> Iterable[Finding]:
        """Yield entries that say otherwise when they were last compared.

        Comparisons from before the log covered them are only named as such.
        """
        rows = select(Leaf.subject_id, func.max(Leaf.at)).where(Leaf.kind == KIND)
        latest = dict(db.session.execute(rows.group_by(Leaf.subject_id)).tuples().all())
        since = db.session.scalar(select(func.min(Leaf.at)).where(Leaf.kind == KIND))
        for submission_id, at in db.session.execute(
            select(PaperEntry.submission_id, PaperEntry.checked_at).order_by(
                PaperEntry.submission_id
            )
        ):
            if at == latest.get(submission_id):
                continue
            if submission_id not in latest and (not since or (at and at < since)):
                yield Finding("unlogged", self.table, submission_id)
            else:
                yield Finding("altered", self.table, submission_id, detail="its comparison")


def _noted(submission_ids: Collection[int]) -> dict[tuple[int, str], int | None]:
    """Return who compared which submission at which instant, as the audit log has it."""
    rows = db.session.execute(
        select(AuditEntry.subject_id, AuditEntry.details, AuditEntry.actor_id).where(
            AuditEntry.action == COMPARED,
            AuditEntry.subject_kind == "submission",
            AuditEntry.subject_id.in_(submission_ids),
        )
    )
    return {(id_, str(details.get("checked_at"))): actor for id_, details, actor in rows if id_}
