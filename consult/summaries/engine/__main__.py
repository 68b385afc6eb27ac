"""`python -m consult.summaries.engine`: a request as JSON comes in, the result goes out.

The request has ``task`` ("build" or "evaluate") with ``budget`` and ``texts``, or "groups" with
``votes`` and ``left_out``. A process of its
own, so that whoever asks never loads the numerical libraries. How many texts of all are read
goes to the standard error stream while it builds; for a wrong record a sentence follows, and
the process ends with 2.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Answer one request and return the exit code."""
    from consult.summaries.engine.build import build, to_json
    from consult.summaries.engine.evaluate import evaluate
    from consult.summaries.engine.shown_groups import shown
    from consult.summaries.engine.texts import BadInput

    request = json.load(sys.stdin.buffer)
    try:
        if request["task"] == "evaluate":
            result = evaluate(request["texts"], request["budget"])
        elif request["task"] == "groups":
            result = shown(request["votes"], set(request["left_out"]))
        else:
            result = build(request["texts"], request["budget"], _tell)
    except BadInput as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.buffer.write(to_json(result).encode("utf-8", "surrogatepass"))
    return 0


def _tell(done: int, total: int) -> None:
    sys.stderr.write(f"{done} {total}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
