"""Vietnamese prose is cut where a reader would cut it."""

from __future__ import annotations

import pytest

from consult.summaries.engine.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "PGS. TS. Nguyễn V. A. ở TP. Hồ Chí Minh nêu 40.924 người. Đề nghị sửa!",
            ["PGS. TS. Nguyễn V. A. ở TP. Hồ Chí Minh nêu 40.924 người.", "Đề nghị sửa!"],
        ),
        ("Tăng 2,5 lần vào năm 2030. Cần vốn.", ["Tăng 2,5 lần vào năm 2030.", "Cần vốn."]),
        (
            "Cần làm rõ: 1. Đào tạo; 2. Đãi ngộ. Hết.",
            ["Cần làm rõ: 1. Đào tạo; 2. Đãi ngộ.", "Hết."],
        ),
        ("1. Điều một\n- Gạch đầu dòng. Câu hai", ["Điều một", "Gạch đầu dòng.", "Câu hai"]),
        ("a) Điểm a.\nb) Điểm b.", ["Điểm a.", "Điểm b."]),
        ("Cần “giữ nguyên.” Tôi đồng ý.", ["Cần “giữ nguyên.”", "Tôi đồng ý."]),
        ("Tôi đồng ý… nhưng cần rõ.", ["Tôi đồng ý… nhưng cần rõ."]),
        ("Nhà ở, xe cộ v.v. là cần. Hết", ["Nhà ở, xe cộ v.v. là cần.", "Hết"]),
        ("**Đậm.** Câu sau.", ["**Đậm.**", "Câu sau."]),
        ("> Trích. Tiếp?", ["Trích.", "Tiếp?"]),
        ("... !!! ---", []),
        ("", []),
    ],
)
def test_cuts(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected
