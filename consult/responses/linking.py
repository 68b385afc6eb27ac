"""Linking an answer to the change of a later version that it led to."""

from __future__ import annotations

from consult.core import audit, clock
from consult.core.db import db
from consult.responses import link_queries
from consult.responses.models import Disposition, LinkedChange, Response

# Only these change the draft.
LEADS_TO_A_CHANGE = frozenset({Disposition.ACCEPTED, Disposition.PARTLY_ACCEPTED})


class NoSuchChange(Exception):
    """No later version of the draft has that change, or the answer leads to none."""


def link(response: Response, version_id: int, value: str, *, actor_id: int | None) -> None:
    """Link the answer to the change ``value`` (`link_queries.Choice`); "" takes the link away.

    ``version_id`` is the version that the answer's round is on. Raises NoSuchChange. Writes an
    audit entry; a link has no leaf in the log, for it is set and mended after publication.
    """
    found = db.session.get(LinkedChange, response.id)
    if not value:
        if found is not None:
            db.session.delete(found)
            _record("answer.unlinked", response, actor_id)
        return
    choice = next((c for c in link_queries.choices(version_id) if c.value == value), None)
    if choice is None or response.disposition not in LEADS_TO_A_CHANGE:
        raise NoSuchChange
    if found is None:
        found = LinkedChange(response_id=response.id)
        db.session.add(found)
    found.version_id, found.key, found.left_out = choice.version_id, choice.key, choice.left_out
    found.linked_by, found.linked_at = actor_id, clock.now()
    _record("answer.linked", response, actor_id)


def carry_over(old: Response, new: Response) -> None:
    """Give the corrected answer the link of the one that it replaces, if it may have one."""
    found = db.session.get(LinkedChange, old.id)
    if found is not None and new.disposition in LEADS_TO_A_CHANGE:
        db.session.add(
            LinkedChange(
                response_id=new.id,
                version_id=found.version_id,
                key=found.key,
                left_out=found.left_out,
                linked_by=found.linked_by,
                linked_at=found.linked_at,
            )
        )


def _record(action: str, response: Response, actor_id: int | None) -> None:
    audit.record(action, actor_id=actor_id, subject=("response", response.id))
