"""What only an administrator writes: settings, periods, holidays, ended sessions, retries."""

from __future__ import annotations

from datetime import date

from msgspec.structs import asdict
from sqlalchemy import func, select

from consult.accounts import roles
from consult.accounts.models import User
from consult.accounts.services import end_other_sessions
from consult.consultations.models import Consultation, Holiday, PeriodRule
from consult.core import audit
from consult.core.db import db
from consult.core.portal import portal, save_portal
from consult.jobs import services as jobs
from consult.jobs.models import Job


class RuleInUse(Exception):
    """``rounds`` rounds follow the rule, so it stays."""

    def __init__(self, rounds: int) -> None:
        super().__init__(rounds)
        self.rounds = rounds


class HolidayKnown(Exception):
    """That day is a holiday already."""


def save_settings(wanted: dict[str, str], *, actor_id: int | None) -> int:
    """Store the portal's settings that differ and return how many did.

    Raises KeyError for a setting that `Portal` does not have. Writes them and, when there is
    a difference, an audit entry with the old and the new text of each.
    """
    present = asdict(portal())
    changed = {key: value for key, value in wanted.items() if present[key] != value}
    if changed:
        save_portal(changed)
        audit.record(
            "settings.changed",
            actor_id=actor_id,
            subject=("portal", None),
            details={"changed": {key: [present[key], new] for key, new in changed.items()}},
        )
    return len(changed)


def revoke_role(user: User, grant_id: int, *, actor_id: int | None) -> None:
    """Take one of the user's own roles away; nothing happens when it is gone already.

    Raises LastAdmin. Writes and enqueues as `roles.revoke_role` does.
    """
    if any(grant.id == grant_id for grant in user.roles):
        roles.revoke_role(grant_id, actor_id=actor_id)


def end_sessions(user_id: int, *, actor_id: int | None) -> int:
    """Sign the user out everywhere and return from how many sessions; writes an audit entry."""
    ended = end_other_sessions(user_id, keep=None)
    audit.record(
        "account.sessions_ended",
        actor_id=actor_id,
        subject=("user", user_id),
        details={"count": ended},
    )
    return ended


def add_rule(
    name: str, days: int, unit: str, legal_basis: str, *, actor_id: int | None
) -> PeriodRule:
    """Add a rule of a posting period: ``days`` of ``unit`` "calendar" or "working".

    Raises ValueError. Writes the rule and an audit entry.
    """
    if unit not in ("calendar", "working") or days < 1:
        raise ValueError(f"a period of {days} {unit} days is none")
    rule = PeriodRule(name=name, days=days, unit=unit, legal_basis=legal_basis)
    db.session.add(rule)
    db.session.flush()
    _record("period.added", actor_id, ("period", rule.id), name)
    return rule


def remove_rule(rule: PeriodRule, *, actor_id: int | None) -> None:
    """Delete a rule that no round follows; RuleInUse otherwise. Writes an audit entry."""
    rounds = db.session.scalar(select(func.count()).where(Consultation.period_rule_id == rule.id))
    if rounds:
        raise RuleInUse(rounds)
    _record("period.removed", actor_id, ("period", rule.id), rule.name)
    db.session.delete(rule)


def add_holiday(day: date, name: str, *, actor_id: int | None) -> None:
    """Make ``day`` (a local date) no working day; HolidayKnown when it is none already.

    Writes the day and an audit entry. Rounds that are published keep their dates.
    """
    if db.session.get(Holiday, day) is not None:
        raise HolidayKnown
    db.session.add(Holiday(day=day, name=name))
    _record("holiday.added", actor_id, ("holiday", None), f"{day:%d/%m/%Y} {name}")


def remove_holiday(day: date, *, actor_id: int | None) -> None:
    """Make ``day`` an ordinary day again; nothing happens when it is one. Audited."""
    row = db.session.get(Holiday, day)
    if row is not None:
        _record("holiday.removed", actor_id, ("holiday", None), f"{day:%d/%m/%Y} {row.name}")
        db.session.delete(row)


def retry_job(job: Job, *, actor_id: int | None) -> bool:
    """Make a parked job ready again and return whether it was parked; audited."""
    if job.state != "parked":
        return False
    jobs.retry(job.id)
    _record("job.retried", actor_id, ("job", job.id), job.name)
    return True


def _record(action: str, actor_id: int | None, subject: tuple[str, int | None], name: str) -> None:
    audit.record(action, actor_id=actor_id, subject=subject, details={"name": name})
