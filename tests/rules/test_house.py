"""The house rules that a reader would otherwise have to remember."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT

PACKAGE = ROOT / "consult"
MODULES = sorted(PACKAGE.rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 320, 45
# Long for a reason: a table of data, or one generated statement after the other.
LONG_MODULES: dict[str, str] = {}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def test_there_is_one_commit() -> None:
    found = [
        f"{name_of(path)}:{call.lineno}"
        for path in MODULES
        for call in calls(ast.parse(path.read_text("utf-8")))
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "commit"
        # Whoosh's writer has a commit of its own, which is no database's.
        and path.name != "whoosh_engine.py"
    ]
    assert len(found) == 1, found
    assert found[0].startswith("consult/core/db.py")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_what_it_owns_and_is_short(path: Path) -> None:
    source = path.read_text("utf-8")
    tree = ast.parse(source)
    if source.strip():
        assert ast.get_docstring(tree), "the first line says what the module owns"
    if name_of(path) not in LONG_MODULES:
        assert len(source.splitlines()) <= LONGEST_MODULE
    long = [
        f"{node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 - _docstring_lines(node) > LONGEST_FUNCTION
    ]
    assert long == []


def _docstring_lines(node: ast.FunctionDef) -> int:
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        return (first.end_lineno or 0) - first.lineno + 1
    return 0


# Modules that are the web: they and only they know requests, forms and pages.
WEB = ("views", "forms", "fields", "pages", "blueprint")
# The framework's own doors, and the composition of the application.
DOORS_OF_THE_WEB = (
    "consult/core/", "consult/cli/", "consult/app.py",
    "consult/accounts/identity.py",  # the session of who is signed in
    "consult/jobs/scheduler.py",  # works inside the application's context
    "consult/search/current.py",  # the engine belongs to the application
)  # fmt: skip


def is_web(path: Path) -> bool:
    """Return whether the module may know the web framework, by its name or as a door."""
    return path.stem.endswith(WEB) or name_of(path).startswith(DOORS_OF_THE_WEB)


@pytest.mark.parametrize("path", [p for p in MODULES if not is_web(p)], ids=name_of)
def test_rules_and_data_know_no_web(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(
        r"^\s*(?:from|import) (?:flask|wtforms|flask_wtf|flask_login)\b", source, re.M
    )
    code = re.sub(r'""".*?"""', "", source, flags=re.S)
    assert not re.search(r"\bcurrent_user\b|\brequest\.", code)


@pytest.mark.parametrize("name", ["services.py"])
def test_public_services_are_described(name: str) -> None:
    silent = [
        f"{name_of(path)}:{node.name}"
        for path in PACKAGE.rglob(name)
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]
    assert silent == []


def test_stages_change_in_one_place() -> None:
    """Only the table of transitions assigns a round's stage."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if path.name not in ("stages.py",)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr == "stage"
    ]
    assert found == []


def test_doors_are_the_only_users() -> None:
    """What is unsafe or untyped has one door each."""
    doors = {
        "bleach": {"core/sanitize.py"},
        "nh3": {"core/sanitize.py"},
        "whoosh": {"search/whoosh_engine.py", "search/whoosh_reader.py"},
        "apscheduler": {"jobs/scheduler.py"},
        "smtplib": {"notifications/sinks.py"},
    }
    for package, allowed in doors.items():
        users = {
            str(path.relative_to(PACKAGE))
            for path in MODULES
            if re.search(rf"^\s*(?:from|import) {package}\b", path.read_text("utf-8"), re.M)
        }
        assert users <= allowed, f"{package} is used outside its door"


def test_nothing_is_marked_safe_past_the_sanitiser() -> None:
    """|safe is only for what the sanitiser made, which is stored as *_html."""
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in re.finditer(r"\{\{[^}]*\|\s*safe\b[^}]*\}\}", path.read_text("utf-8"))
        if "_html" not in match.group(0)
    ]
    assert found == []


def test_every_setting_is_in_the_readme() -> None:
    told = (ROOT / "README.md").read_text("utf-8")
    read = set(
        re.findall(r'"((?:CONSULT|DATABASE)_[A-Z_]+)"', (ROOT / "config.py").read_text("utf-8"))
    )
    assert {name for name in read if f"`{name}`" not in told} == set()


def test_frozen_records_are_structs() -> None:
    """A frozen dataclass costs a millisecond at every start (ADR 13)."""
    # Confined processes read the parser's records without the libraries.
    plain = PACKAGE / "drafts" / "parsing"
    wrong = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if plain not in path.parents
        and re.search(r"^@dataclass\(frozen=True(?!.*repr=False)", path.read_text("utf-8"), re.M)
    ]
    assert wrong == []
