"""The translation catalogue: one .po per room, merged into the one .mo that is loaded.

Run as a module it compiles: `python -m consult.core.catalogue`.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportMissingTypeStubs=false, reportUnknownArgumentType=false
# (Babel ships no type information for its message classes; this module is their only door.)
from __future__ import annotations

import os
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent
ROOT = PACKAGE.parent
FRAGMENTS = PACKAGE / "translations" / "vi"
COMPILED = FRAGMENTS / "LC_MESSAGES" / "messages.mo"
# Text that the operators' command line prints is English only.
_METHODS = [
    ("consult/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
_KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_n": (1, 2),
    "ngettext": (1, 2),
}


class CatalogueError(Exception):
    """Two fragments translate one message differently, or a fragment cannot be read."""


def merge() -> Catalog:
    """Return the union of the rooms' fragments; CatalogueError when two of them disagree."""
    whole = Catalog(locale="vi", domain="messages", charset="utf-8")
    for path in sorted(FRAGMENTS.glob("*.po")):
        with path.open("rb") as handle:
            part = read_po(handle, locale="vi", charset="utf-8", abort_invalid=True)
        for message in part:
            if not message.id:
                continue
            known = whole.get(message.id)
            if known is not None and known.string != message.string:
                raise CatalogueError(f"{path.name}: {message.id!r} is translated twice")
            whole.add(message.id, message.string, flags=message.flags)
    return whole


def compile_all() -> Path:
    """Write the .mo from the fragments (atomically) and return its path."""
    whole = merge()
    COMPILED.parent.mkdir(exist_ok=True)
    temporary = COMPILED.with_suffix(f".{os.getpid()}")
    with temporary.open("wb") as handle:
        write_mo(handle, whole)
    temporary.replace(COMPILED)
    return COMPILED


def stale() -> bool:
    """Return whether a fragment is newer than the compiled catalogue."""
    if not COMPILED.exists():
        return True
    compiled = COMPILED.stat().st_mtime
    return any(path.stat().st_mtime > compiled for path in FRAGMENTS.glob("*.po"))


def extract() -> dict[str, list[str]]:
    """Return every message id used in code and templates, each with the places that use it."""
    found: dict[str, list[str]] = {}
    for filename, line, message, _comments, _context in extract_from_dir(
        ROOT,
        method_map=_METHODS,
        keywords=_KEYWORDS,
        options_map={"templates/**": {"silent": "false", "extensions": "jinja2.ext.do"}},
        directory_filter=_wanted,
    ):
        ids = message if isinstance(message, tuple) else (message,)
        found.setdefault(str(ids[0]), []).append(f"{filename}:{line}")
    return found


def _wanted(directory: str) -> bool:
    name = os.path.basename(directory)
    inside = os.path.relpath(directory, ROOT)
    return inside == "." or (
        inside.split(os.sep)[0] in ("consult", "templates") and not name.startswith((".", "_"))
    )


if __name__ == "__main__":
    compile_all()
