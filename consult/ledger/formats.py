"""Texts that leave the portal: checkpoints (c2sp.org/tlog-checkpoint) and proofs (tlog-proof)."""

from __future__ import annotations

import base64
import binascii
import re

from msgspec import Struct

PROOF_HEADER = "c2sp.org/tlog-proof@v1"
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class BadFormat(ValueError):
    """The text is no checkpoint or no proof; the message says what is wrong with it."""


class TreeHead(Struct, frozen=True):
    """What a checkpoint says: the log's name, its number of leaves and their root."""

    origin: str
    size: int
    root: bytes

    @classmethod
    def parse(cls, text: str) -> TreeHead:
        """Return the head that a note's text holds; raises BadFormat."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise BadFormat("a checkpoint has a name, a size and a root hash, each on a line")
        return cls(lines[0], number(lines[1]), hash_of(lines[2]))

    def __str__(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


class Proof(Struct, frozen=True):
    """That a leaf is in the log: ``note`` is the signed checkpoint as it was issued.

    ``extra`` holds the leaf's salt here; like all of ``extra`` it is worth only what the proof
    makes of it.
    """

    extra: bytes
    index: int
    hashes: tuple[bytes, ...]
    note: str

    @classmethod
    def parse(cls, text: str) -> Proof:
        """Return the proof that ``text`` holds; raises BadFormat."""
        head, separator, note = text.partition("\n\n")
        lines = head.split("\n")
        if not separator or lines.pop(0) != PROOF_HEADER:
            raise BadFormat(f"a proof begins with {PROOF_HEADER} and ends with a checkpoint")
        extra = b""
        if lines and lines[0].startswith("extra "):
            extra = _decode(lines.pop(0).removeprefix("extra "))
        if not lines or not lines[0].startswith("index "):
            raise BadFormat("the proof does not say its leaf's index")
        index = number(lines.pop(0).removeprefix("index "))
        return cls(extra, index, tuple(hash_of(line) for line in lines), note)

    def __str__(self) -> str:
        lines = [PROOF_HEADER]
        if self.extra:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(value).decode() for value in self.hashes]
        return "\n".join(lines) + "\n\n" + self.note


def number(text: str) -> int:
    """Return a decimal number without leading zeroes; raises BadFormat."""
    if not _NUMBER.fullmatch(text):
        raise BadFormat(f"{text[:40]!r} is no number")
    return int(text)


def hash_of(text: str) -> bytes:
    """Return the 32 bytes that ``text`` holds in base64; raises BadFormat."""
    value = _decode(text)
    if len(value) != 32:
        raise BadFormat(f"{text[:60]!r} is no SHA-256 hash")
    return value


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadFormat(f"{text[:60]!r} is not base64") from error
