"""Makes planted campaigns: ordinary opinions, copies with variants and additions, flipped ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from consult.core.text import fold

ORDINARY = "ordinary"
VARIANTS = ("exact", "case", "diacritics", "signature")
KINDS = (*VARIANTS, "addition", "flipped")

OPENINGS = (
    "Tôi đã đọc {p} và thấy cần góp ý về {t}.",
    "Về {p}, tôi có ý kiến về {t} như sau.",
    "Tôi đồng ý với {p} về {t}.",
    "Tôi không đồng ý với {p} về {t}.",
    "Theo tôi, {p} quy định về {t} còn chung chung.",
    "Đề nghị ban soạn thảo xem lại {p} về {t}.",
    "Là người dân, tôi quan tâm nhất đến {t} tại {p}.",
    "Quy định về {t} tại {p} là hợp lý.",
)
TOPICS = (
    "nhà ở xã hội", "học phí phổ thông", "bảo hiểm y tế", "giấy phép xây dựng", "chợ truyền thống",
    "xe buýt nội đô", "thuế hộ kinh doanh", "trợ cấp người cao tuổi", "đất nông nghiệp",
    "nước sạch nông thôn", "phí rác thải", "vỉa hè", "trường mầm non", "nghỉ thai sản",
    "khám sức khoẻ định kỳ", "dữ liệu cá nhân", "giao thông đường thuỷ", "làng nghề", "di tích",
    "phòng cháy chung cư",
)  # fmt: skip
ARGUMENTS = (
    "Nhiều hộ ở {g} phải chờ {n} ngày mới có kết quả nên rất mệt mỏi.",
    "Mức {n} triệu đồng vượt quá khả năng của công nhân tại {g}.",
    "Thủ tục ở {g} rườm rà, người dân phải đi lại {n} lần.",
    "Cán bộ ở {g} thiếu người, mỗi người phụ trách {n} hồ sơ một tuần.",
    "Trong {n} năm qua, {g} chưa có công trình nào được đầu tư.",
    "Doanh nghiệp nhỏ tại {g} sẽ tốn thêm {n} % chi phí.",
    "Thực tế ở {g} cho thấy chỉ {n} % người đủ điều kiện nhận được hỗ trợ.",
    "Các hợp tác xã của {g} đã làm thí điểm với {n} hộ và có kết quả tốt.",
    "Khoảng cách từ {g} đến nơi nộp hồ sơ là {n} cây số đường đèo.",
    "Người khuyết tật ở {g} khó tiếp cận vì thiếu lối đi riêng trong {n} toà nhà.",
)
PROPOSALS = (
    "Đề nghị bổ sung trách nhiệm của {a} trong việc kiểm tra hằng năm.",
    "Nên giao {a} công bố danh sách trên cổng thông tin.",
    "Cần quy định {a} trả lời bằng văn bản trong {n} ngày làm việc.",
    "Đề nghị {a} lấy ý kiến tổ dân phố trước khi quyết định.",
    "Mong {a} có lộ trình {n} năm để người dân chuẩn bị.",
    "Kiến nghị {a} miễn lệ phí cho hộ nghèo và cận nghèo.",
    "Nên để {a} đối thoại định kỳ với các hội nghề nghiệp.",
    "Đề nghị {a} rà soát lại từ ngữ cho thống nhất với luật hiện hành.",
)
PLACES = (
    "Cao Bằng", "Lạng Sơn", "Nghệ An", "Quảng Trị", "Đồng Tháp", "Cà Mau", "Gia Lai", "Bắc Ninh",
    "Hải Phòng", "Cần Thơ", "Huế", "Lâm Đồng", "Thái Nguyên", "Phú Thọ", "Tây Ninh", "Sơn La",
)  # fmt: skip
OFFICES = (
    "Ủy ban nhân dân xã", "Sở Xây dựng", "Sở Tài chính", "Bộ Nội vụ", "Hội đồng nhân dân tỉnh",
    "cơ quan thuế", "bảo hiểm xã hội", "công an phường", "Mặt trận Tổ quốc",
)  # fmt: skip
APPEALS = (
    "Tôi đồng ý với {p} của dự thảo về {t}. Mức hỗ trợ {n} % là cần thiết để tăng thu nhập cho "
    "người lao động tại {g}. Đề nghị {a} cho phép áp dụng ngay trong năm nay.",
    "Chúng tôi ủng hộ quy định về {t} tại {p}. Thời hạn {n} ngày giúp giảm phiền hà cho bà con "
    "{g}, nên giữ nguyên như dự thảo.",
    "Đề nghị tăng mức chi cho {t} lên {n} triệu đồng theo {p}. Người dân {g} được hưởng lợi và "
    "tán thành việc mở rộng đối tượng. {a} cần sớm hướng dẫn thực hiện.",
    "Theo {p}, việc quản lý {t} được giao cho {a}. Tôi nhất trí vì cách làm này đã có kết quả tốt "
    "ở {g} trong {n} năm.",
)
ADDITIONS = (
    "Gia đình tôi có ba con nhỏ đang đi thuê nhà.",
    "Tôi làm công nhân ở khu công nghiệp đã mười hai năm.",
    "Bố mẹ tôi già yếu, chưa có lương hưu.",
    "Xóm tôi có 40 hộ đều mong như vậy.",
    "Năm ngoái nhà tôi bị ngập hai lần mà không ai đến hỏi.",
    "Con tôi học lớp 3, đường đến trường rất xa.",
    "Tôi là giáo viên về hưu, hiểu rõ khó khăn của học trò nghèo.",
    "Mẹ tôi bán hàng ở chợ, buôn bán ngày càng vắng khách.",
    "Tôi từng làm hồ sơ và phải chờ suốt mùa mưa.",
    "Chỗ tôi ở đường sá hư hỏng, xe cứu thương vào rất khó.",
    "Tôi mong các anh chị lắng nghe người dân quê tôi.",
    "Hàng xóm của tôi cũng gặp hoàn cảnh tương tự.",
    "Em tôi vừa tốt nghiệp mà chẳng tìm được việc gần nhà.",
    "Quê tôi mùa khô thiếu nước, phải mua từng can.",
)
FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi".split()
GIVEN = ("Văn An", "Thị Bình", "Minh Châu", "Quốc Dũng", "Thu Hà", "Đức Long", "Ngọc Mai")
FLIPS: tuple[tuple[str, str], ...] = (
    ("đồng ý", "không đồng ý"), ("đồng ý", "phản đối"), ("ủng hộ", "phản đối"),
    ("ủng hộ", "chưa ủng hộ"), ("nhất trí", "không nhất trí"), ("tán thành", "bác bỏ"),
    ("tăng", "giảm"), ("giảm", "tăng"), ("cho phép", "cấm"), ("cho phép", "không cho phép"),
    ("cần thiết", "không cần thiết"), ("mở rộng", "thu hẹp"), ("nên giữ", "không nên giữ"),
    ("giữ nguyên", "bỏ"), ("được hưởng", "không được hưởng"), ("được giao", "chưa được giao"),
    ("kết quả tốt", "kết quả xấu"), ("sớm", "chậm"), ("đã có", "chưa có"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planted:
    """A text, what it is and whose: a campaign's number, or None for an ordinary opinion.

    ``voice`` is what it says: equal for a campaign's texts, another for each way of flipping it.
    """

    id: int
    text: str
    kind: str
    campaign: int | None
    voice: str


def planted(size: int, *, seed: int, campaigns: int = 30) -> list[Planted]:
    """Return ``size`` texts, seven in ten ordinary and distinct, the rest of ``campaigns``.

    Ids are shuffled, so that a campaign's first text may be any variant.
    """
    chance = random.Random(seed)
    ids = list(range(1, size + 1))
    chance.shuffle(ids)
    appeals = [_filled(chance, chance.choice(APPEALS)) for _ in range(campaigns)]
    made: list[Planted] = []
    known: set[str] = set()
    while len(made) < size * 7 // 10:
        text = ordinary(chance)
        if text not in known:
            known.add(text)
            made.append(Planted(ids[len(made)], text, ORDINARY, None, text))
    while len(made) < size:
        campaign = chance.randrange(campaigns)
        kind = KINDS[len(made) % len(KINDS)]
        voice = appeals[campaign]
        if kind == "flipped":
            voice = flipped(chance, voice)
            text = disguised(chance, voice)
        else:
            text = CHANGES[kind](chance, voice)
        made.append(Planted(ids[len(made)], text, kind, campaign, voice))
    return made


def ordinary(chance: random.Random) -> str:
    """Return an opinion of two to four sentences."""
    parts = [chance.choice(OPENINGS), chance.choice(ARGUMENTS)]
    parts += chance.sample(PROPOSALS, chance.randrange(3))
    return " ".join(_filled(chance, part) for part in parts)


def _filled(chance: random.Random, template: str) -> str:
    return template.format(
        p=f"khoản {chance.randint(1, 6)} Điều {chance.randint(2, 60)}",
        t=chance.choice(TOPICS),
        g=chance.choice(PLACES),
        n=chance.randint(2, 95),
        a=chance.choice(OFFICES),
    )


def recased(chance: random.Random, text: str) -> str:
    """Return the text in capitals, in small letters or with every word capitalised."""
    return chance.choice((str.upper, str.lower, str.title))(text)


def signed(chance: random.Random, text: str) -> str:
    """Return the text as a letter: greeting, closing, name, in one of the usual manners."""
    name = f"{chance.choice(FAMILIES)} {chance.choice(GIVEN)}"
    greeting = chance.choice(("", "Kính gửi Ban soạn thảo,\n", "Kính thưa quý cơ quan!\n\n"))
    closing = chance.choice(
        (
            f"\nTrân trọng.\n{name}",
            f"\n\nXin chân thành cảm ơn!\n{name}\n{chance.choice(PLACES)}",
            f" Trân trọng cảm ơn, {name}.",
            f"\nNgười gửi: {name}",
            f"\n{chance.choice(PLACES)}, ngày {chance.randint(1, 28)} tháng 5 năm 2026\n{name}",
            "\nXin cảm ơn.",
        )
    )
    return greeting + text + closing


def with_addition(chance: random.Random, text: str) -> str:
    """Return the text with one or two sentences of the person's own, before or after."""
    own = " ".join(chance.sample(ADDITIONS, chance.randint(1, 2)))
    text = f"{own} {text}" if chance.random() < 0.3 else f"{text} {own}"
    return chance.choice((str, fold, str.lower))(text) if chance.random() < 0.3 else text


def flipped(chance: random.Random, text: str) -> str:
    """Return the text with a stance, a denial, an opposite, a figure or a provision changed."""
    if chance.random() < 0.4:
        old = chance.choice([word for word in text.split() if word.isdecimal()])
        return text.replace(f" {old} ", f" {int(old) + chance.randint(1, 9)} ", 1)
    return text.replace(*chance.choice([(old, new) for old, new in FLIPS if old in text]), 1)


def disguised(chance: random.Random, text: str) -> str:
    """Return one text in three signed, with an addition or without diacritics."""
    if chance.random() < 2 / 3:
        return text
    return CHANGES[chance.choice(("diacritics", "signature", "addition"))](chance, text)


CHANGES: dict[str, Callable[[random.Random, str], str]] = {
    "exact": lambda _chance, text: text,
    "case": recased,
    "diacritics": lambda _chance, text: fold(text),
    "signature": signed,
    "addition": with_addition,
}
