"""The bare Flask + SQLAlchemy application that the product's cost is compared with.

Only what nobody could leave out: a session row looked up on the server, Flask-WTF's token, one
insert; a page of rows from the database through Jinja. No roles, languages, audit or checks.
"""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, abort, redirect, render_template, request, session
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from jinja2 import DictLoader
from sqlalchemy import DateTime, ForeignKey, String, Text, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

PAGE = """<!doctype html>
<html lang="vi">
  <head><meta charset="utf-8"><title>{{ name }}</title></head>
  <body>
    <h1>{{ name }}</h1>
    {% for section in sections %}
      <section id="s{{ section.ordinal }}">
        <h2>{{ section.title }}</h2>
        <p>{{ section.text }}</p>
      </section>
    {% endfor %}
  </body>
</html>
"""


class Base(DeclarativeBase):
    """The base of the bare application's tables."""


class Visitor(Base):
    """A server-side session."""

    __tablename__ = "bare_sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Section(Base):
    """A piece of text on a page."""

    __tablename__ = "bare_sections"

    id: Mapped[int] = mapped_column(primary_key=True)
    page: Mapped[str] = mapped_column(String(40), index=True)
    ordinal: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)


class Remark(Base):
    """What somebody wrote on a section."""

    __tablename__ = "bare_remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("bare_sections.id"), index=True)
    user_id: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


db = SQLAlchemy(metadata=Base.metadata)


def token_hash(token: str) -> str:
    """Return the form in which a session's token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_app(database_url: str, secret_key: str) -> Flask:
    """Return the application on the product's own database; it makes no table."""
    app = Flask(__name__)
    options: dict[str, Any] = {}
    if make_url(database_url).get_backend_name() == "sqlite":
        from pysqlite3 import dbapi2  # the driver that the product uses

        options["module"] = dbapi2
    app.config.from_mapping(
        SECRET_KEY=secret_key,
        SQLALCHEMY_DATABASE_URI=database_url,
        SQLALCHEMY_ENGINE_OPTIONS=options,
    )
    app.jinja_loader = DictLoader({"page.html": PAGE})
    db.init_app(app)
    CSRFProtect(app)
    app.add_url_rule("/pages/<name>", view_func=page)
    app.add_url_rule("/remarks", view_func=write, methods=["POST"])
    return app


def page(name: str) -> str:
    """Show a page's sections."""
    sections = db.session.scalars(
        select(Section).where(Section.page == name).order_by(Section.ordinal)
    ).all()
    return render_template("page.html", name=name, sections=sections)


def write() -> Any:
    """Keep a remark of the visitor."""
    visitor = db.session.get(Visitor, token_hash(session.get("token", "")))
    if visitor is None or visitor.expires_at.replace(tzinfo=UTC) <= datetime.now(UTC):
        abort(401)
    db.session.add(
        Remark(
            section_id=request.form.get("section", type=int),
            user_id=visitor.user_id,
            text=request.form["text"],
            written_at=datetime.now(UTC),
        )
    )
    db.session.commit()
    return redirect("/pages/round", 303)


def application(environ: Any, start_response: Any) -> Any:
    """The WSGI entry: `gunicorn bench.bare:application`; makes the application once."""
    global _made
    if _made is None:
        _made = create_app(os.environ["BENCH_DATABASE_URL"], os.environ["CONSULT_SECRET_KEY"])
    return _made(environ, start_response)


_made: Flask | None = None
