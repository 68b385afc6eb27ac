"""Finding the provision that a person names: "Điều 5", "khoản 2 Điều 5", "II.2.3", a key."""

from __future__ import annotations

import re
from collections.abc import Sequence

from consult.core.text import fold
from consult.drafts.queries import ProvisionLine

_WHOLE = frozenset(
    "toan van|toan bo|toan bo du thao|du thao|chung|y kien chung|gop y chung|whole draft|general"
    "|ca du thao|toan bo van ban".split("|")
)
# How a unit is called in a citation, with what else people write for it.
_UNITS = {
    "phan": "part", "part": "part",
    "chuong": "chapter", "chapter": "chapter",
    "muc": "section", "section": "section",
    "tieu muc": "subsection",
    "dieu": "article", "article": "article", "d": "article",
    "khoan": "clause", "clause": "clause", "k": "clause",
    "diem": "letter", "point": "letter",
    "tiet": "item",
    "phu luc": "appendix", "appendix": "appendix",
    "gach dau dong": "bullet", "gach dau dong thu": "bullet", "bullet": "bullet",
}  # fmt: skip
_STEP = re.compile(
    r"\b("
    + "|".join(sorted(_UNITS, key=len, reverse=True))
    + r")\s+(?:so\s+)?([0-9]+[a-z]?(?:\.[0-9]+)*|[ivxlc]+|[a-z]{1,2})\b"
)
# Units whose numbers are joined by dots: II.2.3, 5.2.b; a bullet's follows a dash: II.2.3-6.
_JOINED = frozenset({"roman", "numeral", "article", "clause", "letter"})


class NoSuchPlace(Exception):
    """The draft has nothing of that name."""


class Ambiguous(Exception):
    """Several provisions are named so; ``keys`` are theirs."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__(keys)
        self.keys = keys


class Places:
    """The provisions of one draft, by everything that people call them."""

    def __init__(self, provisions: Sequence[ProvisionLine]) -> None:
        self._by_key = {line.key.casefold(): line for line in provisions}
        self._by_name: dict[str, list[ProvisionLine]] = {}
        paths: dict[int, str] = {}
        for line in provisions:
            path = _path(line, paths.get(line.parent_id or 0, ""))
            paths[line.id] = path
            for name in {_plain(line.citation), _steps(line.citation), path}:
                if name:
                    self._by_name.setdefault(name, []).append(line)

    def find(self, name: str) -> ProvisionLine | None:
        """Return the provision called ``name``, None for the whole draft.

        Raises NoSuchPlace or Ambiguous.
        """
        plain = _plain(name)
        if plain in _WHOLE or name.strip(" -–—") == "":
            return None
        if name.strip().casefold() in self._by_key:
            return self._by_key[name.strip().casefold()]
        for form in (plain, _steps(name), _dotted(name)):
            found = self._by_name.get(form, []) if form else []
            if len(found) == 1:
                return found[0]
            if found:
                raise Ambiguous([line.key for line in found])
        raise NoSuchPlace(name)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


def _steps(text: str) -> str:
    """Return the units of a citation in one order: "Điều 5, khoản 2" as "khoản 2 Điều 5".

    Empty when something in it is no unit with a number.
    """
    folded = re.sub(r"[,;:()]", " ", fold(text)).strip(" .")
    found = _STEP.findall(folded)
    rest = _STEP.sub(" ", folded)
    if not found or re.sub(r"\b(?:cua|thuoc|trong|va)\b", " ", rest).strip(" .,-"):
        return ""
    return " ".join(sorted(f"{_UNITS[unit]}={number}" for unit, number in found))


def _path(line: ProvisionLine, above: str) -> str:
    number = fold(line.number)
    if not number:
        return ""
    if line.kind == "bullet":
        return f"{above}-{number}" if above else ""
    if line.kind == "decimal":
        # Its number repeats that of the numeral above: II, 2, 2.3 is II.2.3.
        return f"{above.partition('.')[0]}.{number}" if above else number
    if line.kind in ("roman", "article"):
        return number
    return f"{above}.{number}" if above and line.kind in _JOINED else ""


def _dotted(text: str) -> str:
    return re.sub(r"\s*([.\-–])\s*", r"\1", fold(text)).replace("–", "-").strip(" .")
