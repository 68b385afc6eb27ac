"""The file around the content: page, header, styles, properties. The one door to python-docx."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false
# (python-docx's element classes are only partly typed.)
from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from itertools import chain
from typing import TYPE_CHECKING

from msgspec import Struct

from consult.documents.styles import stylesheet
from consult.documents.wordml import NAMESPACE, Xml, clean_text, page_number, paragraph

if TYPE_CHECKING:
    from docx.document import Document

# Without these python-docx's template would bring a thumbnail, 160 unused styles and the name
# of a program that did not write the file.
_KEPT_PARTS = frozenset({"officeDocument", "core-properties", "styles", "settings", "theme"})
_MAIN_PART = "word/document.xml"
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNDATED = date(1980, 1, 1)
_HEADER_DISTANCE_MM = 10.0

_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_FOOTNOTES_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
)
# The two lines that part footnotes from the text are footnotes themselves.
_SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
    for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
)
_FOOTNOTES_SETTING = '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
_SETTINGS = (
    f'<w:settings xmlns:w="{NAMESPACE}"><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting '
    'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/>'
    '<w:listSeparator w:val=";"/></w:settings>'
)


class Page(Struct, frozen=True):
    """An A4 page, millimetres. The margins are those of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

    width: float
    height: float
    top: float = 20
    bottom: float = 20
    left: float = 30
    right: float = 15

    @property
    def text_width(self) -> float:
        """Return the width between the margins in millimetres."""
        return self.width - self.left - self.right

    @property
    def text_height(self) -> float:
        """Return the height between the margins in millimetres."""
        return self.height - self.top - self.bottom


PORTRAIT = Page(210, 297)
LANDSCAPE = Page(297, 210)


def write_docx(
    blocks: Sequence[Xml],
    page: Page,
    *,
    title: str,
    dated: date | None,
    footnotes: Sequence[Xml] = (),
) -> bytes:
    """Return a Word file of ``blocks`` (paragraphs and tables) on ``page``.

    ``footnotes`` are those that the blocks have marks of.

    Pages are numbered at the top from the second on. The same input gives the same bytes: the
    properties carry ``title`` and ``dated``, nobody's name, and no time of writing.
    """
    from docx import Document  # python-docx takes 0.2 s to load; only an export should wait

    document = Document()
    _drop_template_parts(document)
    _replace_children(document.styles.element, stylesheet())
    notes = _FOOTNOTES_SETTING if footnotes else ""
    _replace_children(
        document.settings.element, _SETTINGS.replace("<w:compat>", f"{notes}<w:compat>")
    )
    if footnotes:
        _add_footnotes(document, footnotes)
    _set_page(document, page)
    _set_properties(document, title, dated)
    saved = io.BytesIO()
    document.save(saved)
    return _repack(saved, blocks)


def _drop_template_parts(document: Document) -> None:
    package = document.part.package
    assert package is not None  # only a part taken out of its file has none
    for relationships in (package.rels, document.part.rels):
        for key, relationship in list(relationships.items()):
            if relationship.reltype.rpartition("/")[2] not in _KEPT_PARTS:
                del relationships[key]


def _add_footnotes(document: Document, footnotes: Sequence[Xml]) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    content = f'<w:footnotes xmlns:w="{NAMESPACE}">{_SEPARATORS}{"".join(footnotes)}</w:footnotes>'
    declared = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{content}'.encode()
    package = document.part.package
    assert package is not None  # only a part taken out of its file has none
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, declared, package)
    document.part.relate_to(part, _FOOTNOTES_RELATION)


def _replace_children(element: object, xml: str) -> None:
    from docx.oxml import parse_xml
    from lxml import etree

    assert isinstance(element, etree._Element)  # pyright: ignore[reportPrivateUsage]
    element[:] = list(parse_xml(xml))


def _set_page(document: Document, page: Page) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.shared import Mm

    section = document.sections[0]
    wide = page.width > page.height
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(page.width), Mm(page.height)
    section.top_margin, section.bottom_margin = Mm(page.top), Mm(page.bottom)
    section.left_margin, section.right_margin = Mm(page.left), Mm(page.right)
    section.header_distance = section.footer_distance = Mm(_HEADER_DISTANCE_MM)
    section.different_first_page_header_footer = True
    number = paragraph("PageNumber", page_number())
    header = section.header
    header.is_linked_to_previous = False
    _replace_children(header._element, f'<w:hdr xmlns:w="{NAMESPACE}">{number}</w:hdr>')  # pyright: ignore[reportPrivateUsage]


def _set_properties(document: Document, title: str, dated: date | None) -> None:
    properties = document.core_properties
    # The property holds at most 255 characters.
    properties.title = clean_text(title)[:255]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.keywords = properties.subject = properties.category = ""
    properties.language = "vi-VN"
    properties.revision = 1
    instant = datetime.combine(dated or _UNDATED, time(), UTC)
    properties.created = properties.modified = instant


def _repack(saved: io.BytesIO, blocks: Sequence[Xml]) -> bytes:
    """Write the archive again with one fixed time on every member and ``blocks`` in the body.

    The body is written as text, block by block: moving a table of 2,000 rows from one lxml tree
    to another takes seconds, and of 10,000 rows the whole body takes 90 MB.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _ZIP_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            content = source.read(name)
            parts: Iterable[bytes] = [content]
            if name == _MAIN_PART:
                before, mark, after = content.partition(b"<w:sectPr")
                parts = chain([before], (block.encode() for block in blocks), [mark, after])
            with target.open(member, "w") as written:
                written.writelines(parts)
    return packed.getvalue()
