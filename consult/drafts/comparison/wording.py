"""The word-level difference of two wordings, in Vietnamese syllables, made to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Struct
from msgspec.structs import replace

from consult.drafts.comparison.model import Op, Segment
from consult.drafts.comparison.moves import mark_moves
from consult.drafts.comparison.sequences import common
from consult.drafts.comparison.tokens import canonical, folded, is_syllable, tokens

# An unchanged run of up to so many syllables between longer edits is given up for readability.
_ISLAND = 4


class _Word(Struct, frozen=True):
    """A token with the white space before it; ``heading`` tells that its case is format."""

    space: str
    token: str
    heading: bool


def diff(old: str, new: str, *, titles: tuple[int, int] = (0, 0)) -> list[Segment]:
    """Return the difference of two texts as segments, runs of words moved inside it marked.

    ``titles`` are the numbers of characters at each text's beginning that are its title, whose
    letter case does not count. Equal texts give one equal segment, or none when empty.
    """
    return mark_moves([plain_diff(old, new, titles=titles)])[0]


def plain_diff(old: str, new: str, *, titles: tuple[int, int] = (0, 0)) -> list[Segment]:
    """Return what ``diff`` does, without looking for moved text."""
    if old == new:
        return [Segment("equal", old)] if old else []
    left, left_tail = _words(old, titles[0])
    right, right_tail = _words(new, titles[1])
    pairs = common([folded(w.token) for w in left], [folded(w.token) for w in right])
    pairs = [(i, j) for i, j in pairs if _same(left[i], right[j])]
    edits = _without_islands(_Script(left, right, pairs).regions())
    writer = _Writer()
    for region in edits:
        writer.region(left, right, region)
    writer.pair(left_tail, right_tail, minor=True)
    return writer.segments()


def _words(text: str, title: int) -> tuple[list[_Word], str]:
    words: list[_Word] = []
    space, at = "", 0
    for token in tokens(text):
        if token.isspace():
            space = token
        else:
            words.append(_Word(space, token, at < title))
            space = ""
        at += len(token)
    return words, space


def _same(left: _Word, right: _Word) -> bool:
    return (left.heading and right.heading) or canonical(left.token) == canonical(right.token)


@dataclass(slots=True)
class _Region:
    """Words old[a:b] stand for new[c:d]; equal when they pair one to one."""

    equal: bool
    a: int
    b: int
    c: int
    d: int


class _Script:
    """The regions that pairs of equal words leave."""

    def __init__(
        self, left: Sequence[_Word], right: Sequence[_Word], pairs: list[tuple[int, int]]
    ) -> None:
        self.left, self.right, self.pairs = left, right, pairs

    def regions(self) -> list[_Region]:
        """Return equal and edited regions in order, none empty, with edits slid to word groups."""
        found: list[_Region] = []
        a = c = 0
        for i, j in [*self.pairs, (len(self.left), len(self.right))]:
            if i > a or j > c:
                found.append(_Region(False, a, i, c, j))
            if i < len(self.left) and j < len(self.right):
                if found and found[-1].equal and found[-1].b == i and found[-1].d == j:
                    found[-1].b, found[-1].d = i + 1, j + 1
                else:
                    found.append(_Region(True, i, i + 1, j, j + 1))
            a, c = i + 1, j + 1
        self._slide(found)
        return [region for region in found if region.b > region.a or region.d > region.c]

    def _slide(self, found: list[_Region]) -> None:
        """Move pure insertions and deletions to where they begin after a sign, if they can."""
        for before, edit, after in zip(found, found[1:], found[2:], strict=False):
            if not (before.equal and after.equal) or (edit.b > edit.a and edit.d > edit.c):
                continue
            words = self.left if edit.b > edit.a else self.right
            start, end = (edit.a, edit.b) if edit.b > edit.a else (edit.c, edit.d)
            steps = self._best_slide(words, start, end, before.b - before.a, after.b - after.a)
            for region, first, last in ((before, 0, 1), (edit, 1, 1), (after, 1, 0)):
                region.a, region.c = region.a + first * steps, region.c + first * steps
                region.b, region.d = region.b + last * steps, region.d + last * steps

    @staticmethod
    def _best_slide(words: Sequence[_Word], start: int, end: int, back: int, forth: int) -> int:
        choices = [0]
        while len(choices) <= min(back, 200) and _alike(words, start, end, -len(choices)):
            choices.append(-len(choices))
        step = 1
        while step <= min(forth, 200) and _alike(words, start, end, step):
            choices.append(step)
            step += 1
        return max(choices, key=lambda by: (_fit(words, start + by), by == 0, by))


def _alike(words: Sequence[_Word], start: int, end: int, by: int) -> bool:
    """Whether the edit can slide by one more: the word it gains equals the word it leaves."""
    if by < 0:
        gained, left = start + by, end + by
    else:
        gained, left = end + by - 1, start + by - 1
    if gained < 0 or gained >= len(words):
        return False
    return words[gained].token == words[left].token and words[gained].space == words[left].space


def _fit(words: Sequence[_Word], start: int) -> int:
    """How well an edit begins at ``start``: at a line, after a full stop, after a sign."""
    if start == 0 or (start < len(words) and "\n" in words[start].space):
        return 3
    previous = words[start - 1].token
    if previous in ".;:":
        return 2
    return 0 if is_syllable(previous) else 1


def _without_islands(regions: list[_Region]) -> list[_Region]:
    """Return the regions with short equal runs between longer edits made part of the edit."""
    kept: list[_Region] = []
    for at, region in enumerate(regions):
        edit_before = bool(kept) and not kept[-1].equal
        if region.equal and edit_before and at + 1 < len(regions):
            length = region.b - region.a
            if length <= _ISLAND and length <= min(_size(kept[-1]), _size(regions[at + 1])):
                kept[-1].b, kept[-1].d = region.b, region.d
                continue
        if edit_before and not region.equal:
            kept[-1].b, kept[-1].d = region.b, region.d
        else:
            kept.append(region)
    return kept


def _size(region: _Region) -> int:
    return max(region.b - region.a, region.d - region.c)


class _Writer:
    """Collects segments; neighbours of the same kind become one."""

    def __init__(self) -> None:
        self._done: list[Segment] = []
        self._pending: dict[tuple[Op, bool], str] = {}

    def region(self, left: Sequence[_Word], right: Sequence[_Word], region: _Region) -> None:
        """Write a region: equal words with their small differences, or what was replaced."""
        if not region.equal:
            if region.b > region.a and region.d > region.c:
                space = left[region.a].space
                if space == right[region.c].space:
                    self._equal(space)
                    left = [replace(left[region.a], space=""), *left[region.a + 1 : region.b]]
                    right = [replace(right[region.c], space=""), *right[region.c + 1 : region.d]]
                    region = _Region(False, 0, len(left), 0, len(right))
            self._edit("deleted", _text(left[region.a : region.b]), minor=False)
            self._edit("inserted", _text(right[region.c : region.d]), minor=False)
            return
        for old, new in zip(left[region.a : region.b], right[region.c : region.d], strict=True):
            self.pair(old.space, new.space, minor=True)
            self.pair(old.token, new.token, minor=True)

    def pair(self, old: str, new: str, *, minor: bool) -> None:
        """Write two counterparts, as equal when they are."""
        if old == new:
            self._equal(old)
        else:
            self._edit("deleted", old, minor=minor)
            self._edit("inserted", new, minor=minor)

    def _edit(self, op: Op, text: str, *, minor: bool) -> None:
        if text:
            # Next to a real edit a difference of white space belongs to it.
            real = minor and (not any((o, False) in self._pending for o in _EDITS))
            self._pending[op, real] = self._pending.get((op, real), "") + text

    def _equal(self, text: str) -> None:
        if not text:
            return
        self._flush()
        if self._done and self._done[-1].op == "equal":
            self._done[-1] = Segment("equal", self._done[-1].text + text)
        else:
            self._done.append(Segment("equal", text))

    def _flush(self) -> None:
        for minor in (True, False):
            for op in _EDITS:
                if text := self._pending.pop((op, minor), ""):
                    self._done.append(Segment(op, text, minor))

    def segments(self) -> list[Segment]:
        """Return what was written."""
        self._flush()
        return self._done


_EDITS: tuple[Op, ...] = ("deleted", "inserted")


def _text(words: Sequence[_Word]) -> str:
    return "".join(word.space + word.token for word in words)
