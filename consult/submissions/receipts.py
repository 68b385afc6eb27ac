"""Receipts: the reference code, and what the ledger's leaves of a submission cover.

A submission's content is {"channel", "points", "received_at", "reference", "round", "version"}
and, withheld, who stands behind it: {"identity", "name", "organisation", "organisation_name",
"user"}, of a sealed one "tag" and "vault" too and no name. A point there is a `Recorded`, its
kind left out when it is a remark, the place of its quote when it has none, its attachments (name,
size and SHA-256 of what is kept) when there are none. One that staff entered has "paper" besides:
{"late_reason", "received_on", "register_number", "scan", "transcriber"}. A withdrawal's is
{"points", "reference", "withdrawn_at"}, its points by their numbers in the submission, with
"answers" true where it takes those back too (`answers` says what they are in a leaf). A
revision's is {"point", "reference", "revised_at", "revision", "words"}: the point's number in the
submission, the revision's number of the point, a `Recorded`; a submission's points stay as they
were received. In format 1 there was "type" (the kind) and no "channel".
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from consult.core.sealing import Unopenable
from consult.ledger.entries import instant, unaltered, withheld_hash
from consult.ledger.models import Leaf
from consult.submissions import vault
from consult.submissions.answers.record import first_answers, sheet_content
from consult.submissions.attachments.models import Attachment
from consult.submissions.commands import PaperFacts
from consult.submissions.models import (
    PAPER,
    Authorship,
    Identity,
    Point,
    PointKind,
    Submission,
)
from consult.submissions.revisions.models import PointRevision
from consult.submissions.revisions.queries import revised

# Revisions by the ids of their points, each point's in order.
Revisions = Mapping[int, list[PointRevision]]
# Neither 0 and O nor 1, I and L: the code is read out on the telephone and typed from paper.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_reference() -> str:
    """Return a fresh code such as "K7M2-XW9Q-4TRB"; 59 bits, not to be guessed."""
    code = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


class Recorded(Struct, frozen=True):
    """A point as the ledger records it: ``provision`` is its key, ``question`` its number."""

    provision: str | None
    question: int | None
    stance: str
    argument: str
    proposed_wording: str
    quote: str
    kind: str = PointKind.REMARK.value
    quote_start: int | None = None
    quote_end: int | None = None
    attachments: Sequence[dict[str, Any]] = ()

    def content(self) -> dict[str, Any]:
        """Return what the leaf covers: what the first releases lacked only where it is set."""
        plain = {
            "kind": PointKind.REMARK,
            "quote_start": None,
            "quote_end": None,
            "attachments": (),
        }
        return {
            name: value
            for name, value in asdict(self).items()
            if name not in plain or value != plain[name]
        }


def attached(files: Sequence[Attachment]) -> tuple[dict[str, Any], ...]:
    """Return files of one point, in order, as the ledger records them."""
    return tuple({"name": file.name, "sha256": file.sha256, "size": file.size} for file in files)


def submission_content(
    *,
    reference: str,
    round_id: int,
    version_id: int,
    channel: str,
    received_at: datetime | None,
    points: Sequence[Recorded],
    answers: Sequence[dict[str, Any]] = (),
    paper: PaperFacts | None = None,
) -> dict[str, Any]:
    """Return what the leaf of a submission covers openly; the author is not in it.

    A received one has its instant; None is what a row says whose instant was taken away.
    """
    content: dict[str, Any] = {
        "reference": reference,
        "round": round_id,
        "version": version_id,
        "channel": channel,
        "received_at": instant(received_at) if received_at else None,
        "points": [point.content() for point in points],
    }
    if paper is not None:
        content["paper"] = paper_content(paper)
    return content | ({"answers": list(answers)} if answers else {})


def paper_content(paper: PaperFacts) -> dict[str, Any]:
    """Return what the leaf covers of how a contribution came that staff entered."""
    return {
        "transcriber": paper.transcriber_id,
        "received_on": paper.received_on.isoformat(),
        "register_number": paper.register_number,
        "late_reason": paper.late_reason,
        "scan": asdict(paper.scan) if paper.scan else None,
    }


def author_content(
    *,
    user_id: int | None,
    organisation_id: int | None,
    identity: Identity,
    name: str,
    organisation_name: str,
    tag: str | None = None,
    vault: str = "",
) -> dict[str, Any]:
    """Return what the leaf of a submission covers withheld: who stands behind it.

    Of a sealed one only the ``tag`` and the ``vault`` row's digest (`vault.digest`): the hash of
    a name could be guessed by trying them all.
    """
    content: dict[str, Any] = {
        "user": user_id,
        "organisation": organisation_id,
        "identity": identity.value,
        "name": name,
        "organisation_name": organisation_name,
    }
    sealed = {"tag": tag, "vault": vault}
    return content | {field: value for field, value in sealed.items() if value}


def withdrawal_content(
    *, reference: str, ordinals: Sequence[int], withdrawn_at: datetime, answers: bool = False
) -> dict[str, Any]:
    """Return what the leaf of a withdrawal covers: what of the submission, and when."""
    content: dict[str, Any] = {
        "reference": reference,
        "points": list(ordinals),
        "withdrawn_at": instant(withdrawn_at),
    }
    return content | ({"answers": True} if answers else {})


def revision_content(
    *, reference: str, ordinal: int, number: int, revised_at: datetime, words: Recorded
) -> dict[str, Any]:
    """Return what the leaf of a revision covers: which point's, its number, the new words."""
    return {
        "reference": reference,
        "point": ordinal,
        "revision": number,
        "revised_at": instant(revised_at),
        "words": words.content(),
    }


