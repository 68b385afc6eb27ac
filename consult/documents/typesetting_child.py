"""The child process that typesets: an order on standard input, pages and PDF on standard output."""

from __future__ import annotations

import json
import resource
import sys

_DATA_BYTES = 1_500_000_000


def main(templates: str, fonts: str, seconds: str) -> None:
    """Typeset an order of `typesetting`; ends with a message and code 1 when refused.

    Writes the number of pages on a line, then the PDF.
    """
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_DATA, (_DATA_BYTES, _DATA_BYTES))
    import typst  # 80 MB of library, so only once the limits hold

    order = json.load(sys.stdin)
    written = typst.compile(
        f"{templates}/{order['template']}",
        root=templates,
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"content": order["content"]},
        format="pdf",
        timestamp=0,
        pdf_tags=order["tagged"],
    )
    assert isinstance(written, bytes)
    sys.stdout.buffer.write(b"%d\n" % _pages(written))
    sys.stdout.buffer.write(written)


def _pages(written: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(written))


if __name__ == "__main__":
    main(*sys.argv[1:])
