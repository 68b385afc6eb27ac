"""The texts that the engine reads, as they come in as JSON, and their sentences."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from consult.summaries.engine.sentences import Span, pieces, sentences
from consult.summaries.engine.terms import Numbers, Terms

Id = int | str


class BadInput(ValueError):
    """A record is not a text; the message says which and why."""


class Text(Struct, frozen=True):
    """One text with its group (a provision). ``author`` only tells authors apart.

    ``theme`` is the one that people put the text in; an ``alone`` text repeats no other.
    """

    id: Id
    group: str
    text: str
    author: str | None = None
    stance: str | None = None
    theme: str | None = None
    alone: bool = False

    @property
    def sha256(self) -> str:
        """The hash of the words, as 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


class Sentence(Struct, frozen=True):
    """The characters ``start`` to ``end`` of the text with the number ``text`` in its group."""

    text: int
    start: int
    end: int
    numbers: Numbers


def parse(records: Iterable[Mapping[str, Any]]) -> list[Text]:
    """Return the texts in the order of their ids, whatever order they came in.

    A record has ``id`` (a whole number or words), ``group``, ``text`` and perhaps ``author``,
    ``stance``, ``theme`` and ``alone``. Raises BadInput for a record without id or text and for
    an id given twice.
    """
    found: dict[Id, Text] = {}
    for place, record in enumerate(records, 1):
        id_, text = record.get("id"), record.get("text")
        if isinstance(id_, bool) or not isinstance(id_, int | str) or not isinstance(text, str):
            raise BadInput(f"record {place} needs an id and a text")
        if id_ in found:
            raise BadInput(f"the id {id_} is given twice")
        found[id_] = Text(
            id_,
            _word(record.get("group")) or "",
            text,
            _word(record.get("author")),
            _word(record.get("stance")),
            _word(record.get("theme")),
            record.get("alone") is True,
        )
    return sorted(found.values(), key=lambda text: id_order(text.id))


def id_order(id_: Id) -> tuple[bool, int, str]:
    """Return what ids are sorted by: numbers first, by size, then words."""
    return (True, 0, id_) if isinstance(id_, str) else (False, id_, "")


def _word(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


def read(texts: Sequence[Text], terms: Terms) -> list[Sentence]:
    """Return the sentences of all texts in order; a text without letters is one sentence."""
    return [
        Sentence(place, start, end, terms.read(text.text[start:end]))
        for place, text in enumerate(texts)
        for start, end in sentences(text.text) or _whole(text.text)
    ]


def _whole(text: str) -> list[Span]:
    found = pieces(text)
    return [(found[0][0], found[-1][1])] if found else []


def by_text(rows: Sequence[Numbers], found: Sequence[Sentence], count: int) -> list[Numbers]:
    """Return for each of ``count`` texts the ``rows`` of its sentences, one after the other."""
    gathered: list[list[Numbers]] = [[] for _ in range(count)]
    for row, sentence in zip(rows, found, strict=True):
        gathered[sentence.text].append(row)
    return [np.concatenate(rows) if rows else np.array([], np.int64) for rows in gathered]
