"""Tables inside a provision's text: rows are lines, cells stand between tabs."""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple


class Block(NamedTuple):
    """Lines of running text, or a table: ``rows`` of cells, none in running text."""

    text: str
    rows: tuple[tuple[str, ...], ...]

    @property
    def columns(self) -> int:
        """How many cells the longest row has."""
        return max(map(len, self.rows))

    @property
    def headed(self) -> bool:
        """Whether the first row names the columns: it fills them all, and more rows follow."""
        return len(self.rows) > 1 and len(self.rows[0]) == self.columns and all(self.rows[0])


def blocks(text: str) -> list[Block]:
    """Return ``text`` as running text and tables, in order.

    Nothing is lost: lines with a tab are rows of a table, and so is a line without one between
    two rows (a heading inside the table).
    """
    lines = text.split("\n")
    tabbed = ["\t" in line for line in lines]
    for at in range(1, len(lines) - 1):
        tabbed[at] = tabbed[at] or (tabbed[at - 1] and tabbed[at + 1])
    found: list[Block] = []
    for is_table, same in groupby(zip(tabbed, lines, strict=True), key=lambda pair: pair[0]):
        part = [line for _, line in same]
        rows = tuple(tuple(cell.strip() for cell in line.split("\t")) for line in part)
        found.append(Block("\n".join(part), rows if is_table else ()))
    return found
