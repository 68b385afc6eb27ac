"""Files with which people prove degree and academic title."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.db import Base
from consult.core.files import StoredFile


class Evidence(Base):
    """A file that proves one fact ("degree" or "academic_title") of one person.

    ``decided_at`` is the decision on the profile from which the period of keeping runs; None
    while a decision is being waited for.
    """

    __tablename__ = "evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    fact: Mapped[str] = mapped_column(String(20))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    added_at: Mapped[datetime]
    decided_at: Mapped[datetime | None] = mapped_column(index=True)

    file: Mapped[StoredFile] = relationship(lazy="joined")
