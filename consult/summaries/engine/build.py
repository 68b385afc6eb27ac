"""Building a summary's material: duplicates folded, themes, lines, coverage and manifest."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
from msgspec import to_builtins
from msgspec.structs import replace
from threadpoolctl import threadpool_limits

from consult.summaries.engine import duplicates
from consult.summaries.engine.counts import count
from consult.summaries.engine.coverage import echoed
from consult.summaries.engine.doubts import doubt
from consult.summaries.engine.labels import labels
from consult.summaries.engine.lines import Line, Speaker, choose
from consult.summaries.engine.spherical import Labels
from consult.summaries.engine.taught import taught
from consult.summaries.engine.terms import Terms, pairs, singles
from consult.summaries.engine.texts import Id, Text, by_text, parse, read
from consult.summaries.engine.themes import ALONE

# Raised whenever the same texts may give another result.
VERSION = 2


def build(
    records: Iterable[Mapping[str, Any]],
    budget: int,
    tell: Callable[[int, int], None] = lambda _done, _total: None,
) -> dict[str, Any]:
    """Return what the machine proposes for every group of texts, as plain values for JSON.

    ``records`` are read by `texts.parse` (BadInput for a wrong one); ``budget`` is the
    number of syllables to quote in each group; ``tell`` hears how many texts of all are read.
    Per group: ``themes`` with labels and, of those that people made, ``known`` (see
    `taught.taught`), ``singletons``, ``duplicates`` with what each added, ``doubts`` (texts whose
    words, the characters ``start`` to ``end``, read otherwise than the stance declared),
    ``lines`` (characters ``start`` to ``end`` of the text with the ``id``), and ``coverage``:
    texts, assigned to a theme or listed as singletons, ``echoed`` (see `coverage.echoed`; an
    exact duplicate with its leader) and the ids of those ``not_echoed``. ``manifest`` has the
    hash of every text. The same texts in any order give the same result.
    """
    texts = parse(records)
    ordered = sorted(texts, key=lambda text: text.group)  # stable: in a group by id
    groups: list[dict[str, Any]] = []
    done = 0
    with threadpool_limits(1):
        for name, members in groupby(ordered, key=lambda text: text.group):
            groups.append(_group(name, list(members), budget))
            done += groups[-1]["coverage"]["texts"]
            tell(done, len(texts))
    return {
        "engine": VERSION,
        "budget": budget,
        "groups": groups,
        "coverage": {
            name: sum(group["coverage"][name] for group in groups)
            for name in ("texts", "assigned", "echoed")
        },
        "manifest": [{"id": text.id, "sha256": text.sha256} for text in texts],
    }


def to_json(result: Mapping[str, Any]) -> str:
    """Return the one way a result is written, so that equal results are equal bytes."""
    return json.dumps(result, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _group(name: str, texts: list[Text], budget: int) -> dict[str, Any]:
    folded = _folded(texts)
    leads = [group.leader for group in folded]
    leaders = [texts[lead] for lead in leads]
    terms = Terms()
    every = read(texts, terms)
    stops = terms.stops()
    place_of = {lead: place for place, lead in enumerate(leads)}
    found = [replace(each, text=place_of[each.text]) for each in every if each.text in place_of]
    rows = [
        np.concatenate([singles(each.numbers, stops), pairs(each.numbers, stops)]) for each in found
    ]
    counts = count(by_text(rows, found, len(leaders)), fewest=2)
    labelled, known = taught(counts, [_known(texts, group) for group in folded])
    assigned: list[int] = labelled.tolist()
    speakers = [
        Speaker(text.author, text.stance, theme)
        for text, theme in zip(leaders, assigned, strict=True)
    ]
    chosen = choose(found, speakers, stops, budget)
    theme_of = _unfolded(folded, assigned, texts, known)
    own = by_text([pairs(each.numbers, stops) for each in every], every, len(texts))
    quoted = [(leads[line.sentence.text], pairs(line.sentence.numbers, stops)) for line in chosen]
    said = _with_exact(folded, echoed(own, [text.stance for text in texts], quoted))
    names = labels(labelled, counts, [text.text for text in leaders], terms)
    return {
        "group": name,
        "authors": len({text.author or ("text", text.id) for text in texts}),
        "distinct": len(folded),
        "themes": [
            {
                "labels": names[theme] if theme < len(names) else [],
                "texts": _ids(texts, np.flatnonzero(theme_of == theme).tolist()),
                **({} if name_of is None else {"known": name_of}),
            }
            for theme, name_of in enumerate(known)
        ],
        "singletons": _ids(texts, np.flatnonzero(theme_of == ALONE).tolist()),
        "duplicates": [_plain(texts, group) for group in folded if group.members],
        "doubts": _doubts(texts),
        "lines": [_line(leaders[line.sentence.text], line, assigned) for line in chosen],
        "syllables": sum(len(line.sentence.numbers) for line in chosen),
        "coverage": _coverage(texts, said),
    }


def _known(texts: Sequence[Text], group: duplicates.Group) -> str | None:
    """Return the theme that people put the group's leader in, or else most of its members."""
    if texts[group.leader].theme is not None:
        return texts[group.leader].theme
    votes = Counter(filter(None, (texts[member.id].theme for member in group.members)))
    return min(votes, key=lambda name: (-votes[name], name)) if votes else None


