"""Postings as they are read here, against what Whoosh's own searcher makes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from whoosh.query import Phrase, Term

from consult.search.engine import Changes, Doc
from consult.search.whoosh_engine import WhooshEngine
from consult.search.whoosh_reader import Reader, open_index

WORDS = "phan bien xa hoi de nghi ho tro nha o cam ket".split()
FIELDS = ("title", "body", "folded", "folded_title", "pairs")


def docs(random: Random, numbers: range) -> list[Doc]:
    """Return points of few different words, so that all of them occur often and in a row."""

    def text(most: int) -> str:
        return " ".join(random.choice(WORDS) for _ in range(random.randint(1, most)))

    return [Doc(f"point-{n}", "point", 1, text(4), text(40), public=True) for n in numbers]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of several segments, one of more than a block of postings, with deletions."""
    engine, random = WhooshEngine(tmp_path_factory.mktemp("reader")), Random(9)
    engine.rebuild(lambda: docs(random, range(300)))
    for first in (300, 330, 20):
        gone = tuple(f"point-{n}" for n in range(first - 15, first - 5))
        engine.update(
            lambda first=first, gone=gone: Changes(docs(random, range(first, first + 20)), gone)
        )
    with open_index(engine.root / "public").reader() as made:
        assert len(made.leaf_readers()) > 1
        assert made.has_deletions()
    return engine.root / "public"


@pytest.fixture
def reader(folder: Path) -> Iterator[Reader]:
    reader = Reader(folder)
    yield reader
    reader.close()


def asked(folder: Path, query: Any) -> dict[int, float]:
    """Return the scores that Whoosh's searcher gives."""
    with open_index(folder).searcher() as searcher:
        hits = searcher.search(query, limit=None, optimize=False)
        return {hit.docnum: hit.score for hit in hits}


@pytest.mark.parametrize("name", FIELDS)
def test_scores_are_whooshs(folder: Path, reader: Reader, name: str) -> None:
    words = ["ho_tro", "phan_bien"] if name == "pairs" else WORDS
    for word in words:
        expected = asked(folder, Term(name, word, boost=1.5))
        assert len(expected) > 3
        assert reader.scores(name, word, 1.5) == pytest.approx(expected)


@pytest.mark.parametrize("among", [{0, 5, 299, 301}, set(range(0, 360, 2)), set[int]()])
def test_scores_among_some_are_the_same(reader: Reader, among: set[int]) -> None:
    for word in WORDS:
        everywhere = reader.scores("body", word)
        expected = {text: score for text, score in everywhere.items() if text in among}
        assert reader.scores("body", word, among=among) == expected


@pytest.mark.parametrize("words", ["ho tro", "ho ho", "xa hoi de", "bien"])
def test_sequences_are_whooshs_phrases(folder: Path, reader: Reader, words: str) -> None:
    expected = asked(folder, Phrase("body", words.split()))
    assert expected
    found = reader.sequences("body", words.split(), 1.0, range(400))
    assert found == pytest.approx(expected)


def test_what_is_not_there_has_no_score(reader: Reader) -> None:
    assert reader.scores("body", "khong") == {}
    assert reader.sequences("body", ["ho", "khong"], 1.0, range(400)) == {}
    assert reader.frequency("body", "khong") == 0
    assert reader.having("kind", "round") == set()


def test_an_empty_folder_answers(tmp_path: Path) -> None:
    engine = WhooshEngine(tmp_path)
    engine.rebuild(list[Doc])
    reader = Reader(tmp_path / "public")
    assert reader.scores("body", "ho") == {}
    assert reader.sequences("body", ["ho", "tro"], 1.0, []) == {}


def test_the_files_are_not_held_in_memory(folder: Path, reader: Reader) -> None:
    """Whoosh copies what it maps: the whole index, for every reader."""
    reader.scores("body", "ho")
    maps = Path("/proc/self/maps").read_text()
    assert str(folder) not in maps
