"""The title of a document: its type and subject, found in the lines above the first unit."""

from __future__ import annotations

import re
from typing import Final

from consult.drafts.parsing import recognise
from consult.drafts.parsing.source import PARA, Block

_TYPES: Final = re.compile(
    r"^(?:DỰ THẢO\s+)?(LUẬT|BỘ LUẬT|PHÁP LỆNH|NGHỊ QUYẾT|NGHỊ ĐỊNH|QUYẾT ĐỊNH|THÔNG TƯ|CHỈ THỊ|"
    r"KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|QUY CHẾ|QUY ĐỊNH|TỜ TRÌNH|BÁO CÁO|THUYẾT MINH|HƯỚNG DẪN|"
    r"PHƯƠNG ÁN|DỰ ÁN|CHIẾN LƯỢC|QUY HOẠCH|THÔNG BÁO|KẾT LUẬN|QUY TRÌNH|ĐIỀU LỆ|NỘI QUY)"
    r"(?![a-zà-ỹ])"
)
_STOP: Final = re.compile(
    r"^(?:Căn cứ|Thực hiện |Theo |Xét |Quốc hội |Chính phủ |\(|Bộ trưởng|Để |[-_–—=*\s]{2,}$)|[:;]$"
)
_HEAD_LINES: Final = 45
_SUBJECT_LINES: Final = 6
_LONGEST: Final = 400


def is_type(text: str) -> bool:
    """Whether ``text`` is a line that names a document's type: "TỜ TRÌNH"."""
    return recognise.is_caps(text) and bool(_TYPES.match(text)) and not text.endswith(":")


def type_of(title: str) -> str:
    """Return the type that ``title`` begins with, as in a citation ("Tờ trình"), or ""."""
    found = _TYPES.match(title)
    return found[1].capitalize() if found else ""


def title_of(blocks: list[Block]) -> str:
    """Return the title among the first blocks of a part, or "" if none is recognised."""
    for at, block in enumerate(blocks[:_HEAD_LINES]):
        text = block.text
        if block.kind != PARA or block.role or recognise.article(text):
            continue
        if is_type(text):
            return _with_subject(blocks, at)
    return ""


def _with_subject(blocks: list[Block], at: int) -> str:
    lines = [blocks[at].text.strip()]
    for block in blocks[at + 1 : at + 1 + _SUBJECT_LINES]:
        text = block.text.strip()
        if block.kind != PARA or block.role or not text or _STOP.search(text):
            break
        if recognise.looks_like_unit(text) or text.endswith((".", ",")):
            break
        if sum(map(len, lines)) + len(text) > _LONGEST:
            break
        if len(lines) > 1 and recognise.is_caps(text) and not recognise.is_caps(lines[-1]):
            break
        lines.append(text)
    return " ".join(lines)
