"""A proposed wording shown against what it would replace: the provision's text, or the quote."""

from __future__ import annotations

from consult.drafts.comparison import Segment, diff

# With less in common it is a text of its own ("Bãi bỏ khoản này."), and a redline only confuses.
_ALIKE = 0.3


def redline(text: str, quote: str, wording: str) -> list[Segment]:
    """Return the word-level difference from the current words to ``wording``.

    These are the provision's ``text`` or the ``quote``, whichever the wording keeps more of; none
    when it is like neither, or when nothing changes.
    """
    best, share = list[Segment](), _ALIKE
    for current in dict.fromkeys((text.strip(), quote.strip())):
        if not current or not wording:
            continue
        segments = diff(current, wording)
        alike = _kept(segments) / max(len(current), len(wording))
        if alike > share:
            best, share = segments, alike
    return best if any(_changes(segment) for segment in best) else []


def _changes(segment: Segment) -> bool:
    return segment.op != "equal" and not segment.minor


def _kept(segments: list[Segment]) -> int:
    return sum(len(segment.text) for segment in segments if not _changes(segment))
