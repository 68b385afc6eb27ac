"""Vietnamese words for the measurements' data: sentences such as people write, mixed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from consult.core.sanitize import markdown_to_html
from consult.core.text import fold


@dataclass(frozen=True)
class Opinion:
    """What the columns of a point hold of its words."""

    argument: str
    html: str
    wording: str
    folded: str


SENTENCES = (
    "Mức hỗ trợ một lần chưa tương xứng với thời gian và công sức của người làm nghiên cứu",
    "Đề nghị quy định rõ cơ quan đầu mối tiếp nhận và thời hạn trả lời ý kiến của trí thức",
    "Tôi đồng ý với mục tiêu chung nhưng băn khoăn về nguồn kinh phí thực hiện hằng năm",
    "Cần bổ sung tiêu chí đánh giá kết quả để tránh bình quân, hình thức",
    "Quy định này trùng với chính sách thu hút đang áp dụng tại các trường đại học trong tỉnh",
    "Hội đồng xét chọn nên có ít nhất một phần ba là chuyên gia ngoài cơ quan nhà nước",
    "Thời gian cam kết phục vụ mười năm là quá dài đối với cán bộ trẻ mới tốt nghiệp tiến sĩ",
    "Nên công khai danh mục nhiệm vụ cần chuyên gia tham gia trên cổng thông tin của tỉnh",
    "Dự thảo chưa nhắc đến trí thức công tác ở vùng đồng bào dân tộc thiểu số",
    "Cơ chế đặt hàng phản biện xã hội phải kèm theo định mức chi và thời hạn thanh toán",
    "Ở đơn vị tôi, nhiều sáng kiến được công nhận nhưng không được ứng dụng vì thiếu vốn đối ứng",
    "Đề nghị giao Liên hiệp các Hội Khoa học và Kỹ thuật lập danh bạ chuyên gia theo lĩnh vực",
    "Việc tôn vinh nên gắn với công trình cụ thể, có địa chỉ ứng dụng và người thụ hưởng",
    "Cụm từ “tạo điều kiện thuận lợi” không đo đếm được, khó kiểm tra, khó giám sát",
    "Bác sĩ về công tác tại trạm y tế xã cần được hỗ trợ nhà ở và đào tạo liên tục",
    "Số liệu thống kê trong tờ trình đã cũ, cần cập nhật theo địa giới hành chính mới",
    "Kiến nghị bỏ điều kiện về hộ khẩu thường trú vì không còn phù hợp với Luật Cư trú",
    "Phòng thí nghiệm dùng chung sẽ tiết kiệm hơn việc đầu tư dàn trải cho từng đơn vị",
    "Nông dân cần kỹ thuật canh tác hồ tiêu, điều bền vững hơn là các lớp tập huấn chung chung",
    "Chế độ đãi ngộ phải bảo đảm công bằng giữa khu vực công lập và khu vực ngoài công lập",
    "Đề nghị ban soạn thảo giải trình vì sao không tiếp thu ý kiến của câu lạc bộ ở lần trước",
    "Ngân sách nhà nước chỉ nên hỗ trợ phần mà doanh nghiệp không thể tự làm",
    "Chuyển đổi số trong quản lý hồ sơ khoa học cần lộ trình và người chịu trách nhiệm chính",
    "Tôi không tán thành quy định giao cho một cơ quan vừa thẩm định vừa cấp kinh phí",
)


def text_of(random: Random, length: int) -> str:
    """Return sentences of about ``length`` characters together."""
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        parts.append(random.choice(SENTENCES) + ".")
    return " ".join(parts)


def opinions(random: Random, number: int) -> list[Opinion]:
    """Return ``number`` different opinions; many points share one, for rendering takes long."""
    made: list[Opinion] = []
    for _ in range(number):
        argument = text_of(random, random.randint(150, 700))
        wording = text_of(random, 120) if random.random() < 0.5 else ""
        folded = fold(f"{argument}\n{wording}")
        made.append(Opinion(argument, markdown_to_html(argument), wording, folded))
    return made
