"""The only door to HTML made from people's words: Markdown in, safe HTML out."""

from __future__ import annotations

from functools import lru_cache
from threading import local
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bleach.sanitizer import Cleaner as BleachCleaner
    from markdown_it import MarkdownIt
    from nh3 import Cleaner as Nh3Cleaner

_TAGS = frozenset(
    "p br strong em ul ol li blockquote a code pre h3 h4 s table thead tbody tr th td".split()
)
_ATTRIBUTES = {"a": ["href", "title"]}
_SCHEMES = frozenset({"http", "https", "mailto"})


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(
        ["table", "strikethrough"]
    )


def markdown_to_html(source: str) -> str:
    """Return safe HTML for a person's Markdown ``source``.

    Raw HTML in the source stays visible as text. bleach is the customer's sanitiser and gets
    no more security fixes, so nh3 makes the final pass (docs/adr/0003).
    """
    html = str(_markdown().render(source))
    html = html.replace("<h1>", "<h3>").replace("</h1>", "</h3>")
    html = html.replace("<h2>", "<h3>").replace("</h2>", "</h3>")
    bleach, nh3 = _cleaners()
    return nh3.clean(bleach.clean(html))


_of_thread = local()  # a cleaner of bleach's may not be shared


def _cleaners() -> tuple[BleachCleaner, Nh3Cleaner]:
    """Return this thread's two cleaners, which are dear to make."""
    cleaners: tuple[BleachCleaner, Nh3Cleaner] | None = getattr(_of_thread, "cleaners", None)
    if cleaners is None:
        from bleach.sanitizer import Cleaner
        from nh3 import Cleaner as FinalCleaner

        cleaners = _of_thread.cleaners = (
            Cleaner(tags=_TAGS, attributes=_ATTRIBUTES, protocols=_SCHEMES, strip=True),
            FinalCleaner(
                tags=set(_TAGS),
                attributes={"a": {"href", "title"}},
                url_schemes=set(_SCHEMES),
                link_rel="nofollow noopener noreferrer ugc",
            ),
        )
    return cleaners
