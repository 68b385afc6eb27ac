"""Rules whose builders are compiled late give the URLs that Werkzeug's own give."""

from __future__ import annotations

import pytest
from werkzeug.routing import BuildError, Map, Rule

from consult.core.web import LateRule

PATHS = ("/", "/rounds/<int:round_id>", "/files/<name>.<any(pdf, docx):form>")


def urls(kind: type[Rule]) -> list[str]:
    rules = [kind(path, endpoint=str(n)) for n, path in enumerate(PATHS)]
    build = Map(rules).bind("localhost").build
    return [
        build("0"),
        build("0", {"q": "trí thức"}),
        build("1", {"round_id": 7}),
        build("1", {"round_id": 7, "rule": "1", "self": "2"}),
        build("2", {"name": "mẫu 10", "form": "pdf"}),
        # Again: what was compiled for the first one.
        build("1", {"round_id": 8}),
    ]


def test_late_rules_build_the_same_urls() -> None:
    assert urls(LateRule) == urls(Rule)


def test_a_wrong_value_is_still_refused() -> None:
    address = Map([LateRule(PATHS[1], endpoint="round")]).bind("localhost")
    with pytest.raises(BuildError):
        address.build("round")
