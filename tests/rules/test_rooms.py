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


@pytest.mark.parametrize("room", ROOMS, ids=lambda path: path.name)
def test_a_room_is_layered(room: Path) -> None:
    wrong = [
        f"{name} imports {other}"
        for position, name in enumerate(ORDER)
        if (room / f"{name}.py").exists()
        for other in imported(room / f"{name}.py", room.name)
        if other in ORDER[:position]
    ]
    assert wrong == []


def test_every_room_has_its_first_line() -> None:
    assert all((room / "__init__.py").read_text("utf-8").startswith('"""') for room in ROOMS)
