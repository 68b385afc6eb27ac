"""What readers hand to the recogniser: blocks of text, one paragraph or table each."""

from __future__ import annotations

from dataclasses import dataclass, field

from consult.drafts.parsing.model import ParsedWarning

# Soft hyphens, zero-width spaces and joiners: nobody sees them, and they break words for search.
_UNSEEN: dict[int, int | None] = dict.fromkeys((0xAD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
PARA = "para"
TABLE = "table"
NOTE = "note"


@dataclass(slots=True)
class Block:
    """A paragraph (one line of text) or a table (a line per row, cells parted by tabs).

    ``role`` tells what the reader already knows: "letterhead", "recipients", "signature" or "".
    ``start`` is the offset in the linear text, set by ``Source.linear``.
    """

    text: str
    kind: str = PARA
    role: str = ""
    bold: bool = False
    definite: bool = False
    start: int = 0
    line: int = 0

    @property
    def end(self) -> int:
        """Offset after the block's last character."""
        return self.start + len(self.text)


@dataclass(slots=True)
class Source:
    """A read document. ``definite`` says that paragraph limits come from the file itself.

    ``reading`` and ``reading_sample`` are as in `model.ParsedDocument`.
    """

    blocks: list[Block]
    definite: bool = False
    web: bool = False
    reading: str = ""
    reading_sample: tuple[tuple[str, str], ...] = ()
    warnings: list[ParsedWarning] = field(default_factory=list[ParsedWarning])

    def linear(self) -> str:
        """Return the linear text and set every block's offset and line number."""
        offset, line = 0, 1
        for block in self.blocks:
            block.start, block.line = offset, line
            offset += len(block.text) + 1
            line += block.text.count("\n") + 1
        return "\n".join(block.text for block in self.blocks)


def visible(text: str) -> str:
    """Return ``text`` without the characters that nobody sees."""
    return text.translate(_UNSEEN)
