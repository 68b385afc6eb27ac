"""Readers' pages of a draft's versions: its history, two versions side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from msgspec import Struct

from consult.consultations import queries as rounds
from consult.consultations.models import Consultation
from consult.core.i18n import _
from consult.core.paging import Page, page_number
from consult.core.permissions import can
from consult.core.web import route
from consult.drafts import change_queries, version_queries
from consult.drafts import queries as drafts
from consult.drafts.change_queries import MappedChange, ShownChange
from consult.drafts.models import DraftVersion
from consult.drafts.version_queries import VersionLine
from consult.reading import text_pages
from consult.reading import version_queries as read
from consult.reading.blueprint import room
from consult.reading.version_points import Near, points_near
from consult.reading.version_queries import Chapter, PointsOn
from consult.reading.version_trees import Tree, trees
from consult.responses.comparison_page import Wanted, counts, differences
from consult.responses.differences import Run

PAGE = 100


@route(
    room,
    "/drafts/<int:draft_id>",
    permission="version.read",
    load=read.public_version,
    endpoint="draft",
)
def draft(newest: DraftVersion) -> ResponseReturnValue:
    """The draft's public versions and the rounds on them, newest first."""
    on_version: defaultdict[int, list[Consultation]] = defaultdict(list)
    for round_ in _rounds(newest.draft_id):
        on_version[round_.version_id].append(round_)
    lines = version_queries.versions_of(newest.draft_id, public_only=True)
    return render_template(
        "reading/draft.html",
        newest=newest,
        lines=lines,
        states={line.id: version_queries.state(line, newest.number) for line in lines},
        rounds=on_version,
    )


def _rounds(draft_id: int) -> list[Consultation]:
    return [round_ for round_ in rounds.rounds_of_draft(draft_id) if can("round.read", round_)]


@route(
    room,
    "/versions/<int:version_id>",
    permission="version.read",
    load=drafts.version,
    endpoint="version",
)
def show_version(version: DraftVersion) -> ResponseReturnValue:
    """The text of one version, whether or not a round is on it."""
    return render_template(
        "reading/version.html", version=version, text=text_pages.version_text(version)
    )


@route(
    room,
    "/versions/<int:version_id>/text/<int:number>",
    permission="version.read",
    load=drafts.version,
)
def version_piece(version: DraftVersion, number: int) -> ResponseReturnValue:
    """One piece of the version's text: a page of its own, which the other page takes in too."""
    return render_template(
        "reading/piece.html",
        title=version.draft.title,
        url=url_for("reading.version", version_id=version.id),
        text=text_pages.version_text(version, number) if number else abort(404),
    )


@route(
    room,
    "/versions/<int:version_id>/source",
    permission="version.read",
    load=drafts.version,
)
def version_source(version: DraftVersion) -> ResponseReturnValue:
    """The file from which the version was read, as it was uploaded."""
    return text_pages.original(version)


class Card(Struct, frozen=True):
    """A change as readers see it; ``opens`` when it is the page's first of its chapter."""

    shown: ShownChange
    chapter: Chapter | None
    opens: bool
    segments: list[Run]
    led: list[PointsOn]
    near: Near

    @property
    def change(self) -> MappedChange:
        """What became of the provisions."""
        return self.shown.change

    @property
    def same_words(self) -> bool:
        """Whether there is no difference to be shown."""
        return not self.change.wording_changed and self.change.kind not in change_queries.CHANGED


class Stretch(Struct, frozen=True):
    """Changes in a row under one chapter; ``folded`` when all of them are unchanged provisions."""

    folded: bool
    cards: list[Card]


def stretches(cards: Iterable[Card]) -> list[Stretch]:
    """Return the cards in order, those of unchanged provisions that follow each other together."""
    found: list[Stretch] = []
    for card in cards:
        same = card.change.kind == "unchanged"
        if not found or card.opens or found[-1].folded is not same:
            found.append(Stretch(same, []))
        found[-1].cards.append(card)
    return found


