"""What documents cost: parsing in the confined process, comparing two versions.

The best of several times counts: whatever else runs on the machine only ever adds to them.
"""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.report import Report
from config import ROOT

DRAFTS = ROOT / "tests" / "data" / "drafts"
LAW = DRAFTS / "BLLD-45-2019-QH14.pdf"
PAGES, TEXT, VERSION, EDITS = 288, 500_000, 700_000, 300
# Run on its own, so that the peak of its children is that of the parser alone.
_PARSE = """
import json, resource, sys, time
from pathlib import Path
from consult.drafts.parsing import parse_untrusted
path = Path(sys.argv[1])
began = time.perf_counter()
found = parse_untrusted(path, filename=path.name)
seconds = time.perf_counter() - began
child = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = child.ru_utime + child.ru_stime
print(json.dumps([seconds, cpu, child.ru_maxrss * 1024, len(found.provisions)]))
"""
_FILLER = "rà soát bổ sung hồ sơ kinh phí định kỳ chuyên ngành cấp cơ sở theo lộ trình".split()


def measure(report: Report, times: int = 5) -> None:
    """Write the four figures of drafts into the report; needs no database and no server."""
    with tempfile.TemporaryDirectory(prefix="bench-drafts-") as folder:
        text, book = Path(folder, "text.txt"), Path(folder, "book.pdf")
        words = corpus()
        text.write_bytes(_bytes(words, TEXT))
        _book(book)
        peaks: list[int] = []
        for what, path, most in (
            (f"parsing a text of {TEXT // 1000} kB", text, 1),
            (f"parsing a PDF of {PAGES} pages", book, 4),
        ):
            try:
                found = [_parse(path) for _ in range(times)]
            except subprocess.CalledProcessError as error:
                report.failed(what, "the parser failed", error.stderr.strip()[-300:])
                continue
            seconds, cpu, _, provisions = min(found)
            peaks += [one[2] for one in found]
            shown = f"{seconds:.2f} s (CPU {cpu:.2f} s, {provisions} provisions)"
            report.limit(what, seconds, most, shown, " s")
        if peaks:
            peak = max(peaks) / 1e6
            report.limit("the parser's memory at its most", peak, 512, f"{peak:.0f} MB", " MB")
    _compare(_bytes(words, VERSION).decode(), report, times)


def corpus() -> str:
    """Return the texts of the real drafts that come with the tests, one after the other."""
    from consult.drafts.parsing import UnreadableDocument, parse_file

    texts: list[str] = []
    for path in sorted(DRAFTS.glob("*.*")):
        with contextlib.suppress(UnreadableDocument):  # some are there to be refused
            texts.append(parse_file(path, filename=path.name).text)
    return "\n".join(texts)


def _bytes(text: str, size: int) -> bytes:
    """Return whole lines of the text, ``size`` bytes of them at most."""
    data = text.encode()
    if len(data) < size:
        raise ValueError(f"the drafts of the tests have only {len(data)} bytes")
    return data[:size].rpartition(b"\n")[0]


def _book(path: Path) -> None:
    """Write a law's pages again and again until there are PAGES."""
    import pypdfium2

    source, book = pypdfium2.PdfDocument(LAW), pypdfium2.PdfDocument.new()
    while len(book) < PAGES:
        book.import_pages(source, list(range(min(len(source), PAGES - len(book)))))
    book.save(path)


def _parse(path: Path) -> tuple[float, float, int, int]:
    """Return seconds, the parsing process's CPU seconds and bytes at its peak, and provisions."""
    command = [sys.executable, "-c", _PARSE, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, cpu, peak, provisions = json.loads(done.stdout)
    return seconds, cpu, peak, provisions


def _compare(text: str, report: Report, times: int) -> None:
    """Compare a text with the same after EDITS edits, differences of wording included."""
    from consult.drafts.comparison import compare, word_diffs
    from consult.drafts.parsing import parse_text

    old, new = parse_text(text).provisions, parse_text(edited(text, EDITS)).provisions
    taken: list[tuple[float, float]] = []
    kinds: dict[str, int] = {}
    for _ in range(times):
        began, worked = time.perf_counter(), time.process_time()
        comparison = compare(old, new)
        word_diffs(old, new, [c for c in comparison.changes if c.wording_changed])
        taken.append((time.perf_counter() - began, time.process_time() - worked))
        kinds = comparison.counts
    seconds, cpu = min(taken)
    same = f"{len(old)} provisions, {kinds['unchanged']} unchanged"
    shown = f"{seconds:.2f} s (CPU {cpu:.2f} s, {same})"
    report.limit(f"comparing two versions of {VERSION // 1000} kB", seconds, 5, shown, " s")


def edited(text: str, count: int) -> str:
    """Return the text with ``count`` lines deleted, inserted, reworded or moved, evenly."""
    chance = random.Random(1)
    lines = text.split("\n")
    for number in range(count):
        at = chance.randrange(len(lines))
        if number % 4 == 0:
            del lines[at]
        elif number % 4 == 1:
            lines.insert(at, "- Việc " + " ".join(chance.choices(_FILLER, k=20)) + ";")
        elif number % 4 == 2:
            lines.insert(chance.randrange(len(lines)), lines.pop(at))
        else:
            words = lines[at].split(" ")
            for place in range(3, len(words), 4):
                words[place] = chance.choice(_FILLER)
            lines[at] = " ".join(words)
    return "\n".join(lines)
