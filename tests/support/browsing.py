"""Using the test client as a person would: signed in, with the token of the page's form."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from consult.accounts.models import User
from consult.accounts.services import start_session
from consult.core.db import transaction


def signed_in(app: Flask, user_id: int) -> FlaskClient:
    """Return a client whose cookie carries a real session of the user."""
    client = app.test_client()
    with app.app_context(), transaction() as session:
        token = start_session(session.get_one(User, user_id), user_agent="test")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def token(client: FlaskClient) -> str:
    """Return a CSRF token that is valid for the client, as a form on any page would carry it."""
    with client.session_transaction() as cookie:
        secret = cookie.setdefault("csrf_token", secrets.token_hex(20))
    assert client.application.secret_key
    signer = URLSafeTimedSerializer(client.application.secret_key, salt="wtf-csrf-token")
    return str(signer.dumps(secret))


def post(
    client: FlaskClient, url: str, data: dict[str, Any] | None = None, **options: Any
) -> TestResponse:
    """Post ``data`` with a valid token; follows redirects unless told otherwise."""
    payload = {"csrf_token": token(client), **(data or {})}
    return client.post(url, data=payload, **{"follow_redirects": True} | options)
