"""The composition root: the only module that knows every room."""

from __future__ import annotations

import importlib
import logging
from typing import TYPE_CHECKING

from config import ROOT, Settings
from consult import policy
from consult.accounts import identity
from consult.core import assets, i18n, permissions, portal, uploads, web
from consult.core.db import db, engine_options, prepare_engine
from consult.drafts.parsing import UnreadableDocument
from consult.notifications.queries import unread_count
from consult.submissions.attachments import metadata
from consult.submissions.queries import people_counts

if TYPE_CHECKING:
    from flask import Flask

# Rooms with pages, in no particular order.
ROOMS = (
    "ledger",
    "accounts",
    "people",
    "drafts",
    "consultations",
    "submissions",
    "critiques",
    "search",
    "summaries",
    "responses",
    "documents",
    "notifications",
    "reading",
    "desk",
    "admin",
)
# Rooms whose tasks module registers jobs.
WITH_JOBS = (
    "jobs",
    "ledger",
    "people",
    "drafts",
    "consultations",
    "submissions",
    "critiques",
    "responses",
    "search",
    "summaries",
    "documents",
    "notifications",
)


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for ``settings`` (the environment's when None).

    Opens no connection and reads no data; writes the asset bundles when they are not there
    yet. Raises ConfigError for a wrong setting.
    """
    settings = settings or Settings.from_environment()
    app = web.Consult("consult", template_folder=str(ROOT / "templates"), static_folder=None)
    app.extensions["consult_settings"] = settings
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=max(settings.max_upload_bytes, settings.max_attached_bytes) + (1 << 20),
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,  # a critique is written for longer than an hour
        SESSION_COOKIE_NAME="consult_session",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=settings.session_days * 86_400,
        TRAP_BAD_REQUEST_ERRORS=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    i18n.setup(app)
    app.before_request(web.receive)
    identity.setup(app)
    permissions.install(app, policy.POLICY)
    web.setup(app)
    uploads.install(app, _clean)
    app.add_template_global(portal.portal)
    app.add_template_global(permissions.actor)
    app.add_template_global(_unread_notices, "unread_notices")
    app.add_template_global(people_counts, "round_counts")
    for name in ROOMS:
        app.register_blueprint(importlib.import_module(f"consult.{name}.views").room)
    for name in WITH_JOBS:
        importlib.import_module(f"consult.{name}.tasks")
    assets.setup(app, ROOT / "static", settings.data_dir)
    if settings.trusted_proxies:
        from werkzeug.middleware.proxy_fix import ProxyFix

        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)
    logging.getLogger("consult").setLevel(logging.INFO)
    return app


def _clean(data: bytes, kind: uploads.Kind) -> bytes:
    try:
        return metadata.strip(data, kind)
    except UnreadableDocument as refusal:
        raise uploads.NotClean(refusal.reason) from None


def _unread_notices() -> int:
    user_id = permissions.actor().user_id
    return 0 if user_id is None else unread_count(user_id)
