"""Measuring the lines on texts with known summaries, beside three plain ways of choosing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consult.summaries.engine.build import build
from consult.summaries.engine.counts import count, nearness, weighted
from consult.summaries.engine.rouge import rouge
from consult.summaries.engine.terms import Terms, singles
from consult.summaries.engine.texts import BadInput, Sentence, Text, parse, read

_SEED = 20260101
_RANDOM_RUNS = 5
_DAMPING, _ROUNDS = 0.85, 100
_NEAR = 0.1
_RELEVANCE = 0.6

Ranking = Callable[[Sequence[Sentence], NDArray[np.bool_]], list[NDArray[np.int64]]]


def evaluate(records: Iterable[Mapping[str, Any]], budget: int) -> dict[str, Any]:
    """Return the lines chosen for each group and, where references are known, their ROUGE.

    ``records`` are those of `build.build`; any may have ``reference`` or ``references``,
    summaries of its group by people. ``rouge`` has for the engine, for sentences at random
    (mean of five runs), for LexRank (Erkan and Radev 2004, cosines of at least 0.1, without
    regard to repetition) and for maximal marginal relevance (Carbonell and Goldstein 1998,
    relevance to the whole group weighing 0.6) the means over groups and references of ROUGE-1
    and ROUGE-2, all with the same sentences and at most ``budget`` syllables; ``people`` has the
    references against each other. Raises BadInput as `texts.parse` does.
    """
    known = list(records)
    built = build(known, budget)
    references = _references(known)
    chosen = {
        group["group"]: [line["text"] for line in group["lines"]] for group in built["groups"]
    }
    texts = sorted(parse(known), key=lambda text: text.group)
    measured: dict[str, list[dict[str, float]]] = {}
    for name, members in groupby(texts, key=lambda text: text.group):
        wanted = references.get(name, [])
        if not wanted:
            continue
        ways = {"engine": ["\n".join(chosen[name])], **_baselines(list(members), budget)}
        if len(wanted) > 1:
            measured.setdefault("people", []).append(_against_each_other(wanted))
        for way, summaries in ways.items():
            scores = [_scores(summary, one) for summary in summaries for one in wanted]
            measured.setdefault(way, []).append(_mean(scores))
    return {
        "engine": built["engine"],
        "budget": budget,
        "groups": [
            {name: group[name] for name in ("group", "lines", "syllables", "coverage")}
            for group in built["groups"]
        ],
        "rouge": {way: _mean(scores) for way, scores in measured.items()},
        "measured_groups": len(measured.get("engine", [])),
    }


def _references(records: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for record in records:
        more: Iterable[object] = record.get("references") or ()
        for text in (*more, record["reference"]) if record.get("reference") else more:
            if not isinstance(text, str):
                raise BadInput(f"a reference of the text {record.get('id')} is no text")
            found.setdefault(str(record.get("group") or ""), []).append(text)
    return found


def _scores(summary: str, reference: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for size in (1, 2):
        score = rouge(summary, reference, size)
        found |= {f"rouge{size}": score.f1, f"rouge{size}_recall": score.recall}
    return found


def _mean(scores: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {name: round(fmean(score[name] for score in scores), 6) for name in scores[0]}


def _against_each_other(references: Sequence[str]) -> dict[str, float]:
    return _mean(
        [_scores(one, other) for one in references for other in references if one is not other]
    )


def _baselines(texts: Sequence[Text], budget: int) -> dict[str, list[str]]:
    terms = Terms()
    found = read(texts, terms)
    stops = terms.stops()
    ways: dict[str, Ranking] = {"random": _at_random, "lexrank": _lexrank, "mmr": _mmr}
    return {
        way: [
            "\n".join(
                texts[one.text].text[one.start : one.end] for one in _filled(order, found, budget)
            )
            for order in rank(found, stops)
        ]
        for way, rank in ways.items()
    }


def _filled(order: NDArray[np.int64], found: Sequence[Sentence], budget: int) -> list[Sentence]:
    chosen: list[int] = []
    places: list[int] = order.tolist()
    for place in places:
        if len(found[place].numbers) <= budget:
            budget -= len(found[place].numbers)
            chosen.append(place)
    return [found[place] for place in sorted(chosen)]


def _at_random(found: Sequence[Sentence], stops: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    random = np.random.default_rng(_SEED)
    return [random.permutation(len(found)) for _ in range(_RANDOM_RUNS)]


def _lexrank(found: Sequence[Sentence], stops: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    every = np.arange(len(found))
    table = weighted(count([singles(sentence.numbers, stops) for sentence in found]))
    links = (nearness(table, every, every) >= _NEAR).astype(np.float64) + np.eye(len(found)) * 1e-9
    links /= links.sum(axis=1, keepdims=True)
    rank = np.full(len(found), 1 / max(len(found), 1))
    for _ in range(_ROUNDS):
        rank = (1 - _DAMPING) / len(found) + _DAMPING * rank @ links
    return [np.argsort(-np.round(rank, 12), kind="stable")]


def _mmr(found: Sequence[Sentence], stops: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    every = np.arange(len(found))
    near = nearness(
        weighted(count([singles(sentence.numbers, stops) for sentence in found])), every, every
    )
    relevance = near.mean(axis=1)
    relevance /= max(relevance.max(initial=0), 1e-12)
    said, free = np.zeros(len(found)), np.ones(len(found), np.bool_)
    order: list[int] = []
    for _ in found:
        values = np.where(free, _RELEVANCE * relevance - (1 - _RELEVANCE) * said, -np.inf)
        best = int(np.argmax(np.round(values, 12)))
        order.append(best)
        free[best], said = False, np.maximum(said, near[:, best])
    return [np.array(order, np.int64)]
