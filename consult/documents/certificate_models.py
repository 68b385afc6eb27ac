"""Certificates of a person's contributions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import User
from consult.core.db import Base

CERTIFICATE_STATES = ("requested", "issued", "declined", "revoked")


class Certificate(Base):
    """A certificate that somebody asked for, and what the union's secretariat made of it.

    ``open_for`` is the person while the request waits, so that there is one at a time. ``number``
    counts within ``year``; ``code`` leads to the public page that confirms it. ``contents`` is
    what the certificate says, as it was on issue (`certificate_queries.contents`): never anything
    of a sealed contribution. ``note`` is the reason of a refusal or revocation.
    """

    __tablename__ = "certificates"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    open_for: Mapped[int | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(String(10), index=True)
    with_organisations: Mapped[bool] = mapped_column(default=False)
    requested_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    year: Mapped[int | None]
    number: Mapped[int | None]
    code: Mapped[str | None] = mapped_column(String(32), unique=True)
    contents: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    note: Mapped[str] = mapped_column(Text, default="")

    user: Mapped[User] = relationship(foreign_keys=[user_id], lazy="joined")
