"""Using the test client as a person would: signed in, with the token of the page's form."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.accounts.models import User
from consult.accounts.services import start_session
from consult.core.db import transaction

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


def signed_in(app: Flask, user_id: int) -> FlaskClient:
    """Return a client whose cookie carries a real session of the user."""
    client = app.test_client()
    with app.app_context(), transaction() as session:
        token = start_session(session.get_one(User, user_id), user_agent="test")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return client


def token(client: FlaskClient, url: str = "/sign-in") -> str:
    """Return a valid CSRF token for the client, read from a page's form."""
    found = _TOKEN.search(client.get(url, follow_redirects=True).text)
    assert found, f"no form with a token on {url}"
    return found.group(1)


def post(
    client: FlaskClient, url: str, data: dict[str, Any] | None = None, **options: Any
) -> TestResponse:
    """Post ``data`` with a valid token; follows redirects unless told otherwise."""
    payload = {"csrf_token": token(client), **(data or {})}
    return client.post(url, data=payload, **{"follow_redirects": True} | options)
