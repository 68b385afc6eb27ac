"""Reading for the administrator: users, organisations, audit entries, jobs, periods."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from consult.accounts.models import RoleGrant, SignInSession, User
from consult.consultations.models import Consultation, Holiday, PeriodRule
from consult.core import clock
from consult.core.audit import AuditEntry
from consult.core.db import db
from consult.core.text import fold
from consult.jobs.models import Job
from consult.notifications.models import OutgoingEmail
from consult.people.models import Organisation

USER_STATES = ("verified", "unverified", "unconfirmed", "disabled")


class UserFilter(Struct, frozen=True):
    """Which users: ``q`` in name or address without regard to diacritics; "" is any."""

    q: str = ""
    role: str = ""
    state: str = ""


def users(wanted: UserFilter) -> Select[User]:
    """Return the statement of the users that ``wanted`` means, newest first."""
    statement = select(User).order_by(User.id.desc())
    for word in fold(wanted.q).split():
        statement = statement.where(
            or_(
                User.name_folded.contains(word, autoescape=True),
                User.email.contains(word, autoescape=True),
            )
        )
    if wanted.role:
        statement = statement.where(User.roles.any(RoleGrant.role == wanted.role))
    condition = {
        "verified": User.verified_at.is_not(None),
        "unverified": User.verified_at.is_(None),
        "unconfirmed": User.email_confirmed_at.is_(None),
        "disabled": User.disabled_at.is_not(None),
    }.get(wanted.state)
    return statement if condition is None else statement.where(condition)


def user(user_id: int) -> User | None:
    """Return the user with roles, or None."""
    return db.session.get(User, user_id, options=[selectinload(User.roles)])


def open_sessions(user_id: int) -> int:
    """Return how many sign-in sessions of the user have not run out."""
    return (
        db.session.scalar(
            select(func.count()).where(
                SignInSession.user_id == user_id, SignInSession.expires_at > clock.now()
            )
        )
        or 0
    )


def organisation_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the short names of those organisations; one query."""
    return _names(Organisation.id, Organisation.short_name, ids)


def user_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the full names of those users; one query."""
    return _names(User.id, User.full_name, ids)


def round_titles(ids: Iterable[int | None]) -> dict[int, str]:
    """Return the titles of those rounds; one query."""
    return _names(Consultation.id, Consultation.title, ids)


def _names(
    key: InstrumentedAttribute[int],
    name: InstrumentedAttribute[str],
    ids: Iterable[int | None],
) -> dict[int, str]:
    wanted = {number for number in ids if number is not None}
    if not wanted:
        return {}
    rows = db.session.execute(select(key, name).where(key.in_(wanted)))
    return {row[0]: row[1] for row in rows}


# --- organisations -------------------------------------------------------------------------------


def organisation(organisation_id: int) -> Organisation | None:
    """Return the organisation, or None."""
    return db.session.get(Organisation, organisation_id)


def organisations() -> list[Organisation]:
    """Return all organisations of all times, in the order of their names; one query."""
    rows = db.session.scalars(select(Organisation)).all()
    return sorted(rows, key=lambda row: (fold(row.name), row.id))


def in_force(row: Organisation, day: date) -> bool:
    """Return whether the organisation bears its name on ``day``."""
    return (row.valid_from or day) <= day <= (row.valid_to or day)


# --- the audit log -------------------------------------------------------------------------------


class AuditFilter(Struct, frozen=True):
    """Which entries: ``actor`` is part of a name or address; instants are aware."""

    action: str = ""
    actor: str = ""
    subject_kind: str = ""
    subject_id: int | None = None
    since: datetime | None = None
    before: datetime | None = None


def audit_entries(wanted: AuditFilter) -> Select[AuditEntry]:
    """Return the statement of the entries that ``wanted`` means, newest first."""
    statement = select(AuditEntry).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
    if wanted.action:
        statement = statement.where(AuditEntry.action == wanted.action)
    if wanted.actor:
        people = users(UserFilter(q=wanted.actor)).with_only_columns(User.id).order_by(None)
        statement = statement.where(AuditEntry.actor_id.in_(people))
    if wanted.subject_kind:
        statement = statement.where(AuditEntry.subject_kind == wanted.subject_kind)
    if wanted.subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.since is not None:
        statement = statement.where(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        statement = statement.where(AuditEntry.at < wanted.before)
    return statement


# --- jobs ----------------------------------------------------------------------------------------


def job_counts() -> dict[str, int]:
    """Return how many jobs are ready, running, parked and done; one query."""
    rows = db.session.execute(select(Job.state, func.count()).group_by(Job.state))
    counts = dict.fromkeys(("ready", "running", "parked", "done"), 0)
    return counts | {row[0]: row[1] for row in rows}


def jobs_in_trouble() -> Select[Job]:
    """Return the statement of parked jobs and of those that failed and will be tried again."""
    return (
        select(Job)
        .where(or_(Job.state == "parked", (Job.state == "ready") & (Job.attempts > 0)))
        .order_by(Job.state, Job.id.desc())
    )


def job(job_id: int) -> Job | None:
    """Return the job, or None."""
    return db.session.get(Job, job_id)


def oldest_due() -> datetime | None:
    """Return since when the longest-waiting due job waits, or None when none waits."""
    return db.session.scalar(
        select(func.min(Job.run_at)).where(Job.state == "ready", Job.run_at <= clock.now())
    )


# --- letters -------------------------------------------------------------------------------------


def letters(statement: Select[OutgoingEmail], state: str) -> Select[OutgoingEmail]:
    """Return ``statement`` for "sent" or "waiting" letters only; anything else is both."""
    if state == "sent":
        return statement.where(OutgoingEmail.sent_at.is_not(None))
    if state == "waiting":
        return statement.where(OutgoingEmail.sent_at.is_(None))
    return statement


# --- periods -------------------------------------------------------------------------------------


def period_rules() -> list[tuple[PeriodRule, int]]:
    """Return each rule with the number of rounds that follow it; one query."""
    uses = (
        select(Consultation.period_rule_id, func.count().label("uses"))
        .group_by(Consultation.period_rule_id)
        .subquery()
    )
    rows = db.session.execute(
        select(PeriodRule, func.coalesce(uses.c.uses, 0))
        .outerjoin(uses, uses.c.period_rule_id == PeriodRule.id)
        .order_by(PeriodRule.days, PeriodRule.id)
    )
    return [(row[0], row[1]) for row in rows]


def period_rule(rule_id: int) -> PeriodRule | None:
    """Return the rule, or None."""
    return db.session.get(PeriodRule, rule_id)


def holidays() -> list[Holiday]:
    """Return all holidays, the latest first."""
    return list(db.session.scalars(select(Holiday).order_by(Holiday.day.desc())))
