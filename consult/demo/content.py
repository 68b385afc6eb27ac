"""Reads the demonstration's content files."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).resolve().parent / "data"
DRAFTS = CONTENT / "drafts"


@lru_cache(maxsize=16)
def read(name: str) -> list[dict[str, Any]]:
    """Return the records of ``data/<name>.json``."""
    return json.loads((CONTENT / f"{name}.json").read_text("utf-8"))
