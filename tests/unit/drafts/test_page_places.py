"""Where the pages of a file begin in the text; the pages themselves, drawn behind closed doors."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from consult.drafts.page_places import page_starts
from consult.drafts.parsing import Limits, UnreadableDocument, parse_file
from consult.drafts.parsing.sheets import picture, sheets
from tests.unit.drafts.files import DATA, scanned

LAW = DATA / "BLLD-45-2019-QH14.pdf"
DECREE = DATA / "ND-293-2025-luong-toi-thieu.pdf"
TEXT = (
    "Điều 1. Phạm vi điều chỉnh của Nghị định này là các cơ quan.\n"
    "Điều 2. Đối tượng áp dụng gồm cơ quan, tổ chức và cá nhân có liên quan.\n"
    "Điều 3. Trách nhiệm thi hành thuộc về các bộ, ngành và địa phương.\n"
    "Điều 4. Hiệu lực thi hành kể từ ngày ký ban hành Nghị định này.\n"
)


def at(words: str) -> int:
    return TEXT.index(words)


def test_pages_begin_where_their_words_stand() -> None:
    heads = [
        "Điều 1. Phạm vi",
        "CÔNG BÁO Số 12\nĐiều 2. Đối tượng áp\ndụng gồm cơ quan, tổ chức",
        "tổ chức và cá nhân có liên quan.\nĐiều 3. Trách nhiệm",
        "4\nĐIỀU 4. HIỆU LỰC THI HÀNH KỂ TỪ NGÀY KÝ",
    ]
    assert page_starts(TEXT, heads) == [
        0,
        at("Điều 2"),
        at("tổ chức và cá nhân"),
        at("Điều 4"),
    ]


def test_a_page_without_its_words_lies_between_its_neighbours() -> None:
    last = "Điều 4. Hiệu lực thi hành kể từ"
    starts = page_starts(TEXT, ["", "", "lÊy ý kiÕn cña c¸c c¬ quan tæ chøc", last])
    assert starts == [0, round(at("Điều 4") / 3), round(at("Điều 4") / 3 * 2), at("Điều 4")]
    assert page_starts("", ["", ""]) == [0, 0]
    assert page_starts(TEXT, []) == []


def test_the_pages_of_a_law_begin_with_its_words() -> None:
    listed = sheets(LAW)
    text = parse_file(LAW, filename=LAW.name).text
    starts = page_starts(text, [sheet.words for sheet in listed])
    assert starts == sorted(starts)
    right = 0
    for start, sheet in zip(starts, listed, strict=True):
        right += "".join(text[start:].split())[:40] in "".join(sheet.words.split())
    assert right >= 0.95 * len(listed)


def pixels(png: bytes) -> tuple[int, int, bytes]:
    width, height = struct.unpack(">II", png[16:24])
    at = png.index(b"IDAT")
    (length,) = struct.unpack(">I", png[at - 4 : at])
    return width, height, zlib.decompress(png[at + 4 : at + 4 + length])


def test_a_page_is_drawn() -> None:
    png = picture(DECREE, 0)
    width, height, data = pixels(png)
    assert (width, height) == (993, 1404)
    assert len(data) == (width + 1) * height
    assert 255 in data
    assert min(data) < 60, "there is print on it"
    assert len(png) < 200_000


def test_a_scan_has_pages_without_words(tmp_path: Path) -> None:
    path = tmp_path / "quet.pdf"
    path.write_bytes(scanned(DECREE.name, pages=1, dpi=100))
    [sheet] = sheets(path)
    assert sheet.words == ""
    assert round(sheet.width) == 595
    assert pixels(picture(path, 0))[0] == 993


@pytest.mark.parametrize("number", [-1, 99])
def test_there_is_no_such_page(number: int) -> None:
    with pytest.raises(UnreadableDocument, match="broken"):
        picture(DECREE, number)


def test_what_is_no_pdf_has_no_pages(tmp_path: Path) -> None:
    path = tmp_path / "gia.pdf"
    path.write_bytes(b"%PDF-1.7 and nothing else")
    with pytest.raises(UnreadableDocument):
        sheets(path)
    with pytest.raises(UnreadableDocument):
        picture(path, 0)


def test_pages_are_within_limits() -> None:
    with pytest.raises(UnreadableDocument, match="too_slow"):
        sheets(LAW, limits=Limits(seconds=0.01))
    with pytest.raises(UnreadableDocument):
        sheets(LAW, limits=Limits(max_pages=3))
