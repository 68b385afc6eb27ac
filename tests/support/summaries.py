"""Releasing summaries in tests as the Front does: sent, approved by another person, released."""

from __future__ import annotations

from consult.core.db import db
from consult.summaries import release_services, review_services, steps
from consult.summaries.commands import Approve, Release
from consult.summaries.models import Summary
from tests.support import factories as make


def approve(summary_id: int, *, actor_id: int | None, approver_id: int) -> int:
    """Send for review and approve in the open transaction; return the approval's step."""
    step_id = steps.last_id(db.session.get_one(Summary, summary_id))
    sent = steps.last(review_services.send(summary_id, actor_id=actor_id, step_id=step_id))
    assert sent
    approved = steps.last(review_services.approve(Approve(summary_id, approver_id, sent.id)))
    assert approved
    return approved.id


def release(
    summary_id: int, *, actor_id: int | None, approver_id: int, public: bool = True
) -> Summary:
    """Send for review, approve and release in the open transaction, before any objection."""
    step_id = approve(summary_id, actor_id=actor_id, approver_id=approver_id)
    db.session.expire_all()
    return release_services.release(
        Release(summary_id, actor_id, step_id, public=public, early="Không cần chờ.")
    )


def approver(body_id: int | None = None) -> int:
    """Add one more person of the Front, who approves; open no transaction."""
    return make.user("Người Phê Duyệt", roles=(("front", body_id or make.organisation("front")),))
