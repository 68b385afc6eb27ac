"""Pages of the bare application that are as large as the product's, in rows and bytes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from flask import Flask

from bench import bare
from bench.words import text_of

TITLE = "Điều"


def prepare(app: Flask) -> str:
    """Make the bare application's tables and one visitor; return the visitor's token."""
    token = "bench-visitor"
    with app.app_context():
        bare.Base.metadata.create_all(bare.db.engine)
        visitor = bare.Visitor(
            token_hash=bare.token_hash(token),
            user_id=1,
            expires_at=datetime.now(UTC) + timedelta(days=1),
        )
        bare.db.session.add(visitor)
        bare.db.session.commit()
    return token


def add_page(app: Flask, name: str, rows: int, size: int) -> int:
    """Add a page of ``rows`` sections and about ``size`` bytes; return what it came to."""
    with app.app_context():
        sections = [
            bare.Section(page=name, ordinal=n, title=f"{TITLE} {n}", text="")
            for n in range(1, rows + 1)
        ]
        bare.db.session.add_all(sections)
        bare.db.session.commit()
        share = max(0, size - _size(app, name)) // rows
        random = Random(rows)
        for section in sections:
            words = text_of(random, share).encode()[:share]
            section.text = words.decode(errors="ignore").replace('"', "").replace("'", "")
        bare.db.session.commit()
    return _size(app, name)


def section_id(app: Flask, name: str) -> int:
    """Return the id of a section of that page, for remarks to be written on."""
    with app.app_context():
        query = bare.db.select(bare.Section.id).where(bare.Section.page == name).limit(1)
        return bare.db.session.scalars(query).one()


def _size(app: Flask, name: str) -> int:
    return len(app.test_client().get(f"/pages/{name}").data)
