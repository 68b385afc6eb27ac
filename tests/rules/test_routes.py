"""Every address has a permission that the policy knows, and every permission is used."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

from config import ROOT
from consult.core.permissions import NOBODY
from consult.policy import POLICY

READING = {"GET", "HEAD", "OPTIONS"}


def views(app: Flask) -> dict[str, str | None]:
    return {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "consult_permission", None)
        for rule in app.url_map.iter_rules()
    }


def test_every_route_has_a_permission_of_the_policy(sqlite_app: Flask) -> None:
    found = views(sqlite_app)
    assert len(found) > 40
    wrong = {endpoint: name for endpoint, name in found.items() if name not in POLICY.rules}
    assert wrong == {}


def test_every_permission_is_used(sqlite_app: Flask) -> None:
    used = {name for name in views(sqlite_app).values() if name}
    text = "\n".join(
        path.read_text("utf-8")
        for folder, pattern in (("templates", "**/*.html"), ("consult", "**/*.py"))
        for path in (ROOT / folder).glob(pattern)
        if path.name != "policy.py"
    )
    asked = set(re.findall(r"""(?:can|check|allows)\([^"']*["']([a-z_]+\.[a-z_]+)["']""", text))
    assert set(POLICY.rules) - used - asked == set()


def test_what_is_not_in_the_policy_is_denied() -> None:
    assert not POLICY.allows(NOBODY, "no.such_thing", None)


def _value(rule: Rule, name: str) -> str:
    """Return a value that the rule's address takes."""
    one_of = getattr(rule._converters[name], "items", ("1",))
    return sorted(one_of)[0]


def test_nobody_can_post_without_a_token(sqlite_app: Flask) -> None:
    client = sqlite_app.test_client()
    for rule in sqlite_app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            values = {name: _value(rule, name) for name in rule.arguments}
            with sqlite_app.test_request_context():
                from flask import url_for

                url = url_for(rule.endpoint, **values)
            status = client.post(url).status_code
            assert status in (400, 404), f"{rule.endpoint} answered {status} without a token"


@pytest.mark.parametrize(
    "path", sorted(str(p.relative_to(ROOT)) for p in (ROOT / "consult").glob("*/**/*views.py"))
)
def test_rights_are_not_decided_in_views(path: str) -> None:
    """Views ask the policy through their route; they look at no role themselves."""
    source = (ROOT / path).read_text("utf-8")
    assert not re.search(r"\.has\(\"|\.holds\(|\.roles\b", source)
