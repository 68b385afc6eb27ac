"""What an official document of running text holds: one content for its Word file and its PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from consult.documents.model import Letterhead, Signature


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading in the body, numbering included; it stays with what follows."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote or the form says: a paragraph for each of its lines.

    ``lead`` stands before the first line in italics and says what the words are.
    """

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, its share of the width, how its cells stand."""

    name: str
    share: float
    align: Literal["left", "center"] = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table of plain texts, a cell for each column in every row (at least one)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Words | Table


@dataclass(frozen=True, slots=True)
class Official:
    """A document on portrait paper.

    ``state`` says under the subject what the document lacks ("" for nothing). One signature
    stands on the right, with ``recipients`` on the left if there are any; two stand side by side,
    the one who chaired on the right. ``small_print`` closes the document.
    """

    letterhead: Letterhead
    title: str
    subject: str
    state: str
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...]
    recipients: tuple[str, ...] = ()
    small_print: tuple[str, ...] = ()
