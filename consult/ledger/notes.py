"""Signed notes (c2sp.org/signed-note) with Ed25519: keys in text form, signing, verifying."""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec import Struct

# The library is imported where it works: it would add a good 40 ms to every start.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_MOST_SIGNATURES = 100


class BadKey(ValueError):
    """The text is no key of an Ed25519 note signer."""


class BadNote(ValueError):
    """The note is malformed, or no known key has signed it."""


class Verifier(Struct, frozen=True):
    """A public key and the name under which it signs."""

    name: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Verifier:
        """Return the key that ``text`` ("name+hash+base64") holds; raises BadKey."""
        name, number, material = _parts(text.strip())
        verifier = cls(name, material)
        if number != verifier.key_id.hex():
            raise BadKey("the key's hash does not match the key")
        return verifier

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name || newline || signature type || public key)."""
        data = self.name.encode() + b"\n" + _ED25519 + self.public
        return hashlib.sha256(data).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_encode(_ED25519 + self.public)}"


@dataclass(frozen=True, repr=False)
class Signer:
    """A private key and the name under which it signs."""

    name: str
    seed: bytes

    @classmethod
    def generate(cls, name: str) -> Signer:
        """Return a new key; BadKey for a name with spaces or plus signs."""
        if not _is_name(name):
            raise BadKey("a key's name has neither spaces nor plus signs")
        return cls(name, secrets.token_bytes(32))

    @classmethod
    def parse(cls, text: str) -> Signer:
        """Return the key of ``text`` ("PRIVATE+KEY+name+hash+base64"); raises BadKey."""
        if not text.startswith(_PRIVATE):
            raise BadKey("a private key begins with PRIVATE+KEY+")
        name, number, material = _parts(text.strip().removeprefix(_PRIVATE))
        signer = cls(name, material)
        if number != signer.verifier.key_id.hex():
            raise BadKey("the key's hash does not match the key")
        return signer

    @property
    def verifier(self) -> Verifier:
        """The public key."""
        return Verifier(self.name, self._key.public_key().public_bytes_raw())

    def to_text(self) -> str:
        """Return the private key as text, as Go's sumdb/note writes it."""
        number = self.verifier.key_id.hex()
        return f"{_PRIVATE}{self.name}+{number}+{_encode(_ED25519 + self.seed)}"

    def sign(self, text: str) -> str:
        """Return the note of ``text``, which ends with a newline, and the signature."""
        signature = self.verifier.key_id + self._key.sign(text.encode())
        return f"{text}\n— {self.name} {_encode(signature)}\n"

    @property
    def _key(self) -> Ed25519PrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.seed)


def verified_text(note: str, known: Sequence[Verifier]) -> str:
    """Return the text of ``note``, which at least one ``known`` key has signed.

    Signatures of other keys are ignored; one of a known key that is wrong spoils the note.
    Raises BadNote.
    """
    text, signatures = _take_apart(note)
    verified = False
    for name, number, signature in signatures:
        for verifier in known:
            if (verifier.name, verifier.key_id) == (name, number):
                _check(verifier, text, signature)
                verified = True
    if not verified:
        raise BadNote("the note is signed by no known key")
    return text


def _check(verifier: Verifier, text: str, signature: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(verifier.public).verify(signature, text.encode())
    except InvalidSignature as error:
        raise BadNote(f"the signature of {verifier.name} is wrong") from error


def _take_apart(note: str) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    if any(ord(letter) < 0x20 and letter != "\n" for letter in note):
        raise BadNote("the note has control characters")
    text, separator, rest = note.rpartition("\n\n")
    lines = rest.split("\n")
    if not separator or not rest.endswith("\n") or len(lines) - 1 > _MOST_SIGNATURES:
        raise BadNote("the note is not text, an empty line and signatures")
    return text + "\n", [_signature(line) for line in lines[:-1]]


def _signature(line: str) -> tuple[str, bytes, bytes]:
    try:
        dash, name, encoded = line.split(" ")
        signature = _decode(encoded)
    except ValueError as error:
        raise BadNote("a line is no signature") from error
    if dash != "—" or not _is_name(name) or len(signature) < 5:
        raise BadNote("a line is no signature")
    return name, signature[:4], signature[4:]


def _parts(text: str) -> tuple[str, str, bytes]:
    try:
        name, number, encoded = text.split("+", 2)
        material = _decode(encoded)
    except ValueError as error:
        raise BadKey("a key is written as name+hash+base64") from error
    if not _is_name(name) or len(material) != 33 or material[:1] != _ED25519:
        raise BadKey("a key is written as name+hash+base64, for Ed25519")
    return name, number, material[1:]


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(letter.isspace() for letter in name)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
