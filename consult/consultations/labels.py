"""Words for a round's state: what is missing, what happened, how long until when."""

from __future__ import annotations

from datetime import datetime

from consult.consultations.checks import Check
from consult.core.i18n import _, _n, format_datetime, format_number


def requirement(check: Check) -> str:
    """Return the sentence of a requirement of publishing."""
    if check.code == "period":
        return _(
            "It closes no earlier than %(at)s, as its rule says, or says why not",
            at=format_datetime(check.earliest),
        )
    return {
        "provisions": _("The text has at least one provision"),
        "reading": _("Somebody has confirmed how the text was recovered from the file"),
        "title": _("It has a title"),
        "summary": _("It has a plain summary"),
        "responsible": _("It names the person responsible"),
        "closes": _("It has a closing date"),
        "order": _("It closes in the future and after it opens"),
    }[check.code]


def transition(name: str) -> str:
    """Return what a change of stage is called in the round's history."""
    return {
        "publish": _("Published"),
        "open": _("Opened"),
        "extend": _("Extended"),
        "close": _("Closed"),
        "answer": _("Answered"),
        "reschedule": _("Other day for the answers"),
        "cancel": _("Cancelled"),
    }[name]


def until(instant: datetime, now: datetime) -> str:
    """Return how long it is from ``now`` until ``instant``, in two units at most."""
    minutes = max(0, int((instant - now).total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [
        _n("%(count)s day", "%(count)s days", days, count=format_number(days)),
        _n("%(count)s hour", "%(count)s hours", hours, count=hours),
        _n("%(count)s minute", "%(count)s minutes", minutes, count=minutes),
    ]
    kept = parts[:2] if days else parts[1:] if hours else parts[2:]
    return " ".join(kept)
