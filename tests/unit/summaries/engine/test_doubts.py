"""Doubts about stances: planted contradictions are found, ordinary sentences are let alone."""

from __future__ import annotations

import unicodedata

import pytest

from consult.summaries.engine.doubts import Doubt, doubt

PLANTED = {
    "agree": """
Tôi không đồng ý với quy định này.
Không đồng ý.
Tôi phản đối mức thu quá cao.
Chúng tôi không thể chấp nhận cách tính này.
Về khoản 2, tôi hoàn toàn không tán thành vì ngân sách không kham nổi.
Kính gửi Ban soạn thảo, tôi chưa nhất trí với mức 30%.
toi khong dong y voi khoan 2
Quy định này bất hợp lý.
Mức phí cao gấp đôi hiện nay nên tôi không ủng hộ.
Tôi cực lực phản đối.
Khoản 2 Điều 5 không hợp lý vì người dân không có thu nhập.
Ko đồng ý với điều 3
Đọc xong dự thảo tôi thấy khó đồng tình với cách làm này.
""",
    "disagree": """
Tôi đồng ý với quy định này.
Hoàn toàn nhất trí với dự thảo.
Chúng tôi ủng hộ mức hỗ trợ 30 triệu đồng.
Tán thành.
toi rat dong y voi khoan nay
Quy định này rất hợp lý, tôi tán thành.
Tôi không phản đối.
Gia đình em rất ủng hộ chủ trương này.
Cá nhân tôi đồng tình với nội dung tại Điều 4.
Nhiệt liệt hoan nghênh quy định này.
""",
}
# What people write who declared their stance rightly.
ORDINARY = {
    "agree": """
Tôi đồng ý vì mức hỗ trợ sát với giá cả ở vùng biên giới.
Nhất trí, đề nghị làm ngay trong năm 2030.
Quy định này cần thiết, người dân không còn phải đi lại nhiều lần.
Trước đây nhiều hộ không đồng ý di dời, nay có chính sách này sẽ thuận lợi hơn.
Việc thu hồi đất phải được sự đồng ý của chủ sử dụng, dự thảo ghi như vậy là đúng.
Dự thảo đã bỏ thủ tục mà nhiều doanh nghiệp phản đối.
Tôi phản đối những ai nói rằng mức này là quá cao.
Tôi không đồng ý với ý kiến cho rằng nên hoãn ban hành.
Không ai phản đối quy định này.
Nếu không đồng ý thì người nộp đơn được khiếu nại, tôi thấy quy định thế là chặt chẽ.
Cơ quan từ chối tiếp nhận hồ sơ phải trả lời bằng văn bản; quy định như dự thảo là phù hợp.
Có thể nào không tán thành một quy định nhân văn như thế?
Phát triển đông y và y học cổ truyền là hướng đi đúng.
Tôi không những đồng ý mà còn mong áp dụng sớm.
Ủng hộ. Mức cũ bất hợp lý đã nhiều năm.
Điều khoản “không chấp nhận hồ sơ giấy” nay đã bỏ, tôi hoan nghênh.
Quy định hiện hành không hợp lý nên sửa như dự thảo là đúng.
Không thể không đồng tình với chủ trương này.
Một số ý kiến chưa đồng thuận nhưng tôi thấy dự thảo hợp lý.
Các trường đại học ngoài công lập cũng cần được hưởng như trường công.
Tôi phản đối việc bỏ khoản này.
Mức 30 triệu đồng là phù hợp với mặt bằng chung, không cần nâng thêm.
Chưa có địa phương nào từ chối triển khai chính sách này.
Hội đồng không chấp thuận thì trả hồ sơ trong 5 ngày: quy định rõ như vậy là tốt.
""",
    "disagree": """
Mức này quá thấp, không đủ sống ở vùng biên giới.
Tôi ủng hộ chủ trương nhưng mức hỗ trợ quá thấp.
Tôi đồng ý với các ý kiến đã nêu là nên bỏ khoản này.
Tôi phản đối: ngân sách tỉnh không kham nổi khoản chi này mỗi năm.
Đề nghị giữ nguyên như quy định hiện hành.
Tôi đồng ý bỏ quy định này khỏi dự thảo.
Phải có sự đồng ý của hai phần ba số hộ dân mới được làm.
Chỉ đồng ý một phần, còn mức phí thì không.
Cơ quan có thẩm quyền chấp thuận chủ trương đầu tư mà không hỏi dân là thiếu dân chủ.
Người dân sẽ ủng hộ nếu mức thu giảm một nửa.
Tôi chưa thấy ai đồng ý với cách tính này.
Ai đồng ý với mức phí như vậy?
Ban soạn thảo cho rằng mọi người đều nhất trí, thực tế ở xã tôi thì khác.
Không hợp lý vì trùng với khoản 2 Điều 7.
Về nguyên tắc tôi tán thành, song thời hạn 30 ngày là quá ngắn.
Tôi đồng ý với chủ trương, đề nghị sửa lại mức hỗ trợ.
Tôi tán thành phương án giữ nguyên mức phí cũ.
Thủ tục này làm mất thời gian của doanh nghiệp và người dân.
Nên bỏ khoản 3 vì không khả thi.
Nói là tự nguyện nhưng thực chất bắt buộc, tôi không chấp nhận.
Tôi hoàn toàn đồng ý với kiến nghị của Hội Luật gia về việc không ban hành quy định này.
Gia đình tôi không đồng ý, hàng xóm cũng không ai đồng ý.
Tôi không hoàn toàn đồng ý.
Đồng ý là cần quản lý, còn thu thêm tiền thì phải xem lại.
Phương án phát triển bền vững, hợp lý, tiết kiệm vẫn chưa được nêu.
""",
}
OPPOSITE = {"agree": "disagree", "disagree": "agree"}


def lines(texts: dict[str, str]) -> list[tuple[str, str]]:
    return [(stance, text) for stance, block in texts.items() for text in block.strip().split("\n")]


@pytest.mark.parametrize(("stance", "text"), lines(PLANTED))
def test_a_planted_contradiction_is_found(stance: str, text: str) -> None:
    found = doubt(stance, text)
    assert found
    assert found.reads == OPPOSITE[stance]
    assert text[found.start : found.end].strip()


@pytest.mark.parametrize(("stance", "text"), lines(ORDINARY))
def test_an_ordinary_sentence_is_not_doubted(stance: str, text: str) -> None:
    assert doubt(stance, text) is None


def test_the_words_are_those_that_contradict() -> None:
    text = "Mức thu tăng gấp đôi.\n\nTôi hoàn toàn không đồng ý với khoản này."
    found = doubt("agree", text)
    assert found == Doubt("disagree", text.index("không"), text.index(" với"))
    decomposed = unicodedata.normalize("NFD", text)
    other = doubt("agree", decomposed)
    assert other
    words = unicodedata.normalize("NFC", decomposed[other.start : other.end])
    assert words == "không đồng ý"


def test_only_plain_stances_can_be_doubtful() -> None:
    for stance in ("agree_with_changes", "none", None):
        assert doubt(stance, "Tôi không đồng ý. Tôi phản đối.") is None
    assert doubt("agree", "") is None
