"""Cutting a draft's text into pieces that a browser takes in one after the other.

A law of 260 articles is half a megabyte of HTML. The page sends the first pieces, whose
compressed size stays under 25 kB; a browser with script fetches the others while one reads,
one without opens them as pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from consult.reading.queries import Line

# In characters of text and about what the markup of a provision adds to them.
MARKUP: Final = 100
FIRST: Final = 80_000
PIECE: Final = 36_000
# So small a rest is sent at once.
REST: Final = 40_000


class Piece(Struct, frozen=True):
    """A run of provisions that begins with a heading where there is one; numbered from 1."""

    number: int
    lines: Sequence[Line]

    @property
    def name(self) -> str:
        """What the piece begins with, in words."""
        first = self.lines[0]
        return f"{first.label} {first.title}".strip() if first.level else first.citation

    @property
    def size(self) -> int:
        """The piece's part of the page, as `FIRST` counts."""
        return sum(map(_size, self.lines))


def cut(lines: Sequence[Line]) -> list[Piece]:
    """Return the text in pieces: nothing lost, nothing twice, in order.

    A chapter begins a piece; a longer one is cut before its articles, and a text without
    headings wherever a piece is full.
    """
    pieces: list[list[Line]] = []
    size = 0
    for line in lines:
        enough = PIECE // 4 if line.depth == 0 else PIECE if line.level else 2 * PIECE
        if not pieces or size >= enough:
            pieces.append([])
            size = 0
        pieces[-1].append(line)
        size += _size(line)
    return [Piece(number, piece) for number, piece in enumerate(pieces, 1)]


def sent_at_once(pieces: Sequence[Piece]) -> int:
    """Return how many of the pieces the page itself carries: at least one, or all."""
    total = sum(piece.size for piece in pieces)
    sent = 0
    for count, piece in enumerate(pieces):
        if count and sent + piece.size > FIRST and total - sent > REST:
            return count
        sent += piece.size
    return len(pieces)


def _size(line: Line) -> int:
    return len(line.text) + len(line.title) + MARKUP
