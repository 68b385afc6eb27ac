"""The headings Phần, Chương, Mục, Tiểu mục and Điều: which candidates are real."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import Final

from consult.drafts.parsing import quotes, recognise
from consult.drafts.parsing.model import ParsedWarning
from consult.drafts.parsing.source import PARA, Block

_RANKS: Final = {"form": -1, "part": 0, "chapter": 1, "section": 2, "subsection": 3, "article": 4}
_WORDS: Final = {
    "part": "Phần", "chapter": "Chương", "section": "Mục", "subsection": "Tiểu mục",
    "article": "Điều",
}  # fmt: skip
_REFERS: Final = re.compile(
    r"\s(?:tại|khoản|và|của|theo|hoặc|đến|với)$|\s(?:khoản|điểm) [0-9a-zđ]{1,3},?$"
)
# What follows an article's number where a law is cited: "Điều 46 Luật Đất đai".
_CITED: Final = re.compile(
    r"^(?:Bộ luật|Luật|Pháp lệnh|Nghị|Thông tư|Quyết định|Hiến pháp|Quy chế|Quy định|Điều lệ)\b"
)
_TITLE_LINES: Final = 5
_LONGEST_TITLE: Final = 400
# How far an article may stand from its place, and how many articles on its place is sought.
_FARTHEST: Final = 10
_AHEAD: Final = 60
_FORM: Final = re.compile(
    r"^((?:Mẫu|MẪU|Biểu|BIỂU)(?: mẫu| MẪU)?(?: số| SỐ)?\s{0,2}:?\s{0,2}\d{1,3}[a-zđ]?)"
    r"(?!\w)\s?[.:]?"
)


@dataclass(slots=True)
class Head:
    """An accepted heading. ``title`` is empty where the words after the number are text;
    ``last`` is the last block the title takes up."""

    kind: str
    number: str
    title: str
    last: int
    inline: bool = False


@dataclass(slots=True)
class _Candidate:
    at: int
    number: int
    suffix: str
    strong: bool
    rest: str


class HeadFinder:
    """Walks forward through the blocks and accepts headings by the next expected number."""

    def __init__(self, blocks: list[Block], free: list[bool]) -> None:
        self.blocks = blocks
        self.free = free
        self.warnings: list[ParsedWarning] = []
        self.form = self.quiet = self.undotted = False
        self.last: dict[str, int] = {}
        # The last heading of each level as it is written, for the warnings.
        self.shown: dict[str, str] = {}
        self.suffix = ""
        # Articles out of their order: the sequence goes on as if they stood in their places.
        self.seen: set[int] = set()
        self.restart = False
        found = (self._candidate(at) for at in range(len(blocks)) if free[at])
        self.articles = [candidate for candidate in found if candidate]
        self.places = [candidate.at for candidate in self.articles]

    def reset(self) -> None:
        """Forget the running numbers: a new part begins."""
        self.last, self.suffix, self.form, self.restart = {}, "", False, False
        self.undotted = False
        self.seen = set()

    def head(self, at: int, *, appendix: bool = False) -> Head | None:
        """Return the heading at block ``at`` if it is one, noting doubts as warnings.

        In an appendix, the articles of sample documents are text, not articles.
        """
        self.quiet = appendix
        form = _FORM.match(self.blocks[at].text) if appendix else None
        if form and len(self.blocks[at].text) < _LONGEST_TITLE:
            self.form = True
            return Head("form", form[1], self.blocks[at].text[form.end() :].strip(), at)
        if self.form:
            return None
        index = bisect_left(self.places, at)
        if index < len(self.places) and self.places[index] == at:
            return self._article(index)
        return self._division(at)

    def continues_after(self, at: int) -> bool:
        """Whether the next article candidate from ``at`` on continues the sequence."""
        index = bisect_left(self.places, at)
        last = self.last.get("article", 0)
        if not last or index >= len(self.articles):
            return False
        following = self.articles[index]
        return following.strong and following.number == last + 1

    def restarts_after(self, at: int) -> bool:
        """Whether the next article candidate from ``at`` on is number one."""
        index = bisect_left(self.places, at)
        return index < len(self.articles) and self.articles[index].number == 1

    def _candidate(self, at: int) -> _Candidate | None:
        text = self.blocks[at].text
        found = recognise.article(text)
        if not found:
            return None
        number, suffix, dotted, rest = found
        before = self.blocks[at - 1].text if at else ""
        if quotes.announces(before, number) and number > 1:
            return None
        # Laws open with "Quốc hội ban hành Luật …," so that a comma alone tells little.
        comma = before[-1:] == "," and not rest and not self.blocks[at].definite and number > 1
        hangs = comma or _REFERS.search(before) is not None
        titled = dotted or (not rest and len(text) < 12)
        return _Candidate(at, number, suffix, titled and not hangs, rest)

    def _article(self, index: int) -> Head | None:
        candidate = self.articles[index]
        last = self.last.get("article", 0)
        step = candidate.number - last
        inserted = step == 0 and candidate.suffix > self.suffix
        label = f"Điều {candidate.number}{candidate.suffix}"
        if not (step == 1 or inserted):
            code = self._doubt(index, last)
            if code == "doubtful_heading" and self._misplaced(index, last):
                self._warn("out_of_order", candidate.at, label, last)
                self.seen.add(candidate.number)
                self.shown["Điều"] = label
                return self._article_head(candidate)
            if code == "doubtful_heading" or not candidate.strong:
                if not candidate.strong and not self._alone(index):
                    return None
                self._warn("doubtful_heading", candidate.at, label, last)
                return None
            self._warn(code, candidate.at, label, last)
        elif not candidate.strong and not self._alone(index):
            return None
        self.seen.add(candidate.number)
        self.last["article"], self.suffix = candidate.number, candidate.suffix
        while self.last["article"] + 1 in self.seen:
            self.last["article"], self.suffix = self.last["article"] + 1, ""
        self.undotted = bool(candidate.rest) and not candidate.strong
        self.shown["Điều"] = label
        return self._article_head(candidate)

    def _doubt(self, index: int, last: int) -> str:
        """Return the warning that an article out of order deserves, judged by what follows."""
        here = self.articles[index].number
        following = [c.number for c in self.articles[index + 1 : index + 4] if c.strong]
        if here == last and last:
            return "duplicate_number" if following[:1] != [here] else "doubtful_heading"
        if here > last + 1 and last + 1 not in following:
            near = not following or following[0] in {here, here + 1, here + 2}
            return "number_gap" if near else "doubtful_heading"
        return "doubtful_heading"

    def _misplaced(self, index: int, last: int) -> bool:
        """Whether a titled article stands before or after its place in the sequence: it fills a
        gap, or those that it has overtaken follow, and its number comes but once."""
        candidate = self.articles[index]
        here = candidate.number
        if not candidate.strong or candidate.suffix or here in self.seen:
            return False
        before = self.blocks[candidate.at - 1].text if candidate.at else "."
        if before[-1:] == ":":  # what follows may be cited
            return False
        ended = self.blocks[candidate.at].definite or before[-1:] in '.;!?”"…'
        title = candidate.rest
        if not (ended and recognise.is_title_like(title) and self._body_follows(candidate.at)):
            return False
        if _CITED.match(title) or abs(here - last) > _FARTHEST:
            return False
        ahead: set[int] = set()
        for other in self.articles[index + 1 : index + 1 + _AHEAD]:
            if other.number == 1:  # another text begins
                break
            if other.strong:
                ahead.add(other.number)
        return here not in ahead and set(range(last + 1, here)) - self.seen <= ahead

    def _alone(self, index: int) -> bool:
        """Whether a heading without its dot stands as a paragraph of its own."""
        candidate = self.articles[index]
        block = self.blocks[candidate.at]
        if not recognise.is_title_like(candidate.rest):
            return False
        if block.definite or block.bold:
            return True
        before = self.blocks[candidate.at - 1].text if candidate.at else "."
        ended = before[-1:] in '.;:”"' or recognise.is_caps(before)
        ended = ended or recognise.division(before) is not None
        if not _CITED.match(candidate.rest):
            return ended
        following = self.articles[index + 1].number if index + 1 < len(self.articles) else 0
        return ended and (following == candidate.number + 1 or self.undotted)

    def _article_head(self, candidate: _Candidate) -> Head:
        number = f"{candidate.number}{candidate.suffix}"
        at, rest = candidate.at, candidate.rest
        if not rest:
            title, last = self._title_below(at, caps_only=False)
            return Head("article", number, title, last)
        body_follows = self._body_follows(at)
        short = len(rest) <= 70 and rest.endswith(".") and body_follows
        is_title = recognise.is_title_like(rest, 700) and (body_follows or len(rest) < 120)
        if is_title or short:
            return Head("article", number, rest, at)
        return Head("article", number, "", at, inline=True)

    def _body_follows(self, at: int) -> bool:
        if at + 1 >= len(self.blocks):
            return False
        following = self.blocks[at + 1]
        return not (
            following.role
            or recognise.article(following.text)
            or recognise.division(following.text)
        )

    def _division(self, at: int) -> Head | None:
        text = self.blocks[at].text
        found = recognise.division(text)
        if not found:
            return None
        below = self.blocks[at + 1].text if at + 1 < len(self.blocks) else ""
        before = self.blocks[at - 1].text if at else ""
        comma = before[-1:] == "," and not (self.blocks[at].definite or recognise.is_caps(below))
        if not found.rest and (below[:1].islower() or comma):
            return None
        last = self.last.get(found.kind, 0)
        if found.value > last + _FARTHEST and found.label.startswith(str(last + 1)):
            # "Mục 210 (được bãi bỏ)": a footnote's mark stuck to the number.
            found = replace(found, label=str(last + 1), value=last + 1)
        label = f"{_WORDS[found.kind]} {found.label}"
        title, end = self._division_title(at, found.rest)
        restarted = found.kind == "chapter" and found.value == 1 and self.restart
        if found.value != last + 1 and not restarted:
            inserted = found.value == last and found.label[-1:].islower()
            titled = recognise.is_caps(title) or (at == end and bool(title))
            if (found.value <= last - 1 and found.value != 1) or not titled:
                self._warn("doubtful_heading", at, label, last)
                return None
            if not inserted:
                self._warn("duplicate_number" if found.value <= last else "number_gap",
                           at, label, last)  # fmt: skip
        self.last[found.kind] = found.value
        self.shown[_WORDS[found.kind]] = label
        self.restart = found.kind == "part"
        for kind, rank in _RANKS.items():
            if rank > _RANKS[found.kind] and kind not in {"article", "chapter"}:
                self.last.pop(kind, None)
        return Head(found.kind, found.label, title, end)

    def _division_title(self, at: int, rest: str) -> tuple[str, int]:
        if rest and not recognise.is_caps(rest):
            return rest, at
        title, last = self._title_below(at, caps_only=bool(rest))
        return f"{rest} {title}".strip(), last

    def _title_below(self, at: int, *, caps_only: bool) -> tuple[str, int]:
        """Return the title in the lines under the heading at ``at`` and its last block."""
        lines: list[str] = []
        last = at
        for below in range(at + 1, min(at + 1 + _TITLE_LINES, len(self.blocks))):
            block = self.blocks[below]
            text = block.text
            if not self.free[below] or block.kind != PARA or recognise.looks_like_unit(text):
                break
            first = not lines and not caps_only
            fits = recognise.is_caps(text) or (first and recognise.is_title_like(text))
            if not fits or sum(map(len, lines)) + len(text) > _LONGEST_TITLE:
                break
            if lines and recognise.is_caps(text) != recognise.is_caps(lines[-1]):
                break
            lines.append(text)
            last = below
        return " ".join(lines), last

    def _warn(self, code: str, at: int, label: str, last: int) -> None:
        if self.quiet:
            return
        params: dict[str, str | int] = {"label": label}
        if code in {"number_gap", "out_of_order"}:
            params["previous"] = self.shown.get(label.rpartition(" ")[0], "–") if last else "–"
        self.warnings.append(ParsedWarning(code, line=self.blocks[at].line, params=params))
