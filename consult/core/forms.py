"""The base of every form: translated messages, NFC text, one summary of errors."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# (WTForms' field machinery is typed loosely; this module is where the product meets it.)
from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField
from wtforms.validators import StopValidation, ValidationError

from consult.core.i18n import N_, FormTranslations, _, format_number
from consult.core.text import nfc

# Fields that hold others: those take the filters.
_ENCLOSING = (FieldList, FormField)
_TRANSLATIONS = FormTranslations()
# WTForms' own sentences that a person can meet; marked here so that they are translated.
_FROM_WTFORMS = (N_("Not a valid choice."), N_("Not a valid integer value."))


def normal(value: Any) -> Any:
    """Return text in normal form, other values unchanged; the filter of every text field."""
    return nfc(value).strip() if isinstance(value, str) else value


class Form(FlaskForm):
    """A form whose text is normalised and whose messages are in the person's language."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> Any:
            return _TRANSLATIONS

        def bind_field(
            self, form: Any, unbound_field: Any, options: MutableMapping[str, Any]
        ) -> Field:
            filters, kind = list(unbound_field.kwargs.get("filters", ())), unbound_field.field_class
            plain = "Password" not in kind.__name__ and not issubclass(kind, _ENCLOSING)
            if normal not in filters and plain:
                unbound_field.kwargs["filters"] = [normal, *filters]
            return super().bind_field(form, unbound_field, options)

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Return whether the form was posted and everything in it is right."""
        return super().validate_on_submit(extra_validators)

    def problems(self) -> list[tuple[str, str, str]]:
        """Return (field id, label, message) of each error, in the form's order."""
        return [
            (field.id, str(field.label.text), str(message))
            for field in self
            for message in _flat(field.errors)
        ]


def _flat(errors: Any) -> list[Any]:
    if isinstance(errors, dict):
        return [m for part in errors.values() for m in _flat(part)]
    if isinstance(errors, (list, tuple)):
        return [m for part in errors for m in _flat(part)]
    return [errors]


class Required:
    """Something must be typed; the field is marked as required for assistive technology."""

    field_flags = {"required": True}

    def __init__(self, message: Any = None) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if field.process_errors:
            raise StopValidation  # something was typed, and the sentence about it stands already
        if field.data is None or (isinstance(field.data, str) and not field.data.strip()):
            field.errors[:] = []
            raise StopValidation(self.message or _("Please fill in this field."))


class Longest:
    """At most ``limit`` characters; says how many were typed."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, form: Any, field: Any) -> None:
        length = len(field.data or "")
        if length > self.limit:
            raise ValidationError(
                _(
                    "At most %(limit)s characters; there are %(length)s now.",
                    limit=format_number(self.limit),
                    length=format_number(length),
                )
            )
