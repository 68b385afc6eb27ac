"""Word's automatic numbers: the text that a list paragraph shows before its words."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (lxml's element types are partial.)
from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from consult.drafts.parsing.readers.xml import W, child, value

_LEVELS: Final = 9
_PLACEHOLDER: Final = re.compile(r"%([1-9])")
_ROMAN: Final = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"),
    (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_PLUS: Final = frozenset("+")
_DASHES: Final = frozenset("-–—−‐‑‒")


@dataclass(slots=True)
class Level:
    """One list level: first number, number format, text with placeholders, restart rule."""

    start: int = 1
    format: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False


@dataclass(slots=True)
class _List:
    abstract: str
    starts: dict[int, int] = field(default_factory=dict[int, int])
    levels: dict[int, Level] = field(default_factory=dict[int, Level])
    used: set[int] = field(default_factory=set[int])


class Numbering:
    """Counts through a document in reading order: call ``label`` once per list paragraph."""

    def __init__(self, root: Any | None, styles: Any | None) -> None:
        self._abstract: dict[str, dict[int, Level]] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, _List] = {}
        self._counters: dict[str, list[int | None]] = {}
        self._styles: dict[str, tuple[str | None, int]] = {}
        self._based: dict[str, str] = {}
        self._style_links: dict[str, str] = {}
        if root is not None:
            self._read(root)
        if styles is not None:
            self._read_styles(styles)

    def label(self, properties: Any | None, style: str | None) -> str:
        """Return the number or bullet of a paragraph with ``w:pPr`` ``properties``, or ""."""
        number, level = self._resolve(properties, style)
        if number is None or number == "0":
            return ""
        entry = self._lists.get(number)
        if entry is None:
            return ""
        level = min(max(level, 0), _LEVELS - 1)
        abstract = self._final_abstract(entry.abstract)
        levels = {**self._abstract.get(abstract, {}), **entry.levels}
        counters = self._counters.setdefault(abstract, [None] * _LEVELS)
        self._count(entry, levels, counters, level)
        return self._render(levels, counters, level)

    def _read(self, root: Any) -> None:
        for node in root.iterchildren(f"{W}abstractNum"):
            identity = node.get(f"{W}abstractNumId")
            self._abstract[identity] = {
                int(level.get(f"{W}ilvl") or 0): _level(level)
                for level in node.iterchildren(f"{W}lvl")
            }
            link = value(node, "numStyleLink")
            if link:
                self._links[identity] = link
            name = value(node, "styleLink")
            if name:
                self._style_links[name] = identity
        for node in root.iterchildren(f"{W}num"):
            entry = _List(value(node, "abstractNumId") or "")
            for override in node.iterchildren(f"{W}lvlOverride"):
                at = int(override.get(f"{W}ilvl") or 0)
                start = value(override, "startOverride")
                if start is not None:
                    entry.starts[at] = _int(start, 1)
                level = child(override, "lvl")
                if level is not None:
                    entry.levels[at] = _level(level)
            self._lists[node.get(f"{W}numId")] = entry

    def _read_styles(self, styles: Any) -> None:
        for node in styles.iterchildren(f"{W}style"):
            identity = node.get(f"{W}styleId") or ""
            based = value(node, "basedOn")
            if based:
                self._based[identity] = based
            listed = child(child(node, "pPr"), "numPr")
            if listed is not None:
                level = _int(value(listed, "ilvl"), 0)
                self._styles[identity] = (value(listed, "numId"), level)

    def _resolve(self, properties: Any | None, style: str | None) -> tuple[str | None, int]:
        listed = child(properties, "numPr")
        number = value(listed, "numId")
        level = value(listed, "ilvl")
        if number is not None:
            return number, _int(level, 0)
        for _ in range(20):
            if style is None:
                break
            if style in self._styles:
                found, own = self._styles[style]
                if found is not None:
                    return found, _int(level, own)
            style = self._based.get(style)
        return None, 0

    def _final_abstract(self, abstract: str) -> str:
        link = self._links.get(abstract)
        return self._style_links.get(link, abstract) if link else abstract

    def _count(
        self, entry: _List, levels: dict[int, Level], counters: list[int | None], level: int
    ) -> None:
        shape = levels.get(level, Level())
        current = counters[level]
        if level in entry.starts and level not in entry.used:
            counters[level] = entry.starts[level]
        elif current is None:
            counters[level] = shape.start
        else:
            counters[level] = current + 1
        entry.used.add(level)
        for upper in range(level):
            if counters[upper] is None:
                counters[upper] = levels.get(upper, Level()).start
        for lower in range(level + 1, _LEVELS):
            restart = levels.get(lower, Level()).restart
            if restart is None or level < restart:
                counters[lower] = None

    def _render(self, levels: dict[int, Level], counters: list[int | None], level: int) -> str:
        shape = levels.get(level, Level())
        if shape.format == "none":
            return _PLACEHOLDER.sub("", shape.text).strip()
        if shape.format == "bullet":
            sign = shape.text.strip()[:1]
            return "-" if sign in _DASHES else "+" if sign in _PLUS else "•" if sign else ""

        def number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            form = levels.get(at, Level()).format
            if shape.legal:
                form = "decimal"
            return format_number(counters[at] or 0, form)

        return _PLACEHOLDER.sub(number, shape.text).strip()


def format_number(number: int, form: str) -> str:
    """Return ``number`` in Word's number format ``form``; unknown formats as digits."""
    if form in {"upperRoman", "lowerRoman"} and 0 < number < 4000:
        out = ""
        for worth, sign in _ROMAN:
            count, number = divmod(number, worth)
            out += sign * count
        return out if form == "upperRoman" else out.lower()
    if form in {"upperLetter", "lowerLetter"} and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form == "decimalZero":
        return f"{number:02d}"
    return str(number)


def _level(node: Any) -> Level:
    restart = value(node, "lvlRestart")
    legal = child(node, "isLgl")
    return Level(
        start=_int(value(node, "start"), 1),
        format=value(node, "numFmt") or "decimal",
        text=value(node, "lvlText") or "",
        restart=None if restart is None else _int(restart, 0),
        legal=legal is not None and legal.get(f"{W}val") not in {"0", "false"},
    )


def _int(text: str | None, default: int) -> int:
    try:
        return int(text) if text is not None else default
    except ValueError:
        return default
