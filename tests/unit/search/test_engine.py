"""The engine alone: what finds what, in which order, and what happens to damaged files."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest

from consult.search.engine import Changes, Doc, IndexUnavailable, SearchQuery
from consult.search.whoosh_engine import WhooshEngine

DOCS = [
    Doc("round-1", "round", 1, "Lấy ý kiến phản biện xã hội", "Về hòa giải ở cơ sở", True),
    Doc("provision-1-5", "provision", 1, "Điều 5. Đãi ngộ", "Hỗ trợ nhà ở 5 triệu đồng", True),
    Doc("provision-1-15", "provision", 1, "Điều 15. Khác", "Phân biệt các loại", True),
    Doc("point-9", "point", 1, "Điều 5", "Nên đãi ngộ cao hơn", False, "disagree"),
    Doc("point-10", "point", 2, "Điều 1", "Ông nói phan bien khong dau", True, "agree"),
]


@pytest.fixture
def engine(tmp_path: Path) -> WhooshEngine:
    engine = WhooshEngine(tmp_path / "index")
    engine.rebuild(lambda: DOCS)
    return engine


def keys(engine: WhooshEngine, text: str, **filters: object) -> list[str]:
    query = SearchQuery(text, **{"restricted": True} | filters)  # type: ignore[arg-type]
    return [hit.key for hit in engine.search(query)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("phan bien", {"round-1", "point-10"}),
        ("dieu 5", {"provision-1-5", "point-9"}),
        ("DAI NGO", {"provision-1-5", "point-9"}),
        ("đãi ngộ", {"provision-1-5", "point-9"}),
        ("hoà giải", {"round-1"}),
        ("dong tro", set()),  # two syllables apart are not the words
        ('"nhà ở"', {"provision-1-5"}),
        ('"nha o"', {"provision-1-5"}),
        ('"ở nhà"', set()),
        ('"ngộ hỗ"', set()),  # the end of a title and the beginning of the text
        ("xyz", set()),
        ("", set()),
    ],
)
def test_what_finds_what(engine: WhooshEngine, text: str, expected: set[str]) -> None:
    assert set(keys(engine, text)) == expected


def test_any_word_is_enough_on_request(engine: WhooshEngine) -> None:
    assert keys(engine, "giám khong") == []
    assert keys(engine, "giám khong", any_word=True) == ["point-10"]


def test_exact_spelling_comes_first(engine: WhooshEngine) -> None:
    assert keys(engine, "phản biện")[0] == "round-1"
    assert set(keys(engine, "phản biện")) == {"round-1", "point-10"}


def test_common_words_rank_by_their_rarest_pair(
    engine: WhooshEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.search.ranking._COMMON", 0)
    assert keys(engine, "phản biện")[0] == "round-1"
    assert set(keys(engine, "phan bien xa hoi")) == {"round-1"}
    assert keys(engine, "dong tro") == []


def test_threads_share_one_reader(engine: WhooshEngine) -> None:
    many = [Doc(f"point-{n}", "point", 3, "", f"chung {n} riêng", True) for n in range(20, 400)]
    engine.update(lambda: Changes(many))
    wrong: list[object] = []

    def ask(word: str, expected: int) -> None:
        try:
            for n in range(20):
                found = keys(engine, f"{word} {20 + n}" if expected == 1 else word, limit=999)
                if len(found) != expected:
                    wrong.append((word, n, len(found)))
        except Exception as error:
            wrong.append(error)

    asked = [("chung", 380), ("chung", 1), ("rieng", 380), ("chung", 1)]
    threads = [threading.Thread(target=ask, args=each) for each in asked]
    for thread in threads:
        thread.start()
    engine.update(lambda: Changes([], gone=("round-1",)))
    for thread in threads:
        thread.join(60)
    assert wrong == []


def test_the_restricted_index_is_asked_on_request_only(engine: WhooshEngine) -> None:
    assert keys(engine, "dai ngo", restricted=False) == ["provision-1-5"]


def test_filters(engine: WhooshEngine) -> None:
    assert keys(engine, "dieu 5", kind="point") == ["point-9"]
    assert keys(engine, "dieu 5", stance="disagree") == ["point-9"]
    assert keys(engine, "dieu 5", round_id=2) == []


def test_update_replaces_moves_and_removes(engine: WhooshEngine) -> None:
    seen_by_this_thread = keys(engine, "dai ngo")
    assert len(seen_by_this_thread) == 2
    moved = Doc("point-9", "point", 1, "Điều 5", "Nay công khai", True, "agree")
    for _ in range(2):  # repetition does no harm
        engine.update(lambda: Changes([moved], gone=("point-10",)))
        assert engine.count(1, "point") == (1, 0)
        assert engine.count(2, "point") == (0, 0)
    assert keys(engine, "cong khai", restricted=False) == ["point-9"]
    assert keys(engine, "dai ngo") == ["provision-1-5"]


def test_a_round_is_replaced_whole(engine: WhooshEngine) -> None:
    fresh = Doc("round-1", "round", 1, "Tên mới", "", True)
    engine.update(lambda: Changes([fresh], rounds=((1, ("round", "provision")),)))
    assert keys(engine, "dieu 5") == ["point-9"]
    assert keys(engine, "ten moi") == ["round-1"]


def test_what_is_read_is_read_under_the_lock(engine: WhooshEngine) -> None:
    """A slow writer's older reading never lands after a newer one."""
    texts, inside, release = ["cũ"], threading.Event(), threading.Event()

    def load() -> Changes:
        return Changes([Doc("point-9", "point", 1, "", texts[0], True)])

    def slow() -> Changes:
        changes = load()
        inside.set()
        release.wait(10)
        return changes

    first = threading.Thread(target=engine.update, args=(slow,))
    second = threading.Thread(target=engine.update, args=(load,))
    first.start()
    assert inside.wait(10)
    texts[0] = "mới"
    second.start()
    release.set()
    first.join(20)
    second.join(20)
    assert keys(engine, "moi", restricted=False) == ["point-9"]
    assert keys(engine, "cu", restricted=False) == []


