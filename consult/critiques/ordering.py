"""For which organisations a person may order a critique of a version."""

from __future__ import annotations

from msgspec import Struct

from consult.core.permissions import Actor
from consult.drafts.models import DraftVersion
from consult.people import queries as people
from consult.people.models import Organisation

# The role in which one orders → the kind of organisation for which one does.
_KINDS = {"front": "front", "secretariat": "union"}


class Body(Struct, frozen=True):
    """An organisation that may order, and the role in which its person does."""

    role: str
    organisation: Organisation

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.role}:{self.organisation.id}"


def bodies(actor: Actor, version: DraftVersion) -> list[Body]:
    """Return for whom the actor may order: the draft's agency, the Front, the union.

    A role that is held without an organisation stands for those of its kind. At most three
    queries.
    """
    found: list[Body] = []
    agency = people.organisation(version.draft.agency_id)
    if agency is not None and actor.holds("official", agency.id):
        found.append(Body("official", agency))
    for role, kind in _KINDS.items():
        if actor.has(role):
            own = actor.organisations(role)
            known = people.organisations(kind)
            found += [Body(role, one) for one in known if not own or one.id in own]
    return found
