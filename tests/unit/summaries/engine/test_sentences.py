"""Vietnamese prose is cut where a reader would cut it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.summaries.engine.sentences import pieces, sentences


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
        ("Ở Q. Tân Bình, P. 5 có lỗi. Xin sửa.", ["Ở Q. Tân Bình, P. 5 có lỗi.", "Xin sửa."]),
        (
            "ThS. Lê B. và Ths. C nêu ở tr. 15. Đúng.",
            ["ThS. Lê B. và Ths. C nêu ở tr. 15.", "Đúng."],
        ),
        ("Theo Nxb. Giáo dục. Hết.", ["Theo Nxb. Giáo dục.", "Hết."]),
        ("Nghị quyết số 45-NQ/TW. Cần bám sát.", ["Nghị quyết số 45-NQ/TW.", "Cần bám sát."]),
        ("Ông N.V.A. Trần nói đúng. Hết.", ["Ông N.V.A. Trần nói đúng.", "Hết."]),
        ("Có 40.924 người, tăng 3,5%. Tốt.", ["Có 40.924 người, tăng 3,5%.", "Tốt."]),
        ("Họp ngày 12.5.2026. Đã kết luận.", ["Họp ngày 12.5.2026.", "Đã kết luận."]),
        ("Đến năm 2030. Sau đó xét.", ["Đến năm 2030.", "Sau đó xét."]),
        ("Điều 5. Phạm vi áp dụng. Nên bỏ.", ["Điều 5. Phạm vi áp dụng.", "Nên bỏ."]),
        ("Đề nghị bỏ Điều 5. \nHết", ["Đề nghị bỏ Điều 5.", "Hết"]),
        ("II. Mục tiêu\n1.2. Chỉ tiêu\n• Nhà ở", ["Mục tiêu", "Chỉ tiêu", "Nhà ở"]),
        ("V. A. Nguyễn viết. Hết.", ["V. A. Nguyễn viết.", "Hết."]),
        (
            "Xem www.dongnai.gov.vn. Và thư a.b@c.vn. Hết",
            ["Xem www.dongnai.gov.vn.", "Và thư a.b@c.vn.", "Hết"],
        ),
        ("Xem http://a.vn/b.Cd?e. Hết.", ["Xem http://a.vn/b.Cd?e.", "Hết."]),
        ("Ý này rất đúng.Tôi ủng hộ.", ["Ý này rất đúng.", "Tôi ủng hộ."]),
        ("Ở TP.Hồ Chí Minh. Hết.", ["Ở TP.Hồ Chí Minh.", "Hết."]),
        ("Vì sao?! Không rõ.", ["Vì sao?!", "Không rõ."]),
        ("Còn nữa... Nhưng thôi.", ["Còn nữa...", "Nhưng thôi."]),
        (
            "“Giữ nguyên!” Ông nói. (Vỗ tay.) Hết.",
            ["“Giữ nguyên!”", "Ông nói.", "(Vỗ tay.)", "Hết."],
        ),
        ("Đường, trường, trạm v.v. Cần thêm.", ["Đường, trường, trạm v.v.", "Cần thêm."]),
        (
            "Một câu rất dài mà chương trình thư đã ngắt\ngiữa chừng ở đây. Hết.",
            ["Một câu rất dài mà chương trình thư đã ngắt\ngiữa chừng ở đây.", "Hết."],
        ),
        ("Ngắn\nthôi", ["Ngắn", "thôi"]),
        ("", []),
    ],
)
def test_cuts(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


PROSE = st.lists(
    st.sampled_from(
        [
            *'aĐ1.!?…,;:()“”"-*#> \n',
            ". ",
            "TP. ",
            "\n- ",
            "\n1. ",
            "đúng",
            "Tôi",
            "40.924",
            "a@b.vn",
        ]
    )
).map("".join)


@given(st.one_of(PROSE, st.text()))
def test_pieces_hold_everything_but_white_space(text: str) -> None:
    rest, last = "", 0
    for start, end in pieces(text):
        assert last <= start < end
        rest += text[last:start]
        last = end
    assert not (rest + text[last:]).strip()


@given(st.one_of(PROSE, st.text()))
def test_sentences_are_trimmed_parts_of_the_pieces(text: str) -> None:
    found = sentences(text)
    assert found == sorted(found)
    for start, end in found:
        assert text[start:end] == text[start:end].strip() != ""
        assert any(first <= start and end == last for first, last in pieces(text))
