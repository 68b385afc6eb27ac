"""What an official document of running text holds: one content for its Word file and its PDF."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from consult.documents.model import Letterhead, Signature


class Heading(Struct, frozen=True):
    """A heading in the body, numbering included; it stays with what follows."""

    text: str


class Words(Struct, frozen=True):
    """What somebody wrote or the form says: a paragraph for each of its lines.

    ``lead`` stands before the first line in italics and says what the words are.
    """

    text: str
    lead: str = ""


class Column(Struct, frozen=True):
    """A column of a table: its name, its share of the width, how its cells stand."""

    name: str
    share: float
    align: Literal["left", "center"] = "left"


class Table(Struct, frozen=True):
    """A ruled table of plain texts, a cell for each column in every row (at least one)."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


Block = Heading | Words | Table


class Official(Struct, frozen=True):
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
