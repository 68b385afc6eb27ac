"""Letterheads, recipients, signatures, tables of contents: the frame around a text."""

from __future__ import annotations

import re
from typing import Final

from consult.drafts.parsing import recognise, titles
from consult.drafts.parsing.source import PARA, Block

_STATE: Final = re.compile(r"C[ỘO]NG H(?:ÒA|OÀ) XÃ HỘI CHỦ NGHĨA VIỆT NAM|ĐẢNG CỘNG SẢN VIỆT NAM")
_NUMBER_LINE: Final = re.compile(r"^(?:Luật |Bộ luật |Nghị quyết |Pháp lệnh )?[Ss]ố\s?:")
RECIPIENTS: Final = re.compile(r"^\s*(?i:Nơi nhận)\s{0,3}(?:[:;.]|$|(?=[A-ZĐ]{2}))")
_SIGNER: Final = re.compile(
    r"^(?:TM\.|T/M|KT\.|TL\.|TUQ\.|Q\.|CHỦ TỊCH|PHÓ CHỦ TỊCH|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|"
    r"PHÓ THỦ TƯỚNG|GIÁM ĐỐC|PHÓ GIÁM ĐỐC|TỔNG GIÁM ĐỐC|BÍ THƯ|PHÓ BÍ THƯ|CHÁNH VĂN PHÒNG|"
    r"CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|VỤ TRƯỞNG|TRƯỞNG BAN|VIỆN TRƯỞNG|CHÁNH ÁN|TỔNG KIỂM TOÁN|"
    r"HIỆU TRƯỞNG|TRƯỞNG PHÒNG|CHỦ NHIỆM|TỔNG BÍ THƯ|CHI CỤC TRƯỞNG)(?![a-zà-ỹ])"
)
_SIGNED: Final = re.compile(r"^[(\[]?\s?(?:đã ký|daky|ký|ký tên|ký, ghi rõ|chữ ký)", re.IGNORECASE)
_NAME: Final = re.compile(
    r"^(?:[A-ZĐÀ-Ỹ][a-zà-ỹA-ZĐÀ-Ỹ.]{0,11}\s{1,3}){1,6}[A-ZĐÀ-Ỹ][a-zà-ỹ]{0,9}$"
)
_LONGEST_ITEM: Final = 110
_TOC_TITLE: Final = re.compile(r"^MỤC LỤC\W{0,2}$")
_LEADER: Final = re.compile(r"(?:\.{4,}|…{2,}|(?:\. ){4,}|\t)\s{0,3}(\d{1,4})$")
_LEAST_ROWS: Final = 4
_LONGEST_CONTENTS: Final = 3000
_PAGE: Final = re.compile(r"\D(\d{1,3})$")
_WIDE_GAP: Final = re.compile(r"\S\s{4,}\S")
_RULE: Final = re.compile(r"^[-_–—=*\s]{3,}$")
_GAP: Final = re.compile(r"\.{3,}|(?:^|[\s:/.…])…|_{3,}|\[[^\]\d]{1,60}\]")
_DATED: Final = re.compile(r"[Ss]ố\s?:|ngày.{1,9}tháng")
_SAMPLE: Final = re.compile(r"^(?:Mẫu|MẪU|Biểu|BIỂU|TÊN)\b|^\W?\[\w")
_ABOVE: Final = 5
_HEAD_LINES: Final = 14
_LONGEST_SOUGHT: Final = 200
_LEAST_TEXT: Final = 4000
_TEXT_PER_GAP: Final = 400
_DRAFT_WORD: Final = re.compile(r"^D[Ựự] TH[Ảả]O", re.IGNORECASE)


def is_letterhead(block: Block) -> bool:
    """Whether the block is (part of) the State's or the Party's letterhead."""
    return block.role == "letterhead" or (
        block.kind == PARA and len(block.text) < 250 and _STATE.search(block.text) is not None
    )


def letterhead_start(blocks: list[Block], at: int) -> int:
    """Return the first block of the letterhead that ``at`` stands in: issuer, number, rules."""
    while at > 0:
        text = blocks[at - 1].text
        framed = (
            recognise.is_caps(text)
            or _NUMBER_LINE.match(text)
            or _RULE.match(text)
            or _DRAFT_WORD.match(text)
            or text[:1] == "/"
            or text.isdigit()
        )
        if len(text) > 120 or not framed or recognise.looks_like_unit(text):
            return at
        at -= 1
    return at


def is_document(blocks: list[Block], at: int) -> bool:
    """Whether a document of its own, not a sample, has its letterhead at block ``at``.

    Its type and subject stand below, and its text is long and has few gaps to fill in. Looks no
    further than the next letterhead or appendix.
    """
    head = at + _HEAD_LINES
    if any(_SAMPLE.search(block.text) for block in blocks[max(0, at - _ABOVE) : at + 1]):
        return False
    lines = [block.text for block in blocks[at:head]]
    blanks = any(_GAP.search(line) for line in lines if not _DATED.search(line))
    if blanks or not any(map(titles.is_type, lines)):
        return False
    size = gaps = 0
    for below in range(head, min(at + _LONGEST_SOUGHT, len(blocks))):
        text = blocks[below].text
        if size > _LEAST_TEXT or recognise.appendix(text) or is_letterhead(blocks[below]):
            break
        size += len(text)
        gaps += len(_GAP.findall(text))
    return size > _LEAST_TEXT and gaps * _TEXT_PER_GAP <= size


