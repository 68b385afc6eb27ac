"""The published scale: which word of quantity stands for so many of so many points.

The words are those of the official text, in Vietnamese whatever the language of the page.
"""

from __future__ import annotations

import enum


class Quantity(enum.StrEnum):
    """A word of the scale; the value is what is printed before "ý kiến"."""

    NONE = "không có"
    ONE = "một"
    ALL = "tất cả"
    NEARLY_ALL = "hầu hết"
    MAJORITY = "đa số"
    HALF = "một nửa"
    SOME = "một số"
    FEW = "số ít"


# From so many per cent; the majority begins above the half, which has a word of its own.
NEARLY_ALL_FROM, HALF_AT, SOME_FROM = 90, 50, 10


def quantity(count: int, total: int) -> Quantity:
    """Return the word for ``count`` of ``total`` points; ValueError unless 0 <= count <= total."""
    if not 0 <= count <= total:
        raise ValueError(f"{count} of {total}")
    share, whole = count * 100, total
    if count <= 1:
        return (Quantity.NONE, Quantity.ONE)[count]
    if count == total:
        return Quantity.ALL
    if share >= NEARLY_ALL_FROM * whole:
        return Quantity.NEARLY_ALL
    if share > HALF_AT * whole:
        return Quantity.MAJORITY
    if share == HALF_AT * whole:
        return Quantity.HALF
    return Quantity.SOME if share >= SOME_FROM * whole else Quantity.FEW


def possible(word: Quantity, total: int) -> bool:
    """Return whether any number of ``total`` points has that word."""
    # Of so many, every word has its numbers; only the half wants an even total.
    if total > 100:
        return word is not Quantity.HALF or total % 2 == 0
    return any(quantity(count, total) is word for count in range(total + 1))
