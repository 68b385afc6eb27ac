"""Mẫu số 10 as a workbook, for those who go on working on the table."""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# (XlsxWriter is only partly typed.)
from __future__ import annotations

from datetime import UTC, datetime
from typing import IO, Any

from consult.documents.mau10 import counts, in_draft_order
from consult.documents.model import Labels, Mau10, Mau10Opinion, Mau10Row
from consult.documents.points_table import LONG_WORKBOOK_OPTIONS, defuse, fit, row_height

_LOOK = {"text_wrap": True, "valign": "top", "border": 1}
# Widths of the columns in characters of the default font.
_WIDTHS = (26, 28, 70, 60, 14)
_CODE = "Mã ý kiến"


def write_xlsx(doc: Mau10, out: IO[bytes]) -> None:
    """Write ``doc`` as a workbook of one sheet with a header that repeats on paper.

    Each row says its provision, so that it can be sorted. The same content gives the same bytes.
    """
    import xlsxwriter  # loaded only when somebody asks for a workbook

    labels = doc.labels
    book = xlsxwriter.Workbook(out, LONG_WORKBOOK_OPTIONS)
    book.set_properties({"created": datetime(1980, 1, 1, tzinfo=UTC)})
    look = book.add_format(_LOOK)
    head = book.add_format({**_LOOK, "bold": True, "align": "center", "bg_color": "#E7EDF3"})
    sheet = book.add_worksheet("Mẫu số 10")
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    title = book.add_format({"bold": True, "font_size": 14})
    before = (
        labels.title,
        doc.subject,
        doc.legal_basis_sentence,
        counts(doc),
        *doc.accounting_lines,
        labels.results,
    )
    for place, line in enumerate(before):
        sheet.write_string(place, 0, fit(defuse(line)), title if place < 2 else None)
    header = len(before)
    columns = (
        labels.column_provision,
        labels.column_contributor,
        labels.column_content,
        labels.column_response,
        _CODE,
    )
    sheet.write_row(header, 0, columns, head)
    last = _body(sheet, header, doc, look)
    for place, line in enumerate(_after(doc), last + 2):
        sheet.write_string(place, 0, fit(defuse(line)))
    sheet.freeze_panes(header + 1, 1)
    sheet.autofilter(header, 0, last, len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header)
    book.close()


def _body(sheet: Any, header: int, doc: Mau10, look: Any) -> int:
    last = header
    for provision in in_draft_order(doc.rows):
        for opinion in provision.opinions:
            last += 1
            texts = [fit(defuse(text)) for text in _texts(provision, opinion, doc.labels)]
            sheet.set_row(last, row_height(texts, _WIDTHS))
            for column, text in enumerate(texts):
                sheet.write_string(last, column, text, look)
    if last == header:
        last += 1
        sheet.write_string(last, 0, doc.labels.no_opinions, look)
    return last


def _texts(provision: Mau10Row, opinion: Mau10Opinion, labels: Labels) -> tuple[str, ...]:
    content = [
        f"{labels.quote} {opinion.quote}" if opinion.quote else "",
        opinion.content,
        f"{labels.proposed_wording} {opinion.proposed_wording}" if opinion.proposed_wording else "",
    ]
    answer = opinion.response
    answered = labels.unanswered
    if answer is not None:
        answered = f"{answer.disposition}: {answer.text}" if answer.text else answer.disposition
    return (
        provision.heading,
        opinion.contributor.replace("\n", ", "),
        "\n".join(part for part in content if part),
        answered,
        opinion.point_code,
    )


def _after(doc: Mau10) -> list[str]:
    upheld = [f"{one.contributor} ({one.point_code}): {one.content}" for one in doc.dissents]
    return [
        *([doc.labels.dissents, *upheld] if upheld else []),
        doc.labels.closing.replace("{subject}", doc.subject),
        *([doc.checkpoint_line] if doc.checkpoint_line else []),
    ]