@route(
    room,
    "/drafts/<int:draft_id>/compare",
    permission="version.read",
    load=read.public_version,
)
def compare(newest: DraftVersion) -> ResponseReturnValue:
    """Any two public versions: differences, the points that led to them, the reasons."""
    lines = version_queries.versions_of(newest.draft_id, public_only=True)
    pair, note = _asked(lines)
    changes = change_queries.changes_between(pair[0].id, pair[1].id) if pair else []
    old, new = trees(pair[0].id, pair[1].id) if pair and changes else ({}, {})
    wanted = Wanted.named(request.args.get("show", ""))
    named = read.chapters(new)
    chosen = [(c, at) for c, at in read.chapter_of(changes, named) if wanted.keeps(c)]
    number = _number(chosen)
    page = _page(pair, changes, (old, new), chosen, number) if pair else None
    return render_template(
        "reading/compare.html",
        newest=newest,
        lines=lines,
        pair=pair,
        note=note if pair else "",
        comparing=pair is not None and not changes,
        counts=counts(changes),
        wanted=wanted,
        page=page,
        stretches=stretches(page.rows if page else ()),
        places=_places(chosen),
        layout=request.args.get("layout", ""),
    )


def _asked(lines: list[VersionLine]) -> tuple[tuple[VersionLine, VersionLine] | None, str]:
    """Return the two versions asked for, the earlier first, and what else is to be said of it.

    The last two when they cannot be compared, or when nothing was asked for.
    """
    asked = [request.args[name] for name in ("old", "new") if name in request.args]
    by_id = {str(line.id): line for line in lines}
    old, new = lines[1::-1] if len(lines) > 1 else (None, None)
    if old is None or new is None:
        return None, ""
    if not asked:
        return (old, new), ""
    if len(asked) == 2 and len(set(asked)) == 1 and asked[0] in by_id:
        return (old, new), _("A version cannot be compared with itself.")
    if len(asked) != 2 or not set(asked) <= by_id.keys():
        return (old, new), _("The draft has no such version that is public.")
    before, after = (by_id[one] for one in asked)
    if before.number > after.number:
        return (after, before), _("The earlier version is always put first.")
    return (before, after), ""


def _number(chosen: list[tuple[MappedChange, Chapter | None]]) -> int:
    """Return which page is asked for: by its number, or by a change that stands on it (?at=)."""
    at = request.args.get("at")
    place = next((n for n, (c, _chapter) in enumerate(chosen) if c.anchor == at), None)
    if place is not None:
        return place // PAGE + 1
    return min(page_number(), max(1, -(-len(chosen) // PAGE)))


def _places(chosen: list[tuple[MappedChange, Chapter | None]]) -> list[tuple[Chapter, int, int]]:
    """Return each chapter with changes, the number of the page where they begin, how many."""
    first: dict[Chapter, int] = {}
    count: defaultdict[Chapter, int] = defaultdict(int)
    for place, (_change, chapter) in enumerate(chosen):
        if chapter is not None:
            first.setdefault(chapter, place // PAGE + 1)
            count[chapter] += 1
    return [(chapter, page, count[chapter]) for chapter, page in first.items()]


def _page(
    pair: tuple[VersionLine, VersionLine],
    changes: list[MappedChange],
    both: tuple[Tree, Tree],
    chosen: list[tuple[MappedChange, Chapter | None]],
    number: int,
) -> Page[Card]:
    """Return one page of the changes with points and differences; four queries at most."""
    here = chosen[(number - 1) * PAGE : number * PAGE]
    old, new = pair
    shown = change_queries.with_texts(old.id, new.id, [c for c, _at in here]) if here else []
    visible = [
        round_.id
        for round_ in rounds.rounds_of_draft(old.draft_id)
        if round_.version_id == old.id and can("points.list", round_)
    ]
    led = read.points_that_led([line.id for one in shown for line in one.old], visible)
    near = points_near(shown, changes, both, visible)
    cards: list[Card] = []
    above: Chapter | None = None
    for one, (_change, chapter), segments, around in zip(
        shown, here, differences(shown), near, strict=True
    ):
        points = [group for line in one.old for group in led.get(line.id, [])]
        cards.append(Card(one, chapter, chapter != above, segments, points, around))
        above = chapter
    return Page(cards, number, PAGE, len(chosen))
