"""What a browser fetches for its first page: requests, bytes over the wire, script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from bench.client import Client
from bench.compare import expect

_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")


@dataclass(frozen=True)
class FirstLoad:
    """Sizes in bytes, headers included; ``script`` is its part in .js files."""

    requests: int
    size: int
    script: int
    foreign: tuple[str, ...]


class _Links(HTMLParser):
    """Collects what a page loads by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag in ("script", "img", "iframe", "source") and named.get("src"):
            self.found.append(named["src"])
        if tag == "link" and {"stylesheet", "icon", "manifest", "preload"} & set(
            named.get("rel", "").split()
        ):
            self.found.append(named.get("href", ""))


def first_load(port: int, path: str) -> FirstLoad:
    """Fetch ``path`` compressed and everything that it and its style sheets name.

    Fonts count even where a browser would leave one out: the figure is the worst case.
    """
    client, sizes = Client(port), dict[str, int]()
    foreign: set[str] = set()
    waiting = [path]
    while waiting:
        url = waiting.pop()
        if url in sizes or url.startswith("data:"):
            continue
        if not url.startswith("/") or url.startswith("//"):
            foreign.add(url)
            continue
        answer = expect(client.get(url, gzip=True), 200, url)
        sizes[url] = answer.wire
        kind = answer.headers.get("Content-Type", "")
        if kind.startswith(("text/html", "text/css")):
            # Style sheets and pages are read uncompressed for what they name.
            text = client.get(url).body.decode()
            waiting += [urljoin(url, part) for part in named(text, kind)]
    client.close()
    script = sum(size for url, size in sizes.items() if url.partition("?")[0].endswith(".js"))
    return FirstLoad(len(sizes), sum(sizes.values()), script, tuple(sorted(foreign)))


def named(text: str, kind: str) -> list[str]:
    """Return what a page or a style sheet loads by itself, in order."""
    if kind.startswith("text/css"):
        return _URL.findall(text)
    links = _Links()
    links.feed(text)
    return links.found
