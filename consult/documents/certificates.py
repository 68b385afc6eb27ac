"""Asking for a certificate of one's contributions, issuing, declining and revoking it."""

from __future__ import annotations

import secrets
from typing import Any, Final

from sqlalchemy import func, select

from consult.accounts.models import RoleGrant, User
from consult.accounts.queries import users_with_role
from consult.core import audit, clock
from consult.core.db import db, insert_ignore
from consult.core.i18n import local
from consult.core.portal import portal
from consult.documents import certificate_queries
from consult.documents.certificate_models import Certificate
from consult.jobs.services import enqueue
from consult.people.club_queries import titled
from consult.people.models import Organisation

# Without letters and digits that look alike; 20 of 31 are 99 bits.
_LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE_LENGTH: Final = 20


class NotWaiting(Exception):
    """The request was decided meanwhile, or the certificate is not in force."""


class NothingToConfirm(Exception):
    """There is no contribution that a certificate could name."""


def request(user_id: int, *, with_organisations: bool) -> bool:
    """Ask the secretariat for a certificate; return whether none was being waited for.

    Raises NothingToConfirm. Enqueues ``notifications.tell``.
    """
    if not any(_now(user_id, with_organisations)[kind] for kind in ("points", "panels", "joint")):
        raise NothingToConfirm
    values: dict[str, Any] = {
        "user_id": user_id,
        "open_for": user_id,
        "state": "requested",
        "with_organisations": with_organisations,
        "requested_at": clock.now(),
        "contents": {},
        "note": "",
    }
    if not insert_ignore(Certificate, values, "open_for"):
        return False
    row = (
        db.session.scalars(select(Certificate).where(Certificate.open_for == user_id))
        .unique()
        .one()
    )
    others = [u.id for u in users_with_role("secretariat") if u.id != user_id]
    params = {"name": row.user.full_name}
    _tell(others, "certificate.requested", row, params, f"/secretariat/certificates/{row.id}")
    return True


def preview(row: Certificate) -> dict[str, Any]:
    """Return what the certificate would say now, or says since it was issued."""
    return row.contents or _now(row.user_id, row.with_organisations)


def issue(row: Certificate, *, actor_id: int) -> None:
    """Issue the certificate with the next number of the local year and a code of its own.

    What it says is kept as it is now. Raises NotWaiting. Enqueues ``notifications.tell``.
    """
    _lock(row, "requested")
    now = clock.now()
    year = local(now).year
    issuer = issuing(actor_id)
    # Issues follow one another, so that no number is given twice and none is left out.
    unions = select(Organisation.id).where(Organisation.kind == "union").order_by(Organisation.id)
    db.session.execute(unions.with_for_update())
    newest = select(func.max(Certificate.number)).where(Certificate.year == year)
    row.number, row.year = (db.session.scalar(newest) or 0) + 1, year
    row.contents = _now(row.user_id, row.with_organisations) | {
        "issuer": issuer.name if issuer else portal().name,
        "parent": issuer.parent.name if issuer and issuer.parent else "",
        "symbol": issuer.document_symbol if issuer else "",
        "place": (issuer.place if issuer else "") or portal().place,
        "signer": db.session.get_one(User, actor_id).full_name,
    }
    row.code = "".join(secrets.choice(_LETTERS) for _ in range(_CODE_LENGTH))
    _decide(row, "issued", actor_id)
    _tell([row.user_id], "certificate.issued", row, {"number": f"{row.number}/{year}"})


def decline(row: Certificate, note: str, *, actor_id: int) -> None:
    """Decline the request with its reason. Raises NotWaiting."""
    _lock(row, "requested")
    row.note = note
    _decide(row, "declined", actor_id)
    _tell([row.user_id], "certificate.declined", row, {"reason": note})


def revoke(row: Certificate, note: str, *, actor_id: int) -> None:
    """Revoke an issued certificate: the public page says so from now on. Raises NotWaiting."""
    _lock(row, "issued")
    row.state, row.note = "revoked", note
    row.revoked_at, row.revoked_by = clock.now(), actor_id
    audit.record("certificate.revoked", actor_id=actor_id, subject=("certificate", row.id))
    params = {"number": f"{row.number}/{row.year}", "reason": note}
    _tell([row.user_id], "certificate.revoked", row, params)


def issuing(actor_id: int) -> Organisation | None:
    """Return the organisation in whose secretariat the user is, or None."""
    return db.session.scalars(
        select(Organisation)
        .join(RoleGrant, RoleGrant.organisation_id == Organisation.id)
        .where(RoleGrant.user_id == actor_id, RoleGrant.role == "secretariat")
        .order_by(RoleGrant.id)
        .limit(1)
    ).first()


def _now(user_id: int, with_organisations: bool) -> dict[str, Any]:
    openly = certificate_queries.openly(user_id, with_organisations=with_organisations)
    found = certificate_queries.record(user_id, openly)
    return certificate_queries.contents(found, titled=titled(user_id))


def _lock(row: Certificate, state: str) -> None:
    db.session.refresh(row, with_for_update={"of": Certificate})
    if row.state != state:
        raise NotWaiting


def _decide(row: Certificate, state: str, actor_id: int) -> None:
    row.state, row.open_for = state, None
    row.decided_at, row.decided_by = clock.now(), actor_id
    audit.record(f"certificate.{state}", actor_id=actor_id, subject=("certificate", row.id))


def _tell(
    user_ids: list[int],
    kind: str,
    row: Certificate,
    params: dict[str, str],
    url: str = "/my/record",
) -> None:
    payload = {"user_ids": user_ids, "kind": kind, "params": params, "url": url}
    enqueue("notifications.tell", payload | {"dedupe": f"{kind}:{row.id}"})
