"""Near-duplicates: which texts are one campaign's, and what each member added or left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from consult.summaries.engine import guard
from consult.summaries.engine.courtesies import Piece, pieces
from consult.summaries.engine.signatures import Shingles
from consult.summaries.engine.wordings import Text, Wording, by_wording

CAMPAIGN = 3  # texts of one wording show that it was handed round
_CONTAINED = 0.7  # of the shorter text's shingles must be in the longer one
_ALIKE = 0.5  # Jaccard over shingles for two texts that nothing else shows to be a campaign
_ALIKE_CAMPAIGN = 0.3  # for an addition to a campaign's wording
_ALIKE_REPLACED = 0.7  # when sentences were put in others' places
_ALIKE_ADDED = 0.12  # for one or two sentences added to a campaign's short wording
_FEW = 2  # sentences
_SHARED = 4  # shingles; fewer in common is a phrase, not a text
_LONG_SENTENCE = 6  # words; shorter ones are in texts of every kind
_BUCKET = 24  # leaders that one band or sentence may point to, the largest first
_SENTENCE_WEIGHT = 4  # bands that a shared sentence is worth
_NEAREST = 16  # leaders whose shingles a text is compared with
_TRIES = 6  # leaders that a text is held against


class Difference(Struct, frozen=True):
    """Words that only one of two texts has: ``text`` is exactly its ``[start:end]``."""

    start: int
    end: int
    text: str


class Member(Struct, frozen=True):
    """A text folded under a leader: the same words ("exact"), or with differences ("near").

    ``added`` are sentences that the leader has not (places in the member's text), ``missing``
    those of the leader that the member has not (places in the leader's text).
    """

    id: int
    how: Literal["exact", "near"]
    added: tuple[Difference, ...] = ()
    missing: tuple[Difference, ...] = ()


class Group(Struct, frozen=True):
    """A leader, the texts folded under it in order of id, and how many authors they have.

    A text without an author key counts as an author of its own.
    """

    leader: int
    members: tuple[Member, ...]
    authors: int

    @property
    def size(self) -> int:
        """The number of texts, the leader among them."""
        return 1 + len(self.members)


class _Cluster:
    """Wordings around the most frequent one."""

    def __init__(self, hub: Wording) -> None:
        self.hub = hub
        self.others: list[Wording] = []
        self._senses: dict[str, frozenset[tuple[str, ...]]] = {}

    def contradicts(self, wording: Wording) -> bool:
        """Return whether a member has the same sentence as ``wording``, turned otherwise.

        Two members may not add one sentence, once denied and once not.
        """
        self._senses = self._senses or dict(self.hub.senses)
        return any(self._senses.get(key, sense) != sense for key, sense in wording.senses.items())

    def add(self, wording: Wording) -> None:
        """Take ``wording`` in; it contradicts nothing."""
        self.others.append(wording)
        self._senses |= wording.senses


def groups(texts: Iterable[Text]) -> list[Group]:
    """Return every text in exactly one group, in order of the leaders' ids.

    The leader is the smallest id of the group's most frequent wording. Letter case,
    diacritics, punctuation, white space, greeting, closing and signature make no difference
    (see ``courtesies``); a denial, an opposite, a stance, a figure or a provision always does
    (see ``guard``). The order of ``texts`` does not matter. Raises ValueError where an id comes
    twice.
    """
    ordered = sorted(texts, key=lambda text: text.id)
    if len({text.id for text in ordered}) < len(ordered):
        raise ValueError("Two texts have the same id.")
    wordings, empty = by_wording(ordered)
    found = [_group(cluster) for cluster in _clusters(wordings)]
    found += [Group(text.id, (), 1) for text in empty]
    return sorted(found, key=lambda group: group.leader)


def _clusters(wordings: list[Wording]) -> list[_Cluster]:
    """Return clusters: each wording joins the nearest earlier hub that allows it, or is one."""
    shingles = Shingles([wording.words for wording in wordings])
    sets = [shingles.of(n) for n in range(len(wordings))]
    buckets = _buckets(wordings, shingles.bands())
    hubs: dict[int | str, list[int]] = {}
    clusters: dict[int, _Cluster] = {}
    for wording in wordings:
        mine = buckets[wording.rank]
        cluster = _joined(wording, [clusters[rank] for rank in _nearest(mine, hubs)], sets)
        if cluster is not None:
            cluster.add(wording)
            continue
        clusters[wording.rank] = _Cluster(wording)
        for bucket in mine:
            there = hubs.setdefault(bucket, [])
            if len(there) < _BUCKET:
                there.append(wording.rank)
    return list(clusters.values())


def _nearest(mine: list[int | str], hubs: dict[int | str, list[int]]) -> list[int]:
    """Return the hubs that share the most with a wording; a sentence counts for more."""
    votes: dict[int, int] = {}
    for bucket in mine:
        weight = 1 if isinstance(bucket, int) else _SENTENCE_WEIGHT
        for rank in hubs.get(bucket, ()):
            votes[rank] = votes.get(rank, 0) + weight
    ordered = sorted((-count, rank) for rank, count in votes.items())
    return [rank for _count, rank in ordered[:_NEAREST]]


def _buckets(wordings: list[Wording], bands: list[list[int]]) -> list[list[int | str]]:
    """Return for each wording the bands and long sentences that it shares with others."""
    often = Counter(key for wording in wordings for key in _sentences(wording))
    return [
        [*bands[n], *(key for key in _sentences(wording) if often[key] > 1)]
        for n, wording in enumerate(wordings)
    ]


def _sentences(wording: Wording) -> list[str]:
    return sorted({p.key for p in wording.pieces if len(p.words) >= _LONG_SENTENCE})


def _joined(
    wording: Wording, near: Iterable[_Cluster], sets: list[frozenset[int]]
) -> _Cluster | None:
    """Return the cluster that a wording belongs to, the nearest one first, or None."""
    mine = sets[wording.rank]
    ranked: list[tuple[float, int, _Cluster]] = []
    for cluster in near:
        other = sets[cluster.hub.rank]
        shared = len(mine & other)
        jaccard = shared / (len(mine) + len(other) - shared)
        contained = shared >= _CONTAINED * min(len(mine), len(other))
        if contained and shared >= _SHARED and jaccard >= _enough(cluster.hub, wording):
            ranked.append((-jaccard, cluster.hub.rank, cluster))
    ranked.sort(key=lambda row: row[:2])
    for nearness, _rank, cluster in ranked[:_TRIES]:
        replaced = -nearness >= _ALIKE_REPLACED
        if not cluster.contradicts(wording) and guard.allows(
            cluster.hub.pieces, wording.pieces, replaced=replaced
        ):
            return cluster
    return None


def _enough(hub: Wording, wording: Wording) -> float:
    """Return the Jaccard index from which ``wording`` may be held against ``hub``."""
    if len(hub.texts) < CAMPAIGN:
        return _ALIKE
    known = {piece.key for piece in hub.pieces}
    own = sum(piece.key not in known for piece in wording.pieces)
    only_adds = known <= {piece.key for piece in wording.pieces}
    return _ALIKE_ADDED if only_adds and own <= _FEW else _ALIKE_CAMPAIGN


def _group(cluster: _Cluster) -> Group:
    leader = cluster.hub.texts[0]
    said = pieces(leader.text) if cluster.others else []
    members = [Member(text.id, "exact") for text in cluster.hub.texts[1:]]
    for wording in cluster.others:
        for text in wording.texts:
            found = pieces(text.text)
            gone, come = guard.parted(said, found)
            added, missing = _spans(text, found, come), _spans(leader, said, gone)
            members.append(Member(text.id, "near", added, missing))
    everyone = [*cluster.hub.texts, *(text for other in cluster.others for text in other.texts)]
    named = {text.author for text in everyone if text.author is not None}
    unnamed = sum(text.author is None for text in everyone)
    members.sort(key=lambda member: member.id)
    return Group(leader.id, tuple(members), len(named) + unnamed)


def _spans(text: Text, every: list[Piece], some: list[Piece]) -> tuple[Difference, ...]:
    """Return the places of some of a text's sentences, neighbours as one."""
    spans: list[list[int]] = []
    wanted = {piece.start for piece in some}
    joins = False
    for piece in every:
        if piece.start not in wanted:
            joins = False
        elif joins:
            spans[-1][1] = piece.end
        else:
            spans.append([piece.start, piece.end])
            joins = True
    return tuple(Difference(start, end, text.text[start:end]) for start, end in spans)
