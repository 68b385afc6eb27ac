"""Mẫu số 10: "Bản tổng hợp ý kiến, tiếp thu, giải trình ý kiến góp ý, phản biện xã hội"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from consult.documents import layout
from consult.documents.model import Labels, Mau10, Mau10Opinion, Mau10Response, Mau10Row
from consult.documents.wordml import (
    Xml,
    cell,
    keep_with_next,
    paragraph,
    row,
    run,
    split_paragraphs,
)

# Three of the four columns hold long text, which a portrait page would squeeze into 5 cm; the
# decree lets a document with tables lie on its side.
PAGE = layout.LANDSCAPE
# Provision, contributor, opinion, answer: shares of the text's width.
SHARES = (0.17, 0.16, 0.36, 0.31)
_WIDTHS = tuple(PAGE.text_width * share for share in SHARES)
_LINE_MM = 5.0
# A provision's cell is opened anew when its opinions fill about a page, so that every page says
# which provision it speaks of. The factor makes up for the error of estimating.
_LINES_PER_CELL = int(PAGE.text_height * 0.75 / _LINE_MM)
# Shorter rows move to the next page as a whole; longer ones may break.
_LINES_UNBROKEN = 14


def render_docx(doc: Mau10) -> bytes:
    """Return ``doc`` as a Word file, byte for byte the same for the same content.

    Provisions stand in the draft's order, remarks on the whole draft last.
    """
    labels = doc.labels
    blocks = [
        *layout.letterhead(doc.letterhead, PAGE),
        *layout.title_block(labels.title, doc.subject, PAGE),
        *layout.text_block(doc.legal_basis_sentence),
        *layout.text_block(counts(doc)),
        *(block for line in doc.accounting_lines for block in layout.text_block(line)),
        *layout.text_block(labels.results, keep_next=True),
        *_table(doc.rows, labels),
        *_dissents(doc),
        # Office programs may part a table from what follows it; this sentence they keep with the
        # signature, which thus never stands alone on a page.
        *layout.text_block(labels.closing.replace("{subject}", doc.subject), keep_next=True),
        *layout.signature_block(doc.signature, doc.recipients, PAGE),
        *layout.small_print(doc.checkpoint_line or ""),
    ]
    title = f"{labels.title} {doc.subject}"
    return layout.write_docx(blocks, PAGE, title=title, dated=doc.letterhead.date)


def counts(doc: Mau10) -> str:
    """Return the sentence on how many were asked and how many opinions came."""
    # Not str.format: an administrator edits this wording, and a stray brace must not break it.
    asked = layout.format_number_vn(doc.asked_count)
    received = layout.format_number_vn(doc.received_count)
    return doc.labels.counts.replace("{asked}", asked).replace("{received}", received)


def _table(rows: Sequence[Mau10Row], labels: Labels) -> list[Xml]:
    heads = (
        labels.column_provision,
        labels.column_contributor,
        labels.column_content,
        labels.column_response,
    )
    body = [line for group in in_draft_order(rows) for line in _provision_rows(group, labels)]
    if not body:
        note = [paragraph("Cell", run(labels.no_opinions))]
        body = [row([cell(sum(_WIDTHS), note, columns=len(heads))])]
    return layout.grid(_WIDTHS, heads, body)


def in_draft_order(rows: Sequence[Mau10Row]) -> Iterator[Mau10Row]:
    """Yield one row for each provision that drew an opinion, in the draft's order."""

    def place(row: Mau10Row) -> tuple[bool, int, str]:
        return (row.is_general, row.order, row.provision_key)

    for (is_general, order, key), same in groupby(sorted(rows, key=place), key=place):
        parts = list(same)
        opinions = tuple(opinion for part in parts for opinion in part.opinions)
        if opinions:
            yield Mau10Row(key, parts[0].heading, order, is_general, opinions)


def placed(provision: Mau10Row, labels: Labels) -> Iterator[tuple[str, Mau10Opinion, bool]]:
    """Yield what stands in the provision's cell ("" continues it), the opinion, if it is short.

    A short row moves to the next page as a whole.
    """
    used = 0
    for number, opinion in enumerate(provision.opinions):
        lines = _height(opinion, labels)
        opens = number == 0 or used + lines > _LINES_PER_CELL
        used = lines if opens else used + lines
        head = provision.heading if opens else ""
        if opens and number:
            head = f"{head} {labels.continued}"
        yield head, opinion, lines <= _LINES_UNBROKEN


def _provision_rows(provision: Mau10Row, labels: Labels) -> Iterator[Xml]:
    for heading, opinion, short in placed(provision, labels):
        head = [paragraph("CellHead", run(line)) for line in split_paragraphs(heading)]
        yield row(
            (
                cell(_WIDTHS[0], head, merge="start" if heading else "continue"),
                cell(_WIDTHS[1], _plain(opinion.contributor)),
                cell(_WIDTHS[2], _opinion(opinion, labels)),
                cell(_WIDTHS[3], _response(opinion.response, labels)),
            ),
            whole=short,
        )


def _plain(text: str) -> list[Xml]:
    return [paragraph("Cell", run(line)) for line in split_paragraphs(text)]


def _opinion(opinion: Mau10Opinion, labels: Labels) -> list[Xml]:
    code = labels.point_code.replace("{code}", opinion.point_code)
    return [
        *_led(opinion.quote, labels.quote),
        *_plain(opinion.content),
        *_led(opinion.proposed_wording, labels.proposed_wording),
        paragraph("CellNote", run(code)),
    ]


def _led(words: str | None, label: str) -> list[Xml]:
    """Return words that are not the argument itself, led by a label that says what they are."""
    lines = split_paragraphs(words or "")
    if not lines:
        return []
    first = paragraph("Cell", run(f"{label} ", italic=True), run(lines[0]))
    return [first, *(paragraph("Cell", run(line)) for line in lines[1:])]


def _response(response: Mau10Response | None, labels: Labels) -> list[Xml]:
    if response is None:
        return [paragraph("Cell", run(labels.unanswered, italic=True))]
    lines = split_paragraphs(response.text)
    if not lines:
        return [paragraph("Cell", run(f"{response.disposition}.", bold=True))]
    first = paragraph("Cell", run(f"{response.disposition}: ", bold=True), run(lines[0]))
    return [first, *(paragraph("Cell", run(line)) for line in lines[1:])]


def _height(opinion: Mau10Opinion, labels: Labels) -> int:
    """Return an estimate of the lines in the tallest of the row's cells."""
    quoted = [
        f"{label} {words}"
        for label, words in (
            (labels.quote, opinion.quote),
            (labels.proposed_wording, opinion.proposed_wording),
        )
        if words
    ]
    answer = opinion.response
    answered = f"{answer.disposition}: {answer.text}" if answer else labels.unanswered
    columns = (opinion.contributor, "\n".join((opinion.content, *quoted)), answered)
    inner = zip(columns, _WIDTHS[1:], strict=True)
    return 1 + max(layout.lines_needed(text, width - 3.2, "Cell") for text, width in inner)


def _dissents(doc: Mau10) -> list[Xml]:
    if not doc.dissents:
        return []
    blocks = layout.section_heading(doc.labels.dissents)
    for dissent in doc.dissents:
        code = doc.labels.point_code.replace("{code}", dissent.point_code)
        blocks += layout.text_block(f"{dissent.contributor} ({code}):", keep_next=True)
        blocks += layout.text_block(dissent.content)
    # The signature that follows must not stand alone on a page.
    return [*blocks[:-1], keep_with_next(blocks[-1])]
