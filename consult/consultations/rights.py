"""Who may do what with drafts and rounds; the policy's table names these predicates."""

from __future__ import annotations

from typing import Any

from consult.consultations import queries as rounds
from consult.consultations.models import Audience, Consultation, Stage
from consult.core.permissions import Actor
from consult.drafts.models import DraftVersion

_STAFF = ("official", "front", "council", "secretariat")


def official_of_round(actor: Actor, subject: Any) -> bool:
    """An official of the agency that opened the round."""
    return actor.holds("official", round_of(subject).agency_id)


def official_of_agency(actor: Actor, subject: Any) -> bool:
    """An official of the agency whose draft version this is."""
    return actor.holds("official", subject.draft.agency_id)


def reader_of_round(actor: Actor, subject: Any) -> bool:
    """The round is published, and its audience includes the actor."""
    consultation = round_of(subject)
    if consultation.stage is Stage.PREPARING:
        return False
    if consultation.audience is Audience.EVERYONE:
        return True
    return verified_or_staff(actor, None)


def verified_or_staff(actor: Actor, _subject: Any) -> bool:
    """Who reads the rounds that are not for everyone."""
    return actor.verified or _staff(actor)


def reader_of_version(actor: Actor, version: DraftVersion) -> bool:
    """Shown to others, and every round on its draft is open to the actor's eyes.

    A comparison shows the words of two versions: the narrower of their audiences counts.
    """
    if version.frozen_at is None:
        return False
    audience = rounds.audience_of_draft(version.draft_id)
    if audience is Audience.EVERYONE:
        return True
    return audience is not None and verified_or_staff(actor, None)


def staff_reader_of_round(actor: Actor, subject: Any) -> bool:
    """Front and secretariat staff, of every round that is no longer being prepared."""
    return union_or_front(actor) and (round_of(subject).stage is not Stage.PREPARING)


def front_of_round(actor: Actor, subject: Any) -> bool:
    """Front staff; a round that is still being prepared is its agency's own affair."""
    return actor.has("front") and (
        subject is None or round_of(subject).stage is not Stage.PREPARING
    )


def verified_reader_of_round(actor: Actor, subject: Any) -> bool:
    return actor.verified and reader_of_round(actor, subject)


def staff_of_published_draft(actor: Actor, version: DraftVersion) -> bool:
    """Front and secretariat staff, of a version that a published round has shown."""
    shown = version.frozen_at is not None and rounds.audience_of_draft(version.draft_id)
    return bool(shown) and union_or_front(actor)


def union_or_front(actor: Actor) -> bool:
    """Whoever works on the rounds of every agency."""
    return actor.has("front") or actor.has("secretariat")


def round_of(subject: Any) -> Consultation:
    """Return the round of a point, submission, summary or whatever names its round."""
    if isinstance(subject, Consultation):
        return subject
    return getattr(subject, "submission", subject).consultation


def _staff(actor: Actor) -> bool:
    return any(actor.has(name) for name in _STAFF)
