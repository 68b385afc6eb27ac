"""Forms with repeated rows: their base, and that of a row."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms' field machinery is typed loosely.)
from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from wtforms import Field, FieldList, FormField

from consult.core.forms import Form


class Listed(Form):
    """A form that may hold lists of rows, whose own fields have the filters."""

    class Meta(Form.Meta):
        def bind_field(
            self, form: Any, unbound_field: Any, options: MutableMapping[str, Any]
        ) -> Field:
            if unbound_field.field_class in (FieldList, FormField):
                return unbound_field.bind(form=form, **options)
            return super().bind_field(form, unbound_field, options)


class Row(Form):
    """One row of a list; the whole form has the token."""

    def __init__(self, *positional: Any, **values: Any) -> None:
        super().__init__(*positional, **{"meta": {"csrf": False}} | values)
