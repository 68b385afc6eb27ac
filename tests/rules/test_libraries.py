"""Web workers never load the numerical libraries: they take long and much memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("numpy", "scipy", "sklearn", "threadpoolctl")


def test_the_application_loads_no_numerical_library(tmp_path: Path) -> None:
    program = f"import sys, consult.app, wsgi; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env={**os.environ, "CONSULT_DATA_DIR": str(tmp_path)},
        check=True,
    )
    assert done.stdout.strip() == "[]"
