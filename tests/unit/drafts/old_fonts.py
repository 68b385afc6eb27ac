"""Text as it was typed for TCVN3 and VNI fonts, made from Unicode by tables of its own."""

from __future__ import annotations

import subprocess
import unicodedata
from functools import cache

_VNI = {
    "\u0301": "ù", "\u0300": "ø", "\u0309": "û", "\u0303": "õ", "\u0323": "ï", "\u0302": "â",
    "\u0302\u0301": "á", "\u0302\u0300": "à", "\u0302\u0309": "å", "\u0302\u0303": "ã",
    "\u0302\u0323": "ä", "\u0306": "ê", "\u0306\u0301": "é", "\u0306\u0300": "è",
    "\u0306\u0309": "ú", "\u0306\u0303": "ü", "\u0306\u0323": "ë",
}  # fmt: skip
_ALONE = {
    "đ": "ñ", "í": "í", "ì": "ì", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î", "ư": "ö", "ơ": "ô",
}  # fmt: skip


@cache
def _table() -> dict[str, str]:
    """The C library's own table, for small letters and the capitals that have codes."""
    letters = [chr(code) for code in (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA))]
    done = subprocess.run(
        ["iconv", "-c", "-f", "UTF-8", "-t", "TCVN5712-1"],
        input="\n".join(letters).encode(), capture_output=True, check=False,
    )  # fmt: skip
    codes = done.stdout.decode("latin-1").split("\n")
    pairs = zip(letters, codes, strict=True)
    return {letter: code for letter, code in pairs if len(code) == 1 and code > "\xa0"}


def tcvn3(text: str) -> str:
    """``text`` in TCVN3 as characters of Latin-1; capitals with tone marks stay as they are."""
    return "".join(_table().get(char, char) for char in unicodedata.normalize("NFC", text))


def vni(text: str) -> str:
    """``text`` in VNI as characters of Latin-1."""
    out: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        small = char.lower()
        if small in _ALONE:
            typed = _ALONE[small]
        else:
            base, marks = _parted(small)
            typed = base + _VNI[marks] if marks in _VNI else small
        out.append(typed.upper() if char.isupper() else typed)
    return "".join(out)


def _parted(char: str) -> tuple[str, str]:
    """The letter and its marks, hat or breve first; the horn belongs to the letter."""
    whole = unicodedata.normalize("NFD", char)
    base, marks = whole[0], whole[1:]
    if "\u031b" in marks:
        base, marks = {"u": "ö", "o": "ô"}[base], marks.replace("\u031b", "")
    return base, "".join(sorted(marks, key="\u0302\u0306".find, reverse=True))


def pdf(lines: list[tuple[str, str]]) -> bytes:
    """A page of ``lines``, each (font name, text in Latin-1), without its fonts' programs."""
    fonts = sorted({font for font, _ in lines})
    content = "BT 14 TL 50 800 Td\n" + "".join(
        f"/F{fonts.index(font)} 11 Tf <{text.encode('latin-1').hex()}> Tj T*\n"
        for font, text in lines
    )
    named = " ".join(f"/F{at} {at + 5} 0 R" for at in range(len(fonts)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        f"/Resources<</Font<<{named}>>>>>>",
        f"<</Length {len(content)}>>\nstream\n{content}ET\nendstream",
    ]
    objects += [
        f"<</Type/Font/Subtype/TrueType/BaseFont/ABCDEE+{font}/Encoding/WinAnsiEncoding>>"
        for font in fonts
    ]
    out = "%PDF-1.4\n" + "".join(
        f"{number} 0 obj\n{body}\nendobj\n" for number, body in enumerate(objects, 1)
    )
    return (out + "trailer<</Root 1 0 R>>\n%%EOF\n").encode("latin-1")
