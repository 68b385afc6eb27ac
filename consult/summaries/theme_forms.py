"""The form of a theme's page: its name, joining it with another, moving points."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField
from wtforms.validators import ValidationError

from consult.core.forms import Form, Longest
from consult.core.i18n import _, _l
from consult.summaries.theme_models import Theme

LONGEST = 200
NEW = "new"
ACTIONS = ("rename", "merge", "move")


class ThemeForm(Form):
    """Three small acts on one page; only what the pressed button needs is looked at."""

    name = StringField(_l("Name of the theme"), [Longest(LONGEST)])
    merge_into = SelectField(_l("Join it with"), validate_choice=False)
    move_into = SelectField(_l("Move the ticked points to"), validate_choice=False)
    new_name = StringField(_l("Name of the new theme"), [Longest(LONGEST)])

    def offer(self, themes: list[Theme], action: str, chosen: int) -> None:
        """Let people choose among ``themes``; ``chosen`` is how many points are ticked."""
        listed = [(str(theme.id), title(theme)) for theme in themes]
        self.merge_into.choices = [("", _("Please choose")), *listed]
        self.move_into.choices = [*self.merge_into.choices, (NEW, _("A new theme"))]
        self.action, self.chosen = action, chosen

    def validate_name(self, field: Any) -> None:
        """A theme that is renamed needs a name."""
        if self.action == "rename" and not field.data:
            raise ValidationError(_("Please type a name."))

    def validate_merge_into(self, field: Any) -> None:
        """A theme is joined with one of its provision."""
        if self.action == "merge" and not _offered(field):
            raise ValidationError(_("Please choose a theme."))

    def validate_move_into(self, field: Any) -> None:
        """Ticked points go to one of the provision's themes or to a new one."""
        if self.action != "move":
            return
        if not self.chosen:
            raise ValidationError(_("Tick at least one point."))
        if not _offered(field):
            raise ValidationError(_("Please choose a theme."))

    def validate_new_name(self, field: Any) -> None:
        """A new theme needs a name."""
        if self.action == "move" and self.move_into.data == NEW and not field.data:
            raise ValidationError(_("Please type a name."))


def _offered(field: Any) -> bool:
    return bool(field.data) and field.data in dict(field.choices)


def title(theme: Theme) -> str:
    """Return what a theme is called: the staff's name, else what the machine proposes."""
    return theme.name or theme.label or _("Theme %(number)s", number=theme.id)
