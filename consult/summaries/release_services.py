"""Releasing a summary for good: its manifest, the log's leaf, its audiences."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, false, or_, select

from consult.accounts.models import RoleGrant, User
from consult.consultations.models import Consultation
from consult.core import clock
from consult.core.db import db
from consult.jobs.services import enqueue_all
from consult.ledger.services import append
from consult.summaries import accounting, steps
from consult.summaries.commands import (
    NotADraft,
    ObjectionsOpen,
    PointsChanged,
    Release,
    TooEarly,
    WrongState,
)
from consult.summaries.decision_queries import unread_files
from consult.summaries.figures import Figures, figures
from consult.summaries.leaves import summary_content
from consult.summaries.models import State, StepKind, Summary
from consult.summaries.objection_queries import authors, before_release
from consult.summaries.printing import FROZEN, frozen
from consult.summaries.review_services import basis, checked, current, unovertaken


def release(command: Release) -> Summary:
    """Release an approved summary: freeze its manifest, log it, tell its audiences.

    Raises NotADraft, WrongState for one that is not approved, Overtaken, ObjectionsOpen,
    TooEarly before the end of the authors' time, what `review_services.checked` does, and
    PointsChanged where the points are no longer those that were approved; nothing is written
    then. Writes a step, a ledger leaf and an audit entry; enqueues notifications.tell
    ("summary.released") and, of a public one, what tells the authors of the round's points.
    """
    summary = current(command.summary_id)
    if summary.released_at is not None:
        raise NotADraft
    approval = steps.last(summary, StepKind.APPROVED)
    if summary.state is not State.APPROVED or approval is None:
        raise WrongState(summary.state)
    unovertaken(summary, command.step_id)
    until, waiting = before_release(summary)
    if waiting:
        raise ObjectionsOpen
    is_early = until is not None and clock.now() <= until
    if until is not None and is_early and not command.early:
        raise TooEarly(until)
    account = checked(summary)
    if approval.basis != basis(account):
        raise PointsChanged
    gone = set(account.withdrawn)
    for passage in summary.passages:
        passage.is_quoted = passage.is_quoted and passage.point_id not in gone
    consultation = summary.consultation
    now = clock.now()
    summary.for_council, summary.for_agency = command.council, command.agency
    summary.is_public = command.public
    found = figures(consultation.id)
    kept = manifest(consultation.id, account, found.whole) | {
        "audiences": audiences(summary),
        FROZEN: frozen(found, [section.provision_id for section in summary.sections]),
    }
    summary.manifest, summary.released_at, summary.released_by = kept, now, command.actor_id
    with db.session.no_autoflush:  # the row is written once, with its place in the log
        leaf = append("summary", summary.id, summary_content(summary), at=now)
    summary.manifest = kept | {"leaf": {"index": leaf.index, "hash": leaf.leaf_hash}}
    words = command.early if is_early else ""
    steps.take(summary, StepKind.RELEASED, actor_id=command.actor_id, words=words)
    db.session.flush()
    _tell(consultation, summary)
    return summary


def audiences(summary: Summary) -> list[str]:
    """Return who reads the summary once it is released."""
    chosen = {
        "council": summary.for_council,
        "agency": summary.for_agency,
        "public": summary.is_public,
    }
    return ["front", *(name for name, wanted in chosen.items() if wanted)]


def manifest(
    consultation_id: int, account: accounting.Accounting, whole: Figures
) -> dict[str, Any]:
    """Return the accounting that a release now would freeze, with the whole round's figures.

    One query.
    """
    cells: dict[str, dict[str, int]] = {}
    for (provision_id, stance), number in account.cells.items():
        cells.setdefault(str(provision_id or 0), {})[stance.value] = number
    return {
        "received": len(account.received),
        "body": list(account.body),
        "appendix": list(account.appendix),
        "withdrawn": list(account.withdrawn),
        "duplicates": [list(pair) for pair in account.duplicates.items()],
        "set_aside": [[point_id, *why] for point_id, why in account.set_aside.items()],
        "unread": [list(pair) for pair in unread_files(consultation_id)],
        "cells": cells,
        "submissions": whole.contributions,
        "people": whole.people,
        "organisations": whole.organisations,
        "texts": whole.texts,
    }


def _tell(consultation: Consultation, summary: Summary) -> None:
    told = db.session.scalars(
        select(RoleGrant.user_id)
        .join(RoleGrant.user)
        .where(
            or_(
                RoleGrant.role == "council" if summary.for_council else false(),
                and_(
                    RoleGrant.role == "official",
                    RoleGrant.organisation_id == consultation.agency_id,
                )
                if summary.for_agency
                else false(),
            ),
            User.disabled_at.is_(None),
        )
        .distinct()
    ).all()
    fact = f"summary.released:{summary.id}"
    notice = {
        "params": {"round": consultation.title},
        "url": f"/summaries/{summary.id}",
        "dedupe": fact,
    }
    released = notice | {"user_ids": sorted(told), "kind": "summary.released"}
    jobs: list[tuple[str, dict[str, Any]]] = [("notifications.tell", released)]
    if summary.is_public:
        accounts, sealed = authors(consultation.id)
        wrote = {
            "user_ids": sorted({*accounts} - {*told}),
            "kind": "summary.covers",
            "dedupe": f"summary.covers:{summary.id}",
        }
        # Nothing says what it is about: the notice would say who is sealed.
        news = {"submission_ids": sealed, "kind": "contribution.news", "fact": fact}
        jobs += [("notifications.tell", notice | wrote), ("notifications.tell_sealed", news)]
    enqueue_all(jobs)
