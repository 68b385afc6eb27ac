"""Stable keys: a provision's path in short ASCII words, fit for HTML ids and URL fragments."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

from consult.core.text import fold, slugify
from consult.drafts.parsing import recognise
from consult.drafts.parsing.outline import Node

_LONGEST: Final = 110
_NOT_KEY: Final = re.compile(r"[^a-z0-9]+")
_PREFIXES: Final = {
    "part": "ph", "chapter": "c", "section": "m", "subsection": "t", "article": "d",
    "clause": "k", "roman": "r", "numeral": "", "decimal": "", "appendix": "pl",
    "paragraph": "p", "table": "bang", "quote": "q", "preamble": "mo-dau",
    "signature": "chu-ky", "recipients": "noi-nhan", "bullet": "b",
}  # fmt: skip


def number_word(number: str) -> str:
    """Return a number as it stands in a key: Roman and spelt ones in digits, đ as dd.

    So "d" and "đ" stay apart, and "1.1" becomes "1-1".
    """
    value = recognise.ordinal_value(number) if not number[:1].isdigit() else 0
    if value and (number.isupper() or len(number) > 2):
        return str(value)
    word = number.lower().replace("đ", "dd")
    return _NOT_KEY.sub("-", fold(word)).strip("-")


def fingerprint(text: str) -> str:
    """Return four characters that stay when only spelling marks or spaces of ``text`` change."""
    return sha256(" ".join(re.findall(r"\w+", fold(text))).encode()).hexdigest()[:4]


def own_word(node: Node, text: str) -> str:
    """Return the last step of a node's key; ``text`` is what its fingerprint is made of."""
    prefix = _PREFIXES.get(node.kind, "")
    if node.kind == "bullet":
        return f"b{node.number}-{fingerprint(text)}"
    if node.kind in {"preamble", "signature", "recipients"}:
        return prefix
    if node.family == "note":
        return f"cn{node.number}"
    if node.family == "unnumbered":
        return f"p-{slugify(node.title, longest=30)}"
    if node.family == "form":
        return _NOT_KEY.sub("-", fold(node.number)).strip("-")
    word = number_word(node.number)
    if node.kind == "roman" and node.family == "upper":
        return f"u{node.number.lower().replace('đ', 'dd')}"
    if node.family in {"paren", "enclosed", "letterdot", "slashed"}:
        return f"n{word}"
    return f"{prefix}{word}" or "x"


def path(parent_key: str, word: str) -> str:
    """Return the key of the unit ``word`` under ``parent_key``, cut to a stable short form."""
    if not parent_key and word[:1].isdigit():
        word = f"n{word}"
    key = f"{parent_key}.{word}" if parent_key else word
    if len(key) <= _LONGEST:
        return key
    return f"{key[:60].rstrip('.-')}.{sha256(key.encode()).hexdigest()[:12]}.{word[:30]}"


class Unique:
    """Hands out keys, each once: a repeated one gets ``-2``, ``-3`` …"""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def take(self, key: str) -> tuple[str, bool]:
        """Return the key to use and whether it had been taken before."""
        count = self._seen.get(key, 0) + 1
        self._seen[key] = count
        if count == 1:
            return key, False
        candidate = f"{key}-{count}"
        while candidate in self._seen:
            count += 1
            candidate = f"{key}-{count}"
        self._seen[key] = count
        self._seen[candidate] = 1
        return candidate, True
