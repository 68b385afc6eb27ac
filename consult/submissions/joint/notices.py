"""What the members of a club are told of its joint submission."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from consult.jobs.services import enqueue
from consult.submissions.joint.models import JointSubmission


def tell(
    joint: JointSubmission, user_ids: Iterable[int], kind: str, fact: str, **params: Any
) -> None:
    """Enqueue a notice of ``kind`` to these members, once for each ``fact``.

    Reads the joint submission's club and round.
    """
    told = sorted(set(user_ids))
    if not told:
        return
    enqueue(
        "notifications.tell",
        {
            "user_ids": told,
            "kind": kind,
            "params": {
                "title": joint.title,
                "club": joint.organisation.name,
                "round": joint.consultation.title,
            }
            | params,
            "url": f"/joint/{joint.id}",
            "dedupe": f"{kind}:{joint.id}:{fact}",
        },
    )
