"""In a room, and in a folder of one: views > tasks > forms > services > queries > models."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from config import ROOT

ORDER = ("views", "tasks", "forms", "services", "queries", "models")
FOLDERS = sorted(path.parent for path in (ROOT / "consult").glob("*/**/__init__.py"))


def imported(path: Path, folder: Path) -> set[str]:
    """Return the names of the folder's own modules that the module imports."""
    package = ".".join(folder.relative_to(ROOT).parts)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == package:
                found |= {alias.name for alias in node.names}
            elif node.module.startswith(f"{package}."):
                found.add(node.module.removeprefix(f"{package}.").split(".")[0])
    return found


def level(name: str) -> int | None:
    """Return the place in ORDER of a module, which may have a first name ("tree_views")."""
    found = [place for place, last in enumerate(ORDER) if name.endswith(last)]
    return found[0] if found else None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_room_and_each_folder_in_it_is_layered(folder: Path) -> None:
    wrong: list[str] = []
    for path in sorted(folder.glob("*.py")):
        own = level(path.stem)
        for other in imported(path, folder):
            theirs = level(other)
            if own is not None and theirs is not None and theirs < own:
                wrong.append(f"{path.stem} imports {other}")
    assert wrong == []


def test_every_room_and_folder_has_its_first_line() -> None:
    assert all((folder / "__init__.py").read_text("utf-8").startswith('"""') for folder in FOLDERS)
