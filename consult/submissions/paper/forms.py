"""The forms with which staff enter a contribution that came otherwise than online."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (WTForms' fields are typed loosely.)
from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.datastructures import FileStorage
from wtforms import FileField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError
from wtforms.widgets import Input

from consult.core import files, uploads
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l, format_number
from consult.submissions.commands import LONGEST, NewPoint, PaperFacts, Scan
from consult.submissions.forms import KINDS, STANCES, Limit, PointForm, StanceOf, WordingOf
from consult.submissions.incoming.table import LONGEST_NAME, LONGEST_ORGANISATION, MESSAGES
from consult.submissions.models import Identity, PointKind, Stance
from consult.submissions.places import Ambiguous, NoSuchPlace, Places

MOST_POINTS = 50
LARGEST_SCAN = 10 * 1024 * 1024  # bytes
LONGEST_REASON = 1000
CHANNELS = [
    ("paper", _l("On paper")),
    ("email", _l("By e-mail")),
    ("meeting", _l("At a meeting")),
]
CONSENTS = [
    (Identity.PUBLIC.value, _l("The name may be published, with the organisation if there is one")),
    (Identity.ORGANISATION.value, _l("Only the organisation may be published")),
    (Identity.SEALED.value, _l("No consent: the identity is sealed")),
]


class DayInput(Input):
    """The browser's own picker; a plain text field for what the picker would throw away."""

    input_type = "date"
    validation_attrs = ["required", "disabled"]

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        if field.data and _day(field.data, "%Y-%m-%d") is None:
            kwargs["type"] = "text"
        return super().__call__(field, **kwargs)


def _day(text: str, *shapes: str) -> date | None:
    for shape in shapes:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
    return None


class EntryForm(Form):
    """How a contribution came and whose it is; its points are `EntryPointForm`s.

    ``kept`` names, signed, a scan that an earlier post brought: it need not be chosen again.
    """

    form_key = HiddenField()
    kept = HiddenField()
    count = HiddenField()
    channel = RadioField(
        _l("How it came"), [Required(_l("Please choose how it came."))], choices=CHANNELS
    )
    received_on = StringField(
        _l("Received by the office on"),
        [Required(_l("Please write the day on which the office received it."))],
        widget=DayInput(),
    )
    register_number = StringField(_l("Number in the register of incoming letters"), [Longest(60)])
    late_reason = TextAreaField(_l("Why it is entered after the deadline"), [Limit(LONGEST_REASON)])
    name = StringField(_l("Name of the contributor"), [Longest(LONGEST_NAME)])
    organisation = StringField(
        _l("Organisation of the contributor"), [Longest(LONGEST_ORGANISATION)]
    )
    consent = RadioField(
        _l("What may be published of the contributor"),
        [Required(_l("Please choose what may be published of the contributor."))],
        choices=CONSENTS,
    )
    scan = FileField(_l("Scan of the letter or minutes"))

    def validate_received_on(self, field: Any) -> None:
        """Refuse what is not a day."""
        if _day(field.data, "%Y-%m-%d", "%d/%m/%Y") is None:
            raise ValidationError(_("Write the day as dd/mm/yyyy, for example 05/03/2026."))

    def validate_consent(self, field: Any) -> None:
        """Refuse a choice that shows a name where none is given."""
        name, organisation = self.name.data, self.organisation.data
        if not name and not organisation:
            raise ValidationError(_("Write the contributor's name, organisation, or both."))
        if field.data == Identity.PUBLIC.value and not name:
            raise ValidationError(
                _("There is no name: write it, or choose that only the organisation is published.")
            )
        if field.data == Identity.ORGANISATION.value and not organisation:
            raise ValidationError(_("There is no organisation: write it, or choose otherwise."))

    def validate_scan(self, field: Any) -> None:
        """Keep a scan that can be taken; of a sealed contribution none is."""
        if self.consent.data == Identity.SEALED.value:
            dropped = bool(self.kept.data) or _sent(field.data) is not None
            self.kept.data = ""
            if dropped:
                raise ValidationError(
                    _(
                        "A scan would show whose a sealed contribution is, so it is not kept: the "
                        "original stays with the office. Send the form again without it."
                    )
                )
            return
        file = _sent(field.data)
        if file is not None:
            self.kept.data = _signer().dumps(_keep(file.stream.read(LARGEST_SCAN + 1)))

    def keep_scan(self) -> None:
        """Keep a scan that came with a post that asks for something else than entering."""
        try:
            self.validate_scan(self.scan)
        except ValidationError as error:
            self.scan.errors = [str(error)]

    @property
    def kept_scan(self) -> Scan | None:
        """The scan that was kept, None when there is none."""
        try:
            kind, sha256, size = _signer().loads(self.kept.data or "")
        except (BadSignature, ValueError):
            return None
        return Scan(kind, sha256, size)

    @property
    def points(self) -> int:
        """How many points the page has room for."""
        text = self.count.data or ""
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 1
        return min(max(number, 1), MOST_POINTS)

    @property
    def identity(self) -> Identity:
        """What may be shown; only after `validate`."""
        return Identity(self.consent.data)

    def facts(self, transcriber_id: int) -> PaperFacts:
        """Return how it came; only after `validate`."""
        day = _day(self.received_on.data or "", "%Y-%m-%d", "%d/%m/%Y")
        if day is None:
            raise ValueError("not validated")
        return PaperFacts(
            transcriber_id,
            day,
            self.register_number.data or "",
            self.late_reason.data or "",
            self.kept_scan,
        )

    def offer(self) -> None:
        """Make ready to be shown: a key if it has none."""
        if not self.form_key.data:
            self.form_key.data = secrets.token_urlsafe(16)

    def key(self, round_id: int, points: Sequence[EntryPointForm]) -> str:
        """Return what tells this form with these words from any other."""
        own = [str(self[n].data or "") for n in ("channel", "received_on", "name", "organisation")]
        more = [str(self[n].data or "") for n in ("consent", "register_number", "late_reason")]
        typed = [self.form_key.data, round_id, *own, *more, [point.typed for point in points]]
        secret = str(current_app.secret_key).encode()
        return hmac.new(secret, json.dumps(typed).encode(), hashlib.sha256).hexdigest()[:40]


