"""The table of results: what was measured, what it should be, whether it is."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Line:
    """One result. ``good`` is None for figures without a limit, given for orientation."""

    what: str
    measured: str
    limit: str = ""
    good: bool | None = None

    @property
    def verdict(self) -> str:
        """The last column."""
        return {True: "ok", False: "OVER", None: ""}[self.good]


@dataclass
class Report:
    """The results in the order in which they came; ``details`` are printed below the table."""

    lines: list[Line] = field(default_factory=list[Line])
    details: list[str] = field(default_factory=list[str])

    def note(self, what: str, measured: str) -> None:
        """Add a figure without a limit."""
        self.lines.append(Line(what, measured))

    def limit(self, what: str, value: float, most: float, shown: str, unit: str = "") -> None:
        """Add a figure that should be at most ``most``; ``shown`` is how it is printed."""
        self.lines.append(Line(what, shown, f"≤ {most:g}{unit}", value <= most))

    def failed(self, what: str, why: str, *details: str) -> None:
        """Add something that could not be measured; it counts as not reached."""
        self.lines.append(Line(what, why, "", False))
        self.details += details

    @property
    def good(self) -> bool:
        """Whether nothing is over its limit."""
        return all(line.good is not False for line in self.lines)

    def table(self) -> str:
        """Return the lines as a Markdown table, and the details."""
        rows = [("what", "measured", "should be", "")]
        rows += [(line.what, line.measured, line.limit, line.verdict) for line in self.lines]
        widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        texts = ["| " + " | ".join(map(_pad, row, widths)) + " |" for row in rows]
        rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
        return "\n".join([texts[0], rule, *texts[1:], "", *self.details]).rstrip()


def _width(text: str) -> int:
    return sum(not unicodedata.combining(char) for char in text)


def _pad(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
