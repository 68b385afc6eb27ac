"""The people room's forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from consult.core import clock
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l, format_number, local
from consult.core.text import nfc
from consult.people.evidence import LIMIT, MOST_FILES, AddEvidence
from consult.people.fields import DEGREES, TITLES, degree_name, field_choices, title_name
from consult.people.services import CORE_FACTS, SaveProfile
from consult.people.verifying import Finding

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
    residence = SelectField(_l("At home or abroad"), default="")
    languages = StringField(_l("Languages"), [Longest(200)])
    associations = StringField(_l("Associations and clubs"), [Longest(500)])
    year_of_birth = IntegerField(_l("Year of birth"), [Optional()])
    gender = SelectField(_l("Gender"))
    publications = TextAreaField(_l("Publications"), [Longest(5000)])
    patents = TextAreaField(_l("Patents"), [Longest(5000)])
    critique_experience = TextAreaField(_l("Experience of critique"), [Longest(5000)])
    about = TextAreaField(_l("More about your work"), [Longest(5000)])

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
        self.residence.choices = [
            ("", _("not stated")),
            ("home", _("In Vietnam")),
            ("abroad", _("Abroad")),
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
            residence=self.residence.data or "",
            languages=self.languages.data or "",
            associations=self.associations.data or "",
            publications=self.publications.data or "",
            patents=self.patents.data or "",
            critique_experience=self.critique_experience.data or "",
            about=self.about.data or "",
        )


class ReturnForm(Form):
    """Why a profile is given back."""

    note = TextAreaField(
        _l("What must be corrected"),
        [Required(_l("Please write what must be corrected.")), Longest(2000)],
    )


class EvidenceForm(Form):
    """A file that proves a degree or a title."""

    fact = SelectField(_l("What it proves"))
    file = FileField(_l("File"))

    def __init__(self, *positional: Any, **values: Any) -> None:
        super().__init__(*positional, **values)  # pyright: ignore[reportUnknownMemberType]
        self.fact.choices = [
            ("degree", _("Highest degree")),
            ("academic_title", _("Academic title")),
        ]

    def validate_file(self, field: Any) -> None:
        """Refuse a form without a file."""
        if not (isinstance(field.data, FileStorage) and field.data.filename):
            raise ValidationError(_("Please choose a file."))

    def command(self, user_id: int) -> AddEvidence:
        """Return what was sent, at most a byte more than may be."""
        sent = cast("FileStorage", self.file.data)
        return AddEvidence(
            user_id, str(self.fact.data), sent.filename or "", sent.stream.read(LIMIT + 1)
        )


def refusal(reason: str) -> str:
    """Return the sentence for a refused file; ``reason`` as in `evidence.Refused`."""
    sentences = {
        "empty": _("The file is empty."),
        "large": _(
            "The file is larger than %(limit)s MB.", limit=format_number(LIMIT // 1024 // 1024)
        ),
        "kind": _("Only PDF, JPG and PNG can be taken; this file's content is something else."),
        "broken": _("The file cannot be opened: it is damaged or protected."),
        "many": _("There are %(most)s files already: remove one first.", most=str(MOST_FILES)),
        "again": _("This file is there already."),
        "decided": _("A second person is deciding now: the evidence cannot be changed."),
        "no_profile": _("Please save your profile first."),
    }
    return sentences[reason]


def findings(typed: Mapping[str, str]) -> dict[str, Finding]:
    """Return what the secretariat typed on each fact; a verdict that does not exist is none."""
    found: dict[str, Finding] = {}
    for name in CORE_FACTS:
        reason = nfc(typed.get(f"reason_{name}", "")).strip()[:2000]
        match typed.get(f"verdict_{name}"):
            case "confirmed" | "refused" | "more" as verdict:
                found[name] = Finding(verdict, reason)
            case _:
                pass
    return found
