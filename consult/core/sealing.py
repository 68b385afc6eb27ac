"""The vault's key: its file, locking names away under it, opening them, tags that tell nothing.

Each text has a key of its own (AES-256-GCM, NIST SP 800-38D); the vault's key only wraps these.
So a new vault key changes no ciphertext, and the log, which covers the ciphertexts, stays valid.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

# The library is imported where it works: it would add a good 40 ms to every start.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_HEADING = "consult-vault 1"
_NONCE = 12  # bytes, as AES-GCM wants them
# Texts are filled up to a multiple of this, so that their lengths tell nothing of a name.
_BLOCK = 512


class KeyMissing(Exception):
    """The vault's key cannot be used; the message is a sentence for the operator."""


class Unopenable(Exception):
    """A sealed text was altered, belongs elsewhere, or its key is not in the file."""


class Sealed(Struct, frozen=True):
    """A text locked away: all parts in base64 except ``key_id``, which names the vault key."""

    key_id: str
    wrapped: str
    nonce: str
    ciphertext: str


@dataclass(frozen=True, repr=False)
class Keyring:
    """The vault's keys, the one in use first, and the key of its tags, which never changes."""

    tag_key: bytes
    keys: tuple[tuple[str, bytes], ...]

    @classmethod
    def generate(cls) -> Keyring:
        """Return a new keyring of one key."""
        return cls(secrets.token_bytes(32), (_fresh(),))

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """Return the keyring that ``text`` holds; ValueError for anything else."""
        heading, *lines = text.strip().splitlines()
        tags: list[bytes] = []
        keys: list[tuple[str, bytes]] = []
        for line in lines:
            match line.split():
                case ["tags", value]:
                    tags.append(_decode(value))
                case ["key", key_id, value]:
                    keys.append((key_id, _decode(value)))
                case _:
                    raise ValueError("a line is not understood")
        lengths = {len(value) for value in (*tags, *(value for _, value in keys))}
        if heading != _HEADING or len(tags) != 1 or not keys or lengths != {32}:
            raise ValueError("it is incomplete")
        return cls(tags[0], tuple(keys))

    def to_text(self) -> str:
        """Return the keyring as its file holds it."""
        lines = [_HEADING, f"tags {_encode(self.tag_key)}"]
        lines += [f"key {key_id} {_encode(value)}" for key_id, value in self.keys]
        return "\n".join(lines) + "\n"

    def renewed(self) -> Keyring:
        """Return this keyring with a new key in use, the others behind it."""
        return Keyring(self.tag_key, (_fresh(), *self.keys))

    def without_old(self) -> Keyring:
        """Return this keyring with the key in use and the one before it.

        That one may still be needed by a process that has not seen the new file.
        """
        return Keyring(self.tag_key, self.keys[:2])

    def tag(self, *parts: str | int) -> str:
        """Return 32 hexadecimal digits that stand for ``parts`` and can be made with the key only.

        HMAC-SHA-256, cut to 128 bits.
        """
        text = "\x1f".join(str(part) for part in parts)
        return hmac.new(self.tag_key, text.encode(), hashlib.sha256).hexdigest()[:32]

    def seal(self, text: str, about: str) -> Sealed:
        """Return ``text`` locked away; it opens only together with the same ``about``."""
        own, nonce = secrets.token_bytes(32), secrets.token_bytes(_NONCE)
        data = text.encode()
        data += b" " * (-len(data) % _BLOCK)
        ciphertext = _cipher(own).encrypt(nonce, data, about.encode())
        key_id, wrapped = self._wrap(own, about)
        return Sealed(key_id, wrapped, _encode(nonce), _encode(ciphertext))

    def open(self, sealed: Sealed, about: str) -> str:
        """Return the text; raises Unopenable."""
        own = self._unwrap(sealed, about)
        plain = _opened(own, sealed.nonce, sealed.ciphertext, about)
        return plain.decode().rstrip(" ")

    def rewrap(self, sealed: Sealed, about: str) -> Sealed:
        """Return the same ciphertext under the key now in use; raises Unopenable."""
        key_id, wrapped = self._wrap(self._unwrap(sealed, about), about)
        return Sealed(key_id, wrapped, sealed.nonce, sealed.ciphertext)

    def _wrap(self, own: bytes, about: str) -> tuple[str, str]:
        key_id, key = self.keys[0]
        nonce = secrets.token_bytes(_NONCE)
        return key_id, _encode(nonce + _cipher(key).encrypt(nonce, own, about.encode()))

    def _unwrap(self, sealed: Sealed, about: str) -> bytes:
        key = dict(self.keys).get(sealed.key_id)
        if key is None:
            raise Unopenable(f"The vault's file has no key {sealed.key_id}.")
        wrapped = sealed.wrapped
        return _opened(key, wrapped[: _NONCE * 4 // 3], wrapped[_NONCE * 4 // 3 :], about)


def load(path: Path) -> Keyring | None:
    """Return the keyring of the file, None when there is no file; raises KeyMissing.

    A file that another process has replaced is read anew.
    """
    try:
        found = path.stat()
        return _read(path, found.st_mtime_ns, found.st_ino, found.st_size)
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise KeyMissing(f"The vault's key {path} cannot be used: {error}.") from error


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _inode: int, _size: int) -> Keyring:
    return Keyring.parse(path.read_text("ascii"))


def create(path: Path) -> Keyring:
    """Write a new keyring to ``path``, mode 0600, unless another process has just done so.

    Returns the one that is there now; raises KeyMissing when it cannot be written.
    """
    try:
        beside = _write_beside(path, Keyring.generate())
        try:
            os.link(beside, path)  # whole or not at all, and never over another key
        except FileExistsError:
            pass
        finally:
            beside.unlink()
    except OSError as error:
        raise KeyMissing(f"The vault's key {path} cannot be written: {error}.") from error
    made = load(path)
    if made is None:
        raise KeyMissing(f"The vault's key {path} was taken away.")
    return made


def replace(path: Path, keyring: Keyring) -> None:
    """Put ``keyring`` in the place of the file's; raises KeyMissing when that cannot be done."""
    try:
        _write_beside(path, keyring).replace(path)
    except OSError as error:
        raise KeyMissing(f"The vault's key {path} cannot be written: {error}.") from error


def _write_beside(path: Path, keyring: Keyring) -> Path:
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(keyring.to_text())
        handle.flush()
        os.fsync(handle.fileno())
    return beside


def _fresh() -> tuple[str, bytes]:
    return secrets.token_hex(4), secrets.token_bytes(32)


def _cipher(key: bytes) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)


def _opened(key: bytes, nonce: str, ciphertext: str, about: str) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return _cipher(key).decrypt(_decode(nonce), _decode(ciphertext), about.encode())
    except (InvalidTag, ValueError) as error:
        raise Unopenable("A sealed text was altered, or belongs to something else.") from error


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("it is not base64") from error
