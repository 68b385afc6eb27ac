"""The child process that joins PDF files: order on standard input, PDF on standard output."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (pypdfium2 is not typed.)

from __future__ import annotations

import hashlib
import io
import json
import re
import resource
import sys

_DATA_BYTES = 1_500_000_000
# The second half of the file's ID; the first is the first part's, made of its content.
_LOT = re.compile(rb"<[0-9A-F]{32}>(?=\])")


def main(_templates: str, _fonts: str, seconds: str) -> None:
    """Write the number of pages on a line, then the pages of all files of the order."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_DATA, (_DATA_BYTES, _DATA_BYTES))
    import pypdfium2

    files = json.loads(json.load(sys.stdin)["content"])["files"]
    # The first file keeps what is the document's own: title, language, outline.
    joined = pypdfium2.PdfDocument(files[0])
    for file in files[1:]:
        joined.import_pages(pypdfium2.PdfDocument(file))
    written = io.BytesIO()
    joined.save(written)
    sys.stdout.buffer.write(b"%d\n" % len(joined))
    sys.stdout.buffer.write(_same_each_time(written.getvalue()))


def _same_each_time(data: bytes) -> bytes:
    """Put the digest of the content where the library puts a number drawn by lot."""
    start = data.rindex(b"trailer")
    digest = hashlib.sha256(data[:start]).hexdigest()[:32].upper().encode()
    return data[:start] + _LOT.sub(b"<%s>" % digest, data[start:])


if __name__ == "__main__":
    main(*sys.argv[1:])