def front_end(blocks: list[Block]) -> int:
    """Return where the document begins: the index after web or portal text before it."""
    for at, block in enumerate(blocks[:80]):
        if is_letterhead(block):
            return letterhead_start(blocks, at)
        text = block.text
        if recognise.article(text) or recognise.division(text) or recognise.appendix(text):
            break
    return 0


def recipients_end(blocks: list[Block], first: int) -> int:
    """Return the index after the recipients' list that opens at ``first``."""
    at = first + 1
    while at < len(blocks) and blocks[at].kind == PARA and not blocks[at].role:
        text = blocks[at].text
        if is_signature(text) or recognise.is_caps(text) or recognise.appendix(text):
            break
        item = text[:1] in "-–—+•*" or _WIDE_GAP.search(text)
        if not item and (len(text) > _LONGEST_ITEM or recognise.looks_like_unit(text)):
            break
        if not item and _NAME.match(text):
            break
        at += 1
    return at


def is_item(text: str) -> bool:
    """Whether ``text`` can be one recipient of a list."""
    return text[:1] in "-–—+" and len(text) <= _LONGEST_ITEM


def is_signed(text: str) -> bool:
    """Whether ``text`` stands for the signature itself: "(Đã ký)"."""
    return len(text) < _LONGEST_ITEM and _SIGNED.match(text) is not None


def is_name(text: str) -> bool:
    """Whether ``text`` can be a signer's name."""
    named = _NAME.match(text) is not None
    return named and not recognise.is_caps(text) and not recognise.looks_like_unit(text)


def is_signature(text: str) -> bool:
    """Whether ``text`` opens a signature: an office in capitals, TM., KT. …"""
    return (
        len(text) < 120
        and _SIGNER.match(text) is not None
        and sum(char.islower() for char in text) <= len(text) // 3
    )


def signature_end(blocks: list[Block], first: int) -> int:
    """Return the index after the signature that opens at ``first``."""
    at = first + 1
    named = False
    while at < len(blocks) and blocks[at].kind == PARA and not blocks[at].role:
        text = blocks[at].text
        if RECIPIENTS.match(text) or recognise.appendix(text):
            break
        if _SIGNED.match(text) or _RULE.match(text):
            pass
        elif _NAME.match(text) and not recognise.is_caps(text):
            if named:
                break
            named = True
        elif not (is_signature(text) or recognise.is_caps(text)) or named:
            break
        at += 1
    return at


def contents_end(blocks: list[Block], first: int) -> int:
    """Return the index after the table of contents that opens at ``first``; ``first`` if none.

    It has a title, or several lines in a row that lead to a page's number.
    """
    if _TOC_TITLE.match(blocks[first].text):
        return max(_paged_end(blocks, first), _repeated_end(blocks, first))
    rows = blocks[first : first + _LEAST_ROWS]
    if len(rows) == _LEAST_ROWS and all(_LEADER.search(row.text) for row in rows):
        return _paged_end(blocks, first - 1)
    return first


def _paged_end(blocks: list[Block], first: int) -> int:
    """Return the index after the lines below ``first`` that end in rising page numbers."""
    end, misses, page = first + 1, 0, 0
    for at in range(first + 1, len(blocks)):
        text = blocks[at].text
        found = _LEADER.search(text) or _PAGE.search(text)
        if blocks[at].kind != PARA or (found and int(found[1]) >= page):
            end, misses = at + 1, 0
            page = int(found[1]) if found else page
        else:
            misses += 1
            if misses > 2:
                break
    return end


def _repeated_end(blocks: list[Block], first: int) -> int:
    """Return the index after the lines below ``first`` that list headings without pages, the
    first of which comes again further down; the index after ``first`` if they do not."""
    limit = min(first + _LONGEST_CONTENTS, len(blocks))
    wanted = _entry(blocks[first + 1].text) if first + 1 < limit else ""
    again = first + 2
    while again < limit and _entry(blocks[again].text) != wanted:
        again += 1
    if again >= limit:
        return first + 1
    at = first + 1
    while at < again and blocks[at].kind == PARA and _is_entry(blocks[at].text):
        at += 1
    return at


def _is_entry(text: str) -> bool:
    heading = recognise.division(text) or recognise.article(text) or recognise.appendix(text)
    return bool(heading) or (len(text) < _LONGEST_ITEM and recognise.is_caps(text))


def _entry(text: str) -> str:
    return " ".join(_LEADER.sub("", text).split()).casefold()