class EntryPointForm(Form):
    """One point of a contribution that staff enter; ``places`` must be set to validate it."""

    places: Places
    place = StringField(_l("Provision"), [Longest(200)])
    kind = SelectField(_l("Kind of point"), choices=KINDS, default=PointKind.REMARK.value)
    stance = SelectField(
        _l("Stance"),
        [StanceOf(_l("Please choose the stance; “No stance” when none is given."))],
        choices=[("", _l("— choose —")), *STANCES],
    )
    argument = TextAreaField(
        _l("What is said, as in the original"),
        [Required(_l("Please write what is said.")), Limit(LONGEST)],
    )
    proposed_wording = TextAreaField(_l("Proposed wording"), [WordingOf(), Limit(LONGEST)])

    def validate_place(self, field: Any) -> None:
        """Refuse a provision that the draft does not have, or has several of."""
        wrong: dict[str, str] = {"value": field.data or ""}
        try:
            self.places.find(wrong["value"])
            return
        except NoSuchPlace:
            code = "unknown_provision"
        except Ambiguous as error:
            code, wrong["keys"] = "ambiguous_provision", ", ".join(error.keys[:5])
        raise ValidationError(_(MESSAGES[code], **wrong))

    @property
    def typed(self) -> list[str]:
        """What is in the fields."""
        return [str(field.data or "") for field in self]

    @property
    def blank(self) -> bool:
        """Whether nothing has been typed."""
        return not any(
            (self.place.data, self.stance.data, self.argument.data, self.proposed_wording.data)
        )

    def words(self, form_key: str) -> NewPoint:
        """Return the point; only after `validate`."""
        found = self.places.find(self.place.data or "")
        return NewPoint(
            provision=found.key if found else None,
            stance=Stance(self.stance.data),
            argument=self.argument.data or "",
            form_key=form_key,
            proposed_wording=self.proposed_wording.data or "",
            kind=PointKind(self.kind.data),
        )


class CorrectionForm(PointForm):
    """A transcribed point's words; ``base`` is the number of the wording they were written on."""

    base = HiddenField()
    stance = RadioField(
        _l("Stance"),
        [StanceOf(_l("Please choose the stance; “No stance” when none is given."))],
        choices=STANCES,
    )
    argument = TextAreaField(
        _l("What is said, as in the original"),
        [Required(_l("Please write what is said.")), Limit(LONGEST)],
    )

    @property
    def number(self) -> int:
        """The number in ``base``; that of what was received first when it is none."""
        text = self.base.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="paper-scan")


def _sent(file: Any) -> FileStorage | None:
    return file if isinstance(file, FileStorage) and file.filename else None


def _keep(data: bytes) -> tuple[str, str, int]:
    """Keep the bytes without metadata; return what names them. Raises ValidationError."""
    if not data:
        raise ValidationError(_("The file is empty."))
    if len(data) > LARGEST_SCAN:
        limit = format_number(LARGEST_SCAN // 1024 // 1024)
        raise ValidationError(_("The file is larger than %(limit)s MB.", limit=limit))
    kind = uploads.kind_of(data)
    if kind is None:
        raise ValidationError(
            _("Only PDF, JPG and PNG can be taken; this file's content is something else.")
        )
    try:
        clean = uploads.clean(data, kind)
    except uploads.NotClean:
        raise ValidationError(_("The file cannot be opened: it is damaged or protected.")) from None
    return kind, files.keep(clean), len(clean)
