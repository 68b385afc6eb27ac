"""`python -m consult.summaries.engine`: a request as JSON comes in, the result goes out.

The request has ``task`` ("build" or "evaluate"), ``budget`` and ``texts``. A process of its
own, so that whoever asks never loads the numerical libraries. For a wrong record it writes
one sentence to the standard error stream and ends with 2.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Answer one request and return the exit code."""
    from consult.summaries.engine.build import build, to_json
    from consult.summaries.engine.evaluate import evaluate
    from consult.summaries.engine.texts import BadInput

    request = json.load(sys.stdin.buffer)
    work = evaluate if request["task"] == "evaluate" else build
    try:
        result = work(request["texts"], request["budget"])
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.buffer.write(to_json(result).encode("utf-8", "surrogatepass"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
