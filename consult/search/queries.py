"""Searching: hits from the index, asked about and read again in the database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, load_only, selectinload

from consult.accounts.models import User
from consult.consultations.models import Consultation, Stage
from consult.core.db import db
from consult.drafts.models import Provision
from consult.search.engine import Hit, SearchEngine, SearchQuery
from consult.search.highlight import holds_pair, passage
from consult.search.terms import Terms, parse_query
from consult.submissions.models import Authorship, Point, Stance, Submission
from consult.submissions.queries import Contributor, contributor, standing

PAGE_SIZE = 20
May = Callable[[str, Any], bool]


class Facet(Struct, frozen=True):
    """One way to narrow: its value, what to call it and how many of the hits have it."""

    value: str
    label: str
    count: int
    chosen: bool


class Item(Struct, frozen=True):
    """One thing found, as it may be shown: ``title`` and ``passage`` are marked, safe HTML.

    ``anchor`` is the key of the provision; ``code``, ``author`` and the number of ``files`` are of
    points.
    """

    kind: str
    id: int
    round: Consultation
    title: Markup
    passage: Markup
    citation: str = ""
    anchor: str = ""
    code: str = ""
    stance: Stance | None = None
    author: Contributor | None = None
    files: int = 0


class Results(Struct, frozen=True):
    """One page of what was found. ``total`` counts what the person may read.

    ``more`` says that only the best hits were looked at, so there may be others; ``partial``
    that nothing holds the words together, so these hold some of them.
    """

    terms: Terms
    rows: list[Item]
    number: int
    total: int
    more: bool
    partial: bool
    kinds: list[Facet]
    rounds: list[Facet]
    stances: list[Facet]
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))


def search(engine: SearchEngine, query: SearchQuery, may: May, *, page: int = 1) -> Results:
    """Return page ``page`` of what ``query`` finds, as far as ``may(permission, subject)``.

    A facet counts what the words and the other filters find. Four queries, and two more when
    nothing holds the words together, whatever is found. Raises IndexUnavailable.
    """
    terms = parse_query(query.text)
    found = _ask(engine, query, may)
    # Decided by what may be read: the index must not tell of what is hidden.
    partial = not found.counted
    if partial:
        found = _ask(engine, replace(query, any_word=True), may)
    readable, shown = found.readable, found.shown
    page = min(page, max(1, -(-len(shown) // PAGE_SIZE)))
    return Results(
        terms=terms,
        rows=readable.items(shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], terms),
        number=page,
        total=len(shown),
        more=any(
            sum(hit.public is public for hit in shown) >= query.limit for public in (True, False)
        ),
        partial=partial,
        kinds=_facet(found.counted, query, "kind"),
        rounds=_facet(found.counted, query, "round_id", readable.rounds),
        stances=_facet(found.counted, query, "stance"),
    )


class _Found(Struct, frozen=True):
    """Hits that may be shown: those that pass the filters, and all that the words find."""

    readable: _Readable
    shown: list[Hit]
    counted: list[Hit]


def _ask(engine: SearchEngine, query: SearchQuery, may: May) -> _Found:
    words = replace(query, kind="", round_id=None, stance="")
    all_hits = engine.search(words)
    hits = all_hits if words == query else engine.search(query)
    readable = _Readable([*all_hits, *hits], may)
    return _Found(readable, readable.only(hits), readable.only(all_hits))


def _facet(
    hits: list[Hit], query: SearchQuery, name: str, rounds: dict[int, Consultation] | None = None
) -> list[Facet]:
    """Count the values of ``name`` among the hits that pass the other filters."""
    others = [
        (other, getattr(query, other))
        for other in ("kind", "round_id", "stance")
        if other != name and getattr(query, other)
    ]
    counts = Counter(
        getattr(hit, name)
        for hit in hits
        if getattr(hit, name) and all(getattr(hit, other) == value for other, value in others)
    )
    chosen = getattr(query, name)
    if chosen and chosen not in counts and (rounds is None or chosen in rounds):
        counts[chosen] = 0
    return [
        Facet(str(value), rounds[value].title if rounds else str(value), count, value == chosen)
        for value, count in counts.most_common()
    ]


class _Readable:
    """Which hits may be read: asked of the policy, about rows as they are now."""

    def __init__(self, hits: Iterable[Hit], may: May) -> None:
        hits = list(hits)
        round_ids = {hit.round_id for hit in hits}
        self.rounds = {
            round_.id: round_
            for round_ in db.session.scalars(
                select(Consultation).where(Consultation.id.in_(round_ids))
            )
            if round_.stage is not Stage.PREPARING and may("round.read", round_)
        }
        self.points = {
            point.id: point
            for point in self._points({hit.subject_id for hit in hits if hit.kind == "point"})
            if may("point.read", point)
        }

    def _points(self, ids: set[int]) -> Iterable[Point]:
        """Read what the policy looks at, and no texts."""
        if not ids:
            return []
        return db.session.scalars(
            select(Point)
            .join(Point.submission)
            .join(Submission.authorship)
            .options(
                load_only(Point.consultation_id, Point.received_at, raiseload=True),
                contains_eager(Point.submission)
                .load_only(Submission.consultation_id)
                .contains_eager(Submission.authorship)
                .load_only(Authorship.user_id, Authorship.tag, Authorship.identity),
            )
            .where(
                Point.id.in_(ids),
                Point.consultation_id.in_(self.rounds),
                Point.hidden_at.is_(None),
                *standing(),
            )
        )

    def only(self, hits: Iterable[Hit]) -> list[Hit]:
        """Return those of ``hits`` that may be shown, in their order."""
        return [
            hit
            for hit in hits
            if hit.round_id in self.rounds
            and (hit.kind != "point" or hit.subject_id in self.points)
        ]

    def items(self, hits: list[Hit], terms: Terms) -> list[Item]:
        """Read the texts of ``hits`` and mark what was found in them; three queries."""
        provisions = _provisions({h.subject_id for h in hits if h.kind == "provision"})
        points = _points_in_full({h.subject_id for h in hits if h.kind == "point"})
        items: list[Item] = []
        for hit in hits:
            round_ = self.rounds[hit.round_id]
            if hit.kind == "round":
                items.append(_round_item(round_, terms))
            elif hit.kind == "provision" and hit.subject_id in provisions:
                items.append(_provision_item(provisions[hit.subject_id], round_, terms))
            elif hit.kind == "point" and hit.subject_id in points:
                items.append(_point_item(points[hit.subject_id], round_, terms))
        return items


def _provisions(ids: set[int]) -> dict[int, Provision]:
    if not ids:
        return {}
    found = db.session.scalars(select(Provision).where(Provision.id.in_(ids)))
    return {provision.id: provision for provision in found}


def _points_in_full(ids: set[int]) -> dict[int, Point]:
    if not ids:
        return {}
    found = db.session.scalars(
        select(Point)
        .options(
            joinedload(Point.submission)
            .joinedload(Submission.authorship)
            .options(
                joinedload(Authorship.user).lazyload(User.roles),
                joinedload(Authorship.organisation),
            ),
            joinedload(Point.provision),
            selectinload(Point.attachments),
        )
        .where(Point.id.in_(ids))
        .execution_options(populate_existing=True)
    )
    return {point.id: point for point in found}


def _shown(title: str, text: str, terms: Terms) -> tuple[Markup, Markup]:
    """Mark title and text; single syllables only where neither holds two neighbours."""
    singles = not (holds_pair(title, terms) or holds_pair(text, terms))
    return (
        passage(title, terms, length=160, singles=singles),
        passage(text, terms, singles=singles),
    )


def _round_item(round_: Consultation, terms: Terms) -> Item:
    return Item("round", round_.id, round_, *_shown(round_.title, round_.summary, terms))


def _provision_item(provision: Provision, round_: Consultation, terms: Terms) -> Item:
    name = f"{provision.citation}. {provision.title}" if provision.title else provision.citation
    return Item(
        "provision",
        provision.id,
        round_,
        *_shown(name, provision.text, terms),
        citation=provision.citation,
        anchor=provision.key,
    )


def _point_item(point: Point, round_: Consultation, terms: Terms) -> Item:
    text = point.argument
    if point.proposed_wording:
        text = f"{text}\n{point.proposed_wording}"
    citation = point.provision.citation if point.provision else ""
    return Item(
        "point",
        point.id,
        round_,
        *_shown(citation, text, terms),
        citation=citation,
        anchor=point.provision.key if point.provision else "",
        code=point.code,
        stance=point.stance,
        author=contributor(point.submission.authorship),
        files=len(point.attachments),
    )
