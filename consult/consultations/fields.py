"""Form fields for instants and whole numbers."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (WTForms types its fields' machinery loosely.)
from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from wtforms import StringField
from wtforms.widgets import Input

from consult.core.i18n import _, local, zone

_NATIVE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")
_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%H:%M %d/%m/%Y")


def read_instant(text: str) -> datetime:
    """Return the instant (aware, UTC) that ``text`` names in the portal's time zone.

    Understands the browser's own form and dd/mm/yyyy HH:MM in either order. Raises ValueError
    with a sentence for the person.
    """
    for shape in _FORMATS:
        try:
            naive = datetime.strptime(text, shape)  # noqa: DTZ007 - the zone comes next
        except ValueError:
            continue
        if 2000 <= naive.year < 2100:
            return naive.replace(tzinfo=zone()).astimezone(UTC)
    raise ValueError(_("Write day and time as dd/mm/yyyy HH:MM, for example 05/03/2026 08:00."))


class InstantInput(Input):
    """The browser's own picker; a plain text field for what the picker would throw away."""

    input_type = "datetime-local"
    validation_attrs = ["required", "disabled"]

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        value = field._value()
        if value and not _NATIVE.fullmatch(value):
            kwargs["type"] = "text"
        return super().__call__(field, **kwargs)


class InstantField(StringField):
    """An instant typed in the portal's time zone; ``data`` is aware and in UTC, or None."""

    widget = InstantInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = " ".join(str(valuelist[0]).split()) if valuelist else ""
        self.data: Any = None
        if text:
            self.data = read_instant(text)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{local(self.data):%Y-%m-%dT%H:%M}" if self.data else ""


class CountField(StringField):
    """A whole number from 0 to a million; empty means 0, thousands may be parted by dots."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = re.sub(r"[\s.]", "", str(valuelist[0])) if valuelist else ""
        self.data: Any = None
        if not re.fullmatch(r"[0-9]{0,7}", text) or int(text or 0) > 1_000_000:
            raise ValueError(_("Write a whole number, for example 46."))
        self.data = int(text or 0)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return str(self.data or 0)
