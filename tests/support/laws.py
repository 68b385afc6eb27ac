"""A law of 260 articles: the Labour Code of 2019 and its first forty articles once more."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from config import ROOT
from consult.drafts.parsing import ParsedDocument, ParsedProvision, parse_untrusted

LABOUR_CODE = ROOT / "tests" / "data" / "drafts" / "BLLD-45-2019-QH14.pdf"
ARTICLES = 260


@lru_cache(maxsize=1)
def long_law() -> ParsedDocument:
    """Return the law; its last chapter, c99, has the articles 221 to 260."""
    document = parse_untrusted(Path(LABOUR_CODE), filename=LABOUR_CODE.name)
    added = ARTICLES - sum(p.kind == "article" for p in document.provisions)
    chapter = ParsedProvision(
        key="c99", part="main", kind="chapter", number="XCIX", title="ĐIỀU KHOẢN BỔ SUNG", text="",
        parent=None, citation="Chương XCIX", start=document.provisions[-1].end,
        end=document.provisions[-1].end, depth=0,
    )  # fmt: skip
    copies = [
        _renamed(p, int(article))
        for p in document.provisions
        if (article := p.key.split(".")[0].removeprefix("d")).isdigit() and int(article) <= added
    ]
    return replace(document, provisions=(*document.provisions, chapter, *copies))


def _renamed(p: ParsedProvision, article: int) -> ParsedProvision:
    """Return the provision of ``article`` as one of the article 220 numbers further on."""
    old, new = f"d{article}", f"d{article + 220}"
    return replace(
        p,
        key=p.key.replace(old, new, 1),
        number=str(article + 220) if p.kind == "article" else p.number,
        citation=p.citation.replace(f"Điều {article}", f"Điều {article + 220}"),
        parent="c99" if p.kind == "article" else (p.parent or "").replace(old, new, 1),
        depth=1 if p.kind == "article" else p.depth,
    )
