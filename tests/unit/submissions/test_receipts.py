"""The canonical content of receipts, and reference codes."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from consult.ledger.entries import canonical, instant, leaf_hash
from consult.submissions import receipts
from consult.submissions.models import Stance
from consult.submissions.receipts import Recorded, new_reference, submission_content


def content(**changed: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "reference": "K7M2-XW9Q-4TRB",
        "round_id": 3,
        "version_id": 5,
        "channel": "online",
        "received_at": datetime(2026, 5, 4, 3, 2, 1, 7, tzinfo=UTC),
        "points": [Recorded("d1.k2", None, "agree", "Đồng ý.", "", "")],
    }
    return submission_content(**values | changed)


def test_references_are_unguessable_and_readable() -> None:
    codes = {new_reference() for _ in range(500)}
    assert len(codes) == 500
    assert all(re.fullmatch(r"([2-9A-HJKMNP-Z]{4}-){2}[2-9A-HJKMNP-Z]{4}", code) for code in codes)


def test_the_instant_is_utc_with_microseconds() -> None:
    local = datetime(2026, 5, 4, 10, 2, 1, tzinfo=timezone(timedelta(hours=7)))
    assert instant(local) == "2026-05-04T03:02:01.000000Z"


def test_stances_read_back_from_the_database_give_the_same_bytes() -> None:
    typed = [Recorded("d1", 1, "disagree", "a", "b", "c")]
    read = [Recorded("d1", 1, Stance.DISAGREE, "a", "b", "c")]
    assert canonical(content(points=typed)) == canonical(content(points=read))


def test_every_part_of_the_content_changes_the_leaf() -> None:
    salt = "00" * 32
    point = {
        "provision": "d1",
        "question": 1,
        "stance": "agree",
        "argument": "a",
        "proposed_wording": "b",
        "quote": "c",
    }
    variants = [
        content(),
        content(reference="K7M2-XW9Q-4TRC"),
        content(round_id=4),
        content(version_id=6),
        content(channel="import"),
        content(received_at=datetime(2026, 5, 4, 3, 2, 1, 8, tzinfo=UTC)),
        content(points=[]),
        content(points=[Recorded(**point)]),
    ]
    others = {"provision": None, "question": None, "stance": "none"}
    for name in point:
        variants.append(content(points=[Recorded(**point | {name: others.get(name, "x")})]))
    hashes = [leaf_hash(salt, variant) for variant in variants]
    assert len(set(hashes)) == len(hashes)


def test_the_qr_code_is_a_picture_the_policy_lets_through() -> None:
    assert receipts.qr_code("https://x.example/receipts/A").startswith("data:image/svg+xml")
