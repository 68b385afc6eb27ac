"""Plans, programmes and schemes: the habits of those who number without articles."""

from __future__ import annotations

from consult.drafts.parsing import ParsedDocument, parse_text
from tests.unit.drafts.test_real_documents import assert_sound


def read(*lines: str) -> ParsedDocument:
    document = parse_text("\n\n".join(lines))
    assert_sound(document)
    return document


def units(document: ParsedDocument) -> list[tuple[str, str, str | None]]:
    return [(p.kind, p.number, p.parent) for p in document.provisions if p.kind != "paragraph"]


def test_decimals_stand_below_a_roman_number_of_their_value() -> None:
    document = read(
        "I. SỰ CẦN THIẾT", "1.1. Cơ sở chính trị", "1.1.1 Văn kiện Đảng", "1.2. Cơ sở pháp lý",
        "II. MỤC TIÊU", "2.1. Mục tiêu chung", "Đến năm 2030 tỉnh có 120 tiến sĩ.",
        "2.2. Mục tiêu cụ thể",
    )  # fmt: skip
    assert units(document) == [
        ("roman", "I", None), ("decimal", "1.1", "r1"), ("decimal", "1.1.1", "r1.1-1"),
        ("decimal", "1.2", "r1"), ("roman", "II", None), ("decimal", "2.1", "r2"),
        ("decimal", "2.2", "r2"),
    ]  # fmt: skip
    assert document.provisions[-1].citation == "điểm 2.2 mục II"
    assert not document.warnings


def test_decimals_below_a_counted_number_leave_the_roman_one_alone() -> None:
    document = read("I. ĐÍCH", "II. CÁCH LÀM", "1. Tiền", "1.1. Ngân sách", "2.1. Đào tạo")
    assert units(document)[-1] == ("decimal", "1.1", "r2.1")
    assert "2.1. Đào tạo" in document.provisions[-1].text


def test_a_first_number_left_out_is_a_gap() -> None:
    document = read("I. BỐI CẢNH", "2. Nguồn lực", "2.1. Ngân sách", "3. Nhân lực")
    assert units(document) == [
        ("roman", "I", None), ("numeral", "2", "r1"), ("decimal", "2.1", "r1.2"),
        ("numeral", "3", "r1"),
    ]  # fmt: skip
    assert [w.code for w in document.warnings] == ["number_gap"]


def test_a_calculation_s_end_closes_no_document() -> None:
    document = read(
        "I. HIỆN TRẠNG", "1. Dân số", "Trên đây là kết quả tính toán của năm 2025.",
        "2. Lao động", "II. DỰ BÁO", "1. Dân số", "Trên đây là Kế hoạch của Sở, đề nghị thực hiện.",
    )  # fmt: skip
    assert [p.parent for p in document.provisions if p.number in {"2", "II"}] == ["r1", None]
    last = document.provisions[-1]
    assert (last.kind, last.parent) == ("paragraph", None)
    assert not document.warnings


def test_points_go_on_when_the_sign_changes() -> None:
    document = read("1. Nội dung:", "a) Một việc;", "b) Hai việc;", "c. Ba việc;", "d) Bốn việc.")
    assert [p.number for p in document.provisions if p.parent == "n1"] == ["a", "b", "c", "d"]
    assert [p.citation for p in document.provisions][3] == "điểm c khoản 1"


def test_a_point_list_may_stand_in_another_with_the_other_sign() -> None:
    document = read("1. Nội dung:", "a. Một việc:", "a) Nhỏ;", "b) Nhỏ nữa;", "b. Hai việc.")
    assert [(p.number, p.parent) for p in document.provisions[1:]] == [
        ("a", "n1"), ("a", "n1.na"), ("b", "n1.na"), ("b", "n1"),
    ]  # fmt: skip


def test_a_list_below_a_decimal_stays_in_it() -> None:
    document = read(
        "I. MỤC TIÊU", "1.1. Mục tiêu chung", "1. Kinh tế", "2. Xã hội", "1.2. Mục tiêu cụ thể",
        "1. Dân số", "II. GIẢI PHÁP", "1. Tiền", "1.1. Ngân sách",
    )  # fmt: skip
    assert units(document)[1:7] == [
        ("decimal", "1.1", "r1"), ("numeral", "1", "r1.1-1"), ("numeral", "2", "r1.1-1"),
        ("decimal", "1.2", "r1"), ("numeral", "1", "r1.1-2"), ("roman", "II", None),
    ]  # fmt: skip
    assert units(document)[-1] == ("decimal", "1.1", "r2.1")
    assert not document.warnings


def test_a_roman_sequence_is_taken_up_again_after_a_break() -> None:
    document = read(
        "Phần I", "MỞ ĐẦU", "I. SỰ CẦN THIẾT", "II. CĂN CỨ", "Trên đây là các căn cứ.",
        "III. PHẠM VI",
    )  # fmt: skip
    assert units(document)[-1] == ("roman", "III", "ph1")
    assert not document.warnings


def test_a_decimal_of_another_number_does_not_leave_its_roman_section() -> None:
    document = read("Phần II", "HIỆN TRẠNG", "I. ĐẤT", "1. Đất ở", "2.1. Nông thôn", "II. NƯỚC")
    assert units(document) == [
        ("part", "II", None), ("roman", "I", "ph2"), ("numeral", "1", "ph2.r1"),
        ("roman", "II", "ph2"),
    ]  # fmt: skip


def test_rows_drawn_with_bars_are_no_units() -> None:
    document = read("I. ĐẤT", "1. Đất ở", "1.1 | Nông thôn | 9.965 | 13.524", "2. Đất rừng")
    assert [p.number for p in document.provisions] == ["I", "1", "2"]
