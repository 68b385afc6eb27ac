"""Finished pieces of HTML kept in memory: the draft's text, which is the same for every reader.

Measurement asked for it: drawing a law's provisions costs more than all else on its page.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable


class Fragments:
    """The pieces used last, up to ``limit`` characters in all; safe for threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[Hashable, str] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], str]) -> str:
        """Return the piece for ``key``, made by ``make`` when it is not kept.

        The key must hold everything that the piece depends on. Two threads may make the same
        piece at once; a piece above a quarter of the limit is not kept.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        piece = make()
        if len(piece) <= self.limit // 4:
            self._keep(key, piece)
        return piece

    def _keep(self, key: Hashable, piece: str) -> None:
        with self._lock:
            self._size += len(piece) - len(self._kept.pop(key, ""))
            self._kept[key] = piece
            while self._size > self.limit:
                self._size -= len(self._kept.popitem(last=False)[1])
