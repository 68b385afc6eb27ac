"""Files of a round as people get them: asked for, made by the runner, downloaded."""

from __future__ import annotations

import io
import re
from typing import Any

from flask.testing import FlaskClient

from consult.core.db import transaction
from consult.documents import exporting
from consult.jobs.runner import run_due
from tests.support.browsing import post


def exported(name: str, round_id: int) -> bytes:
    """Return the file called ``name`` of the round; needs an application context."""
    out = io.BytesIO()
    with transaction(write=False):
        exporting.write(name, round_id, out, lambda _done, _total: None)
    return out.getvalue()


def download(client: FlaskClient, url: str) -> Any:
    """Ask for the file at ``url`` and return the download, or the refusal."""
    asked = post(client, url, follow_redirects=False)
    if asked.status_code != 303:
        return asked
    with client.application.app_context():
        run_due(lane="long")
    found = re.search(r"/works/(\d+)", asked.location)
    assert found, asked.location
    return client.get(f"/works/{found[1]}/file")
