"""The door to people's HTML: nothing that acts comes through, whatever was typed."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.sanitize import markdown_to_html

ALLOWED = set(
    "p br strong em ul ol li blockquote a code pre h3 h4 s table thead tbody tr th td".split()
)


class Reader(HTMLParser):
    """Collects the tags and attributes that a browser would see."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(("!--", {"": data}))


def harmless(html: str) -> None:
    for tag, attributes in Reader(html).tags:
        assert tag in ALLOWED, html
        assert set(attributes) <= ({"href", "title", "rel"} if tag == "a" else set()), html
        href = (attributes.get("href") or "").strip().lower()
        scheme = href.split(":", 1)[0] if ":" in href.split("/", 1)[0] else ""
        assert scheme in ("", "http", "https", "mailto"), html


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org" onmouseover="alert(1))',
    "![x](https://example.org/track.png)",
    "<javascript:alert(1)>",
    "<iframe srcdoc='<script>'></iframe>",
    "<math><mtext></p><script>alert(1)</script>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<style>@import 'https://example.org'</style>",
    "<p style='position:fixed'>x</p>",
    "<form action=https://example.org><input name=password></form>",
    "```html\n<script>alert(1)</script>\n```",
    "`<img src=x onerror=alert(1)>`",
    "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "[a]: javascript:alert(1)\n[x][a]",
    "| a | b |\n|---|---|\n| <script> | [x](javascript:1) |",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_what_would_act_is_taken_out(source: str) -> None:
    harmless(markdown_to_html(source))


def test_typed_html_stays_readable_as_text() -> None:
    source = "Sửa <b>15%</b> thành <script>25%</script>"
    assert Reader(markdown_to_html(source)).words.strip() == source


def test_ordinary_markdown_works() -> None:
    html = markdown_to_html("# Điều 5\n\n**Đề nghị** sửa:\n\n- 15%\n- ~~10%~~\n\n> trích")
    for piece in ("<h3>Điều 5</h3>", "<strong>Đề nghị</strong>", "<li>15%</li>", "<blockquote>"):
        assert piece in html


def test_a_struck_out_number_stays_struck_out() -> None:
    """Without its mark the sentence would say the opposite."""
    assert "<s>10%</s>" in markdown_to_html("~~10%~~ 15%")


def test_links_lend_no_weight_and_tell_no_tales() -> None:
    ((_, link),) = [t for t in Reader(markdown_to_html("[x](https://example.org)")).tags if t[1]]
    assert link["href"] == "https://example.org"
    assert {"nofollow", "noopener", "ugc"} <= set((link["rel"] or "").split())


pieces = st.sampled_from([*HOSTILE, "<", ">", '"', "'", "](", ")", "`", "\n", "*", "&", "a", "="])


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=12).map("".join))
def test_no_mixture_of_hostile_pieces_comes_through(source: str) -> None:
    harmless(markdown_to_html(source))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_harmless(source: str) -> None:
    harmless(markdown_to_html(source))
