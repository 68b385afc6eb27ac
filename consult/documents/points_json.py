"""All points of a round as JSON, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import IO

from msgspec.structs import asdict

from consult.documents.model import PointRow


def write_json(rows: Iterable[PointRow], out: IO[bytes], *, title: str) -> None:
    """Write one object, {"title", "points": [...]}, in UTF-8, a point on each line.

    A point has the fields of `PointRow`, in the words of the documents; ``received_at`` is local
    time (ISO 8601) or null, ``files`` a list of names. Rows are written as they come.
    """
    out.write(f'{{"title": {_text(title)}, "points": ['.encode())
    for number, row in enumerate(rows):
        point = asdict(row)
        point["received_at"] = row.received_at.isoformat() if row.received_at else None
        point["files"] = row.files.split("\n") if row.files else []
        out.write(f"{',' if number else ''}\n{_text(point)}".encode())
    out.write(b"\n]}\n")


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
