"""Reading which change of a later version an answer led to, and which it may be linked to."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import ColumnElement, Exists, and_, case, or_, select
from sqlalchemy.orm import aliased

from consult.consultations.models import Audience, Consultation, Stage
from consult.core.db import db
from consult.drafts.models import DraftVersion, Provision, ProvisionChange, VersionComparison
from consult.responses.models import AnsweredPoint, LinkedChange, Response


class Choice(NamedTuple):
    """A change of a later version: the provision there, or the one that it left out."""

    version_id: int
    number: int
    key: str
    citation: str
    left_out: bool

    @property
    def value(self) -> str:
        """Its name in a form."""
        return _value(self.version_id, self.key, left_out=self.left_out)


def _value(version_id: int, key: str, *, left_out: bool) -> str:
    return f"{version_id}-{'old-' if left_out else ''}{key}"


def choices(version_id: int) -> list[Choice]:
    """Return what later versions changed against this one, in their order; one query.

    Wording that changed, and what was added, left out, split or merged.
    """
    left_out = ProvisionChange.new_key.is_(None)
    there = and_(
        Provision.version_id == VersionComparison.new_version_id,
        Provision.key == ProvisionChange.new_key,
    )
    was = and_(
        left_out,
        Provision.version_id == VersionComparison.old_version_id,
        Provision.key == ProvisionChange.old_key,
    )
    rows = db.session.execute(
        select(DraftVersion.id, DraftVersion.number, Provision.key, Provision.citation, left_out)
        .select_from(VersionComparison)
        .join(DraftVersion, DraftVersion.id == VersionComparison.new_version_id)
        .join(ProvisionChange, ProvisionChange.comparison_id == VersionComparison.id)
        .join(Provision, or_(there, was))
        .where(
            VersionComparison.old_version_id == version_id,
            or_(
                ProvisionChange.wording_changed.is_(True),
                ProvisionChange.kind.in_(("added", "deleted", "split", "merged")),
            ),
        )
        .order_by(DraftVersion.number, ProvisionChange.ordinal)
    )
    # A merged provision has a row for each that went into it.
    return list(dict.fromkeys(Choice._make(row) for row in rows))


def value_of(response_id: int) -> str:
    """Return the `Choice.value` that the answer is linked to, "" for none; one query."""
    found = db.session.get(LinkedChange, response_id)
    return _value(found.version_id, found.key, left_out=found.left_out) if found else ""


class Linked(NamedTuple):
    """The change that an answer led to, and between which versions it is compared."""

    draft_id: int
    old_version_id: int
    version_id: int
    number: int
    citation: str
    key: str
    left_out: bool

    @property
    def anchor(self) -> str:
        """Its place on the page that compares the versions (`MappedChange.anchor`)."""
        return f"c-old-{self.key}" if self.left_out else f"c-{self.key}"


def linked_to(point_ids: Collection[int], *, restricted: bool) -> dict[int, Linked]:
    """Return the change that the published answer of each of the points led to; one query.

    Only changes of versions that were shown to others; without ``restricted``, none of a draft
    with a round for verified people.
    """
    if not point_ids:
        return {}
    conditions: list[ColumnElement[bool]] = [
        AnsweredPoint.point_id.in_(point_ids),
        Response.published_at.is_not(None),
        DraftVersion.frozen_at.is_not(None),
    ]
    if not restricted:
        conditions.append(~_for_verified())
    its_version = case(
        (LinkedChange.left_out, Consultation.version_id), else_=LinkedChange.version_id
    )
    rows = db.session.execute(
        select(
            AnsweredPoint.point_id,
            DraftVersion.draft_id,
            Consultation.version_id,
            DraftVersion.id,
            DraftVersion.number,
            Provision.citation,
            Provision.key,
            LinkedChange.left_out,
        )
        .join(Response, Response.id == AnsweredPoint.response_id)
        .join(Consultation, Consultation.id == Response.consultation_id)
        .join(LinkedChange, LinkedChange.response_id == Response.id)
        .join(DraftVersion, DraftVersion.id == LinkedChange.version_id)
        .join(
            Provision,
            and_(Provision.version_id == its_version, Provision.key == LinkedChange.key),
        )
        .where(*conditions)
    )
    return {point_id: Linked._make(row) for point_id, *row in rows}


def _for_verified() -> Exists:
    """Return the condition on `DraftVersion` of a round of its draft for verified people."""
    round_, version = aliased(Consultation), aliased(DraftVersion)
    return (
        select(round_.id)
        .join(version, version.id == round_.version_id)
        .where(
            version.draft_id == DraftVersion.draft_id,
            round_.audience == Audience.VERIFIED,
            round_.stage != Stage.PREPARING,
        )
        .correlate(DraftVersion)
        .exists()
    )
