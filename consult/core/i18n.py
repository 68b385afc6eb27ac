"""Languages and local forms: gettext, dates, numbers, the request's locale."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (Flask-Babel is untyped in places; this module is its only door.)
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale, get_translations, gettext, lazy_gettext, ngettext
from flask_babel import force_locale as in_locale

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from config import Settings

__all__ = ["LOCALES", "N_", "_", "_l", "_n", "force_locale", "locale_code", "setup"]

LOCALES = {"vi": "Tiếng Việt", "en": "English"}
LOCALE_COOKIE = "consult_lang"
# A lazy string serves wherever forms and templates want text; its class does not say so.
_l = cast("Callable[..., str]", lazy_gettext)
_ = cast("Callable[..., str]", gettext)
_n = cast("Callable[..., str]", ngettext)
force_locale = cast("Callable[[str], AbstractContextManager[None]]", in_locale)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, translate later"
    """Mark ``message`` for extraction and return it unchanged."""
    return message


def locale_code() -> str:
    """Return the code of the language in force, "vi" or "en"."""
    return str(get_locale() or "vi")


def _select() -> str:
    settings = cast("Settings", current_app.extensions["consult_settings"])
    if not has_request_context():
        return settings.default_locale
    actor = g.get("actor")
    chosen = (actor.locale if actor is not None else None) or request.cookies.get(LOCALE_COOKIE)
    return chosen if chosen in LOCALES else settings.default_locale


def zone() -> ZoneInfo:
    """Return the portal's time zone."""
    return ZoneInfo(cast("Settings", current_app.extensions["consult_settings"]).timezone)


def local(instant: datetime) -> datetime:
    """Return the aware ``instant`` in the portal's time zone."""
    return instant.astimezone(zone())


def format_date(value: datetime | date | None) -> str:
    """Return ``value`` as dd/mm/yyyy (local for instants), or an empty string for None."""
    if value is None:
        return ""
    day = local(value) if isinstance(value, datetime) else value
    return f"{day:%d/%m/%Y}"


def format_datetime(value: datetime | None, *, seconds: bool = False) -> str:
    """Return the instant as HH:MM dd/mm/yyyy in the portal's time zone, seconds on request."""
    if value is None:
        return ""
    return local(value).strftime("%H:%M:%S %d/%m/%Y" if seconds else "%H:%M %d/%m/%Y")


def format_number(value: int | float) -> str:
    """Return a number with the language's separators: 40.924 and 0,5 in Vietnamese."""
    return format_number_vn(value) if locale_code() == "vi" else f"{value:,}"


def format_number_vn(value: int | float | Decimal) -> str:
    """Return ``value`` with points between thousands and a comma before decimals: "40.924"."""
    return f"{value:,}".translate(str.maketrans(",.", ".,"))


class FormTranslations:
    """WTForms' own messages through this product's catalogue (WTForms has no Vietnamese)."""

    def gettext(self, string: str) -> str:
        return _(string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return _n(singular, plural, n)


def _catalogue() -> Any:
    """Return the messages of the language in force, found once a request.

    Flask-Babel looks them up for each string: on a page of fifty strings a tenth of its cost.
    """
    known = g.get("catalogue")
    if known is None or known[0] is not g.get("babel_locale"):
        catalogue = get_translations()
        known = g.catalogue = (g.get("babel_locale"), catalogue)
    return known[1]


def _translated(text: str) -> str:
    return _catalogue().ugettext(text)


def _counted(one: str, many: str, count: int) -> str:
    return _catalogue().ungettext(one, many, count)


def setup(app: Flask) -> None:
    """Attach Flask-Babel, the template filters and the gettext functions to ``app``."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    settings = cast("Settings", app.extensions["consult_settings"])
    Babel(app, default_locale=settings.default_locale, locale_selector=_select)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=_translated,
        ngettext=_counted,
        newstyle=True,
    )
    filters: dict[str, Any] = {
        "date": format_date,
        "datetime": format_datetime,
        "number": format_number,
    }
    app.jinja_env.filters.update(filters)
    app.add_template_global(locale_code)
    app.add_template_global(lambda: LOCALES, "languages")
