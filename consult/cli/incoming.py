"""A request as it comes in over the line: its head, when that was whole, and its body."""

from __future__ import annotations

import re
import tempfile
from typing import IO

_CHUNK = 64 * 1024
_LONGEST_HEAD = 64 * 1024
# Longer ones are kept on the disk while they come in.
_LONG = 64 * 1024
HEAD_SECONDS = 30.0
# A body has this time and a second more for each so many bytes.
BODY_SECONDS, BYTES_A_SECOND = 60.0, 32 * 1024

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,15})[ \t]*\r\n", re.I)
_CODED = re.compile(rb"\r\ntransfer-encoding:", re.I)
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.I)
_SAFE = (b"GET ", b"HEAD ", b"OPTIONS ")


class Incoming:
    """One request, gathered from what the line brings; ``most`` bytes of body are taken.

    ``arrived`` is when the head was whole (seconds of the Unix epoch), None until then.
    ``whole`` says that nothing more is waited for: all is there, or ``refused`` holds the HTTP
    status that says why it shall not be (then the body is not). ``until`` is the instant of
    `time.monotonic()` by which the next part must be there.
    """

    def __init__(self, most: int, now: float) -> None:
        self.most, self.until = most, now + HEAD_SECONDS
        self.arrived: float | None = None
        self.whole = False
        self.refused: int | None = None
        self.writing = self.expects = False
        self._buffer = bytearray()
        self._file: IO[bytes] | None = None
        self._missing = 0

    @property
    def empty(self) -> bool:
        """Whether nothing has come yet."""
        return self.arrived is None and not self._buffer

    @property
    def long(self) -> bool:
        """Whether it is so long that it is kept on the disk."""
        return self._file is not None

    @property
    def wanted(self) -> int:
        """How many bytes to read next: never beyond the end of a body."""
        return min(self._missing, _CHUNK) if self.arrived is not None else _CHUNK

    def feed(self, data: bytes, at: float, now: float) -> None:
        """Take ``data`` that arrived ``at`` (Unix epoch); ``now`` is that of the time limits.

        OSError when the disk takes no more.
        """
        if self.arrived is None:
            searched = max(0, len(self._buffer) - 3)
            self._buffer += data
            end = self._buffer.find(b"\r\n\r\n", searched)
            if end >= 0:
                self._begin(bytes(self._buffer[: end + 4]), at, now)
            elif len(self._buffer) > _LONGEST_HEAD:
                self.arrived = at
                self.refuse(431)
            return
        (self._buffer.extend if self._file is None else self._file.write)(data)
        self._missing -= len(data)
        self.whole = self._missing <= 0

    def _begin(self, head: bytes, at: float, now: float) -> None:
        self.arrived, self.writing = at, not head.startswith(_SAFE)
        length = _LENGTH.search(head)
        body = int(length.group(1)) if length else 0
        if _CODED.search(head):
            self.refuse(411)
        elif body > self.most:
            self.refuse(413)
        self._missing = len(head) + body - len(self._buffer)
        self.whole = self.whole or self._missing <= 0
        if self.whole:
            return
        self.expects = _EXPECTS.search(head) is not None
        self.until = now + BODY_SECONDS + body / BYTES_A_SECOND
        if body > _LONG:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the request)
            self._file.write(self._buffer)
            self._buffer.clear()

    def refuse(self, status: int) -> None:
        """Wait for nothing more, and have the request answered with this HTTP status."""
        self.refused, self.whole = status, True

    def rewind(self) -> None:
        """Make what was gathered ready to be read; a refused one's body is gone."""
        if self._file is not None:
            self._file.seek(0)

    def read(self, size: int) -> bytes:
        """Return up to ``size`` of the bytes that are left; after the end, none."""
        if self._file is not None:
            return self._file.read(size)
        part = bytes(self._buffer[:size])
        del self._buffer[:size]
        return part

    def rest(self) -> bytes:
        """Return all bytes that are left."""
        return self._file.read() if self._file is not None else bytes(self._buffer)

    def close(self) -> None:
        """Let go of the memory and the disk."""
        self._buffer.clear()
        if self._file is not None:
            self._file.close()
