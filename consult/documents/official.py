"""What an official document of running text holds: one content for its Word file and its PDF."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.documents.layout import format_number_vn
from consult.documents.model import Letterhead, Signature


class Heading(Struct, frozen=True):
    """A heading in the body, numbering included; it stays with what follows."""

    text: str


class Words(Struct, frozen=True):
    """What somebody wrote or the form says: a paragraph for each of its lines.

    ``lead`` stands before the first line in italics and says what the words are; ``keep`` holds
    the words on one page with what follows.
    """

    text: str
    lead: str = ""
    keep: bool = False


class Column(Struct, frozen=True):
    """A column of a table: its name, its share of the width, how its cells stand."""

    name: str
    share: float
    align: Literal["left", "center"] = "left"


class Table(Struct, frozen=True):
    """A ruled table of plain texts, a cell for each column in every row (at least one)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


class Quote(Struct, frozen=True):
    """Somebody's own words, set apart, a paragraph a line; the footnote ``note`` says whose."""

    text: str
    note: str


class Bars(Struct, frozen=True):
    """Counts drawn as bars of one scale, at least one row.

    ``parts`` names what is counted in each row, up to as many as there are `SHADES`; a row is
    its name and its counts, in the order of ``parts``. ``heads`` stand over name and numbers.
    """

    heads: tuple[str, str]
    parts: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def longest(self) -> int:
        """The sum of the greatest row, the whole of the scale; at least one."""
        return max(1, *(sum(counts) for _name, counts in self.rows))


# Dark and light by turns, so that they differ on a black and white print too.
SHADES = ("1B4F72", "7FB3D5", "C0392B", "D5D8DC")
Block = Heading | Words | Table | Quote | Bars


def counted(counts: tuple[int, ...]) -> str:
    """Return the sum of a row of bars and its parts: "1.025 (12 / 1.013)"."""
    parts = " / ".join(format_number_vn(count) for count in counts)
    return f"{format_number_vn(sum(counts))} ({parts})"


class Annex(Struct, frozen=True):
    """What follows the signatures on pages of its own."""

    title: str
    blocks: tuple[Block, ...]


class Official(Struct, frozen=True):
    """A document on portrait paper.

    ``state`` says under the subject what the document lacks ("" for nothing). One signature
    stands on the right, with ``recipients`` on the left if there are any; two stand side by side,
    the one who chaired on the right; there may be none. ``small_print`` closes the document,
    ``annexes`` come after it.
    """

    letterhead: Letterhead
    title: str
    subject: str
    state: str
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...]
    recipients: tuple[str, ...] = ()
    small_print: tuple[str, ...] = ()
    annexes: tuple[Annex, ...] = ()
