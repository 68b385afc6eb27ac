"""Writing summaries: starting one, keeping the staff's words, releasing it for good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import and_, or_, select

from consult.accounts.models import RoleGrant, User
from consult.consultations.models import Consultation, Stage
from consult.core import audit, clock
from consult.core.db import db
from consult.jobs.services import enqueue
from consult.ledger.services import append
from consult.submissions.queries import contributor_counts
from consult.summaries import accounting, queries
from consult.summaries.commands import (
    AlreadyStarted,
    CellsWithoutPassage,
    NotADraft,
    PassageNotFound,
    Place,
    PointsMissing,
    RoundNotClosed,
    SaveSummary,
)
from consult.summaries.decision_queries import decisions, unread_files
from consult.summaries.leaves import summary_content
from consult.summaries.models import Passage, Section, Summary
from consult.summaries.passages import Quotation, strongest

# A cell with so many points gets a second passage.
_SECOND_FROM = 3
RELEASABLE = (Stage.CLOSED, Stage.ANSWERED)


def start(consultation_id: int, *, actor_id: int | None) -> Summary:
    """Begin the round's summary, or a new version of a released one, whose text it copies.

    The strongest passages of each cell without one are proposed, ticked. Returns the flushed
    row; raises AlreadyStarted. Writes the summary, its passages and sections, an audit entry.
    """
    last = queries.newest(consultation_id)
    if last is not None and last.released_at is None:
        raise AlreadyStarted
    fresh = Summary(
        consultation_id=consultation_id,
        number=1 if last is None else last.number + 1,
        introduction="" if last is None else last.introduction,
        conclusion="" if last is None else last.conclusion,
        is_public=True if last is None else last.is_public,
        created_by=actor_id,
        created_at=clock.now(),
        manifest={},
    )
    db.session.add(fresh)
    db.session.flush()
    if last is not None:
        _copy(last, fresh)
    propose(fresh)
    audit.record("summary.started", actor_id=actor_id, subject=("summary", fresh.id))
    return fresh


def _copy(old: Summary, fresh: Summary) -> None:
    for provision_id, narrative in queries.narratives(old.id).items():
        db.session.add(Section(summary_id=fresh.id, provision_id=provision_id, narrative=narrative))
    decided = decisions({passage.point_id for passage in old.passages})
    for passage in old.passages:
        db.session.add(
            Passage(
                summary_id=fresh.id,
                point_id=passage.point_id,
                start=passage.start,
                end=passage.end,
                text=passage.text,
                chosen_by=passage.chosen_by,
                is_quoted=passage.is_quoted and passage.point_id not in decided,
            )
        )
    db.session.flush()


def propose(summary: Summary) -> int:
    """Add the strongest passages of each cell that quotes nothing yet; return how many.

    Raises NotADraft. Writes passages, ticked, flushed.
    """
    _must_be_draft(summary)
    covered = accounting.quoted_cells(summary.id)
    offered = {(passage.point_id, passage.start): passage for passage in summary.passages}
    added = 0
    for cell, opinions in queries.opinions_by_cell(summary.consultation_id).items():
        if cell in covered:
            continue
        for quotation in strongest(opinions, most=2 if len(opinions) >= _SECOND_FROM else 1):
            added += _quote(summary, quotation, offered, chosen_by="machine")
    db.session.flush()
    return added


def _quote(
    summary: Summary,
    quotation: Quotation,
    offered: dict[tuple[int, int], Passage],
    *,
    chosen_by: str,
) -> bool:
    """Quote those words: tick what is offered already, else add it. Return whether added."""
    known = offered.get((quotation.point_id, quotation.start))
    if known is not None:
        # The same beginning with another end: the newer choice of words wins.
        known.end, known.text, known.is_quoted = quotation.end, quotation.text, True
        return False
    passage = Passage(
        point_id=quotation.point_id,
        start=quotation.start,
        end=quotation.end,
        text=quotation.text,
        chosen_by=chosen_by,
        is_quoted=True,
    )
    offered[quotation.point_id, quotation.start] = passage
    # Into the collection, which a release in the same transaction reads for the ledger's leaf.
    summary.passages.append(passage)
    return True


def save(command: SaveSummary) -> Summary:
    """Keep what the staff wrote and ticked; return the flushed summary.

    Raises NotADraft, or PassageNotFound with nothing written. Narratives of provisions that
    the command does not name stay as they are.
    """
    summary = db.session.get_one(Summary, command.summary_id)
    _must_be_draft(summary)
    additions = _found(summary, command.additions or {})
    summary.introduction = command.introduction
    summary.conclusion = command.conclusion
    summary.is_public = command.is_public
    _save_narratives(summary, command.narratives or {})
    offered = {(passage.point_id, passage.start): passage for passage in summary.passages}
    decided = decisions({passage.point_id for passage in summary.passages})
    for passage in summary.passages:
        if passage.id in command.shown:
            ticked = passage.id in command.quoted
            passage.is_quoted = ticked and passage.point_id not in decided
    for quotation in additions:
        _quote(summary, quotation, offered, chosen_by="staff")
    db.session.flush()
    return summary


def _found(summary: Summary, additions: Mapping[int | None, str]) -> list[Quotation]:
    found: list[Quotation] = []
    missing: list[int | None] = []
    for provision_id, pasted in additions.items():
        quotation = queries.find_passage(summary.consultation_id, provision_id, pasted)
        if quotation is None:
            missing.append(provision_id)
        else:
            found.append(quotation)
    if missing:
        raise PassageNotFound(missing)
    return found


def _save_narratives(summary: Summary, narratives: Mapping[int | None, str]) -> None:
    known = {section.provision_id: section for section in summary.sections}
    for provision_id, narrative in narratives.items():
        section = known.get(provision_id)
        if section is not None:
            section.narrative = narrative
        elif narrative:
            summary.sections.append(Section(provision_id=provision_id, narrative=narrative))


def release(summary_id: int, *, actor_id: int | None) -> Summary:
    """Release the summary: freeze its manifest, log it, tell the council and the agency.

    Raises NotADraft, RoundNotClosed, CellsWithoutPassage or PointsMissing with nothing
    written. Passages of points withdrawn meanwhile are no longer quoted. Writes a ledger
    leaf and an audit entry; enqueues notifications.tell ("summary.released").
    """
    summary = db.session.get_one(Summary, summary_id)
    _must_be_draft(summary)
    consultation = db.session.get_one(Consultation, summary.consultation_id)
    if consultation.stage not in RELEASABLE:
        raise RoundNotClosed
    account = accounting.accounting(summary)
    bare = account.cells.keys() - account.quoted
    if bare:
        raise CellsWithoutPassage(sorted(bare, key=_place))
    if not account.balanced:
        raise PointsMissing(account.missing, account.twice)
    gone = set(account.withdrawn)
    for passage in summary.passages:
        passage.is_quoted = passage.is_quoted and passage.point_id not in gone
    now = clock.now()
    manifest = _manifest(consultation, account)
    summary.manifest, summary.released_at, summary.released_by = manifest, now, actor_id
    leaf = append("summary", summary.id, summary_content(summary), at=now)
    summary.manifest = manifest | {"leaf": {"index": leaf.index, "hash": leaf.leaf_hash}}
    db.session.flush()
    audit.record(
        "summary.released",
        actor_id=actor_id,
        subject=("summary", summary.id),
        details={"round": consultation.id, "number": summary.number},
    )
    _tell(consultation, summary)
    return summary


def _place(cell: Place) -> tuple[bool, int, str]:
    return cell[0] is None, cell[0] or 0, cell[1].value


def _must_be_draft(summary: Summary) -> None:
    if summary.released_at is not None:
        raise NotADraft


def _manifest(consultation: Consultation, account: accounting.Accounting) -> dict[str, Any]:
    cells: dict[str, dict[str, int]] = {}
    for (provision_id, stance), number in account.cells.items():
        cells.setdefault(str(provision_id or 0), {})[stance.value] = number
    people = contributor_counts(consultation.id)
    return {
        "received": len(account.received),
        "body": list(account.body),
        "appendix": list(account.appendix),
        "withdrawn": list(account.withdrawn),
        "duplicates": [list(pair) for pair in account.duplicates.items()],
        "set_aside": [[point_id, *why] for point_id, why in account.set_aside.items()],
        "unread": [list(pair) for pair in unread_files(consultation.id)],
        "cells": cells,
        "submissions": people.submissions,
        "people": people.people,
        "organisations": people.organisations,
    }


def _tell(consultation: Consultation, summary: Summary) -> None:
    told = db.session.scalars(
        select(RoleGrant.user_id)
        .join(RoleGrant.user)
        .where(
            or_(
                RoleGrant.role == "council",
                and_(
                    RoleGrant.role == "official",
                    RoleGrant.organisation_id == consultation.agency_id,
                ),
            ),
            User.disabled_at.is_(None),
        )
        .distinct()
    )
    enqueue(
        "notifications.tell",
        {
            "user_ids": sorted(told),
            "kind": "summary.released",
            "params": {"round": consultation.title},
            "url": f"/summaries/{summary.id}",
            "dedupe": f"summary.released:{summary.id}",
        },
    )