def test_a_failed_update_changes_nothing(engine: WhooshEngine) -> None:
    def broken() -> Changes:
        def docs():
            yield Doc("point-11", "point", 1, "", "một hai ba", True)
            raise RuntimeError

        return Changes(docs(), gone=("round-1",))

    with pytest.raises(RuntimeError):
        engine.update(broken)
    assert "round-1" in keys(engine, "phan bien")
    assert keys(engine, "một hai ba") == []
    engine.update(lambda: Changes([], gone=("round-1",)))
    assert keys(engine, "xa hoi") == []


@pytest.mark.parametrize("damage", ["missing", "folder", "truncated", "older", "no toc"])
def test_damage_is_seen_and_healed(engine: WhooshEngine, damage: str) -> None:
    assert engine.available()
    folder = engine.root / "public"
    if damage == "missing":
        shutil.rmtree(engine.root)
    elif damage == "folder":
        shutil.rmtree(folder)
    elif damage == "truncated":
        for path in folder.glob("*.seg"):
            path.write_bytes(path.read_bytes()[:40])
    elif damage == "older":
        (folder / "form").write_text("0 abc", "ascii")
    else:
        for path in folder.glob("*.toc"):
            path.unlink()
    fresh = WhooshEngine(engine.root)
    assert not fresh.available()
    with pytest.raises(IndexUnavailable):
        fresh.update(lambda: Changes([]))
    fresh.rebuild(lambda: DOCS)
    assert set(keys(fresh, "dieu 5")) == {"provision-1-5", "point-9"}
    assert set(keys(engine, "dieu 5")) == {"provision-1-5", "point-9"}


def test_other_users_cannot_put_files_there(engine: WhooshEngine) -> None:
    assert engine.root.stat().st_mode & 0o777 == 0o700
