"""Which tests share a process, and that a run in several processes keeps to it."""

import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

from tests.support.side_by_side import ONE_BY_ONE, scope

ROOT = Path(__file__).parents[3]
CONFTEST = """
from tests.support.side_by_side import SideBySide

def pytest_xdist_make_scheduler(config, log):
    return SideBySide(config, log)
"""


def test_every_place_is_there() -> None:
    assert [place for place in ONE_BY_ONE if not (ROOT / place).exists()] == []


def test_ordinary_tests_stand_alone() -> None:
    nodeid = "tests/unit/core/test_text.py::test_a_slug[tests/browser/]"
    assert scope(nodeid) == nodeid


def test_one_process_runs_all_that_run_one_by_one(tmp_path: Path) -> None:
    count = "import pytest\n@pytest.mark.parametrize('n', range(6))\ndef test_it(n): pass\n"
    for folder in ("tests/browser", "tests/fault", "tests/unit"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"test_{folder[6:]}.py").write_text(count)
    (tmp_path / "conftest.py").write_text(CONFTEST)
    (tmp_path / "pytest.ini").touch()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "xdist.plugin", "-n", "2", "-v"],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTEST_ADDOPTS": "",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    where: defaultdict[str, set[str]] = defaultdict(set)
    for process, folder in re.findall(r"\[(gw\d)\].* PASSED tests/(\w+)/", done.stdout):
        where[folder].add(process)
    assert where["browser"] == where["fault"]
    assert len(where["browser"]) == 1
    assert where["unit"]
