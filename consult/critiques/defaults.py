"""The templates of intake and criteria until the secretariat edits them: official wording."""

from __future__ import annotations

from typing import Final

from msgspec import Struct


class TemplateLine(Struct, frozen=True):
    """One line: ``guidance`` helps who fills it in; ``is_required`` is of intake only."""

    text: str
    guidance: str = ""
    is_required: bool = False


INTAKE: Final = (
    TemplateLine("Có dự thảo văn bản để phản biện", is_required=True),
    TemplateLine("Có tờ trình hoặc báo cáo thuyết minh dự thảo"),
    TemplateLine("Có căn cứ pháp lý của việc xây dựng dự thảo"),
    TemplateLine("Tài liệu gửi kèm không thuộc danh mục bí mật nhà nước", is_required=True),
    TemplateLine("Thời hạn gửi báo cáo bảo đảm cho việc phản biện"),
    TemplateLine("Đã xác định kinh phí thực hiện"),
)

# The usual criteria of a critique; no law fixes them, so every line can be edited.
CRITERIA: Final = (
    TemplateLine("Sự cần thiết", "Vấn đề thực tiễn cần giải quyết, sự cần thiết ban hành"),
    TemplateLine("Cơ sở pháp lý, thẩm quyền", "Căn cứ ban hành, thẩm quyền, trình tự"),
    TemplateLine(
        "Sự phù hợp với chủ trương, quy hoạch",
        "Chủ trương của Đảng, chính sách, pháp luật của Nhà nước, quy hoạch, kế hoạch",
    ),
    TemplateLine("Tính khoa học", "Luận cứ, số liệu, phương pháp"),
    TemplateLine("Tính khả thi", "Nguồn lực, tổ chức thực hiện, tiến độ"),
    TemplateLine("Hiệu quả kinh tế – xã hội", "Lợi ích so với chi phí, đối tượng thụ hưởng"),
    TemplateLine("Tác động môi trường"),
    TemplateLine("Tác động xã hội, giới, dân tộc"),
    TemplateLine("Quốc phòng – an ninh"),
    TemplateLine("Rủi ro", "Rủi ro khi thực hiện và biện pháp phòng ngừa"),
    TemplateLine("Tính thống nhất", "Thống nhất, đồng bộ với hệ thống pháp luật và trong văn bản"),
    TemplateLine("Kỹ thuật trình bày", "Bố cục, ngôn ngữ, thể thức"),
)

TEMPLATES: Final = {"intake": INTAKE, "criterion": CRITERIA}
