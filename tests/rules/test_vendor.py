"""What others made and we carry: unchanged, listed, licensed; the fonts hold every letter."""

import hashlib
import unicodedata
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

ROOT = Path(__file__).parents[2]
PLACES = ("static/vendor", "static/fonts", "tests/vendor", "consult/documents/fonts", "vendor")
FONTS = sorted([*ROOT.glob("static/fonts/*.woff2"), *ROOT.glob("consult/documents/fonts/*.ttf")])

VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"
OTHER_MARKS = "\u0302\u0306\u031b"
PUNCTUATION = "“”‘’–—…•₫§°×±²³½"


def recorded(place: str) -> dict[str, str]:
    lines = (ROOT / place / "SHA256SUMS").read_text().splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def vietnamese_letters() -> str:
    lower = "bcdđghklmnpqrstvx" + "fjwz" + VOWELS
    lower += "".join(unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES)
    return lower + lower.upper()


@pytest.mark.parametrize("place", PLACES)
def test_files_are_the_recorded_ones(place: str) -> None:
    folder = ROOT / place
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert found == recorded(place)


@pytest.mark.parametrize("place", PLACES)
def test_versions_and_licences_are_with_them(place: str) -> None:
    names = recorded(place)
    assert "VERSIONS.md" in names
    assert any("LICENSE" in name or name == "OFL.txt" for name in names)


def test_there_are_134_vietnamese_letters_beyond_the_latin_ones() -> None:
    # 67 in each case: the check below would prove nothing if its list were short.
    assert len({letter for letter in vietnamese_letters() if ord(letter) > 127}) == 134
    assert all(len(letter) == 1 for letter in vietnamese_letters())


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.name)
def test_fonts_hold_every_vietnamese_letter(font: Path) -> None:
    wanted = vietnamese_letters() + TONES + OTHER_MARKS + PUNCTUATION
    with TTFont(font) as opened:
        letters = opened.getBestCmap()
        missing = [letter for letter in wanted if ord(letter) not in letters]
    assert missing == []


def test_the_screen_fonts_stay_light() -> None:
    sizes = {path.name: path.stat().st_size for path in FONTS if path.suffix == ".woff2"}
    assert len(sizes) == 2
    assert max(sizes.values()) <= 22_000
