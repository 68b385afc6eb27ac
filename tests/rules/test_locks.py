"""The lock files: complete, hashed, from the public index, and of one mind."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text()))


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    for block in re.split(r"\n(?=\S)", text):
        if not block.startswith("#"):
            assert re.match(PIN, block), block
            assert "--hash=sha256:" in block, block


@pytest.mark.parametrize("lock", LOCKS)
def test_no_index_and_no_place_is_named(lock: str) -> None:
    assert not re.search(r"://|--index|--find-links|@ ", (ROOT / lock).read_text())


@pytest.mark.parametrize("lock", LOCKS)
def test_whatever_is_asked_for_is_locked(lock: str) -> None:
    lines = (ROOT / lock.replace(".lock", ".in")).read_text().splitlines()
    asked = {re.split(r"[^\w-]", line)[0].lower() for line in lines if line[:1].isalpha()}
    assert asked
    assert asked <= pins(lock).keys()


def test_development_has_what_production_has() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()
