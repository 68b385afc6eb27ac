"""Users, their roles, sign-in sessions and one-time tokens."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from consult.core.db import Base, partial_index
from consult.core.text import fold

ROLES = ("official", "front", "council", "secretariat", "admin")


class User(Base):
    """An account. ``email`` is stored in lower case; ``password_hash`` is Argon2id's string.

    An empty ``password_hash`` fits no password. ``name_folded`` is the name as searched,
    without diacritics. ``verified_at`` says when the union's secretariat verified the person
    as an intellectual.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    full_name: Mapped[str] = mapped_column(String(120))
    name_folded: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str | None] = mapped_column(String(5))
    created_at: Mapped[datetime]
    email_confirmed_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    is_demo: Mapped[bool] = mapped_column(default=False)

    roles: Mapped[list[RoleGrant]] = relationship(
        back_populates="user", lazy="selectin", cascade="all, delete-orphan"
    )

    @validates("full_name")
    def fold_name(self, _key: str, name: str) -> str:
        """Keep the folded name in step with the name."""
        self.name_folded = fold(name)
        return name


class RoleGrant(Base):
    """A role of a user, in an organisation where the role needs one."""

    __tablename__ = "role_grants"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "organisation_id"),
        # NULLs are distinct in a UNIQUE constraint, so roles without organisation need their own.
        partial_index(
            "uq_role_grants_without_organisation",
            "user_id",
            "role",
            unique=True,
            where="organisation_id IS NULL",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    granted_at: Mapped[datetime]
    granted_by: Mapped[int | None]

    user: Mapped[User] = relationship(back_populates="roles")


class SignInSession(Base):
    """A server-side session, keyed by the SHA-256 of the token that the cookie carries."""

    __tablename__ = "sign_in_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    user_agent: Mapped[str] = mapped_column(String(200))

    user: Mapped[User] = relationship(lazy="joined")


class OneTimeToken(Base):
    """A link sent by e-mail (confirm an address, set a new password), kept as its hash."""

    __tablename__ = "one_time_tokens"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
