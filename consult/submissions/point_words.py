"""An author's words as the values of columns: checked, and their quotes placed in the text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, literal, select

from consult.consultations.models import Consultation, Question
from consult.core.db import db
from consult.core.sanitize import markdown_to_html
from consult.drafts.models import DraftVersion, Provision
from consult.submissions.commands import (
    LONGEST,
    LONGEST_QUOTE,
    NewPoint,
    UnknownProvision,
    UnknownQuestion,
    UnusableText,
)
from consult.submissions.models import PointKind, searchable
from consult.submissions.quoting import locate

# The columns that an author's words fill.
WORDS = (
    "question_id",
    "kind",
    "stance",
    "argument",
    "argument_html",
    "proposed_wording",
    "quote",
    "quote_start",
    "quote_end",
    "folded",
)


def point_rows(
    consultation: Consultation,
    points: Sequence[NewPoint],
    *,
    created_at: datetime,
    received_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """Return the column values of ``points``, checked; without submission and ordinal."""
    provisions = _provisions(consultation, points)
    questions = _question_ids(consultation, {p.question for p in points if p.question})
    rows: list[dict[str, Any]] = []
    for point in points:
        _check_words(point)
        place = provisions[point.provision] if point.provision else None
        quoted = place and _locate(place, point)
        rows.append(
            {
                "consultation_id": consultation.id,
                "provision_id": place and place.id,
                "question_id": questions[point.question] if point.question else None,
                "kind": point.kind,
                "stance": point.stance,
                "quote": point.quote,
                "quote_start": quoted and quoted[0],
                "quote_end": quoted and quoted[1],
                "argument": point.argument,
                "argument_html": markdown_to_html(point.argument),
                "proposed_wording": point.proposed_wording,
                "folded": searchable(point.argument, point.proposed_wording),
                "form_key": point.form_key,
                "created_at": created_at,
                "received_at": received_at,
            }
        )
    return rows


def _check_words(point: NewPoint) -> None:
    if not point.argument.strip() or len(point.argument) > LONGEST:
        raise UnusableText
    if point.kind is PointKind.WORDING and not point.proposed_wording.strip():
        raise UnusableText
    if len(point.proposed_wording) > LONGEST or len(point.quote) > LONGEST_QUOTE:
        raise UnusableText


class _Extent(NamedTuple):
    """A provision's id, where it begins in the version's text, and its part of that text."""

    id: int
    start: int
    text: str


def _provisions(consultation: Consultation, points: Sequence[NewPoint]) -> dict[str, _Extent]:
    """Return what the points are on, by key; the text of it only where one quotes."""
    keys = {point.provision for point in points if point.provision}
    if not keys:
        return {}
    if any(point.quote for point in points):
        length = Provision.end - Provision.start
        statement = select(
            Provision.key,
            Provision.id,
            Provision.start,
            func.substr(DraftVersion.text, Provision.start + 1, length),
        ).join(DraftVersion, DraftVersion.id == Provision.version_id)
    else:
        statement = select(Provision.key, Provision.id, Provision.start, literal(""))
    found = {
        key: _Extent(id_, start, text)
        for key, id_, start, text in db.session.execute(
            statement.where(
                Provision.version_id == consultation.version_id, Provision.key.in_(keys)
            )
        )
    }
    for key in keys - found.keys():
        raise UnknownProvision(key)
    return found


def _locate(place: _Extent, point: NewPoint) -> tuple[int, int] | None:
    """Return where the point's quote stands in the version's text, None when it does not."""
    found = locate(place.text, point.quote, point.before) if point.quote else None
    return found and (place.start + found[0], place.start + found[1])


def _question_ids(consultation: Consultation, numbers: set[int]) -> dict[int, int]:
    if not numbers:
        return {}
    found = dict(
        db.session.execute(
            select(Question.ordinal, Question.id).where(
                Question.consultation_id == consultation.id, Question.ordinal.in_(numbers)
            )
        ).all()
    )
    if numbers - found.keys():
        raise UnknownQuestion
    return found
