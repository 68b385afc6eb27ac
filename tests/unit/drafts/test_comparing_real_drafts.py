"""Real drafts edited by script and parsed again: nearly every provision is mapped rightly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from consult.drafts.comparison import compare
from consult.drafts.parsing import UnreadableDocument, parse_file
from tests.support.edited_drafts import Draft, judge
from tests.unit.drafts.files import DATA

# May name a folder with further drafts.
FOLDER = Path(os.environ.get("CONSULT_REAL_DRAFTS") or DATA)
FILES = sorted({p.name: p for folder in (FOLDER, DATA) for p in folder.glob("*.*")}.items())
SEEDS = 3


@pytest.mark.timeout(300)
def test_edited_drafts_are_mapped_rightly() -> None:
    total = right = untouched = 0
    for name, path in FILES:
        if path.suffix not in {".docx", ".doc", ".pdf", ".txt"}:
            continue
        try:
            text = parse_file(path, filename=name).text
        except UnreadableDocument:
            continue
        for seed in range(SEEDS):
            draft = Draft(text, seed)
            draft.edit(max(3, min(300, len(draft.old.provisions) // 10)))
            score, _, _ = judge(draft)
            total, right = total + score.total, right + score.right
            untouched += score.untouched_changed
            # Small drafts have few provisions: one fault is several per cent there.
            assert score.total - score.right <= max(3, 0.02 * score.total), (name, score.wrong)
    assert total > 5_000
    assert untouched == 0
    assert right >= 0.985 * total


def test_a_real_draft_is_unchanged_against_itself() -> None:
    draft = Draft(parse_file(DATA / "LBH-2025.txt", filename="LBH-2025.txt").text, 0)
    score, comparison, _ = judge(draft)
    assert {c.kind for c in comparison.changes} == {"unchanged"}
    assert score.share == 1


@pytest.mark.timeout(300)
def test_revised_drafts_are_mapped_rightly() -> None:
    total = right = 0
    for name, path in FILES:
        if path.suffix not in {".docx", ".pdf", ".txt"}:
            continue
        try:
            text = parse_file(path, filename=name).text
        except UnreadableDocument:
            continue
        draft = Draft(text, 7)
        draft.revise(3)
        score, comparison, _ = judge(draft)
        total, right = total + score.total, right + score.right
        assert score.untouched_changed == 0, (name, score.wrong)
        unlike = [c for c in comparison.changes if c.old and c.new and c.similarity < 0.15]
        assert all(c.doubtful for c in unlike), name
    assert total > 1_000
    assert right >= 0.98 * total


def test_other_drafts_are_not_versions_of_each_other() -> None:
    texts = [(p.name, parse_file(p, filename=p.name)) for _, p in FILES if p.suffix == ".txt"]
    old = next(document for name, document in texts if name == "LBH-2025.txt")
    others = [document for name, document in texts if name != "LBH-2025.txt"]
    assert others
    for new in others:
        changes = compare(old.provisions, new.provisions).changes
        kept = [c for c in changes if c.old and c.new]
        assert len(kept) <= 0.05 * len(changes)
        assert all(c.doubtful for c in kept)
