"""Lists that profiles choose from, in both languages: fields of science, degrees, titles."""

from __future__ import annotations

from consult.core.i18n import locale_code

# Level 2 of the list that Circular 24/2025/TT-BKHCN issued in place of Decision 12/2008.
# Taken down from a secondary source: verify it against the circular before calling it official.
GROUPS: dict[str, tuple[str, str]] = {
    "1": ("Khoa học tự nhiên", "Natural sciences"),
    "2": ("Khoa học kỹ thuật và công nghệ", "Engineering and technology"),
    "3": ("Khoa học y, dược", "Medical and pharmaceutical sciences"),
    "4": ("Khoa học nông nghiệp", "Agricultural sciences"),
    "5": ("Khoa học xã hội", "Social sciences"),
    "6": ("Khoa học nhân văn", "Humanities"),
}
FIELDS: dict[str, tuple[str, str]] = {
    "101": ("Toán học và thống kê", "Mathematics and statistics"),
    "102": ("Khoa học máy tính và thông tin", "Computer and information sciences"),
    "103": ("Vật lý", "Physics"),
    "104": ("Hóa học", "Chemistry"),
    "105": (
        "Các khoa học trái đất và môi trường liên quan",
        "Earth and related environmental sciences",
    ),
    "106": ("Sinh học", "Biology"),
    "199": ("Khoa học tự nhiên khác", "Other natural sciences"),
    "201": ("Kỹ thuật dân dụng", "Civil engineering"),
    "202": (
        "Kỹ thuật điện, điện tử, thông tin",
        "Electrical, electronic and information engineering",
    ),
    "203": ("Kỹ thuật cơ khí", "Mechanical engineering"),
    "204": ("Kỹ thuật hóa học", "Chemical engineering"),
    "205": ("Kỹ thuật vật liệu và luyện kim", "Materials engineering and metallurgy"),
    "206": ("Kỹ thuật y học", "Medical engineering"),
    "207": ("Kỹ thuật môi trường", "Environmental engineering"),
    "208": ("Công nghệ sinh học môi trường", "Environmental biotechnology"),
    "209": ("Công nghệ sinh học công nghiệp", "Industrial biotechnology"),
    "210": ("Công nghệ nano", "Nanotechnology"),
    "211": ("Kỹ thuật thực phẩm và đồ uống", "Food and beverage engineering"),
    "299": ("Khoa học kỹ thuật và công nghệ khác", "Other engineering and technology"),
    "301": ("Y học cơ sở", "Basic medicine"),
    "302": ("Y học lâm sàng", "Clinical medicine"),
    "303": ("Y tế", "Health sciences"),
    "304": ("Dược học", "Pharmacy"),
    "305": ("Công nghệ sinh học trong y học", "Medical biotechnology"),
    "399": ("Khoa học y, dược khác", "Other medical and pharmaceutical sciences"),
    "401": ("Trồng trọt", "Crop production"),
    "402": ("Chăn nuôi", "Animal husbandry"),
    "403": ("Thú y", "Veterinary science"),
    "404": ("Lâm nghiệp", "Forestry"),
    "405": ("Thủy sản", "Fisheries"),
    "406": ("Công nghệ sinh học trong nông nghiệp", "Agricultural biotechnology"),
    "499": ("Khoa học nông nghiệp khác", "Other agricultural sciences"),
    "501": ("Tâm lý học", "Psychology"),
    "502": ("Kinh tế và kinh doanh", "Economics and business"),
    "503": ("Khoa học giáo dục", "Educational sciences"),
    "504": ("Xã hội học", "Sociology"),
    "505": ("Pháp luật", "Law"),
    "506": ("Khoa học chính trị", "Political science"),
    "507": ("Địa lý kinh tế và xã hội", "Social and economic geography"),
    "508": ("Thông tin đại chúng và truyền thông", "Media and communication"),
    "599": ("Khoa học xã hội khác", "Other social sciences"),
    "601": ("Lịch sử và khảo cổ học", "History and archaeology"),
    "602": ("Ngôn ngữ học và văn học", "Linguistics and literature"),
    "603": (
        "Triết học, đạo đức học và tôn giáo",
        "Philosophy, ethics and religion",
    ),
    "604": ("Nghệ thuật", "Arts"),
    "699": ("Khoa học nhân văn khác", "Other humanities"),
}
# From cao đẳng up: those whom the province counts as intellectuals.
DEGREES: dict[str, tuple[str, str]] = {
    "TSKH": ("Tiến sĩ khoa học", "Doctor of science"),
    "TS": ("Tiến sĩ", "Doctor"),
    "ThS": ("Thạc sĩ", "Master"),
    "ĐH": ("Đại học", "University degree"),
    "CĐ": ("Cao đẳng", "College degree"),
}
TITLES: dict[str, tuple[str, str]] = {
    "GS": ("Giáo sư", "Professor"),
    "PGS": ("Phó giáo sư", "Associate professor"),
}


def _pick(names: tuple[str, str]) -> str:
    return names[0] if locale_code() == "vi" else names[1]


def field_name(code: str) -> str:
    """Return the field's name in the language in force; the code itself when unknown."""
    return _pick(FIELDS.get(code, (code, code)))


def degree_name(code: str) -> str:
    """Return the degree's name in the language in force; the code itself when unknown."""
    return _pick(DEGREES.get(code, (code, code)))


def title_name(code: str) -> str:
    """Return the academic title's name in the language in force; the code when unknown."""
    return _pick(TITLES.get(code, (code, code)))


def field_choices() -> dict[str, list[tuple[str, str]]]:
    """Return group → (code, "code name") in the list's order, for a grouped select."""
    return {
        f"{number}. {_pick(names)}": [
            (code, f"{code} {_pick(field)}")
            for code, field in FIELDS.items()
            if code.startswith(number)
        ]
        for number, names in GROUPS.items()
    }


def with_title(name: str, academic_title: str, degree: str) -> str:
    """Return the name as people are addressed: "PGS.TS. Nguyễn Văn An", "ThS. Lê Thị Bình".

    Degrees below a master's are not put before names.
    """
    parts = [
        part for part in (academic_title, degree) if part in ("GS", "PGS", "TSKH", "TS", "ThS")
    ]
    return f"{'.'.join(parts)}. {name}" if parts else name
