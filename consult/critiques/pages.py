"""What the room's views share: who acts, ways back, where one's words stay."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from consult.core.i18n import _
from consult.core.permissions import actor
from consult.critiques.models import Commission


def me() -> int:
    """Return the id of who acts; the route's permission has let in nobody without one."""
    return actor().user_id or 0


def back(endpoint: str, commission: Commission) -> ResponseReturnValue:
    """Lead to a page of the commission after a post."""
    return redirect(url_for(f"critiques.{endpoint}", commission_id=commission.id), 303)


def stays(commission: Commission) -> ResponseReturnValue:
    """Lead back to the commission when its stage no longer allows the act."""
    flash(_("The commission's stage no longer allows this. Here is how it stands."), "warning")
    return back("commission", commission)


def whole(text: str | None) -> int:
    """Return the number that a hidden field carries, -1 for anything else."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 9 else -1
