"""Asking a ClamAV daemon about a file (clamd's own protocol, command INSTREAM)."""

from __future__ import annotations

import re
import socket
import struct
from typing import Final

_CHUNK: Final = 1 << 16
_SECONDS: Final = 60.0
_LONGEST_ANSWER: Final = 4096
_FOUND: Final = re.compile(rb"^stream: (.{1,200}) FOUND$")


class NoAnswer(Exception):
    """The scanner cannot be reached, or does not say what the file is."""


def scan(data: bytes, address: str) -> str:
    """Return the name of the virus in ``data``, "" for none. Raises NoAnswer.

    ``address`` is host:port or the path of a socket. Takes as long as the scanner does, at most
    a minute.
    """
    try:
        with _connected(address) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _CHUNK):
                chunk = data[start : start + _CHUNK]
                line.sendall(struct.pack(">I", len(chunk)) + chunk)
            line.sendall(struct.pack(">I", 0))
            answer = _answer(line)
    except OSError as error:
        raise NoAnswer(f"the virus scanner at {address}: {error}") from error
    if answer == b"stream: OK":
        return ""
    if found := _FOUND.match(answer):
        return found[1].decode("utf-8", "replace")
    raise NoAnswer(f"the virus scanner at {address} says {answer[:200]!r}")


def _connected(address: str) -> socket.socket:
    if not address.startswith("/"):
        host, _, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=_SECONDS)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(_SECONDS)
    try:
        line.connect(address)
    except OSError:
        line.close()
        raise
    return line


def _answer(line: socket.socket) -> bytes:
    said = b""
    while b"\0" not in said and len(said) < _LONGEST_ANSWER:
        more = line.recv(_LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.partition(b"\0")[0].strip()
