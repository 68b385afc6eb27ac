"""The compound files of Word 97–2003: a directory of streams in chained sectors."""

from __future__ import annotations

import struct
from typing import Final

from consult.drafts.parsing.model import UnreadableDocument

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END: Final = 0xFFFFFFFA  # this and above: no sector
_ENTRY: Final = 128
_MOST_ENTRIES: Final = 20_000
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class Compound:
    """The streams of a compound file held in memory ([MS-CFB])."""

    def __init__(self, data: bytes) -> None:
        """Read the directory of ``data``; raises UnreadableDocument ``broken``."""
        if len(data) < 1536 or not data.startswith(MAGIC):
            raise UnreadableDocument("broken")
        self._data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise UnreadableDocument("broken")
        self._size, self._small_size = 1 << shift, 1 << small_shift
        directory, _, self._cutoff, small_fat = struct.unpack_from("<IIII", data, 48)
        self._fat = self._sector_table()
        self._small_fat = _numbers(self._chain(small_fat))
        self._storages: set[str] = set()
        self._streams: dict[str, tuple[int, int]] = {}
        self._small = b""
        self._read_directory(self._chain(directory))

    def holds(self, name: str) -> bool:
        """Whether there is a stream or a storage called ``name``, at whatever depth."""
        return name in self._streams or name in self._storages

    def stream(self, name: str) -> bytes:
        """Return the bytes of the stream ``name``, empty when there is none."""
        if name not in self._streams:
            return b""
        first, size = self._streams[name]
        if size >= self._cutoff:
            return self._chain(first)[:size]
        pieces: list[bytes] = []
        for _ in range(size // self._small_size + 1):
            if first >= len(self._small_fat):
                break
            at = first * self._small_size
            pieces.append(self._small[at : at + self._small_size])
            first = self._small_fat[first]
        return b"".join(pieces)[:size]

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        return self._data[at : at + self._size]

    def _sector_table(self) -> tuple[int, ...]:
        """Return the next sector of each sector, from the list in the header and after it."""
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        following, count = struct.unpack_from("<II", self._data, 68)
        for _ in range(min(count, len(self._data) // self._size)):
            entries = _numbers(self._sector(following))
            if following >= _END or not entries:
                break
            numbers += entries[:-1]
            following = entries[-1]
        most = len(self._data) // self._size + 1
        used = [number for number in numbers if number < most][:most]
        return _numbers(b"".join(self._sector(number) for number in used))

    def _chain(self, first: int) -> bytes:
        pieces: list[bytes] = []
        for _ in range(len(self._fat)):  # a chain in a circle ends here
            if first >= len(self._fat):
                break
            pieces.append(self._sector(first))
            first = self._fat[first]
        return b"".join(pieces)

    def _read_directory(self, directory: bytes) -> None:
        for at in range(0, min(len(directory), _MOST_ENTRIES * _ENTRY) - _ENTRY + 1, _ENTRY):
            entry = directory[at : at + _ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            first, size = struct.unpack_from("<II", entry, 116)
            name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind == _ROOT:
                self._small = self._chain(first)
            elif kind == _STREAM:
                self._streams.setdefault(name, (first, size))
            elif kind == _STORAGE:
                self._storages.add(name)


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])