def recorded(point: Point, said: PointRevision | None = None) -> Recorded:
    """Return the stored ``point`` as the ledger recorded it.

    Reads provision, question and attachments, which a revision leaves as they are. With ``said``
    as it was before that revision.
    """
    words = said or point
    return Recorded(
        provision=point.provision.key if point.provision else None,
        question=words.question.ordinal if words.question else None,
        stance=words.stance.value,
        argument=words.argument,
        proposed_wording=words.proposed_wording,
        quote=words.quote,
        kind=words.kind.value,
        quote_start=words.quote_start,
        quote_end=words.quote_end,
        attachments=attached(point.attachments),
    )


def stored_revision(
    submission: Submission, point: Point, rows: Sequence[PointRevision], revision: PointRevision
) -> dict[str, Any]:
    """Return the content of the leaf of ``revision`` as the database has it now.

    ``rows`` are all revisions of the point in order: the next one holds the words of this.
    """
    following = [row for row in rows if row.number > revision.number]
    return revision_content(
        reference=submission.reference,
        ordinal=point.ordinal,
        number=revision.number,
        revised_at=revision.revised_at,
        words=recorded(point, following[0] if following else None),
    )


def stored_content(
    leaf: Leaf,
    submission: Submission,
    points: Sequence[Point],
    revisions: Revisions | None = None,
) -> dict[str, Any]:
    """Return the content of ``leaf``, on the submission or a revision of it, as stored now.

    Equal to what was recorded as long as nobody has altered it. Reads the submission's
    authorship (with ``sealed``), round, sheets and ``paper``, and the points' provisions and
    questions. Of one that was moved into the vault it raises KeyMissing and Unopenable.
    """
    if leaf.kind == "withdrawal":
        content = withdrawal_content(
            reference=submission.reference,
            ordinals=[point.ordinal for point in points if point.withdrawn_at == leaf.at],
            withdrawn_at=leaf.at,
            answers=submission.withdrawn_at == leaf.at and bool(submission.sheets),
        )
    elif leaf.kind == "revision":
        return _revision_of(leaf, submission, points, revisions or revised(points))
    elif leaf.kind == "answers":
        found = [sheet for sheet in submission.sheets if sheet.id == leaf.subject_id]
        return sheet_content(found[0]) if found else {}
    else:
        earlier = revised(points) if revisions is None else revisions
        content = submission_content(
            reference=submission.reference,
            round_id=submission.consultation_id,
            version_id=submission.consultation.version_id,
            channel=submission.channel,
            received_at=submission.received_at,
            points=[recorded(point, *earlier.get(point.id, [])[:1]) for point in points],
            answers=first_answers(submission.sheets),
            # Asked for only where there is one: it would be a query for each submission.
            paper=submission.paper.facts
            if submission.channel in PAPER and submission.paper
            else None,
        )
        if leaf.format > 1:
            content["withheld"] = _withheld(leaf, submission.authorship)
    if leaf.format == 1:
        content.pop("channel", None)
        content["type"] = leaf.kind
    return content


def _revision_of(
    leaf: Leaf, submission: Submission, points: Sequence[Point], revisions: Revisions
) -> dict[str, Any]:
    for point in points:
        rows = revisions.get(point.id, [])
        for row in rows:
            if row.id == leaf.subject_id:
                return stored_revision(submission, point, rows, row)
    return {}


def fits(
    leaf: Leaf,
    submission: Submission,
    points: Sequence[Point],
    revisions: Revisions | None = None,
) -> bool:
    """Return whether the database has what ``leaf`` was made over. Raises KeyMissing."""
    try:
        return unaltered(leaf, stored_content(leaf, submission, points, revisions))
    except Unopenable:
        return False


def _withheld(leaf: Leaf, authorship: Authorship) -> str:
    row, blind = authorship.sealed, leaf.blind
    who: dict[str, Any] = {
        "user_id": authorship.user_id,
        "organisation_id": authorship.organisation_id,
        "name": authorship.name,
        "organisation_name": authorship.organisation_name,
    }
    if row is not None and row.moved:
        author, blind = vault.opened(row)
        who = asdict(author)
    elif row is not None:
        who |= {"tag": authorship.tag, "vault": vault.digest(row)}
    return withheld_hash(blind, author_content(identity=authorship.identity, **who))


def qr_code(url: str) -> str:
    """Return the ``url`` as a QR code: an SVG picture in a data URI."""
    import segno

    return segno.make(url, error="m", micro=False).svg_data_uri(scale=4, border=2)
