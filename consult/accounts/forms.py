"""The accounts room's forms."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import Email, InputRequired, ValidationError

from consult.accounts import passwords
from consult.core.forms import Form, Longest, Required
from consult.core.i18n import _, _l

_EMAIL = [
    Required(_l("Please type your e-mail address.")),
    Longest(254),
    Email(_l("This is no e-mail address. One looks like name@example.vn.")),
]


class Strong:
    """A password that is long enough and not easily guessed; the form says whose it is."""

    def __call__(self, form: Any, field: Any) -> None:
        password = field.data or ""
        if len(password) < passwords.SHORTEST:
            raise ValidationError(
                _(
                    "At least %(shortest)s characters; there are %(length)s now.",
                    shortest=passwords.SHORTEST,
                    length=len(password),
                )
            )
        email, full_name = form.owner()
        if passwords.too_easy(password, email=email, full_name=full_name):
            raise ValidationError(
                _("This password is easily guessed. Choose several unrelated words.")
            )


def _new_password(label: str) -> PasswordField:
    return PasswordField(
        label,
        [Required(_l("Please choose a password.")), Longest(passwords.LONGEST), Strong()],
        render_kw={"autocomplete": "new-password"},
    )


class SignInForm(Form):
    """Address and password."""

    email = EmailField(
        _l("E-mail"),
        [Required(_l("Please type your e-mail address."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Password"),
        [Required(_l("Please type your password.")), Longest(passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class RegisterForm(Form):
    """A new account."""

    full_name = StringField(
        _l("Full name"),
        [Required(_l("Please type your full name.")), Longest(120)],
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(_l("E-mail"), _EMAIL, render_kw={"autocomplete": "username"})
    password = _new_password(_l("Password"))
    consent = BooleanField(
        _l("I have read this and agree that my personal data are processed as stated."),
        [InputRequired(_l("An account needs your agreement to the processing of your data."))],
    )

    def owner(self) -> tuple[str, str]:
        """Return the address and name that the password must not repeat."""
        return self.email.data or "", self.full_name.data or ""


class EmailForm(Form):
    """An address to which a letter goes."""

    email = EmailField(_l("E-mail"), _EMAIL, render_kw={"autocomplete": "username"})


class NewPasswordForm(Form):
    """A new password for the person whose address and name are in ``person``."""

    person: tuple[str, str] = ("", "")
    new_password = _new_password(_l("New password"))

    def owner(self) -> tuple[str, str]:
        """Return the address and name that the password must not repeat."""
        return self.person


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    current_password = PasswordField(
        _l("Present password"),
        [Required(_l("Please type your present password.")), Longest(passwords.LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = _new_password(_l("New password"))


class NameForm(Form):
    """The name under which a person appears."""

    full_name = StringField(
        _l("Full name"),
        [Required(_l("Please type your full name.")), Longest(120)],
        render_kw={"autocomplete": "name"},
    )
