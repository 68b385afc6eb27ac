"""Reading consultations, their history and the rules of periods."""

from __future__ import annotations

from consult.consultations.models import Consultation
from consult.core.db import db


def consultation(round_id: int) -> Consultation | None:
    """Return the round with its version and agency, or None; one query."""
    return db.session.get(Consultation, round_id)
