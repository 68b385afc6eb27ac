"""The audiences of a release as readers of its preview: the policy answers for them."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct

from consult.consultations.models import Audience, Consultation
from consult.core.permissions import NOBODY, Actor, policy
from consult.summaries.models import Summary


class Reader(enum.Enum):
    """Whom a summary is released to beside the Front."""

    COUNCIL = "council"
    AGENCY = "agency"
    PUBLIC = "public"


def reader_called(name: str) -> Reader:
    """Return the audience of that name; the public, who see least, where there is none."""
    return Reader(name) if name in {one.value for one in Reader} else Reader.PUBLIC


class AsReleased(Struct, frozen=True):
    """A summary as the rights and the page of a released one look at it; nothing is written."""

    id: int
    number: int
    consultation_id: int
    consultation: Consultation
    released_at: datetime
    for_council: bool
    for_agency: bool
    is_public: bool


def as_released(summary: Summary, reader: Reader, *, at: datetime) -> AsReleased:
    """Return the summary as if it were released to ``reader`` ``at`` that instant (aware)."""
    return AsReleased(
        summary.id,
        summary.number,
        summary.consultation_id,
        summary.consultation,
        at,
        for_council=reader is Reader.COUNCIL,
        for_agency=reader is Reader.AGENCY,
        is_public=reader is Reader.PUBLIC,
    )


def asked_by(reader: Reader, consultation: Consultation) -> Callable[..., bool]:
    """Return what answers like `permissions.can`, for any one of that audience of the round.

    The public of a round that is not for everyone are its verified readers.
    """
    match reader:
        case Reader.COUNCIL:
            person = Actor(roles=frozenset({("council", None)}))
        case Reader.AGENCY:
            person = Actor(roles=frozenset({("official", consultation.agency_id)}))
        case Reader.PUBLIC if consultation.audience is Audience.EVERYONE:
            person = NOBODY
        case Reader.PUBLIC:
            person = Actor(verified=True, confirmed=True)

    def can(permission: str, subject: Any = None) -> bool:
        return policy().allows(person, permission, subject)

    return can
