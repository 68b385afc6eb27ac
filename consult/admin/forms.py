"""The administrator's forms: roles, organisations, settings, periods, holidays, audit filter."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, Optional, ValidationError
from wtforms.widgets import DateInput

from consult.admin import labels
from consult.admin.queries import AuditFilter
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l, zone
from consult.people.models import Organisation
from consult.people.organisations import SaveOrganisation

_DAYS = ("%Y-%m-%d", "%d/%m/%Y")
_SHORT = 120
_LONGEST_REASON = 200


class DayInput(DateInput):
    """The browser's own picker; a plain text field for what the picker would throw away."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        if field.data is None and field._value():
            kwargs["type"] = "text"
        return super().__call__(field, **kwargs)


class DayField(StringField):
    """A local date, from the browser's picker or as dd/mm/yyyy; ``data`` is None when empty."""

    widget = DayInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = str(valuelist[0]).strip() if valuelist else ""
        self.data: Any = None
        if text:
            self.data = read_day(text)

    def _value(self) -> str:
        if self.data is None and self.raw_data:
            return str(self.raw_data[0])
        return self.data.isoformat() if self.data else ""


def read_day(text: str) -> date:
    """Return the day that ``text`` names; ValueError with a sentence for the person."""
    for shape in _DAYS:
        try:
            day = datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if 1900 <= day.year < 2200:
            return day
    raise ValueError(_("Write the day as dd/mm/yyyy, for example 05/03/2026."))


def listed(_form: Any, field: Any) -> None:
    """Refuse, in a sentence of ours, what is not among the field's choices."""
    if not any(str(value) == str(field.data) for value, *_rest in field.iter_choices()):
        raise ValidationError(_("Choose one of the list."))


def _select(label: str, **options: Any) -> SelectField:
    return SelectField(label, [listed], validate_choice=False, **options)


def number_or_none(value: Any) -> int | None:
    """Return the number that ``value`` is the text of, None for anything else."""
    return int(value) if re.fullmatch(r"[0-9]{1,9}", str(value or "")) else None


def _organisation_choices(rows: Iterable[Organisation]) -> list[tuple[str, str]]:
    return [("", "—"), *((str(row.id), row.name) for row in rows)]


class RoleForm(Form):
    """Gives a role to a user."""

    role = _select(_l("Role"), choices=list(labels.ROLES.items()))
    organisation = _select(_l("Organisation"), default="")

    def complain(self, sentence: str) -> None:
        """Say below the organisation why the role could not be given."""
        self.organisation.errors = [sentence]

    def offer(self, rows: Iterable[Organisation]) -> RoleForm:
        """Let the person choose among ``rows``."""
        self.organisation.choices = _organisation_choices(rows)
        return self


class OrganisationForm(Form):
    """Everything that is known of an organisation."""

    name = StringField(_l("Full name"), [Required(), Longest(200)])
    short_name = StringField(_l("Short name"), [Required(), Longest(80)])
    kind = _select(_l("Kind of organisation"), choices=list(labels.ORGANISATION_KINDS.items()))
    parent = _select(_l("Higher body"), default="")
    document_symbol = StringField(_l("Document symbol"), [Longest(40)])
    place = StringField(_l("Place name in documents"), [Longest(80)])
    valid_from = DayField(_l("First day of this name"))
    valid_to = DayField(_l("Last day of this name"))
    successor = _select(_l("Successor"), default="")

    def offer(self, rows: list[Organisation], own_id: int | None) -> OrganisationForm:
        """Let the person choose parent and successor among ``rows`` without itself."""
        choices = _organisation_choices(row for row in rows if row.id != own_id)
        self.parent.choices = self.successor.choices = choices
        return self

    def complain(self, name: str, sentence: str) -> None:
        """Say below the field ``name`` why nothing was saved."""
        self[name].errors = [sentence]

    def command(self) -> SaveOrganisation:
        """Return what was typed."""
        return SaveOrganisation(
            name=str(self.name.data),
            short_name=str(self.short_name.data),
            kind=str(self.kind.data),
            parent_id=number_or_none(self.parent.data),
            document_symbol=str(self.document_symbol.data or ""),
            place=str(self.place.data or ""),
            valid_from=self.valid_from.data,
            valid_to=self.valid_to.data,
            successor_id=number_or_none(self.successor.data),
        )


def organisation_data(row: Organisation) -> dict[str, Any]:
    """Return the form's data for an organisation that is there already."""
    return {
        "name": row.name,
        "short_name": row.short_name,
        "kind": row.kind,
        "parent": str(row.parent_id or ""),
        "document_symbol": row.document_symbol,
        "place": row.place,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "successor": str(row.successor_id or ""),
    }


def _setting(name: str, *validators: Any, rows: bool = False) -> StringField:
    kind = TextAreaField if rows else StringField
    return kind(labels.SETTINGS[name][0], list(validators))


