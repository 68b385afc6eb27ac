"""What is built once for all starts: style and script bundles, compiled templates."""

from __future__ import annotations

import gzip
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from whitenoise import WhiteNoise

BUNDLES = {
    "app.css": (
        "vendor/bootstrap/bootstrap.min.css",
        "css/tokens.css",
        "css/base.css",
        "css/components.css",
    ),
    "app.js": ("vendor/htmx/htmx.min.js",),
}
_YEAR = 31_536_000


class Compiled(FileSystemBytecodeCache):
    """Templates kept compiled; where the disk is full they are compiled at the next start."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the template's code, if there is room."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def setup(app: Flask, static: Path, data_dir: Path) -> None:
    """Build the bundles that are not built yet and serve them with the static folder.

    Compiled templates are kept beside them, by the hash of their source.
    """
    compiled = data_dir / "templates"
    compiled.mkdir(mode=0o700, exist_ok=True)
    app.jinja_env.bytecode_cache = Compiled(str(compiled))
    target = data_dir / "assets"
    names = {name: _build(name, _sources(name, static), target) for name in BUNDLES}
    files: Any = WhiteNoise(app.wsgi_app, root=str(static), prefix="static/", max_age=_YEAR)
    files.add_files(str(target), prefix="assets/")
    app.wsgi_app = files

    def static_url(name: str) -> str:
        return f"/assets/{names[name]}" if name in names else f"/static/{name}"

    app.add_template_global(static_url)
    app.after_request(_compress)


def _sources(name: str, static: Path) -> list[Path]:
    sources = [static / part for part in BUNDLES[name]]
    more = "js/*.js" if name.endswith(".js") else "css/rooms/*.css"
    sources += sorted(static.glob(more))
    return sources


def _build(name: str, sources: list[Path], target: Path) -> str:
    content = b"\n".join(path.read_bytes() for path in sources)
    if name.endswith(".css"):
        # Sources name their fonts relative to static/css; the bundle lies elsewhere.
        content = content.replace(b"url(../fonts/", b"url(/static/fonts/")
    stem, extension = name.rsplit(".", 1)
    hashed = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{extension}"
    target.mkdir(parents=True, exist_ok=True)
    if not (target / f"{hashed}.gz").exists():  # written last, so both are there
        _write(target / hashed, content)
        _write(target / f"{hashed}.gz", gzip.compress(content, 9, mtime=0))
    return hashed


def _write(path: Path, data: bytes) -> None:
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    temporary.write_bytes(data)
    temporary.replace(path)


def _compress(response: Response) -> Response:
    if (
        response.direct_passthrough
        or response.is_streamed
        or response.mimetype not in ("text/html", "application/json", "text/plain")
        or "gzip" not in request.accept_encodings
        or "Content-Encoding" in response.headers
        or len(response.get_data()) < 1000
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), 4, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response
