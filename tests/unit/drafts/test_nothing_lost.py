"""Nothing of a file is lost: its text read in another way comes out of the parser again."""

from __future__ import annotations

import os
import re
import zipfile
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from consult.core.text import nfc
from consult.drafts.parsing import ParsedDocument, UnreadableDocument, parse_file
from tests.unit.drafts.files import DATA, squeeze

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
FOLDER = Path(os.environ.get("CONSULT_REAL_DRAFTS") or DATA)
FILES = [
    path
    for folder in dict.fromkeys([DATA, FOLDER])
    for path in sorted(folder.iterdir())
    if path.suffix in {".docx", ".pdf", ".txt"}
]
LONGEST_HEADER = 90


def words_of_word(path: Path) -> str:
    """Return all that a Word file shows: deleted, moved and alternative matter left out."""
    out: list[str] = []
    with zipfile.ZipFile(path) as archive:
        for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
            if name not in archive.namelist():
                continue
            root = etree.fromstring(archive.read(name))
            for gone in root.iter(f"{W}del", f"{W}moveFrom", f"{MC}Fallback"):
                gone.clear(keep_tail=True)
            out += [element.text or "" for element in root.iter(f"{W}t")]
    return "".join(out)


def words_of_pdf(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


def source(path: Path) -> str:
    if path.suffix == ".docx":
        return words_of_word(path)
    if path.suffix == ".pdf":
        return words_of_pdf(path)
    return path.read_text("utf-8-sig")


def letters(text: str) -> Counter[str]:
    """Return the letters and digits of ``text``; signs such as hyphens at a line's end aside."""
    return Counter(re.sub(r"[\W_]+", "", nfc(text)))


def read(path: Path) -> ParsedDocument:
    try:
        return parse_file(path, filename=path.name)
    except UnreadableDocument as refusal:
        if refusal.reason.startswith("scan"):
            pytest.skip("a scan has no text of its own")
        raise


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_letter_of_the_file_is_in_the_document(path: Path) -> None:
    document = read(path)
    lost = letters(source(path)) - letters(document.text)
    furniture = [w.params["count"] for w in document.warnings if w.code == "page_furniture"]
    announced = sum(int(count) for count in furniture) * LONGEST_HEADER
    assert lost.total() <= announced


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_pieces_make_up_the_text(path: Path) -> None:
    """Own extents and the remainder are the text, each stretch of it once and in order."""
    document = read(path)
    spans = [(p.start, p.end) for p in document.provisions]
    outside: list[str] = []
    at = 0
    for start, end in spans:
        assert start >= at
        outside.append(document.text[at:start])
        at = end
    outside.append(document.text[at:])
    assert squeeze("".join(outside)) == squeeze(document.remainder)
