"""What the log covers of a joint submission that was sent, and whether the rows still have it.

A leaf "joint" on the row of ``joint_submissions`` covers {"approved_at", "club", "note",
"opened_at", "quorum", "reference", "sent_at", "text", "title"}, its quorum being {"dissents",
"kind", "members", "needed", "signed", "value"}, and withheld {"approved_by", "opened_by"}. A leaf
"joint_signature" on each row of ``joint_signatures`` that counted covers {"at", "dissent",
"joint", "kind", "name", "text"}, the name empty where it is not shown, and withheld {"name",
"user"}. What the club says lies in the leaf of the submission, as of any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.ledger.auditing import Finding, logged
from consult.ledger.entries import instant, withheld_hash
from consult.ledger.models import Leaf
from consult.submissions.joint.models import (
    JointSignature,
    JointState,
    JointSubmission,
    SignatureKind,
)

JOINT, SIGNATURE = "joint", "joint_signature"


def joint_content(joint: JointSubmission, live: Sequence[JointSignature]) -> dict[str, Any]:
    """Return what the leaf of a joint submission covers openly; ``live`` are those that count."""
    return {
        "reference": joint.submission.reference if joint.submission else None,
        "club": joint.organisation_id,
        "title": joint.title,
        "note": joint.note,
        "text": joint.text_number,
        "quorum": {
            "kind": joint.quorum_kind.value,
            "value": joint.quorum_value,
            "members": joint.members_at_opening,
            "needed": joint.needed,
            "signed": sum(row.kind is SignatureKind.SIGNED for row in live),
            "dissents": sum(row.kind is SignatureKind.DISSENT for row in live),
        },
        "opened_at": instant(joint.opened_at),
        "approved_at": _at(joint.approved_at),
        "sent_at": _at(joint.sent_at),
    }


def joint_withheld(joint: JointSubmission) -> dict[str, Any]:
    """Return what that leaf withholds: which accounts opened it and signed it off."""
    return {"opened_by": joint.opened_by, "approved_by": joint.approved_by}


def signature_content(row: JointSignature) -> dict[str, Any]:
    """Return what the leaf of a signature or dissent covers openly."""
    return {
        "joint": row.joint_id,
        "kind": row.kind.value,
        "text": row.text_number,
        "name": row.shown_as if row.named else "",
        "dissent": row.text,
        "at": instant(row.at),
    }


def signature_withheld(row: JointSignature) -> dict[str, Any]:
    """Return what that leaf withholds: whose it is."""
    return {"user": row.user_id, "name": row.shown_as}


def stored_joint(
    leaf: Leaf, joint: JointSubmission, live: Sequence[JointSignature]
) -> dict[str, Any]:
    """Return the content of the leaf of ``joint`` as the database has it now."""
    hidden = withheld_hash(leaf.blind, joint_withheld(joint))
    return joint_content(joint, live) | {"withheld": hidden}


def _at(value: datetime | None) -> str | None:
    return instant(value) if value else None


def records(
    joint: JointSubmission, live: Sequence[JointSignature]
) -> list[tuple[Leaf, dict[str, Any]]]:
    """Return the leaves of what was sent, each with its content as stored now; one query."""
    by_id = {row.id: row for row in live}
    leaves = db.session.scalars(
        select(Leaf)
        .where(
            or_(
                and_(Leaf.kind == JOINT, Leaf.subject_id == joint.id),
                and_(Leaf.kind == SIGNATURE, Leaf.subject_id.in_(by_id)),
            )
        )
        .order_by(Leaf.index)
    )
    return [
        (
            leaf,
            stored_joint(leaf, joint, live)
            if leaf.kind == JOINT
            else stored_signature(leaf, by_id[leaf.subject_id]),
        )
        for leaf in leaves
    ]


def stored_signature(leaf: Leaf, row: JointSignature) -> dict[str, Any]:
    """Return the content of the leaf of a signature as the database has it now."""
    hidden = withheld_hash(leaf.blind, signature_withheld(row))
    return signature_content(row) | {"withheld": hidden}


class Joints:
    """The side of the audit that knows joint submissions."""

    table = JointSubmission.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf whose joint submission is there."""
        ids = {leaf.subject_id for leaf in leaves}
        known = {
            row.id: row
            for row in db.session.scalars(
                select(JointSubmission)
                .options(joinedload(JointSubmission.submission))
                .where(JointSubmission.id.in_(ids))
            )
        }
        live: dict[int, list[JointSignature]] = {joint_id: [] for joint_id in known}
        for row in db.session.scalars(
            select(JointSignature).where(
                JointSignature.joint_id.in_(known), JointSignature.voided_at.is_(None)
            )
        ):
            live[row.joint_id].append(row)
        return {
            leaf.index: stored_joint(leaf, known[leaf.subject_id], live[leaf.subject_id])
            for leaf in leaves
            if leaf.subject_id in known
        }

    def others(self) -> Iterable[Finding]:
        """Yield those that claim to be sent without a record, or the other way round."""
        recorded = logged(JOINT)
        sent = JointSubmission.state == JointState.SENT
        for joint_id, state in db.session.execute(
            select(JointSubmission.id, JointSubmission.state)
            .where(or_(sent, JointSubmission.id.in_(recorded)))
            .order_by(JointSubmission.id)
        ):
            if joint_id not in recorded:
                yield Finding("inserted", self.table, joint_id)
            elif state is not JointState.SENT:
                yield Finding("altered", self.table, joint_id, detail="its state")


class JointSignatures:
    """The side of the audit that knows who signed what was sent, and who dissented."""

    table = JointSignature.__tablename__

    def contents(self, leaves: Sequence[Leaf]) -> Mapping[int, dict[str, Any] | None]:
        """Return the content of each leaf whose signature is there and counts."""
        ids = {leaf.subject_id for leaf in leaves}
        rows = db.session.scalars(
            select(JointSignature).where(
                JointSignature.id.in_(ids), JointSignature.voided_at.is_(None)
            )
        )
        known = {row.id: row for row in rows}
        return {
            leaf.index: stored_signature(leaf, row)
            for leaf in leaves
            if (row := known.get(leaf.subject_id))
        }

    def others(self) -> Iterable[Finding]:
        """Yield signatures under what was sent that no leaf covers."""
        recorded = logged(SIGNATURE)
        for row_id in db.session.scalars(
            select(JointSignature.id)
            .join(JointSignature.joint)
            .where(
                JointSubmission.state == JointState.SENT,
                JointSignature.voided_at.is_(None),
            )
            .order_by(JointSignature.id)
        ):
            if row_id not in recorded:
                yield Finding("inserted", self.table, row_id)
