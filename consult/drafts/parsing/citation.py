"""Citations in words, as Vietnamese officials write them: "điểm b khoản 2 Điều 5"."""

from __future__ import annotations

from typing import Final

from consult.drafts.parsing.outline import Node
from consult.drafts.parsing.recognise import BULLETS

_LONGEST: Final = 290
_FIXED: Final = {
    "preamble": "Phần mở đầu", "signature": "Phần ký", "recipients": "Nơi nhận",
}  # fmt: skip
_SIGNS: Final = {"plus": " (dấu cộng)", "star": " (dấu đầu dòng)"}
_ORDINALS: Final = (
    "", "nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười",
)  # fmt: skip


def cite(node: Node, part: str = "") -> str:
    """Return the citation of ``node``; ``part`` names the part it stands in, if not the main.

    Names of levels follow the drafting rules of Nghị định 78/2025/NĐ-CP and Nghị định
    30/2020/NĐ-CP: an article stands without its chapter, an outline number with its section.
    """
    words: list[str] = []
    at: Node | None = node
    under = ""
    while at is not None and at.kind != "root":
        step = _step(at)
        if step and not _implied(at, under):
            words.append(step)
            if at.kind == "article":
                break
        under = at.kind if step else under
        if at.kind in _FIXED:
            break
        at = at.parent
    text = " ".join(words)
    if part and not (node.kind == "appendix" or text.endswith(part)):
        text = f"{text} {part}"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def _implied(node: Node, under: str) -> bool:
    """Whether a deeper number already tells this one: "điểm 2.3" lies in "khoản 2"."""
    return under == "decimal" and node.kind in {"numeral", "clause", "decimal"}


def _step(node: Node) -> str:
    number = node.number
    if node.kind in _FIXED:
        return _FIXED[node.kind]
    if node.family == "form":
        return number
    if node.kind == "part":
        return f"Phần {_spelt(number)}"
    if node.kind == "bullet":
        sign = _SIGNS.get(node.family)
        return f"ý {_ordinal(number)}{sign}" if sign else f"gạch đầu dòng {_ordinal(number)}"
    if node.kind == "letter":
        word = "tiết" if _under_point(node) else "điểm"
        return f"{word} {number}"
    if node.kind == "paragraph":
        if node.family == "note":
            return f"chú thích {number}"
        if node.family == "unnumbered":
            return f"phần “{node.title.capitalize()}”"
        return f"đoạn {_ordinal(number)}"
    if node.kind == "quote":
        return f"nội dung trích dẫn {_ordinal(number)}" if number != "1" else "nội dung trích dẫn"
    word = _WORDS.get(node.kind, "")
    return f"{word} {number}".strip()


_WORDS: Final = {
    "chapter": "Chương", "section": "Mục", "subsection": "Tiểu mục", "article": "Điều",
    "clause": "khoản", "roman": "mục", "numeral": "khoản", "decimal": "điểm",
    "appendix": "Phụ lục", "table": "Bảng",
}  # fmt: skip


def _ordinal(number: str) -> str:
    """Return "thứ nhất" to "thứ mười", then figures."""
    small = number.isdigit() and 0 < int(number) < len(_ORDINALS)
    return f"thứ {_ORDINALS[int(number)] if small else number}"


def _spelt(number: str) -> str:
    return number if number[:1].isdigit() or number.isupper() else f"thứ {number.lower()}"


def _under_point(node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.family in BULLETS:
        parent = parent.parent
    return parent is not None and parent.kind in {"letter", "decimal"}
