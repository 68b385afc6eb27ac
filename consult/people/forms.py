"""The people room's forms."""

from __future__ import annotations

from typing import Any

from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from consult.core import clock
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l, local
from consult.people.fields import DEGREES, TITLES, degree_name, field_choices, title_name
from consult.people.services import SaveProfile

GENDERS = ("female", "male", "other")


class ProfileForm(Form):
    """What an intellectual says of himself or herself; may be saved before it is complete."""

    degree = SelectField(_l("Highest degree"))
    academic_title = SelectField(_l("Academic title"))
    field_code = SelectField(_l("Field of science"))
    speciality = StringField(_l("Speciality"), [Longest(200)])
    post = StringField(_l("Post"), [Longest(200)])
    organisation_name = StringField(
        _l("Organisation"), [Longest(200)], render_kw={"autocomplete": "organization"}
    )
    locality = StringField(_l("Commune or ward"), [Longest(120)])
    year_of_birth = IntegerField(_l("Year of birth"), [Optional()])
    gender = SelectField(_l("Gender"))
    about = TextAreaField(_l("Publications, patents, experience of critique"), [Longest(5000)])

    def __init__(self, *positional: Any, **values: Any) -> None:
        super().__init__(*positional, **values)  # pyright: ignore[reportUnknownMemberType]
        none = [("", _("— choose —"))]
        self.degree.choices = none + [(code, degree_name(code)) for code in DEGREES]
        self.academic_title.choices = [("", _("none"))] + [
            (code, title_name(code)) for code in TITLES
        ]
        self.field_code.choices = {"": none, **field_choices()}
        self.gender.choices = [
            ("", _("not stated")),
            ("female", _("Female")),
            ("male", _("Male")),
            ("other", _("Other")),
        ]

    def validate_year_of_birth(self, field: IntegerField) -> None:
        """Refuse years in which nobody who writes here was born."""
        newest = local(clock.now()).year - 16
        if field.data is not None and not 1900 <= field.data <= newest:
            raise ValidationError(
                _(
                    "A year between %(oldest)s and %(newest)s, please.",
                    oldest="1900",
                    newest=str(newest),
                )
            )

    def command(self) -> SaveProfile:
        """Return what was typed."""
        return SaveProfile(
            year_of_birth=self.year_of_birth.data,
            gender=self.gender.data or "",
            academic_title=self.academic_title.data or "",
            degree=self.degree.data or "",
            field_code=self.field_code.data or "",
            speciality=self.speciality.data or "",
            post=self.post.data or "",
            organisation_name=self.organisation_name.data or "",
            locality=self.locality.data or "",
            about=self.about.data or "",
        )


class ReturnForm(Form):
    """Why a profile is given back."""

    note = TextAreaField(
        _l("What must be corrected"),
        [Required(_l("Please write what must be corrected.")), Longest(2000)],
    )
