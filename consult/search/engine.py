"""What a search engine does here: the interface that Whoosh fills, and what passes through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from msgspec import Struct

KINDS = ("round", "provision", "point")


class IndexUnavailable(Exception):
    """There is no readable index yet; the scheduler makes one within a minute."""


class IndexBusy(Exception):
    """Another process is writing to the index; trying again later is right."""


class Doc(Struct, frozen=True):
    """One thing to be found. Only its words are kept, never its text.

    ``public`` says that anybody may find it; every other document goes to a second index.
    ``stance`` is empty for what has none.
    """

    key: str
    kind: str
    round_id: int
    title: str
    body: str
    public: bool
    stance: str = ""


class Changes(Struct, frozen=True):
    """Documents to add or replace; before that ``gone`` keys and whole ``rounds`` are removed.

    ``rounds`` names (round, kinds) whose documents are all replaced by those in ``docs``.
    """

    docs: Iterable[Doc]
    gone: tuple[str, ...] = ()
    rounds: tuple[tuple[int, tuple[str, ...]], ...] = ()


class SearchQuery(Struct, frozen=True):
    """What is looked for: words and filters.

    ``restricted`` also asks the second index; ``limit`` is for each of the two. With
    ``any_word`` a text need not hold the words together, any one of them is enough.
    """

    text: str
    kind: str = ""
    round_id: int | None = None
    stance: str = ""
    restricted: bool = False
    any_word: bool = False
    limit: int = 200


class Hit(Struct, frozen=True):
    """A document that matches; whether it may be shown is still to be asked."""

    key: str
    kind: str
    subject_id: int
    round_id: int
    stance: str
    public: bool
    score: float


class SearchEngine(Protocol):
    """One index behind whatever keeps it. Texts come from the database, never from here."""

    def available(self) -> bool:
        """Return whether the index is there, readable and of this release's form."""
        ...

    def update(self, load: Callable[[], Changes]) -> None:
        """Apply what ``load`` returns, in one step that readers see whole.

        ``load`` is called once nobody else can write, so that an older reading of the
        database never overwrites a newer one. Repetition does no harm. Raises IndexBusy, and
        IndexUnavailable when there is nothing to update.
        """
        ...

    def rebuild(self, load: Callable[[], Iterable[Doc]]) -> None:
        """Replace everything by what ``load`` returns; raises IndexBusy."""
        ...

    def search(self, query: SearchQuery) -> list[Hit]:
        """Return the best hits, best first. Raises IndexUnavailable."""
        ...

    def count(self, round_id: int, kind: str) -> tuple[int, int]:
        """Return how many documents of that kind the round has: (public, restricted)."""
        ...
