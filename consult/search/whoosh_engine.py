"""Whoosh's only door: two index folders, one for everybody's texts and one for the rest."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# (Whoosh ships no types.)
from __future__ import annotations

import fcntl
import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from heapq import nsmallest
from itertools import islice
from pathlib import Path
from typing import Any

from consult.search.engine import Changes, Doc, Hit, IndexBusy, IndexUnavailable, SearchQuery
from consult.search.ranking import rank
from consult.search.terms import Terms, pairs, parse_query, tokens
from consult.search.whoosh_reader import Reader, open_index

# Another number here makes every installation rebuild its index.
FORM = "2"
PUBLIC, RESTRICTED = "public", "restricted"
PLACES = (PUBLIC, RESTRICTED)
WAIT_SECONDS = 30
_CHUNK = 500
log = logging.getLogger(__name__)


def _schema() -> Any:
    from whoosh.analysis import SpaceSeparatedTokenizer
    from whoosh.fields import ID, KEYWORD, TEXT, Schema

    words = SpaceSeparatedTokenizer()
    return Schema(
        key=ID(stored=True, unique=True),
        kind=ID(stored=True),
        round=ID(stored=True),
        stance=ID(stored=True),
        title=TEXT(analyzer=words),
        body=TEXT(analyzer=words),
        folded=TEXT(analyzer=words),
        folded_title=TEXT(analyzer=words, phrase=False),
        pairs=KEYWORD(scorable=True),
    )


def _fields(doc: Doc) -> dict[str, str]:
    title, body = list(tokens(doc.title)), list(tokens(doc.body))
    folded = [[token.folded for token in part] for part in (title, body)]
    return {
        "key": doc.key,
        "kind": doc.kind,
        "round": str(doc.round_id),
        "stance": doc.stance,
        "title": " ".join(token.exact for token in title),
        "body": " ".join(token.exact for token in body),
        # The bar keeps the end of a title and the beginning of a text from being neighbours.
        "folded_title": " ".join(folded[0]),
        "folded": " ".join([*folded[0], "|", *folded[1]]),
        "pairs": " ".join([*pairs(folded[0]), *pairs(folded[1])]),
    }


class WhooshEngine:
    """The engine over the folders ``public`` and ``restricted`` in ``root``.

    Each folder has one reader, brought up to date at each search. Threads take turns with it:
    it stands at one place of its file, and several would gain nothing, being Python all along.
    Writers take one lock over both folders. Index files are unpickled, so ``root`` is closed to
    other users.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._turn = threading.Lock()
        self._known: dict[str, tuple[str, Reader]] = {}

    # --- reading

    def available(self) -> bool:
        """Return whether both folders open and answer a trivial question."""
        try:
            with self._turn:
                for place in PLACES:
                    self._reader(place).count(_everything())
        except IndexUnavailable:
            return False
        except Exception:
            log.exception("the search index cannot be read")
            return False
        return True

    def search(self, query: SearchQuery) -> list[Hit]:
        """Return the best hits of the folders that the query asks, best first."""
        terms = parse_query(query.text)
        if not terms:
            return []
        with self._turn:
            hits = [
                hit
                for place in (PLACES if query.restricted else (PUBLIC,))
                for hit in self._hits(place, query, terms)
            ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.key))

    def _hits(self, place: str, query: SearchQuery, terms: Terms) -> list[Hit]:
        reader = self._reader(place)
        scores = reader.remember(
            (terms, query.any_word), lambda: rank(reader, terms, any_word=query.any_word)
        )
        texts = set(scores)
        for name, value in _filters(query):
            texts &= reader.having(name, value)
        best = nsmallest(query.limit, texts, key=lambda text: (-scores[text], text))
        return [_hit(reader.stored(text), place, scores[text]) for text in best]

    def count(self, round_id: int, kind: str) -> tuple[int, int]:
        """Return how many documents of that kind the round has: (public, restricted)."""
        question = _those(round_id, kind)
        with self._turn:
            public, restricted = (self._reader(place).count(question) for place in PLACES)
        return public, restricted

    def _reader(self, place: str) -> Reader:
        folder = self.root / place
        try:
            mark = (folder / "form").read_text("ascii")
        except OSError as error:
            raise IndexUnavailable(place) from error
        if mark.split(" ")[0] != FORM:
            raise IndexUnavailable(place)
        known = self._known.pop(place, None)
        try:
            if known is not None and known[0] == mark and known[1].fresh():
                self._known[place] = known
                return known[1]
            if known is not None:
                known[1].close()
            # Not Searcher.refresh(): in whoosh-reloaded 2.7.5 it brings deleted texts back.
            reader = Reader(folder)
        except Exception as error:
            # What a damaged file raises depends on the damage.
            log.warning("the %s index cannot be opened: %r", place, error)
            raise IndexUnavailable(place) from error
        self._known[place] = (mark, reader)
        return reader

    # --- writing

    def update(self, load: Callable[[], Changes]) -> None:
        """Apply the changes in one commit a folder; see `SearchEngine.update`."""
        with self._lock(), ExitStack() as opened:
            if not self.available():
                raise IndexUnavailable(str(self.root))
            writers = {place: opened.enter_context(_writing(self.root / place)) for place in PLACES}
            changes = load()
            for writer in writers.values():
                for round_id, kinds in changes.rounds:
                    for kind in kinds:
                        writer.delete_by_query(_those(round_id, kind))
            _delete(writers, changes.gone)
            for chunk in _chunks(changes.docs):
                _delete(writers, [doc.key for doc in chunk])
                _add(writers, chunk)

    def rebuild(self, load: Callable[[], Iterable[Doc]]) -> None:
        """Build both folders anew beside the old ones, then put them in their place."""
        with self._lock():
            fresh = {place: self.root / f"{place}.new" for place in PLACES}
            for folder in fresh.values():
                _create(folder)
            with ExitStack() as opened:
                writers = {p: opened.enter_context(_writing(f)) for p, f in fresh.items()}
                for chunk in _chunks(load()):
                    _add(writers, chunk)
            for place, folder in fresh.items():
                (folder / "form").write_text(f"{FORM} {secrets.token_hex(8)}", "ascii")
                self._replace(place, folder)

    def _replace(self, place: str, fresh: Path) -> None:
        current, old = self.root / place, self.root / f"{place}.old"
        shutil.rmtree(old, ignore_errors=True)
        if current.exists():
            current.rename(old)
        fresh.rename(current)
        shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def _lock(self) -> Generator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        self.root.chmod(0o700)
        deadline = time.monotonic() + WAIT_SECONDS
        descriptor = os.open(self.root / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise IndexBusy(str(self.root)) from None
                    time.sleep(0.1)
            yield
        finally:
            os.close(descriptor)


def _create(folder: Path) -> None:
    from whoosh.index import create_in

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    create_in(str(folder), _schema())


@contextmanager
def _writing(folder: Path) -> Generator[Any]:
    writer = open_index(folder).writer(timeout=WAIT_SECONDS, limitmb=64)
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def _chunks(docs: Iterable[Doc]) -> Iterator[list[Doc]]:
    waiting = iter(docs)
    while chunk := list(islice(waiting, _CHUNK)):
        yield list({doc.key: doc for doc in chunk}.values())


def _delete(writers: dict[str, Any], gone: Iterable[str]) -> None:
    from whoosh.query import Or, Term

    terms = [Term("key", key) for key in gone]
    if terms:
        for writer in writers.values():
            writer.delete_by_query(Or(terms))


def _add(writers: dict[str, Any], docs: Iterable[Doc]) -> None:
    for doc in docs:
        writers[PUBLIC if doc.public else RESTRICTED].add_document(**_fields(doc))


def _everything() -> Any:
    from whoosh.query import Every

    return Every()


def _those(round_id: int, kind: str) -> Any:
    from whoosh.query import And, Term

    return And([Term("round", str(round_id)), Term("kind", kind)])


def _filters(query: SearchQuery) -> list[tuple[str, str]]:
    values = {
        "kind": query.kind,
        "round": "" if query.round_id is None else str(query.round_id),
        "stance": query.stance,
    }
    return [(name, value) for name, value in values.items() if value]


def _hit(stored: dict[str, str], place: str, score: float) -> Hit:
    return Hit(
        key=stored["key"],
        kind=stored["kind"],
        subject_id=int(stored["key"].rpartition("-")[2]),
        round_id=int(stored["round"]),
        stance=stored.get("stance", ""),
        public=place == PUBLIC,
        score=score,
    )
