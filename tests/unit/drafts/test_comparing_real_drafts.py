"""Real drafts edited by script and parsed again: nearly every provision is mapped rightly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