def _unfolded(
    folded: Sequence[duplicates.Group],
    themes: Sequence[int],
    texts: Sequence[Text],
    known: list[str | None],
) -> Labels:
    """Return every text's theme: the one that people put it in, or else its leader's.

    Themes that only folded texts are in are added to ``known``.
    """
    found = np.full(len(texts), ALONE, np.int64)
    for group, theme in zip(folded, themes, strict=True):
        found[[group.leader, *(member.id for member in group.members)]] = theme
    known += sorted({text.theme for text in texts if text.theme} - set(known))
    place_of = {name: place for place, name in enumerate(known) if name is not None}
    for place, text in enumerate(texts):
        if text.theme is not None:
            found[place] = place_of[text.theme]
    return found


def _coverage(texts: Sequence[Text], said: set[int]) -> dict[str, Any]:
    return {
        "texts": len(texts),
        "assigned": len(texts),  # every one is in a theme or among the singletons
        "echoed": len(said),
        "not_echoed": _ids(texts, [place for place in range(len(texts)) if place not in said]),
    }


def _folded(texts: Sequence[Text]) -> list[duplicates.Group]:
    """Return the duplicates among texts of one stance; ids are places in ``texts``."""
    stances = sorted({text.stance or "" for text in texts})
    found = [duplicates.Group(place, (), 1) for place, text in enumerate(texts) if text.alone]
    found += [
        group
        for stance in stances
        for group in duplicates.groups(
            duplicates.Text(place, text.text, text.author)
            for place, text in enumerate(texts)
            if (text.stance or "") == stance and not text.alone
        )
    ]
    return sorted(found, key=lambda group: group.leader)


def _with_exact(folded: Sequence[duplicates.Group], said: set[int]) -> set[int]:
    """Return the echoed texts with the exact duplicates of echoed leaders."""
    return said | {
        member.id
        for group in folded
        if group.leader in said
        for member in group.members
        if member.how == "exact"
    }


def _ids(texts: Sequence[Text], places: Iterable[int]) -> list[Id]:
    return [texts[place].id for place in places]


def _plain(texts: Sequence[Text], group: duplicates.Group) -> dict[str, Any]:
    return {
        "leader": texts[group.leader].id,
        "size": group.size,
        "authors": group.authors,
        "members": [to_builtins(member) | {"id": texts[member.id].id} for member in group.members],
    }


def _doubts(texts: Sequence[Text]) -> list[dict[str, Any]]:
    found = ((text, doubt(text.stance, text.text)) for text in texts)
    return [
        {
            "id": text.id,
            "stance": text.stance,
            "text": text.text[one.start : one.end],
            **to_builtins(one),
        }
        for text, one in found
        if one is not None
    ]


def _line(text: Text, line: Line, assigned: Sequence[int]) -> dict[str, Any]:
    theme = assigned[line.sentence.text]
    return {
        "id": text.id,
        "start": line.sentence.start,
        "end": line.sentence.end,
        "text": text.text[line.sentence.start : line.sentence.end],
        "stance": text.stance,
        "theme": None if theme == ALONE else theme,
        "reason": line.reason,
    }
