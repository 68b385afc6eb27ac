"""Whom to invite to a panel: verified people with the reasons for each, best first."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import pairwise

from msgspec import Struct
from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import contains_eager

from consult.accounts.models import User
from consult.consultations.models import Consultation
from consult.core.db import db
from consult.core.text import fold, name_key, syllables
from consult.critiques.models import Commission, SeatState
from consult.critiques.queries import critiques_of
from consult.drafts.models import DraftVersion
from consult.people.models import Profile
from consult.submissions.models import Authorship, Identity, Point
from consult.submissions.queries import standing

# How many are looked at, and how many are shown.
_LOOKED_AT, SHOWN = 400, 30
_WEIGHTS = {
    "field": 5,
    "group": 2,
    "speciality": 3,
    "draft": 3,
    "critiques": 2,
    "points": 1,
    "locality": 1,
}


class Reason(Struct, frozen=True):
    """Why somebody is suggested: a code that the pages put into words, with its detail."""

    code: str
    words: str = ""
    count: int = 0


class Candidate(Struct, frozen=True):
    """A verified person who could sit on the panel."""

    user_id: int
    name: str
    academic_title: str
    degree: str
    field_code: str
    speciality: str
    organisation: str
    locality: str
    reasons: tuple[Reason, ...]

    @property
    def score(self) -> int:
        """How strong the reasons are together."""
        return sum(_WEIGHTS[reason.code] for reason in self.reasons)


def candidates(commission: Commission, *, field_code: str, q: str = "") -> list[Candidate]:
    """Return whom to invite: of the field or its group, or with ``q`` in name or speciality.

    Who has been invited or sits already is left out. What people wrote under a sealed or an
    organisation's name is no reason: it would tell who they are. Three queries.
    """
    taken = {
        seat.user_id
        for seat in commission.seats
        if seat.state in (SeatState.INVITED, SeatState.ACCEPTED)
    }
    people = [row for row in verified_people(field_code, q) if row.user_id not in taken]
    ids = [row.user_id for row in people]
    points, critiques = _points(ids, commission.version.draft_id), critiques_of(ids)
    about = f"{commission.title}\n{commission.scope}\n{commission.questions}"
    found = [
        Candidate(
            row.user_id,
            row.user.full_name,
            row.academic_title,
            row.degree,
            row.field_code,
            row.speciality,
            row.organisation_name,
            row.locality,
            tuple(
                _reasons(
                    row,
                    field_code,
                    about,
                    points.get(row.user_id, (0, 0)),
                    critiques.get(row.user_id, 0),
                )
            ),
        )
        for row in people
    ]
    found = [candidate for candidate in found if candidate.reasons or q]
    return sorted(found, key=lambda c: (-c.score, name_key(c.name)))[:SHOWN]


def verified_people(field_code: str, q: str) -> list[Profile]:
    """Return the profiles of verified people, with their accounts; one query.

    Those with ``q`` in name or speciality, or else of the field's group, its own people first.
    """
    conditions: list[ColumnElement[bool]] = []
    if q:
        names = [User.name_folded.contains(word, autoescape=True) for word in fold(q).split()]
        conditions = [Profile.speciality.contains(q, autoescape=True), and_(true(), *names)]
    elif field_code:
        conditions = [Profile.field_code.startswith(field_code[:1], autoescape=True)]
    return list(
        db.session.scalars(
            select(Profile)
            .join(User, User.id == Profile.user_id)
            .where(User.verified_at.is_not(None), User.disabled_at.is_(None))
            .where(or_(*conditions) if conditions else true())
            .options(contains_eager(Profile.user).lazyload(User.roles))
            .order_by(Profile.field_code != field_code, Profile.user_id)
            .limit(_LOOKED_AT)
        ).unique()
    )


def _points(user_ids: Collection[int], draft_id: int) -> dict[int, tuple[int, int]]:
    """Return user id → (points on this draft, points in all) written under the own name."""
    found: dict[int, tuple[int, int]] = {}
    for user_id, draft, number in db.session.execute(
        select(Authorship.user_id, DraftVersion.draft_id, func.count(Point.id))
        .join(Point, Point.submission_id == Authorship.submission_id)
        .join(Consultation, Consultation.id == Point.consultation_id)
        .join(DraftVersion, DraftVersion.id == Consultation.version_id)
        .where(
            Authorship.user_id.in_(user_ids),
            Authorship.identity == Identity.PUBLIC,
            *standing(),
        )
        .group_by(Authorship.user_id, DraftVersion.draft_id)
    ):
        if user_id is not None:
            here, everywhere = found.get(user_id, (0, 0))
            found[user_id] = (here + number * (draft == draft_id), everywhere + number)
    return found


def _reasons(
    row: Profile, field_code: str, about: str, points: tuple[int, int], critiques: int
) -> Iterable[Reason]:
    if field_code and row.field_code == field_code:
        yield Reason("field", field_code)
    elif field_code and row.field_code[:1] == field_code[:1]:
        yield Reason("group", row.field_code)
    if common := shared_words(row.speciality, about):
        yield Reason("speciality", ", ".join(common[:3]))
    if points[0]:
        yield Reason("draft", count=points[0])
    elif points[1]:
        yield Reason("points", count=points[1])
    if critiques:
        yield Reason("critiques", count=critiques)
    if row.locality and fold(row.locality) in fold(about):
        yield Reason("locality", row.locality)


def shared_words(speciality: str, about: str) -> list[str]:
    """Return the pairs of syllables of ``speciality`` that ``about`` holds too, in order.

    One syllable alone says little in Vietnamese; a pair is mostly a word.
    """
    there = set(_pairs(about))
    return list(dict.fromkeys(pair for pair in _pairs(speciality) if pair in there))


def _pairs(text: str) -> list[str]:
    found = syllables(text)
    return [f"{first} {second}" for first, second in pairwise(found)]
