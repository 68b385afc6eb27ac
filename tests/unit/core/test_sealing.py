"""The vault's cipher and its key file: what opens, what does not, what a new key changes."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from consult.core import sealing
from consult.core.sealing import KeyMissing, Keyring, Sealed, Unopenable

RING = Keyring.generate()


@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8")), st.text(max_size=20))
def test_what_was_sealed_opens_only_with_what_it_is_about(text: str, about: str) -> None:
    sealed = RING.seal(text + "|", about)
    assert RING.open(sealed, about) == text + "|"
    with pytest.raises(Unopenable):
        RING.open(sealed, about + "x")


def test_the_length_tells_nothing_of_a_name() -> None:
    short, long = RING.seal("An", "1"), RING.seal("Công Tằng Tôn Nữ Thị Bích Ngọc", "1")
    assert len(short.ciphertext) == len(long.ciphertext)


@pytest.mark.parametrize("part", ["wrapped", "nonce", "ciphertext", "key_id"])
def test_an_altered_part_does_not_open(part: str) -> None:
    sealed, other = RING.seal("tên", "1"), RING.seal("tên", "1")
    for value in ("", "AAAA", "ă", getattr(other, part) if part != "key_id" else "none"):
        with pytest.raises(Unopenable):
            RING.open(replace(sealed, **{part: value}), "1")


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Unopenable):
        Keyring.generate().open(RING.seal("tên", "1"), "1")


def test_a_new_key_changes_neither_ciphertexts_nor_tags() -> None:
    sealed = RING.seal("tên", "1")
    renewed = RING.renewed()
    again = renewed.rewrap(sealed, "1")
    assert (again.nonce, again.ciphertext) == (sealed.nonce, sealed.ciphertext)
    assert again.key_id != sealed.key_id
    assert again.wrapped != sealed.wrapped
    assert renewed.tag("a", 1) == RING.tag("a", 1)
    assert renewed.open(again, "1") == renewed.open(sealed, "1") == "tên"
    twice = renewed.without_old().renewed().without_old()
    assert twice.open(again, "1") == "tên"
    with pytest.raises(Unopenable):
        twice.open(sealed, "1")


def test_tags_stand_for_their_parts_and_nothing_else() -> None:
    assert RING.tag("a", 1, 23) == RING.tag("a", 1, 23)
    assert len({RING.tag("a", 1, 23), RING.tag("a", 12, 3), RING.tag("b", 1, 23)}) == 3
    assert Keyring.generate().tag("a", 1, 23) != RING.tag("a", 1, 23)
    assert len(RING.tag("a")) == 32


def test_the_file_is_the_owners_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    assert sealing.load(path) is None
    made = sealing.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sealing.create(path) == made == sealing.load(path)
    assert os.listdir(tmp_path) == ["vault.key"]


def test_a_replaced_file_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    first = sealing.create(path)
    sealing.replace(path, first.renewed())
    found = sealing.load(path)
    assert found is not None
    assert len(found.keys) == 2
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    ["", "consult-vault 1\n", "x\ntags AA==\nkey a AA==", "consult-vault 1\nnonsense", "\xff"],
)
def test_a_damaged_file_is_said_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "vault.key"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(KeyMissing, match=r"vault\.key"):
        sealing.load(path)


def test_keys_are_not_printed() -> None:
    assert RING.keys[0][1].hex() not in repr(RING)
    assert "tag_key" not in repr(RING)
    assert isinstance(RING.seal("a", "b"), Sealed)
