"""The form that takes a draft: a file or pasted text."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, Any, cast

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l
from consult.core.text import slugify
from consult.drafts.services import Original


class UploadForm(Form):
    """``title`` and ``agency`` are asked for a new draft only."""

    title = StringField(_l("Title of the draft"), [Required(), Longest(500)])
    agency = SelectField(_l("Drafting agency"), coerce=int)
    file = FileField(_l("File"))
    text = TextAreaField(_l("Or paste the text here"))

    def validate_file(self, field: Any) -> None:
        if not _chosen(field.data) and not (self.text.data or "").strip():
            raise ValidationError(_("Choose a file, or paste the text below."))

    def validate_text(self, field: Any) -> None:
        if _chosen(self.file.data) and (field.data or "").strip():
            raise ValidationError(_("Either a file or pasted text, not both: remove one of them."))

    def keep_title(self, title: str) -> None:
        """Ask for the text only: a corrected file of the draft called ``title``."""
        del self.title, self.agency
        self._name = title

    def original(self) -> Original:
        """Return what was sent; pasted text becomes a text file named after the title."""
        if _chosen(self.file.data):
            sent: FileStorage = self.file.data
            return Original(
                cast("IO[bytes]", sent.stream),
                sent.filename or "",
                sent.mimetype or "application/octet-stream",
            )
        name = slugify(self._name or str(self.title.data)) or "text"
        content = str(self.text.data).encode()
        return Original(io.BytesIO(content), f"{name}.txt", "text/plain")

    def offer(self, agencies: Iterable[tuple[int, str]]) -> None:
        """Set the agencies, as (id, name), on whose behalf the person may upload."""
        self.agency.choices = [(str(number), name) for number, name in agencies]

    def refuse(self, sentence: str) -> None:
        """Say beside the field that brought it why the text was not taken."""
        field: Any = self.file if _chosen(self.file.data) else self.text
        field.errors = [*field.errors, sentence]

    _name = ""


def _chosen(data: Any) -> bool:
    return isinstance(data, FileStorage) and bool(data.filename)
