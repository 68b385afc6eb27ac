"""Receipts: the reference code, the canonical content that the ledger's leaf covers."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from consult.submissions.models import Point, Submission

# Neither 0 and O nor 1, I and L: the code is read out on the telephone and typed from paper.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_reference() -> str:
    """Return a fresh code such as "K7M2-XW9Q-4TRB"; 59 bits, not to be guessed."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


@dataclass(frozen=True)
class Recorded:
    """A point as the ledger records it: ``provision`` is its key, ``question`` its number."""

    provision: str | None
    question: int | None
    stance: str
    argument: str
    proposed_wording: str
    quote: str


def instant(value: datetime) -> str:
    """Return the aware instant in UTC with microseconds, as RFC 3339 has it."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def submission_content(
    *,
    reference: str,
    round_id: int,
    version_id: int,
    received_at: datetime,
    points: Sequence[Recorded],
) -> dict[str, Any]:
    """Return what the leaf of a submission covers; the author is not in it."""
    return {
        "type": "submission",
        "reference": reference,
        "round": round_id,
        "version": version_id,
        "received_at": instant(received_at),
        "points": [vars(point) for point in points],
    }


def withdrawal_content(
    *, reference: str, ordinals: Sequence[int], withdrawn_at: datetime
) -> dict[str, Any]:
    """Return what the leaf of a withdrawal covers: which points of the submission, and when."""
    return {
        "type": "withdrawal",
        "reference": reference,
        "points": list(ordinals),
        "withdrawn_at": instant(withdrawn_at),
    }


def recorded(point: Point) -> Recorded:
    """Return the stored ``point`` as the ledger recorded it; reads provision and question."""
    return Recorded(
        provision=point.provision.key if point.provision else None,
        question=point.question.ordinal if point.question else None,
        stance=point.stance.value,
        argument=point.argument,
        proposed_wording=point.proposed_wording,
        quote=point.quote,
    )


def stored_content(submission: Submission, points: Sequence[Point]) -> dict[str, Any]:
    """Return the content of a received submission as it stands in the database now.

    Equal to what was recorded as long as nobody has altered it.
    """
    if submission.received_at is None:
        raise ValueError("a draft has no receipt")
    return submission_content(
        reference=submission.reference,
        round_id=submission.consultation_id,
        version_id=submission.consultation.version_id,
        received_at=submission.received_at,
        points=[recorded(point) for point in points],
    )


def qr_code(url: str) -> str:
    """Return the ``url`` as a QR code: an SVG picture in a data URI."""
    import segno

    return segno.make(url, error="m", micro=False).svg_data_uri(scale=4, border=2)
