"""Passwords: hashed with Argon2id, too easy ones refused, the demonstration's own."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consult.core.text import fold

SHORTEST, LONGEST = 10, 200
# Of the marked demonstration accounts only; the sign-in page shows it.
DEMO_PASSWORD = "hien-ke-xay-dung-tinh"

# OWASP's parameters of least memory: 46 MiB, one pass, one lane.
_HASHER = PasswordHasher(time_cost=1, memory_cost=46 * 1024, parallelism=1)
# Nobody's hash: verified against when there is no account, so that the answer takes as long.
_NOBODY = (
    "$argon2id$v=19$m=47104,t=1,p=1$"
    "Jeh9lCBXz9y8joGRNcITDA$bufrdcy2PFLUMQ1/RuXr1gJcBkA629nbz5mXBUFuJG0"
)
# Found in every list of broken passwords, or the first that a Vietnamese would try; folded,
# letters and digits only.
_COMMON = frozenset(
    "1234567890 0123456789 0987654321 9876543210 1234512345 1234567891 12345678910 "
    "123456789a 1234567899 0123456788 1122334455 1111122222 1212121212 1231231231 "
    "abcdefghij abcd123456 abc1234567 abcde12345 a123456789 aa12345678 qwertyuiop qwerty12345 "
    "qwerty1234 qwerty123456 1qaz2wsx3edc 1q2w3e4r5t asdfghjkl1 zxcvbnm123 q1w2e3r4t5 "
    "password12 password123 password1234 passw0rd123 matkhau123 matkhau1234 matkhau12345 "
    "matkhaumoi matkhaucuatoi khongcomatkhau khongnoidau khongcogica iloveyou12 iloveyou123 "
    "anhyeuem123 emyeuanh123 yeuemmaimai maiyeuem123 vietnam123 vietnam1234 vietnam2024 "
    "vietnam2025 vietnam2026 vietnamvodich dongnai123 dongnai1234 dongnai2025 dongnai2026 "
    "binhphuoc123 binhphuoc1 saigon12345 hanoi12345 admin12345 admin123456 administrator "
    "quantrivien quantri123 welcome123 welcome1234 letmein123 changeme123 football123 "
    "superman123 dragon12345 monkey12345 princess123 sunshine123 hoilienhiep lienhiephoi "
    "trithuc123 phanbien123 mattran123 congthongtin".split()
)


def _normal(password: str) -> str:
    # Keyboards differ in how they compose Vietnamese letters; both must sign in.
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    """Return the Argon2id string of ``password``; takes about 0.1 s and 46 MiB."""
    return _HASHER.hash(_normal(password))


def verify(password_hash: str, password: str) -> bool:
    """Return whether ``password`` is the one of ``password_hash``.

    An empty hash fits nothing, after the same time as any other refusal.
    """
    try:
        _HASHER.verify(password_hash or _NOBODY, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def needs_rehash(password_hash: str) -> bool:
    """Return whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def too_easy(password: str, *, email: str = "", full_name: str = "") -> bool:
    """Return whether the password is a common one, a mere pattern, or the person's own data."""
    bare = re.sub(r"[^a-z0-9]", "", fold(password))
    own = {re.sub(r"[^a-z0-9]", "", fold(part)) for part in (email, *email.split("@"), full_name)}
    stem = bare.strip("0123456789")
    return (
        bare in _COMMON
        or len(set(password)) < 4
        or (len(bare) >= 3 and (bare in own or stem in own - {""}))
        or _is_run(bare)
    )


def _is_run(text: str) -> bool:
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(text) >= SHORTEST and steps in ({1}, {-1})
