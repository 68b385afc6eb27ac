"""Who may do what with answers; the policy's table names these predicates."""

from __future__ import annotations

from consult.core.permissions import Actor
from consult.responses.expert_models import DraftRequest


def asked_expert(actor: Actor, row: DraftRequest) -> bool:
    """The verified intellectual of whom the draft reply was asked."""
    return actor.verified and row.expert_id == actor.user_id
