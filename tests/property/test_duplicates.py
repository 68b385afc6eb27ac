"""Whatever is written: order does not matter, each text has one group, nothing turned is folded."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from consult.core.text import fold
from consult.summaries.engine.courtesies import pieces
from consult.summaries.engine.duplicates import groups
from consult.summaries.engine.wordings import Text
from tests.support import campaigns

DENIALS = ("không", "chưa", "chẳng", "đừng", "không hề", "không nên")
SEEDS = st.integers(0, 2**32)
ANY = st.text("aăđ  \n\n.,;!?05%kôngýTrântọA\u0323", max_size=60)


@given(SEEDS, st.integers(0, 40), st.lists(ANY, max_size=5), st.randoms(use_true_random=False))
def test_any_order_gives_the_same_groups_and_each_text_is_in_one(
    seed: int, size: int, odd: list[str], order: random.Random
) -> None:
    made = [text.text for text in campaigns.planted(size, seed=seed, campaigns=2)]
    texts = [Text(n, text, str(n % 3)) for n, text in enumerate([*made, *odd])]
    found = groups(texts)
    mixed = order.sample(texts, len(texts))
    assert groups(mixed) == found
    inside = [i for group in found for i in (group.leader, *(m.id for m in group.members))]
    assert sorted(inside) == [text.id for text in texts]
    by_id = {text.id: text.text for text in texts}
    for group in found:
        for member in group.members:
            for number, differences in ((member.id, member.added), (group.leader, member.missing)):
                for part in differences:
                    assert part.text
                    assert by_id[number][part.start : part.end] == part.text
            assert member.how == "near" or not (member.added or member.missing)


@given(SEEDS, st.data())
def test_a_denial_anywhere_or_another_figure_keeps_apart(seed: int, data: st.DataObject) -> None:
    text = campaigns.ordinary(random.Random(seed))
    words = text.split(" ")
    figures = [n for n, word in enumerate(words) if word.isdecimal()]
    if data.draw(st.booleans(), "figure"):
        n = data.draw(st.sampled_from(figures))
        words[n] = str(int(words[n]) + data.draw(st.integers(1, 1000)))
    else:
        n = data.draw(st.integers(0, len(words) - 1))
        words.insert(n, data.draw(st.sampled_from(DENIALS)))
    turned = " ".join(words)
    wear = data.draw(
        st.sampled_from(
            [
                str,
                fold,
                str.upper,
                lambda t: campaigns.signed(random.Random(seed), t),
                lambda t: campaigns.with_addition(random.Random(seed), t),
            ]
        )
    )
    copies = data.draw(st.integers(1, 4), "copies")  # of a campaign the guard asks no less
    texts = [Text(n, text) for n in range(copies)] + [Text(9, wear(turned))]
    found = groups(texts)
    assert [group.size for group in found] == [copies, 1]
    assert [group.size for group in groups([Text(0, fold(text)), texts[-1]])] == [1, 1]


@given(SEEDS)
def test_what_is_added_is_added_whole_and_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    text = campaigns.ordinary(chance)
    own = chance.sample([a for a in campaigns.ADDITIONS if not any(map(str.isdecimal, a))], 2)
    longer = f"{own[0]} {text}\n{own[1]}\nTrân trọng, Nguyễn Văn An."
    found = groups([Text(n, text) for n in range(3)] + [Text(3, longer)])
    assert [group.size for group in found] == [4]
    assert [part.text for part in found[0].members[-1].added] == own
    assert not found[0].members[-1].missing


@given(ANY)
def test_sentences_are_in_order_and_exact(text: str) -> None:
    last = 0
    for piece in pieces(text):
        assert last <= piece.start < piece.end <= len(text)
        assert text[piece.start : piece.end] == text[piece.start : piece.end].strip()
        for word in piece.words:
            assert piece.start <= word.start < word.end <= piece.end
        last = piece.end
