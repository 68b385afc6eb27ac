"""Text in TCVN3 and VNI: recognised, converted, shown before and after; Unicode left alone."""

from __future__ import annotations

import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.drafts.parsing import (
    ParsedDocument,
    UnreadableDocument,
    helpers,
    legacy,
    parse_file,
    parse_untrusted,
)
from tests.unit.drafts import old_fonts
from tests.unit.drafts.files import DATA, NS, docx, numbering, paragraph, run

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđbcdghklmnpqrstvx"
)
PROGRAMME = (DATA / "chuong-trinh-hanh-dong-NQ45-Binh-Phuoc.txt").read_text()
LAW = [
    "Điều 1. Phạm vi điều chỉnh",
    "Quyết định này quy định việc tổ chức lấy ý kiến của các cơ quan, tổ chức, cá nhân về dự thảo.",
    "Điều 2. Hiệu lực",
    "Quyết định có hiệu lực từ ngày ký; các sở, ngành, ủy ban nhân dân các xã thực hiện.",
]


@given(st.text(alphabet=LETTERS + " .,;0123456789\n", max_size=80))
def test_every_small_letter_comes_back(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert legacy.convert(old_fonts.tcvn3(text), "tcvn3") == text


@given(st.text(alphabet=LETTERS + LETTERS.upper() + " .,;0123456789\n", max_size=200))
def test_vni_comes_back_in_both_cases(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert legacy.convert(old_fonts.vni(text), "vni") == text


def test_texts_are_recognised() -> None:
    text = unicodedata.normalize("NFC", PROGRAMME)[2000:5000]
    assert legacy.guess(text) == ""
    assert legacy.guess(old_fonts.tcvn3(text.lower())) == "tcvn3"
    assert legacy.guess(old_fonts.vni(text)) == "vni"
    assert legacy.guess("The quick brown fox jumps over the lazy dog, naïve café. " * 5) == ""
    assert legacy.guess("") == ""


@pytest.fixture
def read(tmp_path: Path):
    def parse(data: bytes, filename: str) -> ParsedDocument:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return parse_file(path, filename=filename)

    return parse


@pytest.mark.parametrize("encoding", ["tcvn3", "vni"])
@pytest.mark.parametrize("bytewise", [True, False])
def test_text_files_are_converted_and_shown(read, encoding: str, bytewise: bool) -> None:
    typed = getattr(old_fonts, encoding)("\n".join(LAW))
    data = typed.encode("latin-1" if bytewise else "utf-8")
    document = read(data, "a.txt")
    assert document.reading == encoding
    assert [p.key for p in document.provisions] == ["d1", "d2"]
    assert document.text == "\n".join(LAW)
    assert (typed.split("\n")[1], LAW[1]) in document.reading_sample
    assert encoding in [w.code for w in document.warnings]
    assert ParsedDocument.from_json(document.to_json()) == document


def test_bytes_of_no_encoding_are_refused(read) -> None:
    with pytest.raises(UnreadableDocument, match="bad_encoding"):
        read(bytes(range(160, 255)) * 20, "a.txt")


def fonted(text: str, font: str) -> str:
    properties = f'<w:rFonts w:ascii="{font}" w:hAnsi="{font}"/>'
    return f"<w:p>{run(text, properties)}</w:p>"


def test_fonts_tell_runs_apart(read) -> None:
    heading = '<w:p><w:pPr><w:pStyle w:val="Head"/></w:pPr>' + run("quy ®Þnh chung") + "</w:p>"
    styles = (
        f'<w:styles {NS}><w:style w:type="paragraph" w:styleId="Base"><w:rPr><w:rFonts '
        'w:ascii=".VnTimeH" w:hAnsi=".VnTimeH"/></w:rPr></w:style><w:style w:type="paragraph" '
        'w:styleId="Head"><w:basedOn w:val="Base"/></w:style></w:styles>'
    )
    typed = [fonted(old_fonts.tcvn3(line), ".VnTime") for line in LAW]
    document = read(
        docx([heading, *typed, "Điều 3. Câu gõ bằng Unicode có số 5 – 7."], styles=styles), "a.docx"
    )
    assert document.reading == "tcvn3"
    assert document.text.split("\n") == [
        "QUY ĐỊNH CHUNG", *LAW, "Điều 3. Câu gõ bằng Unicode có số 5 – 7."
    ]  # fmt: skip
    assert document.reading_sample[0][1] == LAW[0]


def test_vni_letters_parted_between_runs_are_whole(read) -> None:
    font = '<w:rFonts w:ascii="VNI-Times" w:hAnsi="VNI-Times"/>'
    parted = run("Ñie", font) + run("àu 5. Hie", font + "<w:b/>") + run("äu löïc", font)
    document = read(docx(f"<w:p>{parted}</w:p>"), "a.docx")
    assert (document.reading, document.text) == ("vni", "Điều 5. Hiệu lực")


def test_unicode_in_an_old_font_is_left_alone(read) -> None:
    document = read(docx([fonted(line, ".VnTime") for line in LAW]), "a.docx")
    assert (document.reading, document.reading_sample) == ("", ())
    assert document.text == "\n".join(LAW)


def test_old_text_in_a_new_font_is_recognised(read) -> None:
    document = read(docx([old_fonts.tcvn3(line) for line in LAW]), "a.docx")
    assert (document.reading, document.text) == ("tcvn3", "\n".join(LAW))


def test_automatic_numbers_are_converted(read) -> None:
    items = [
        paragraph("X", level=(1, 0)).replace(run("X"), run(old_fonts.tcvn3(text), FONT))
        for text in ("Phạm vi điều chỉnh của quyết định", "Hiệu lực thi hành")
    ]
    levels = numbering([("decimal", old_fonts.tcvn3("Điều %1."))])
    document = read(docx([*items, *(fonted(old_fonts.tcvn3(x), ".VnTime") for x in LAW[1:2])],
                         numbering=levels), "a.docx")  # fmt: skip
    assert [p.title for p in document.provisions if p.kind == "article"] == [
        "Phạm vi điều chỉnh của quyết định", "Hiệu lực thi hành"
    ]  # fmt: skip


FONT = '<w:rFonts w:ascii=".VnTime" w:hAnsi=".VnTime"/>'


def test_a_pdf_has_its_capitals_and_lines(read) -> None:
    lines = [
        (".VnTimeH", "Chương I"),
        (".VnTimeH", "quy định chung"),
        (".VnTime", LAW[0]),
        (".VnTime", "Quyết định này quy định việc lấy ý kiến của các cơ quan, tổ chức và thư"),
        (".VnTime", "gửi các hội."),
        (".VnTime", LAW[2]),
        (".VnTime", LAW[3]),
    ]
    data = old_fonts.pdf([(font, old_fonts.tcvn3(text)) for font, text in lines])
    document = read(data, "a.pdf")
    assert document.reading == "tcvn3"
    assert [p.key for p in document.provisions] == ["c1", "d1", "d2"]
    assert document.provisions[0].title == "QUY ĐỊNH CHUNG"
    assert "tổ chức và thư gửi các hội." in document.text


def test_hyphens_that_stand_for_a_letter() -> None:
    typed = "Ch-¬ng tr×nh t- vÊn; ng-êi d©n, H§ND-UBND, kinh tÕ - x· héi 2015-2020, QuyÕt-th¾ng"
    shown = legacy.recover([typed], "tcvn3")
    assert shown == [
        "Chương trình tư vấn; người dân, HĐND-UBND, kinh tế - xã hội 2015-2020, Quyết-thắng"
    ]


CAPITALS = "ỦY BAN NHÂN DÂN TỈNH HÀ NAM\nTỔNG HỢP Ý KIẾN\nBà Hà và ông Lê gửi HỘI đồng ở UBND xã\n"


def test_capitals_are_raised_without_their_font() -> None:
    toned = {char for char in CAPITALS if not char.isascii()} - set("ĂÂÊÔƠƯĐ")
    typed = "".join(char.lower() if char in toned else char for char in CAPITALS)
    assert typed != CAPITALS
    assert legacy.convert(old_fonts.tcvn3(typed), "tcvn3") == CAPITALS


SOFT = "Người được giao đất phải sử dụng đúng mục đích của các cơ quan nhà nước."


def test_a_soft_hyphen_is_the_letter_it_stands_for(read) -> None:
    """Word and LibreOffice keep the code of ư as an element of its own."""
    typed = run(old_fonts.tcvn3(SOFT), FONT)
    parted = "<w:softHyphen/>".join(
        f'<w:t xml:space="preserve">{piece}</w:t>' for piece in old_fonts.tcvn3(SOFT).split("\xad")
    )
    body = typed[: typed.index("<w:t ")] + parted + "</w:r>"
    document = read(docx(f"<w:p>{body}</w:p>"), "a.docx")
    assert (document.reading, document.text) == ("tcvn3", SOFT)


def test_a_soft_hyphen_in_unicode_is_not_seen(read) -> None:
    body = run("Điều 1. Nhà").replace("</w:r>", "<w:softHyphen/><w:t>nước</w:t></w:r>")
    assert read(docx(f"<w:p>{body}</w:p>"), "a.docx").text == "Điều 1. Nhànước"


def test_soft_hyphens_come_through_rich_text_opendocument_and_word_97(tmp_path: Path) -> None:
    installed = helpers.found()
    if not installed.office:
        pytest.skip("LibreOffice is not installed")
    codes = "".join(
        char if char < "\x80" else f"\\'{ord(char):02x}" for char in old_fonts.tcvn3(SOFT)
    )
    rtf = tmp_path / "a.rtf"
    rtf.write_text(
        rf"{{\rtf1\ansi\ansicpg1252{{\fonttbl{{\f0 .VnTime;}}}}\f0 {codes}\par}}", encoding="ascii"
    )
    for kind in ("odt", "doc"):
        subprocess.run(
            [installed.office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
             "--convert-to", kind, "--outdir", str(tmp_path), str(rtf)],
            check=True, capture_output=True, timeout=60,
        )  # fmt: skip
    for kind in ("rtf", "odt", "doc"):
        document = parse_untrusted(tmp_path / f"a.{kind}", filename=f"a.{kind}")
        assert (document.reading, document.text) == ("tcvn3", SOFT)
