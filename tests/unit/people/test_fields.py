"""The lists of profiles: complete, consistent with what they are shown as."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter

import pytest

from config import ROOT
from consult.people import fields


def test_six_groups_with_their_fields_and_a_rest_each() -> None:
    assert Counter(code[0] for code in fields.FIELDS) == {
        "1": 7,
        "2": 12,
        "3": 6,
        "4": 7,
        "5": 9,
        "6": 5,
    }
    assert all(f"{group}99" in fields.FIELDS for group in fields.GROUPS)
    assert list(fields.FIELDS) == sorted(fields.FIELDS)


def test_names_are_composed_and_distinct() -> None:
    for table in (fields.GROUPS, fields.FIELDS, fields.DEGREES, fields.TITLES):
        for language in (0, 1):
            names = [pair[language] for pair in table.values()]
            assert len(set(names)) == len(names)
            assert names == [unicodedata.normalize("NFC", name) for name in names]


@pytest.mark.parametrize(
    ("title", "degree", "shown"),
    [
        ("PGS", "TS", "PGS.TS. Lê Thị Bình"),
        ("GS", "TSKH", "GS.TSKH. Lê Thị Bình"),
        ("", "ThS", "ThS. Lê Thị Bình"),
        ("", "ĐH", "Lê Thị Bình"),
        ("", "", "Lê Thị Bình"),
        ("<b>", "Dr", "Lê Thị Bình"),
    ],
)
def test_how_people_are_addressed(title: str, degree: str, shown: str) -> None:
    assert fields.with_title("Lê Thị Bình", title, degree) == shown


def test_the_demonstration_uses_the_lists() -> None:
    people = json.loads((ROOT / "consult/demo/data/people.json").read_text("utf-8"))
    profiles = [person for person in people if person.get("field_code")]
    assert len(profiles) >= 20
    for person in profiles:
        assert person["field_code"] in fields.FIELDS
        assert person["degree"] in fields.DEGREES
        assert (person["academic_title"] or "GS") in fields.TITLES
