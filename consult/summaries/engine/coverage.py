"""Which texts are echoed by what is quoted, and which are not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from consult.summaries.engine.terms import Numbers

# Half: less would count texts that only share the subject, more only copies.
ECHO = 0.5


def echoed(
    own: Sequence[Numbers],
    stances: Sequence[str | None],
    quoted: Sequence[tuple[int, Numbers]],
) -> set[int]:
    """Return the numbers of the texts that the quoted lines echo.

    A text is echoed when it is quoted itself, or when at least half of the different pairs of
    syllables it has (``own``, stop words apart) stand in lines quoted from its own stance: a
    line of the opposite stance shares the words, not the opinion. ``quoted`` are each line's
    text and pairs.
    """
    lines: dict[str | None, list[Numbers]] = {}
    for text, line in quoted:
        lines.setdefault(stances[text], []).append(line)
    said = {stance: np.unique(np.concatenate(rows)) for stance, rows in lines.items()}
    found = {text for text, _ in quoted}
    for text, row in enumerate(own):
        mine = np.unique(row)
        if (
            len(mine)
            and stances[text] in said
            and np.isin(mine, said[stances[text]]).mean() >= ECHO
        ):
            found.add(text)
    return found
