"""Files that hold several documents: papers bound behind an appendix, samples inside one."""

from __future__ import annotations

from consult.drafts.parsing import ParsedDocument, parse_text
from tests.unit.drafts.test_real_documents import assert_sound

WORDS = "Cơ quan có trách nhiệm thực hiện quy định của pháp luật về bảo vệ môi trường và đất đai"
BODY = "\n\n".join(f"{WORDS} trong năm {2000 + number}." for number in range(60))
HEAD = "BỘ MÔI TRƯỜNG CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n\nĐộc lập - Tự do - Hạnh phúc\n\n"
REPORT = f"""THUYẾT MINH

CHƯƠNG 1: BỐI CẢNH

{BODY}

PHỤ LỤC SỐ I. TỔNG TRỮ LƯỢNG

Trữ lượng được tính theo quy định."""
DECISION = f"""{HEAD}Số:      /QĐ-BMT Hà Nội, ngày   tháng   năm 2026

QUYẾT ĐỊNH

Phê duyệt điều chỉnh quy hoạch

Điều 1. Phê duyệt

{BODY}

Điều 2. Hiệu lực

Quyết định này có hiệu lực từ ngày ký.

Nơi nhận:

- Lưu: VT.

BỘ TRƯỞNG

Nguyễn Văn An"""


def read(text: str) -> ParsedDocument:
    document = parse_text(text)
    assert_sound(document)
    return document


def articles(document: ParsedDocument, part: str) -> list[str]:
    return [p.number for p in document.provisions if (p.kind, p.part) == ("article", part)]


def test_papers_behind_an_appendix_are_parts_of_their_own() -> None:
    letter = f"{HEAD}TỜ TRÌNH\n\nVề việc phê duyệt quy hoạch\n\nKính gửi: Chính phủ\n\n{BODY}\n\n"
    closing = "Nơi nhận:\n\n- Như trên;\n\nCỤC TRƯỞNG\n\nTrần Văn Bình\n\n"
    document = read(f"{REPORT}\n\n{letter}{closing}{DECISION}")
    assert [(part.key, part.title[:10]) for part in document.parts] == [
        ("main", "THUYẾT MIN"), ("pl1", "TỔNG TRỮ L"), ("p3", "TỜ TRÌNH V"), ("p4", "QUYẾT ĐỊNH"),
    ]  # fmt: skip
    assert articles(document, "p4") == ["1", "2"]
    assert not articles(document, "pl1")
    first = next(p for p in document.provisions if p.key == "p4.d1")
    assert first.citation == "Điều 1 Quyết định kèm theo"


def test_a_sample_stays_in_its_appendix() -> None:
    """A short one, one with gaps to fill in, one headed as a sample."""
    short = DECISION.replace(BODY, WORDS)
    gaps = DECISION.replace("năm 20", "năm ..... 20")
    headed = f"Mẫu số 01\n\n{DECISION}"
    issuer = DECISION.replace("BỘ MÔI TRƯỜNG CỘNG", "TÊN CƠ QUAN CỘNG")
    for sample in (short, gaps, headed, issuer):
        document = read(f"{REPORT}\n\n{sample}")
        assert [part.key for part in document.parts] == ["main", "pl1"]


def test_an_appendix_of_samples_holds_whole_documents() -> None:
    document = read(f"{REPORT.replace('TỔNG TRỮ LƯỢNG', 'MẪU VĂN BẢN')}\n\n{DECISION}")
    assert [part.key for part in document.parts] == ["main", "pl1"]


def test_an_appendix_sent_alone_keeps_its_text_above_a_sample_letterhead() -> None:
    document = read(f"Phụ lục I\n\nTHỂ THỨC VĂN BẢN\n\nI. CÁCH TRÌNH BÀY\n\n1. Khổ giấy\n\n{HEAD}")
    assert not document.remainder
    assert [p.number for p in document.provisions if p.kind in {"roman", "numeral"}] == ["I", "1"]
