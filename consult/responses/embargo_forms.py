"""The form of the instant at which drafted answers are published."""

# pyright: reportUnknownMemberType=false
# (WTForms types its fields' data loosely.)
from __future__ import annotations

from wtforms.validators import ValidationError

from consult.consultations.fields import InstantField
from consult.core import clock
from consult.core.forms import Form, Required
from consult.core.i18n import _, _l


class EmbargoForm(Form):
    """When the answers are published."""

    publish_at = InstantField(
        _l("Publish at"), [Required(_l("Please say when the answers are published."))]
    )

    def validate_publish_at(self, field: InstantField) -> None:
        """Refuse an instant that has passed."""
        if field.data is not None and field.data <= clock.now():
            raise ValidationError(_("Please name an instant that is still ahead."))
