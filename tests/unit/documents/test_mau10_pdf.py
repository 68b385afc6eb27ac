"""Mẫu số 10 as a PDF of so many rows that it is set in parts."""

from __future__ import annotations

import re

import pypdfium2
import pytest

from consult.documents import mau10_pdf
from consult.documents.mau10_pdf import render_pdf
from tests.unit.documents.test_mau10 import document, provision

PARTED = document(*(provision(order, f"Điều {order}", 30) for order in range(1, 7)))


def pages(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as opened:
        return [page.get_textpage().get_text_bounded() for page in opened]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mau10_pdf, "_ROWS_OF_A_PART", 50)


@pytest.mark.usefixtures("small_parts")
def test_parts_make_one_document_numbered_throughout() -> None:
    told = pages(render_pdf(PARTED))
    assert len(told) > 3
    assert [int(page.split()[0]) for page in told[1:]] == list(range(2, len(told) + 1))
    text = "\n".join(told)
    codes = re.findall(r"GY-\d{4}", text)
    assert codes == [f"GY-{number:04d}" for number in range(1, 31)] * 6
    assert text.count("SỞ KHOA HỌC VÀ CÔNG NGHỆ") == 1
    assert text.count("Nơi nhận:") == 1
    assert "Nguyễn Văn Thành" in told[-1]
    assert all("CHỦ THỂ GÓP Ý" in page for page in told[:-1])


@pytest.mark.usefixtures("small_parts")
def test_each_part_says_which_provision_it_speaks_of() -> None:
    began = [page for page in pages(render_pdf(PARTED)) if "GY-0001" in page]
    assert all(re.search(r"Điều \d", page) for page in began)
    parts = mau10_pdf._parts(
        [{"head": ["Điều 1"] if number % 40 == 0 else []} for number in range(200)]
    )
    assert [len(part) for part in parts] == [80, 80, 40]
    assert all(part[0]["head"] for part in parts)


@pytest.mark.usefixtures("small_parts")
def test_parts_give_the_same_bytes_each_time() -> None:
    assert render_pdf(PARTED) == render_pdf(PARTED)


def test_what_fits_in_one_part_is_tagged() -> None:
    assert b"/StructTreeRoot" in render_pdf(document(provision(1, "Điều 1", 3)))


def test_a_round_without_opinions_says_so() -> None:
    doc = document()
    assert doc.labels.no_opinions in "\n".join(pages(render_pdf(doc)))
