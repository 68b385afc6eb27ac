"""Which passwords are refused, and how they are kept."""

from __future__ import annotations

import pytest

from consult.accounts import passwords
from consult.accounts.devices import device

WHO = {"email": "nguyet.do@example.org", "full_name": "Đỗ Thị Ánh Nguyệt"}


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "Mật khẩu 123",
        "matkhau-123",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "abababababab",
        "abcdefghijkl",
        "9876543210",
        "nguyet.do@example.org",
        "Nguyet.Do2026",
        "Đỗ Thị Ánh Nguyệt",
        "dothianhnguyet",
    ],
)
def test_easy_passwords(password: str) -> None:
    assert passwords.too_easy(password, **WHO)


@pytest.mark.parametrize(
    "password",
    ["cầu tre lắc lẻo", "hX7#mm2!pQw9", "cà phê sữa đá", "8461029375", passwords.DEMO_PASSWORD],
)
def test_passwords_that_serve(password: str) -> None:
    assert not passwords.too_easy(password, **WHO)


def test_nothing_known_of_the_person_is_no_reason_to_refuse() -> None:
    assert not passwords.too_easy("cầu tre lắc lẻo")
    assert not passwords.too_easy("…………!?;: «»")


def test_hashes_are_argon2id_with_the_parameters_of_the_day() -> None:
    hashed = passwords.hash_password("cầu tre lắc lẻo")
    assert hashed.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert passwords.verify(hashed, "cầu tre lắc lẻo")
    assert not passwords.verify(hashed, "cầu tre lắc léo")
    assert not passwords.needs_rehash(hashed)


@pytest.mark.parametrize("broken", ["", "plain", "$argon2id$v=19$m=47104,t=1,p=1$x$y"])
def test_a_broken_hash_fits_nothing(broken: str) -> None:
    assert not passwords.verify(broken, broken)
    assert not passwords.verify(broken, "")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36", "Chrome, Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Firefox/132.0", "Firefox, Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_devices_are_recognised(agent: str, name: str) -> None:
    assert device(agent) == name
