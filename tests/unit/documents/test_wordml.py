"""Text becomes markup without loss and without ever becoming anything but text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from consult.documents.wordml import NAMESPACE, clean_text, paragraph, run, split_paragraphs

W = f"{{{NAMESPACE}}}"


def parsed(*runs: str) -> etree._Element:
    markup = paragraph("Cell", *(run(text) for text in runs))
    return etree.fromstring(markup.replace("<w:p>", f'<w:p xmlns:w="{NAMESPACE}">', 1))


def text_of(element: etree._Element) -> str:
    return "".join(piece.text or "" for piece in element.iter(f"{W}t"))


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_survives_as_text(text: str) -> None:
    element = parsed(text)
    # An XML reader turns a carriage return into a line feed (XML 1.0, section 2.11).
    expected = clean_text(text).replace("\n", " ").replace("\r\n", "\n").replace("\r", "\n")
    assert text_of(element) == expected
    assert [child.tag for child in element] == [f"{W}pPr", f"{W}r"]


def test_markup_and_field_codes_stay_words() -> None:
    element = parsed("</w:t><w:br/>", ' { INCLUDETEXT "/etc/passwd" } & MERGEFIELD')
    assert text_of(element) == '</w:t><w:br/> { INCLUDETEXT "/etc/passwd" } & MERGEFIELD'
    assert not list(element.iter(f"{W}instrText", f"{W}fldChar", f"{W}fldSimple", f"{W}br"))


def test_illegal_characters_go_and_vietnamese_stays() -> None:
    assert clean_text("Ý\x00 ki\x0bến\x1f \ud800tiếp\ufffe thu 𝄞\t\n") == "Ý kiến tiếp thu 𝄞\t\n"


def test_paragraphs_are_kept_and_empty_lines_dropped() -> None:
    text = "Một\r\n\r\n  Hai \rBa\u2028Bốn\x00\n\x01\n"
    assert split_paragraphs(text) == ["Một", "Hai", "Ba", "Bốn"]
