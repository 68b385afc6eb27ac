"""Building the administrator's pages: what each one shows, gathered from the queries."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from msgspec.structs import asdict

from consult.accounts.models import User
from consult.admin import labels, queries, sentences
from consult.admin.forms import AuditForm, HolidayForm, OrganisationForm, RoleForm, RuleForm
from consult.consultations.models import Holiday, PeriodRule
from consult.core import clock
from consult.core.i18n import local
from consult.core.paging import Page, page_number, paginate
from consult.core.text import fold
from consult.people.models import Organisation

_ORGANISATIONS_A_PAGE = 50


def status(*forms: FlaskForm) -> int:
    """Return 422 when something in ``forms`` is wrong, else 200."""
    return 422 if any(form.errors for form in forms) else 200


def users() -> str:
    """The list of users, searched and filtered by the address."""
    wanted = queries.UserFilter(
        q=request.args.get("q", "").strip()[:100],
        role=request.args.get("role", ""),
        state=request.args.get("state", ""),
    )
    page = paginate(queries.users(wanted), number=page_number())
    grants = [grant for user in page.rows for grant in user.roles]
    return render_template(
        "admin/users.html",
        page=page,
        wanted=wanted,
        labels=labels,
        organisations=queries.organisation_names(g.organisation_id for g in grants),
    )


def user(person: User, form: RoleForm | None = None) -> ResponseReturnValue:
    """A user's page, with the form that gives a role."""
    rows = queries.organisations()
    today = local(clock.now()).date()
    form = form or RoleForm()
    form.offer(row for row in rows if queries.in_force(row, today))
    granters = queries.user_names(grant.granted_by for grant in person.roles)
    page = render_template(
        "admin/user.html",
        person=person,
        form=form,
        labels=labels,
        sessions=queries.open_sessions(person.id),
        organisations={row.id: row.name for row in rows},
        granters=granters,
    )
    return page, status(form)


def organisations() -> str:
    """The list of organisations; those whose name has ended only on request."""
    q, kind = fold(request.args.get("q", "")).split(), request.args.get("kind", "")
    former = request.args.get("former") == "1"
    today = local(clock.now()).date()
    everything = queries.organisations()
    rows = [
        row
        for row in everything
        if (not kind or row.kind == kind)
        and (former or not row.valid_to or row.valid_to >= today)
        and all(word in fold(f"{row.name} {row.short_name}") for word in q)
    ]
    number, size = page_number(), _ORGANISATIONS_A_PAGE
    return render_template(
        "admin/organisations.html",
        page=Page(rows[(number - 1) * size : number * size], number, size, len(rows)),
        names={row.id: row.short_name for row in everything},
        labels=labels,
        kind=kind,
        former=former,
        today=today,
    )


def organisation(form: OrganisationForm, row: Organisation | None) -> ResponseReturnValue:
    """The form of one organisation, new when ``row`` is None."""
    page = render_template("admin/organisation.html", form=form, organisation=row)
    return page, status(form)


def periods(
    rule_form: RuleForm | None = None, holiday_form: HolidayForm | None = None
) -> ResponseReturnValue:
    """The rules of posting periods and the holidays."""
    rule_form = rule_form or RuleForm(formdata=None)
    holiday_form = holiday_form or HolidayForm(formdata=None)
    rules: list[tuple[PeriodRule, int]] = queries.period_rules()
    days: list[Holiday] = queries.holidays()
    page = render_template(
        "admin/periods.html",
        rule_form=rule_form,
        holiday_form=holiday_form,
        rules=rules,
        holidays=days,
        labels=labels,
    )
    return page, status(rule_form, holiday_form)


def audit() -> ResponseReturnValue:
    """The audit log, filtered by the address."""
    form = AuditForm(request.args, meta={"csrf": False})
    form.offer(sentences.acts(), sentences.SUBJECTS)
    wanted = form.wanted() if form.validate() else queries.AuditFilter()
    page: Page[Any] = paginate(queries.audit_entries(wanted), number=page_number(), size=50)
    about: dict[str, list[int | None]] = {}
    for entry in page.rows:
        about.setdefault(entry.subject_kind, []).append(entry.subject_id)
    held_in = [entry.details.get("organisation_id") for entry in page.rows]
    people = [e.actor_id for e in page.rows] + [e.details.get("user_id") for e in page.rows]
    names = {
        "user": queries.user_names(people + about.get("user", [])),
        "round": queries.round_titles(about.get("round", [])),
        "organisation": queries.organisation_names(about.get("organisation", []) + held_in),
    }
    html = render_template(
        "admin/audit.html",
        page=page,
        form=form,
        filtered=any(asdict(wanted).values()),
        names=names,
        sentence=sentences.sentence,
        subjects=sentences.SUBJECTS,
    )
    return html, status(form)
