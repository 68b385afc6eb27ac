"""The rows that are measured on: rounds of 100 and of 10,000 points on 60 provisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bench.points import (
    add_answers,
    add_basket,
    add_notices,
    add_points,
    add_summary,
    own_point,
    own_reference,
)
from bench.words import opinions, text_of
from consult.accounts.models import RoleGrant, User
from consult.accounts.services import start_session
from consult.consultations.models import Audience, Consultation, Kind, PointsVisibility, Stage
from consult.core import clock
from consult.core.db import Base, transaction
from consult.drafts.models import Draft, DraftVersion, Provision
from consult.people.models import Membership, Organisation, Profile

ARTICLES = 18  # with 6 chapters and 2 clauses each: 60 provisions
ROLES = ("official", "front", "council", "secretariat", "admin")


@dataclass(frozen=True)
class Sizes:
    """How many points the rounds have, and how many people wrote them."""

    few: int = 100
    many: int = 10_000
    export: int = 5_000
    people: int = 400


@dataclass(frozen=True)
class World:
    """Ids of what was made: rounds by name, people by role, and one of everything else.

    ``points`` and ``baskets`` hold, by round, a sent point of the author and an unsent one.
    """

    rounds: dict[str, int]
    users: dict[str, int]
    draft_id: int
    version_id: int
    organisation_id: int
    club_id: int
    points: dict[str, int]
    baskets: dict[str, int]
    reference: str
    summary_id: int
    notice_id: int


def build(sizes: Sizes) -> World:
    """Fill an empty migrated database; needs an application context, no open transaction."""
    random, now = Random(45), clock.now()
    with transaction() as session:
        bodies = _organisations(session)
        users = _people(session, bodies, sizes.people, now)
        draft_id, version_id = _draft(session, random, bodies["agency"], users["official"], now)
        words = opinions(random, min(500, sizes.many))
        rounds: dict[str, int] = {}
        wanted = {"few": sizes.few, "many": sizes.many, "export": sizes.export, "write": 0}
        for name, points in wanted.items():
            stage = Stage.ANSWERED if name == "export" else Stage.OPEN
            rounds[name] = _round(session, name, version_id, bodies["agency"], stage, now)
            add_points(session, random, rounds[name], points, words, users)
        add_answers(session, rounds["export"], users["official"], now)
        author = users["author"]
        return World(
            rounds,
            users,
            draft_id,
            version_id,
            bodies["agency"],
            bodies["club"],
            {name: own_point(session, rounds[name], author) for name in ("few", "many", "export")},
            {name: add_basket(session, round_id, author) for name, round_id in rounds.items()},
            own_reference(session, rounds["many"], author),
            add_summary(rounds["export"], users["front"], users["secretariat"]),
            add_notices(session, author, now),
        )


def sessions(users: dict[str, int]) -> dict[str, str]:
    """Begin a session for each of ``users``; return the tokens by the same names."""
    with transaction() as session:
        return {
            name: start_session(session.get_one(User, user_id), user_agent="bench")
            for name, user_id in users.items()
        }


def _add(session: Session, row: Base) -> Any:
    session.add(row)
    session.flush()
    return row


def _organisations(session: Session) -> dict[str, int]:
    names = {
        "agency": "Sở Khoa học và Công nghệ",
        "front": "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",
        "council": "Hội đồng nhân dân tỉnh",
        "union": "Liên hiệp các Hội Khoa học và Kỹ thuật tỉnh",
        "club": "Câu lạc bộ Trí thức trẻ",
    }
    return {
        kind: _add(session, Organisation(name=name, short_name=name[:80], kind=kind)).id
        for kind, name in names.items()
    }


def _people(session: Session, bodies: dict[str, int], number: int, now: datetime) -> dict[str, int]:
    names = [*ROLES, "author", "club member", *(f"person {n}" for n in range(number))]
    people = [
        User(
            email=f"{name.replace(' ', '.')}@example.org",
            full_name=f"Nguyễn Văn {chr(65 + n % 26)}n",
            password_hash="",
            created_at=now,
            email_confirmed_at=now,
            verified_at=None if name in ROLES else now,
        )
        for n, name in enumerate(names)
    ]
    session.add_all(people)
    session.flush()
    users = {name: person.id for name, person in zip(names, people, strict=True)}
    places = {"official": "agency", "front": "front", "council": "council", "secretariat": "union"}
    for role in ROLES:
        place = bodies[places[role]] if role in places else None
        grant = {"role": role, "organisation_id": place, "granted_at": now}
        session.execute(insert(RoleGrant), {"user_id": users[role], **grant})
    verified = [users[name] for name in names if name not in ROLES]
    session.execute(insert(Profile), [_profile(user_id, now) for user_id in verified])
    member = {"organisation_id": bodies["club"], "state": "accepted", "requested_at": now}
    session.execute(
        insert(Membership),
        [
            {"user_id": users["author"], "role": "chair", **member},
            {"user_id": users["club member"], "role": "member", **member},
        ],
    )
    return users


def _profile(user_id: int, now: datetime) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "degree": "TS",
        "field_code": "505",
        "organisation_name": "Trường Đại học Đồng Nai",
        "locality": "Biên Hòa",
        "state": "verified",
        "requested_at": now,
        "decided_at": now,
    }


def _draft(
    session: Session, random: Random, agency_id: int, official_id: int, now: datetime
) -> tuple[int, int]:
    """Add the draft with its version; return the ids of both."""
    title = "Dự thảo Quyết định về đãi ngộ trí thức"
    draft = _add(
        session, Draft(title=title, agency_id=agency_id, created_by=official_id, created_at=now)
    )
    version = DraftVersion(
        draft_id=draft.id,
        number=1,
        text="",
        remainder="",
        parts=[],
        warnings=[],
        frozen_at=now,
        created_by=official_id,
        created_at=now,
    )
    _add(session, version)
    ordinal = 0

    def add(key: str, kind: str, number: str, parent: int | None, depth: int, **values: str) -> int:
        nonlocal ordinal
        ordinal += 1
        row = Provision(
            version_id=version.id,
            ordinal=ordinal,
            key=key,
            part="main",
            kind=kind,
            number=number,
            parent_id=parent,
            depth=depth,
            start=ordinal * 1000,
            end=ordinal * 1000 + 999,
            **{"title": "", "text": "", **values},
        )
        return _add(session, row).id

    chapter: int | None = None
    for n in range(1, ARTICLES + 1):
        if n % 3 == 1:
            k = n // 3 + 1
            name = f"Chương {k}"
            chapter = add(f"c{k}", "chapter", f"{k}", None, 0, citation=name, title="Quy định")
        title = text_of(random, 60)[:80]
        article = add(f"d{n}", "article", f"{n}", chapter, 1, citation=f"Điều {n}", title=title)
        for k in (1, 2):
            where = f"khoản {k} Điều {n}"
            words = text_of(random, 300)
            add(f"d{n}.k{k}", "clause", f"{k}", article, 2, citation=where, text=words)
    return draft.id, version.id


def _round(
    session: Session, name: str, version_id: int, agency_id: int, stage: Stage, now: datetime
) -> int:
    title = f"Lấy ý kiến dự thảo Quyết định về đãi ngộ trí thức ({name})"
    row = Consultation(
        version_id=version_id,
        agency_id=agency_id,
        stage=stage,
        kind=Kind.CRITIQUE,
        title=title,
        summary="Dự thảo quy định chế độ đãi ngộ đối với trí thức làm việc tại tỉnh.",
        can_change="Mức hỗ trợ, đối tượng và thời gian thực hiện.",
        cannot_change="Tổng kinh phí đã được Hội đồng nhân dân tỉnh quyết định.",
        legal_basis="Luật Ban hành văn bản quy phạm pháp luật.",
        responsible_name="Trần Thị Bình",
        audience=Audience.EVERYONE,
        points_visibility=PointsVisibility.AT_ONCE,
        asked_count=40,
        opens_at=now - timedelta(days=30),
        closes_at=now + timedelta(days=-1 if stage is Stage.ANSWERED else 20),
        created_at=now,
    )
    return _add(session, row).id
