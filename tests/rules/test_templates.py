"""Pages: every word through gettext, a title on each, no inline script or style."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from config import ROOT
from consult.core import catalogue

PAGES = sorted((ROOT / "templates").rglob("*.html"))
VIETNAMESE = re.compile(
    r"[ăâđêôơưạảãàáằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.I
)
# Vietnamese in code is data or an official document's fixed wording, never interface.
VIETNAMESE_CODE = (
    "consult/documents/",
    "consult/drafts/comparison/",
    "consult/drafts/corrections/",
    "consult/drafts/parsing/",
    "consult/demo/",
    "consult/core/text.py",
    "consult/core/portal.py",
    "consult/core/i18n.py",
    "consult/people/fields.py",
    "consult/critiques/defaults.py",
    "consult/summaries/engine/",
    "consult/summaries/quantities.py",
    "consult/summaries/typed_figures.py",
    "consult/submissions/incoming/table.py",
)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_has_no_inline_script_or_style(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:", source)
    assert not re.search(r"<style|<script(?![^>]*\bsrc=)", source)


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_is_in_no_language(path: Path) -> None:
    source = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)
    assert not VIETNAMESE.search(source), "Vietnamese belongs in the catalogue"
    source = re.sub(r"\{% block main_class %\}.*?\{% endblock %\}", "", source)
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.S)
    bare = re.sub(r"<(script|style|svg)\b.*?</\1>", "", bare, flags=re.S)
    bare = re.sub(r"<[^>]*>|&[a-z]+;|&#\d+;", " ", bare, flags=re.S)
    names = ("DOCX", "XLSX", "PDF", "CSV", "SHA")
    words = [w for w in re.findall(r"[A-Za-z]{2,}", bare) if w not in names]
    assert words == [], "words outside gettext"


@pytest.mark.parametrize(
    "path", [p for p in PAGES if 'extends "base.html"' in p.read_text("utf-8")], ids=name_of
)
def test_a_page_has_a_title_and_one_heading(path: Path) -> None:
    source = path.read_text("utf-8")
    assert re.search(r"\{% block title %\}\s*\S", source)
    assert len(re.findall(r"<h1\b", source)) <= 1


def test_code_holds_no_vietnamese_interface() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in (ROOT / "consult").rglob("*.py")
        if not name_of(path).startswith(VIETNAMESE_CODE)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if VIETNAMESE.search(re.sub(r'#.*|"""[^"]*"""', "", line))
        and not in_docstring(path, number)
    ]
    assert found == []


def in_docstring(path: Path, number: int) -> bool:
    return any(
        node.lineno <= number <= (node.end_lineno or 0)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


def test_the_vietnamese_catalogue_is_complete() -> None:
    used = catalogue.extract()
    merged = catalogue.merge()
    missing = {
        message: places[:2]
        for message, places in used.items()
        if (known := merged.get(message)) is None or not known.string
    }
    assert missing == {}


def test_the_catalogue_holds_nothing_unused() -> None:
    used = catalogue.extract()
    unused = [
        message.id
        for message in catalogue.merge()
        if message.id
        and (message.id[0] if isinstance(message.id, tuple) else message.id) not in used
    ]
    assert unused == []


def test_placeholders_survive_translation() -> None:
    wrong = []
    for message in catalogue.merge():
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set(re.findall(r"%\((\w+)\)", ids[-1]))
        if any(not set(re.findall(r"%\((\w+)\)", text)) <= wanted | {"num"} for text in texts):
            wrong.append(ids[0])
    assert wrong == []
