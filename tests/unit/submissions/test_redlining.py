"""A proposed wording against what it would replace."""

from __future__ import annotations

from consult.submissions.redlining import redline

TEXT = "Cơ sở phải lưu giấy tờ trong thời hạn 05 năm kể từ ngày bán hàng. Người bán chịu chi phí."


def ops(segments: list[object]) -> list[tuple[str, str]]:
    return [(s.op, s.text) for s in segments]  # type: ignore[attr-defined]


def test_a_changed_text_is_shown_word_by_word() -> None:
    shown = ops(list(redline(TEXT, "", TEXT.replace("05 năm", "10 năm"))))
    assert ("deleted", "05") in shown
    assert ("inserted", "10") in shown
    assert "".join(text for op, text in shown if op != "inserted") == TEXT


def test_a_changed_quote_is_compared_with_the_quote() -> None:
    quote = "trong thời hạn 05 năm"
    shown = ops(list(redline(TEXT, quote, "trong thời hạn 10 năm")))
    assert "".join(text for op, text in shown if op != "inserted") == quote


def test_a_text_of_its_own_has_no_redline() -> None:
    assert redline(TEXT, "", "Bãi bỏ khoản này.") == []
    assert redline(TEXT, "", "") == []
    assert redline("", "", "Thêm một điều mới.") == []


def test_the_same_words_change_nothing() -> None:
    assert redline(TEXT, "", TEXT.replace("Cơ sở", "Cơ  sở")) == []
