"""Edits a draft as its drafters do, and knows what became of each provision.

The document's own text is cut where its provisions begin; operations work on these pieces with
their numbers, so that what comes out is parsed again like any other document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from random import Random

from consult.drafts.comparison import Change, Comparison, compare
from consult.drafts.parsing import ParsedDocument, ParsedProvision, parse_text

LETTERS = "a b c d đ e g h i k l m n o p q r s t u v x y".split()
SPARE = (
    "thẩm tra kiểm kê niêm yết đối soát lưu chuyển phân cấp ngân quỹ định biên tiêu chí hạn ngạch "
    "vận hành giám sát thường trực luân phiên dự toán bảo quản khai thác trữ lượng hồ chứa cấp bậc"
).split()
NUMBER = {
    "article": re.compile(r"(\s*Điều\s+)(\d+)(?=\.)"),
    "clause": re.compile(r"(\s*)(\d+)(?=\.)"),
    "numeral": re.compile(r"(\s*)(\d+)(?=\.)"),
    "letter": re.compile(r"(\s*)(\w)(?=\))"),
}
LEAVES = {"clause", "letter", "numeral", "bullet", "paragraph"}


@dataclass(eq=False)
class Piece:
    """A provision's stretch of text and the old keys its words come from."""

    kind: str
    part: str
    text: str
    parent: Piece | None
    origins: list[str]
    touched: bool = False
    moved: bool = False
    children: list[Piece] = field(default_factory=list["Piece"])

    def subtree(self) -> list[Piece]:
        return [self, *(piece for child in self.children for piece in child.subtree())]


