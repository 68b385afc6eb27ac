"""Markdown as plain text: for official documents, short lines and quotations."""

from __future__ import annotations

import re

# Lengths are bounded so that a text made of unclosed marks cannot make the search quadratic.
_LINK = re.compile(r"!?\[([^\]\[\n]{0,500})\]\(([^()\s]{0,500})(?:\s+\"[^\"\n]{0,500}\")?\)")
_STRONG = re.compile(r"(?<!\\)(\*\*|__)(?=\S)([^\n]{0,500}?[^\s\\])\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*\n]{0,500}[^\s*\\])\*(?![\w*])")
_UNDERLINED = re.compile(r"(?<![\w\\])_(?=[^\s_])([^_\n]{0,500}[^\s_\\])_(?!\w)")
_CODE = re.compile(r"`{1,3}([^`\n]{1,500})`{1,3}")
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{0,500}\S)~~")
_HEADING = re.compile(r"^ {0,3}#{1,6} +", re.MULTILINE)
_QUOTE = re.compile(r"^ {0,3}(?:> ?)+", re.MULTILINE)
_BULLET = re.compile(r"^( *)[*+] +", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!~>|-])")


def plain(markdown: str) -> str:
    """Return a person's Markdown without its marks; words, their order and lines stay.

    A link becomes its text, followed by the address in brackets when they differ.
    """
    text = _HEADING.sub("", markdown)
    text = _QUOTE.sub("", text)
    text = _BULLET.sub(r"\1- ", text)
    text = _LINK.sub(_link, text)
    for pattern in (_STRONG, _EMPHASIS, _UNDERLINED, _CODE, _STRUCK):
        text = pattern.sub(lambda match: match[match.re.groups], text)
    return _ESCAPE.sub(r"\1", text)


def _link(match: re.Match[str]) -> str:
    words, address = match[1], match[2]
    return words if words == address or not address else f"{words} ({address})"
