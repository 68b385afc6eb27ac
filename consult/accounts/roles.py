"""Granting and taking away roles, enabling and disabling accounts."""

from __future__ import annotations

from sqlalchemy import select

from consult.accounts.models import ROLES, RoleGrant, User
from consult.accounts.services import end_other_sessions
from consult.core import audit, clock
from consult.core.db import db
from consult.jobs.services import enqueue

# An official acts for an agency and for no other; the rest may go without an organisation.
NEED_ORGANISATION = frozenset({"official"})


class OrganisationNeeded(Exception):
    """The role is held in an organisation, and none was named."""


class LastAdmin(Exception):
    """Without this administrator nobody could administer the portal."""


def grant_role(
    user_id: int, role: str, organisation_id: int | None, *, actor_id: int | None
) -> None:
    """Give the user ``role`` (in that organisation); a role that is held already stays.

    Raises ValueError for an unknown role, OrganisationNeeded. Writes the grant and an audit
    entry; enqueues ``notifications.tell``.
    """
    if role not in ROLES:
        raise ValueError(f"there is no role {role!r}")
    if role in NEED_ORGANISATION and organisation_id is None:
        raise OrganisationNeeded
    user = db.session.get_one(User, user_id)
    if any(g.role == role and g.organisation_id == organisation_id for g in user.roles):
        return
    user.roles.append(
        RoleGrant(
            role=role,
            organisation_id=organisation_id,
            granted_at=clock.now(),
            granted_by=actor_id,
        )
    )
    db.session.flush()
    _tell("role.granted", user_id, role, organisation_id, actor_id)


def revoke_role(grant_id: int, *, actor_id: int | None) -> None:
    """Take a role away; nothing happens when it is gone already.

    Raises LastAdmin. Writes an audit entry; enqueues ``notifications.tell``.
    """
    grant = db.session.get(RoleGrant, grant_id)
    if grant is None:
        return
    if grant.role == "admin":
        _another_admin(grant.user_id)
    grant.user.roles.remove(grant)
    db.session.flush()
    _tell("role.revoked", grant.user_id, grant.role, grant.organisation_id, actor_id)


def disable_user(user_id: int, *, actor_id: int | None) -> None:
    """Keep the user from signing in, now and later; opinions that were received stay.

    Raises LastAdmin. Ends the user's sessions; writes an audit entry.
    """
    user = db.session.get_one(User, user_id)
    if any(grant.role == "admin" for grant in user.roles):
        _another_admin(user_id)
    user.disabled_at = user.disabled_at or clock.now()
    end_other_sessions(user_id, keep=None)
    audit.record("account.disabled", actor_id=actor_id, subject=("user", user_id))


def enable_user(user_id: int, *, actor_id: int | None) -> None:
    """Let a disabled user sign in again; writes an audit entry."""
    db.session.get_one(User, user_id).disabled_at = None
    audit.record("account.enabled", actor_id=actor_id, subject=("user", user_id))


def _another_admin(user_id: int) -> None:
    """Raise LastAdmin unless somebody else who can sign in is an administrator."""
    # Locked, so that two administrators cannot remove each other at the same moment.
    admins = db.session.scalars(
        select(RoleGrant)
        .join(User)
        .where(RoleGrant.role == "admin", User.disabled_at.is_(None))
        .order_by(RoleGrant.id)
        .with_for_update(of=RoleGrant)
        .execution_options(populate_existing=True)
    ).all()
    if not any(grant.user_id != user_id for grant in admins):
        raise LastAdmin


def _tell(
    action: str, user_id: int, role: str, organisation_id: int | None, actor_id: int | None
) -> None:
    details = {"role": role, "organisation_id": organisation_id}
    audit.record(action, actor_id=actor_id, subject=("user", user_id), details=details)
    enqueue(
        "notifications.tell",
        {
            "user_ids": [user_id],
            "kind": "role.changed",
            "params": details,
            "url": "/desk",
            "dedupe": f"{action}:{user_id}:{role}:{organisation_id}:{clock.now().isoformat()}",
        },
    )
