"""Fonts of a Word file's runs: which hold text that was typed for TCVN3 or VNI."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (lxml's element types are partial.)
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from typing import Any, Final

from consult.drafts.parsing import legacy
from consult.drafts.parsing.readers.xml import W, child, value

# The encoding ("" for Unicode) and whether the font shows small letters as capitals.
Typed = tuple[str, bool]
PLAIN: Final[Typed] = ("", False)
_DEEPEST: Final = 20
_SAMPLED: Final = 4_000


class Fonts:
    """What the fonts of a document say of its runs; ``reading`` is "tcvn3", "vni" or ""."""

    def __init__(self, styles: Any | None, roots: Iterable[Any]) -> None:
        """Look at ``styles`` (the styles part) and at the text under ``roots``."""
        self._own: dict[str, str] = {}
        self._based: dict[str, str] = {}
        self._default = ""
        if styles is not None:
            self._read(styles)
        self._used: set[str] = set()
        # What is typed so whatever its font, in a file whose fonts say nothing.
        self._everywhere = ""
        self.reading = ""
        self._decide(list(roots))

    def typed(self, run: Any, style: str | None) -> Typed:
        """Return how the words of ``run`` are typed; ``style`` is its paragraph's."""
        if self._everywhere:
            return self._everywhere, False
        if not self._used:
            return PLAIN
        encoding, capitals = legacy.family(self._font(run, style))
        return (encoding, capitals) if encoding in self._used else PLAIN

    def words(self, pieces: Iterable[tuple[str, Typed]]) -> str:
        """Return the pieces joined in Unicode; neighbours typed alike are converted as one."""
        out: list[str] = []
        for (encoding, capitals), same in groupby(pieces, key=lambda piece: piece[1]):
            text = "".join(piece for piece, _ in same)
            if encoding and not legacy.is_unicode(text):
                text = legacy.convert(text, encoding)
                text = text.upper() if capitals else text
            out.append(text)
        return "".join(out)

    def label(self, text: str) -> str:
        """Return an automatic number, such as "§iÒu 5.", in Unicode."""
        if not self.reading or not legacy.looks_typed(text, self.reading):
            return text
        return legacy.convert(text, self.reading)

    def _read(self, styles: Any) -> None:
        for node in styles.iterchildren(f"{W}style"):
            identity = node.get(f"{W}styleId") or ""
            font = _named(child(node, "rPr"))
            if font:
                self._own[identity] = font
            based = value(node, "basedOn")
            if based:
                self._based[identity] = based
            if node.get(f"{W}default") in {"1", "true"} and node.get(f"{W}type") == "paragraph":
                self._own[""] = identity
        default = child(child(child(styles, "docDefaults"), "rPrDefault"), "rPr")
        self._default = _named(default)

    def _font(self, run: Any, style: str | None) -> str:
        properties = child(run, "rPr")
        return (
            _named(properties)
            or self._styled(value(properties, "rStyle"))
            or self._styled(style if style is not None else self._own.get(""))
            or self._default
        )

    def _styled(self, style: str | None) -> str:
        for _ in range(_DEEPEST):
            if style is None:
                break
            if style in self._own:
                return self._own[style]
            style = self._based.get(style)
        return ""

    def _decide(self, roots: list[Any]) -> None:
        named = {legacy.family(font)[0] for font in (*self._own.values(), self._default)}
        for root in roots:
            named |= {legacy.family(_name(font))[0] for font in root.iter(f"{W}rFonts")}
        if named == {""}:
            lines = ("".join(p.itertext(f"{W}t")) for root in roots for p in root.iter(f"{W}p"))
            self._everywhere = self.reading = legacy.guess("\n".join(islice(lines, _SAMPLED)))
            return
        found: defaultdict[str, list[str]] = defaultdict(list)
        for encoding, text in self._texts(roots):
            found[encoding].append(text)
        sizes = {
            encoding: sum(map(len, texts))
            for encoding, texts in found.items()
            if encoding and _is_typed("\n".join(texts), encoding)
        }
        self._used = set(sizes)
        self.reading = max(sizes, key=lambda encoding: sizes[encoding], default="")

    def _texts(self, roots: list[Any]) -> Iterator[tuple[str, str]]:
        for root in roots:
            for paragraph in root.iter(f"{W}p"):
                style = value(child(paragraph, "pPr"), "pStyle")
                for run in paragraph.iter(f"{W}r"):
                    text = "".join(run.itertext(f"{W}t"))
                    yield legacy.family(self._font(run, style))[0], text


def _is_typed(text: str, encoding: str) -> bool:
    """Whether ``text`` in a font of ``encoding`` is: many set Unicode text in such fonts too."""
    guessed = legacy.guess(text)
    if guessed or legacy.enough(text):
        return guessed == encoding
    return legacy.looks_typed(text, encoding)


def _named(properties: Any | None) -> str:
    fonts = child(properties, "rFonts")
    return "" if fonts is None else _name(fonts)


def _name(fonts: Any) -> str:
    return fonts.get(f"{W}hAnsi") or fonts.get(f"{W}ascii") or ""
