"""Finding quoted words in a provision: where they stand, which of several places is meant.

After the W3C Web Annotation Data Model: a quote is exact words with what stands before them
(TextQuoteSelector), its place offsets into the version's text (TextPositionSelector). White
space never counts: browsers, files and line breaks each set it their own way.
"""

from __future__ import annotations

from typing import NamedTuple

# So much of what stands before a quote tells one place from another.
LONGEST_BEFORE = 80


def locate(text: str, quote: str, before: str = "") -> tuple[int, int] | None:
    """Return where ``quote`` begins and ends in ``text``, None where it is not word for word.

    Of several places it is the one before which most of ``before`` stands, else the first.
    """
    letters, places = _bare(text)
    wanted = "".join(quote.split())
    if not wanted:
        return None
    context = "".join(before.split())
    best, agreed, at = -1, -1, letters.find(wanted)
    while at >= 0:
        agrees = _common_end(letters[max(0, at - len(context)) : at], context)
        if agrees > agreed:
            best, agreed = at, agrees
        at = letters.find(wanted, at + 1)
    if best < 0:
        return None
    return places[best], places[best + len(wanted) - 1] + 1


class InPlace(NamedTuple):
    """A provision's text around what is quoted of it."""

    before: str
    quote: str
    after: str


def in_place(text: str, end: int, quote: str, place: tuple[int, int] | None) -> InPlace | None:
    """Return ``text`` cut around ``quote``; None when it is not quoted from it.

    ``place`` is where the quote stands in the version's text and ``end`` where the provision
    ends there: its text, the last of its words, ends there too. A text that was corrected since
    is searched for the quote.
    """
    if not quote:
        return None
    if place is not None:
        shift = end - len(text)
        first, last = place[0] - shift, place[1] - shift
        if 0 <= first < last <= len(text) and _same(text[first:last], quote):
            return InPlace(text[:first], text[first:last], text[last:])
    found = locate(text, quote)
    return found and InPlace(text[: found[0]], text[found[0] : found[1]], text[found[1] :])


def _bare(text: str) -> tuple[str, list[int]]:
    places = [at for at, char in enumerate(text) if not char.isspace()]
    return "".join(text[at] for at in places), places


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


def _common_end(one: str, other: str) -> int:
    count = 0
    for left, right in zip(reversed(one), reversed(other), strict=False):
        if left != right:
            break
        count += 1
    return count
