"""Inside a room imports point down: views > tasks > forms > services > queries > models."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from config import ROOT

ORDER = ("views", "tasks", "forms", "services", "queries", "models")
ROOMS = sorted(path.parent for path in (ROOT / "consult").glob("*/__init__.py"))


def imported(path: Path, room: str) -> set[str]:
    """Return the names of the room's own modules that the module imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == f"consult.{room}":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith(f"consult.{room}."):
                found.add(node.module.split(".")[2])
    return found


def level(name: str) -> int | None:
    """Return the place in ORDER of a module, which may have a first name ("tree_views")."""
    found = [place for place, last in enumerate(ORDER) if name.endswith(last)]
    return found[0] if found else None


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_a_room_is_layered(room: Path) -> None:
    wrong: list[str] = []
    for path in sorted(room.glob("*.py")):
        own = level(path.stem)
        for other in imported(path, room.name):
            theirs = level(other)
            if own is not None and theirs is not None and theirs < own:
                wrong.append(f"{path.stem} imports {other}")
    assert wrong == []


def test_every_room_has_its_first_line() -> None:
    assert all((room / "__init__.py").read_text("utf-8").startswith('"""') for room in ROOMS)
