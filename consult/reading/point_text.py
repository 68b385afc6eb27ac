"""What a point is on, for its page: the provision's text, the quoted passage in it, the redline."""

from __future__ import annotations

from msgspec import Struct

from consult.drafts.comparison import Segment
from consult.reading.points import ShownPoint
from consult.submissions.models import Point
from consult.submissions.quoting import InPlace, in_place
from consult.submissions.redlining import redline


class PointText(Struct, frozen=True):
    """The provision's title and text ("" for the whole draft), and what the point does with it."""

    title: str
    text: str
    passage: InPlace | None
    segments: list[Segment]


def text_of(point: Point, shown: ShownPoint) -> PointText:
    """Return what ``point`` is on; of its words only those that ``shown`` has.

    One query, for the provision.
    """
    on = point.provision
    if on is None:
        return PointText("", "", None, redline("", shown.quote, shown.proposed_wording))
    place = None
    if point.quote_start is not None and point.quote_end is not None:
        place = (point.quote_start, point.quote_end)
    return PointText(
        on.title,
        on.text,
        in_place(on.text, on.end, shown.quote, place),
        redline(on.text or on.title, shown.quote, shown.proposed_wording),
    )
