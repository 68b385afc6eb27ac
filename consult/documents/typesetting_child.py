"""The child process that typesets: an order on standard input, a PDF on standard output."""

from __future__ import annotations

import json
import resource
import sys

_DATA_BYTES = 1_500_000_000


def main(templates: str, fonts: str, seconds: str) -> None:
    """Typeset the order of `typesetting.pdf`; ends with a message and code 1 when refused."""
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
    )
    assert isinstance(written, bytes)
    sys.stdout.buffer.write(written)


if __name__ == "__main__":
    main(*sys.argv[1:])
