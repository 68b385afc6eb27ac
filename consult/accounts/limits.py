"""How often one address, or one place, may try to sign in or have letters sent."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from msgspec import Struct

from consult.core import ratelimit


class TooManyAttempts(Exception):
    """The address, or the place from which it is tried, was used too often just now."""


class Limit(Struct, frozen=True):
    """``name`` may happen ``each`` times to one address and ``total`` times from one place.

    A place is a string that stands for a client's network address; an office behind one
    address shares it, hence its greater number.
    """

    name: str
    each: int
    total: int
    period: timedelta

    def check(self, email: str, place: str) -> None:
        """Return when one more is allowed, else raise TooManyAttempts; counts nothing."""
        for key, limit in self._keys(email, place):
            if not ratelimit.within(key, limit=limit, period=self.period):
                raise TooManyAttempts

    def count(self, email: str, place: str) -> None:
        """Count one; writes two rows."""
        for key, limit in self._keys(email, place):
            ratelimit.hit(key, limit=limit, period=self.period)

    def _keys(self, email: str, place: str) -> tuple[tuple[str, int], tuple[str, int]]:
        digest = hashlib.sha256(email.encode()).hexdigest()
        return (f"{self.name}:{digest}", self.each), (f"{self.name}:from:{place}", self.total)


FAILED_SIGN_IN = Limit("sign-in", each=10, total=100, period=timedelta(minutes=15))
LETTER = Limit("letter", each=5, total=50, period=timedelta(hours=1))
