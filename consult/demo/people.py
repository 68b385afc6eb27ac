"""The demonstration's organisations, accounts, profiles and memberships."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from consult.accounts.models import RoleGrant, User
from consult.accounts.passwords import DEMO_PASSWORD, hash_password
from consult.core import clock
from consult.core.db import db
from consult.demo.content import read
from consult.people.models import Membership, Organisation, Profile

Keys = dict[str, int]


def add_organisations() -> Keys:
    """Add the organisations; return their ids by key."""
    ids: Keys = {}
    waiting: list[tuple[Organisation, dict[str, Any]]] = []
    for record in read("organisations"):
        row = Organisation(
            name=record["name"],
            short_name=record["short_name"],
            kind=record["kind"],
            document_symbol=record["document_symbol"] or "",
            place=record["place"] or "",
            valid_from=_day(record["valid_from"]),
            valid_to=_day(record["valid_to"]),
        )
        db.session.add(row)
        db.session.flush()
        ids[record["key"]] = row.id
        waiting.append((row, record))
    for row, record in waiting:
        row.parent_id = ids.get(record["parent"])
        row.successor_id = ids.get(record["successor"])
    return ids


def add_people(organisations: Keys) -> Keys:
    """Add the accounts, all with DEMO_PASSWORD and marked as demonstration; ids by key."""
    password_hash = hash_password(DEMO_PASSWORD)
    joined = clock.now() - timedelta(days=90)
    ids: Keys = {}
    for record in read("people"):
        user = User(
            email=record["email"],
            full_name=record["full_name"],
            password_hash=password_hash,
            created_at=joined,
            email_confirmed_at=joined,
            verified_at=joined if record.get("verified") else None,
            is_demo=True,
        )
        db.session.add(user)
        db.session.flush()
        ids[record["key"]] = user.id
        if record["role"] == "intellectual":
            _add_intellectual(user, record, organisations)
        else:
            _add_role(user, record, organisations)
    return ids


def _add_role(user: User, record: dict[str, Any], organisations: Keys) -> None:
    inside = record["role"] in ("official", "front", "council", "secretariat")
    db.session.add(
        RoleGrant(
            user_id=user.id,
            role=record["role"],
            organisation_id=organisations[record["organisation"]] if inside else None,
            granted_at=user.created_at,
        )
    )


def _add_intellectual(user: User, record: dict[str, Any], organisations: Keys) -> None:
    names = {item["key"]: item["name"] for item in read("organisations")}
    facts = {"academic_title": record["academic_title"] or "", "degree": record["degree"]}
    db.session.add(
        Profile(
            user_id=user.id,
            year_of_birth=record["year_of_birth"],
            gender=record["gender"],
            field_code=record["field_code"],
            speciality=record["speciality"],
            post=record["post"] or "",
            organisation_name=names.get(record["organisation"], ""),
            locality=record["locality"],
            state="verified" if record["verified"] else "pending",
            requested_at=user.created_at,
            decided_at=user.created_at if record["verified"] else None,
            verified_facts=facts if record["verified"] else {},
            **facts,
        )
    )
    if record["club"]:
        club_id = organisations[record["club"]]
        first = db.session.query(Membership).filter_by(organisation_id=club_id).count() == 0
        db.session.add(
            Membership(
                organisation_id=club_id,
                user_id=user.id,
                state="accepted",
                role="chair" if first else record.get("club_role", "member"),
                requested_at=user.created_at,
                decided_at=user.created_at,
            )
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