class Draft:
    """A version being edited. ``log`` tells what was done."""

    def __init__(self, text: str, seed: int) -> None:
        self.random = Random(seed)
        self.old = parse_text(text)
        self.root = Piece("document", "", "", None, [])
        self.log: list[str] = []
        provisions = self.old.provisions
        ends = [p.start for p in provisions[1:]] + [len(self.old.text)]
        pieces: dict[str | None, Piece] = {None: self.root}
        self.root.text = self.old.text[: provisions[0].start]
        for p, end in zip(provisions, ends, strict=True):
            piece = Piece(p.kind, p.part, self.old.text[p.start : end], pieces[p.parent], [p.key])
            pieces[p.key] = piece
            pieces[p.parent].children.append(piece)

    @property
    def pieces(self) -> list[Piece]:
        return self.root.subtree()[1:]

    def pick(self, kinds: set[str], *, leaf: bool = False, words: int = 0) -> Piece | None:
        """A random unedited piece of the main part."""
        found = [
            p
            for p in self.pieces
            if p.kind in kinds
            and p.part == "main"
            and not (leaf and p.children)
            and len(p.text.split()) >= words
            and not any(q.touched or q.moved or not q.origins for q in p.subtree())
        ]
        return self.random.choice(found) if found else None

    def renumber(self, parent: Piece, kind: str) -> None:
        """Number the units of a kind anew: articles through the part, others in their parent."""
        if kind not in NUMBER:
            return
        if kind == "article":
            units = [p for p in self.pieces if p.kind == kind and p.part == "main"]
        else:
            units = [p for p in parent.children if p.kind == kind]
        first = min(
            (int(m[2]) for p in units if (m := NUMBER[kind].match(p.text)) and m[2].isdigit()),
            default=1,
        )
        for at, piece in enumerate(units):
            number = LETTERS[at % len(LETTERS)] if kind == "letter" else str(first + at)
            piece.text = NUMBER[kind].sub(lambda m, n=number: m[1] + n, piece.text, count=1)

    def delete(self, kinds: set[str]) -> None:
        piece = self.pick(kinds)
        if piece and piece.parent and len(piece.parent.children) > 1:
            piece.parent.children.remove(piece)
            self.renumber(piece.parent, piece.kind)
            self.log.append(f"delete {piece.origins}")

    def insert(self, kinds: set[str]) -> None:
        beside = self.pick(kinds)
        if beside and beside.parent:
            label = {"article": "Điều 1. ", "letter": "a) ", "bullet": "- ", "paragraph": ""}
            words = " ".join(self.random.choice(SPARE) for _ in range(self.random.randint(8, 30)))
            start = label.get(beside.kind, "1. ")
            new = Piece(beside.kind, beside.part, f"{start}Việc {words}.\n", beside.parent, [])
            siblings = beside.parent.children
            siblings.insert(siblings.index(beside) + 1, new)
            self.renumber(beside.parent, beside.kind)
            self.log.append(f"insert after {beside.origins}")

    def move(self, kinds: set[str], *, within: bool) -> None:
        piece = self.pick(kinds)
        if not piece or not piece.parent:
            return
        homes = [p.parent for p in self.pieces if p.kind == piece.kind and p.part == "main"]
        homes = [h for h in homes if h and (h is piece.parent) == within]
        if not homes:
            return
        home = self.random.choice(homes)
        old_parent = piece.parent
        at = old_parent.children.index(piece)
        places = [i for i, c in enumerate(home.children) if c.kind == piece.kind and c is not piece]
        places = [i for i in places if not within or abs(i - at) > 1]
        if not places:
            return
        target = home.children[self.random.choice(places)]
        old_parent.children.remove(piece)
        home.children.insert(home.children.index(target), piece)
        piece.parent, piece.moved = home, True
        self.renumber(old_parent, piece.kind)
        self.renumber(home, piece.kind)
        self.log.append(f"move {piece.origins} within={within}")

    def reword(self, share: float, kinds: set[str] = LEAVES) -> None:
        piece = self.pick(kinds, leaf=True, words=10)
        if piece:
            self.reword_piece(piece, share)

    def reword_piece(self, piece: Piece, share: float) -> None:
        words = piece.text.split(" ")
        plain = [at for at, word in enumerate(words) if at > 2 and word.isalpha()]
        count = min(len(plain), max(1, round(share * len(words))))
        for at in self.random.sample(plain, count):
            words[at] = self.random.choice([w for w in SPARE if w != words[at]])
            piece.touched = True
        piece.text = " ".join(words)
        self.log.append(f"reword {piece.origins} {share:.0%}")

    def split(self) -> None:
        piece = self.pick({"clause", "letter", "bullet", "numeral"}, leaf=True, words=24)
        if not piece or not piece.parent or not any(word.isalpha() for word in piece.text.split()):
            return
        words = piece.text.rstrip("\n").split(" ")
        middle = range(len(words) * 2 // 5, len(words) * 3 // 5 + 1)
        places = [at for at in middle if words[at].isalpha() and "\n" not in words[at]]
        if not places:
            return
        cut = self.random.choice(places)
        sign = piece.text.lstrip()[:1] + " "
        start = {"letter": "a) ", "bullet": sign}.get(piece.kind, "1. ")
        second = " ".join(words[cut:])
        second = start + second[:1].upper() + second[1:] + "\n"
        piece.text = " ".join(words[:cut]).rstrip(",;") + ".\n"
        new = Piece(piece.kind, piece.part, second, piece.parent, list(piece.origins), True)
        piece.touched = True
        siblings = piece.parent.children
        siblings.insert(siblings.index(piece) + 1, new)
        self.renumber(piece.parent, piece.kind)
        self.log.append(f"split {piece.origins}")

    def merge(self) -> None:
        first = self.pick({"clause", "letter", "bullet", "numeral"}, leaf=True, words=12)
        if not first or not first.parent:
            return
        siblings = first.parent.children
        at = siblings.index(first) + 1
        second = siblings[at] if at < len(siblings) else None
        if (
            second is None or second.kind != first.kind or second.children or second.touched
            or second.moved or not second.origins or len(second.text.split()) < 12
        ):  # fmt: skip
            return
        tail = re.sub(r"^\s*(?:\w+[.)]|-)\s*", "", second.text)
        first.text = first.text.rstrip().rstrip(".;") + "; " + tail[:1].lower() + tail[1:]
        first.origins += second.origins
        first.touched = True
        siblings.remove(second)
        self.renumber(first.parent, first.kind)
        self.log.append(f"merge {first.origins}")

    def swap_neighbours(self, kind: str) -> None:
        """Exchange two chapters or articles that stand side by side; articles are renumbered."""
        first = self.pick({kind})
        siblings = first.parent.children if first and first.parent else []
        at = siblings.index(first) + 1 if first else 0
        if first and at < len(siblings) and siblings[at].kind == kind:
            siblings[at - 1], siblings[at] = siblings[at], siblings[at - 1]
            first.moved = siblings[at - 1].moved = True
            self.renumber(self.root, "article")
            self.log.append(f"swap {first.origins}")

    def insert_article(self, number: str = "1") -> None:
        """Put a new article after one, with the formula that laws end articles with.

        ``number`` "a" gives it the number before with a letter (51a); no other changes then.
        """
        beside = self.pick({"article"})
        if not beside or not beside.parent:
            return
        found = NUMBER["article"].match(beside.text)
        label = f"{found[2]}a" if found and number == "a" else number
        title = " ".join(self.random.sample(SPARE, 4)).capitalize()
        new = Piece("article", beside.part, f"Điều {label}. {title}\n", beside.parent, [])
        for at in (1, 2):
            words = " ".join(self.random.choice(SPARE) for _ in range(20))
            new.children.append(Piece("clause", new.part, f"{at}. Việc {words}.\n", new, []))
        formula = "3. Chính phủ quy định chi tiết Điều này.\n"
        new.children.append(Piece("clause", new.part, formula, new, []))
        siblings = beside.parent.children
        siblings.insert(siblings.index(beside) + 1, new)
        if number != "a":
            self.renumber(self.root, "article")
        self.log.append(f"new article after {beside.origins}")

    def merge_articles(self, count: int) -> None:
        """Write the clauses of ``count`` articles side by side under the first one's title."""

        def whole(piece: Piece) -> bool:
            kinds = {child.kind for child in piece.children}
            return piece.kind == "article" and kinds == {"clause"} and len(piece.children) > 1

        first = self.pick({"article"})
        if not first or not first.parent:
            return
        siblings = first.parent.children
        run = siblings[siblings.index(first) :][:count]
        edited = any(q.touched or q.moved or not q.origins for p in run for q in p.subtree())
        if len(run) < count or edited or not all(map(whole, run)):
            return
        for piece in run[1:]:
            siblings.remove(piece)
            first.origins += piece.origins
            for child in piece.children:
                child.parent, child.moved = first, True
                first.children.append(child)
        first.touched = True
        self.renumber(first, "clause")
        self.renumber(self.root, "article")
        self.log.append(f"merge articles {first.origins}")

    def change_numbers(self, old: str, new: str) -> None:
        """Write another number of days, years or per cent wherever it stands."""
        for piece in self.pieces:
            text = re.sub(rf"(?<=[a-zà-ỹ,] ){old}(?= (?:ngày|năm|tháng|%))", new, piece.text)
            piece.touched = piece.touched or text != piece.text
            piece.text = text
        self.log.append(f"numbers {old} to {new}")

    def delete_last_part(self) -> None:
        """Leave out the last appendix or attached regulation."""
        part = self.pieces[-1].part
        if part != "main":
            self.root.children = [p for p in self.root.children if p.part != part]
            self.log.append(f"delete part {part}")

    def rewrite(self, share: float) -> None:
        """Replace that share of the words of an article's clauses and points."""
        article = self.pick({"article"})
        for piece in article.subtree() if article else []:
            if piece.kind in LEAVES and len(piece.text.split()) >= 12:
                self.reword_piece(piece, share)

    def revise(self, times: int) -> None:
        """Do what a thorough revision does: each of the larger operations ``times`` times."""
        for _ in range(times):
            self.swap_neighbours("article")
            self.insert_article()
            self.merge_articles(3)
            self.rewrite(0.6)
            self.insert_article("a")
        self.change_numbers("30", "50")
        self.delete_last_part()

    def edit(self, count: int) -> None:
        """Do ``count`` random operations."""
        units = {"article", "clause", "letter", "bullet", "numeral"}
        choices = [
            lambda: self.delete(units),
            lambda: self.insert(units),
            lambda: self.move({"article", "numeral"}, within=False),
            lambda: self.move(units, within=True),
            lambda: self.reword(self.random.uniform(0.01, 0.4)),
            lambda: self.reword(self.random.uniform(0.01, 0.4)),
            self.split,
            self.merge,
        ]
        for _ in range(count):
            self.random.choice(choices)()

    def text(self) -> str:
        return "".join(piece.text for piece in [self.root, *self.pieces])


@dataclass
class Score:
    """How a comparison did against what was done; ``wrong`` tells each fault in words."""

    total: int = 0
    right: int = 0
    untouched_changed: int = 0
    untouched_telling: int = 0
    wrong: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    def add(self, good: bool, what: str) -> None:
        self.total += 1
        self.right += good
        if not good:
            self.wrong.append(what)

    @property
    def share(self) -> float:
        return self.right / max(1, self.total)


def offsets(text: str, starts: list[int]) -> list[int]:
    """The starts counted in characters that are not white space."""
    found: list[int] = []
    count = at = 0
    for start in starts:
        count += len("".join(text[at:start].split()))
        at = start
        found.append(count)
    return found


def truth(draft: Draft, new: ParsedDocument) -> dict[str, Piece]:
    """The piece of each provision of the text parsed again, where they begin together."""
    starts: dict[int, Piece] = {}
    count = len("".join(draft.root.text.split()))
    for piece in draft.pieces:
        starts[count] = piece
        count += len("".join(piece.text.split()))
    places = offsets(new.text, [p.start for p in new.provisions])
    return {
        p.key: starts[place]
        for p, place in zip(new.provisions, places, strict=True)
        if place in starts
    }


def judge(draft: Draft) -> tuple[Score, Comparison, ParsedDocument]:
    """Parse the edited text, compare, and count what was mapped rightly."""
    new = parse_text(draft.text())
    comparison = compare(draft.old.provisions, new.provisions)
    pieces = truth(draft, new)
    score = Score()
    seen: set[str] = set()
    of_new = {key: change for change in comparison.changes for key in change.new}
    shared: dict[str, list[str]] = {}
    for key, piece in pieces.items():
        for origin in piece.origins:
            shared.setdefault(origin, []).append(key)
    wordings = {p.key: wording_of(p) for p in draft.old.provisions}
    for p in new.provisions:
        piece, change = pieces.get(p.key), of_new[p.key]
        if piece is None:
            continue
        seen.update(piece.origins)
        expected = (
            {k for origin in piece.origins for k in shared[origin]} if piece.origins else set()
        )
        good = set(change.old) == set(piece.origins) and (
            not piece.origins or set(change.new) == expected
        )
        good = good or alike(change, piece, wordings)
        score.add(good, f"{p.key}: {change} but from {piece.origins}")
        same = piece.origins and not piece.touched and wording_of(p) == wordings[piece.origins[0]]
        if same and (change.wording_changed or change.kind in {"added", "changed"}):
            score.untouched_changed += 1
            score.untouched_telling += telling(wording_of(p), wordings)
            score.wrong.append(f"untouched: {p.key} {change}")
    for change in comparison.changes:
        if change.kind == "deleted":
            score.add(change.old[0] not in seen, f"deleted {change.old}")
    return score, comparison, new


def alike(change: Change, piece: Piece, wordings: dict[str, str]) -> bool:
    """Whether it was mapped to another provision of the very same words: nobody can tell."""
    return len(change.old) == len(piece.origins) == 1 and (
        wordings[change.old[0]] == wordings[piece.origins[0]]
    )


def telling(words: str, wordings: dict[str, str]) -> bool:
    """Whether the words tell the provision: they are not few and stand in no other one."""
    places = sum(words.rstrip(".;") in other for other in wordings.values())
    return len(words.split()) >= 9 and places == 1


def wording_of(p: ParsedProvision) -> str:
    return " ".join(f"{p.title} {p.text}".split())