class SettingsForm(Form):
    """Every setting of the portal, under the names that `Portal` gives them."""

    name = _setting("name", Required(), Longest(_SHORT))
    province = _setting("province", Required(), Longest(_SHORT))
    place = _setting("place", Required(), Longest(_SHORT))
    contact_email = _setting(
        "contact_email",
        Optional(),
        Longest(254),
        Email(_l("This is no e-mail address. One looks like name@example.vn.")),
    )
    front_symbol = _setting("front_symbol", Required(), Longest(40))
    agency_symbol = _setting("agency_symbol", Required(), Longest(40))
    answer_days = _setting("answer_days", Longest(3))
    mau10_legal_basis = _setting("mau10_legal_basis", Required(), Longest(1000), rows=True)
    mau10_title = _setting("mau10_title", Longest(300), rows=True)
    mau10_column_provision = _setting("mau10_column_provision", Longest(_SHORT))
    mau10_column_contributor = _setting("mau10_column_contributor", Longest(_SHORT))
    mau10_column_content = _setting("mau10_column_content", Longest(_SHORT))
    mau10_column_response = _setting("mau10_column_response", Longest(_SHORT))
    report_title = _setting("report_title", Required(), Longest(300))
    brief_title = _setting("brief_title", Required(), Longest(300))
    annex_title = _setting("annex_title", Required(), Longest(300))
    letter_title = _setting("letter_title", Required(), Longest(300))
    letter_symbol = _setting("letter_symbol", Required(), Longest(40))
    front_legal_basis = _setting("front_legal_basis", Required(), Longest(1000), rows=True)
    front_authority = _setting("front_authority", Longest(_SHORT))
    front_office = _setting("front_office", Required(), Longest(_SHORT))
    reply_request = _setting("reply_request", Required(), Longest(1000), rows=True)
    hiding_reasons = _setting("hiding_reasons", Required(), Longest(2000), rows=True)
    notice = _setting("notice", Longest(500), rows=True)

    def validate_answer_days(self, field: StringField) -> None:
        """Refuse what is neither empty nor a number of days within a year."""
        if field.data and not (str(field.data).isdecimal() and 1 <= int(str(field.data)) <= 365):
            raise ValidationError(_("Write a whole number of days from 1 to 365, or nothing."))

    def validate_hiding_reasons(self, field: StringField) -> None:
        """Refuse a reason that is too long to be kept with a hidden opinion."""
        for line in str(field.data).splitlines():
            if len(line.strip()) > _LONGEST_REASON:
                raise ValidationError(
                    _("This reason is longer than 200 characters: “%(start)s…”", start=line[:60])
                )

    def wanted(self) -> dict[str, str]:
        """Return each setting as typed."""
        return {name: str(self[name].data or "") for name in labels.SETTINGS}


class RuleForm(Form):
    """A new rule of a posting period."""

    name = StringField(_l("Name of the rule"), [Required(), Longest(200)])
    days = StringField(_l("Number of days"), [Required()])
    unit = RadioField(
        _l("Counted in"),
        [listed],
        choices=list(labels.PERIOD_UNITS.items()),
        validate_choice=False,
    )
    legal_basis = TextAreaField(_l("Legal basis"), [Longest(1000)])

    def values(self) -> dict[str, Any]:
        """Return what was typed, under the names that the service wants."""
        return {
            "name": str(self.name.data),
            "days": int(str(self.days.data)),
            "unit": str(self.unit.data),
            "legal_basis": str(self.legal_basis.data or ""),
        }

    def validate_days(self, field: Any) -> None:
        if not 1 <= (number_or_none(field.data) or 0) <= 366:
            raise ValidationError(_("Write a number of days from 1 to 366."))


class HolidayForm(Form):
    """A new holiday."""

    day = DayField(_l("Day"), [Required()])
    label = StringField(_l("Name of the holiday"), [Required(), Longest(120)])

    def complain(self, sentence: str) -> None:
        """Say below the day why it was not added."""
        self.day.errors = [sentence]


class AuditForm(Form):
    """The filter of the audit log."""

    action = _select(_l("Act"), default="")
    actor = StringField(_l("Who (name or e-mail)"), [Longest(120)])
    subject_kind = _select(_l("About"), default="")
    subject_id = StringField(_l("Number"))
    since = DayField(_l("From day"))
    until = DayField(_l("To day"))

    def offer(self, acts: dict[str, str], kinds: dict[str, str]) -> AuditForm:
        """Let the person choose among ``acts`` and kinds of subject."""
        self.action.choices = [("", _("Any")), *acts.items()]
        self.subject_kind.choices = [("", _("Any")), *kinds.items()]
        return self

    def validate_subject_id(self, field: Any) -> None:
        if field.data and number_or_none(field.data) is None:
            raise ValidationError(_("Write a whole number."))

    def validate_until(self, field: Any) -> None:
        if self.since.data and field.data and field.data < self.since.data:
            raise ValidationError(_("The last day lies before the first."))

    def wanted(self) -> AuditFilter:
        """Return the filter that is meant; both days are whole days of the portal's zone."""
        until: date | None = self.until.data
        return AuditFilter(
            action=str(self.action.data or ""),
            actor=str(self.actor.data or ""),
            subject_kind=str(self.subject_kind.data or ""),
            subject_id=number_or_none(self.subject_id.data),
            since=_midnight(self.since.data),
            before=_midnight(until + timedelta(days=1)) if until else None,
        )


def _midnight(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time.min, zone()).astimezone(UTC)
