"""The plugin that counts skipped browser and PostgreSQL tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SKIPPING = """
import pytest

@pytest.mark.browser
def test_page():
    pytest.skip("no browser")

@pytest.mark.{marker}
def test_other():
    pytest.skip("something else")

def test_passes():
    pass
"""


def run(
    tmp_path: Path, *more: str, ci: str, marker: str = "slow"
) -> subprocess.CompletedProcess[str]:
    (tmp_path / "test_sample.py").write_text(SKIPPING.format(marker=marker))
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser\n  postgres\n  slow\n")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.support.skips", "-c", "pytest.ini", *more],
        cwd=tmp_path,
        env={
            **os.environ,
            "CI": ci,
            "PYTHONPATH": str(ROOT),
            "PYTEST_ADDOPTS": "",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # they take longer to load than all else
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_person_is_told_the_count(tmp_path: Path) -> None:
    result = run(tmp_path, ci="")
    assert result.returncode == 0
    assert "1 tests marked browser were skipped: no Chromium here" in result.stdout


@pytest.mark.parametrize("marker", ["browser", "postgres"])
def test_ci_fails(tmp_path: Path, marker: str) -> None:
    result = run(tmp_path, ci="true", marker=marker)
    assert result.returncode == 1
    assert f"tests marked {marker} were skipped" in result.stdout


def test_ci_fails_where_tests_run_side_by_side(tmp_path: Path) -> None:
    result = run(tmp_path, "-p", "xdist.plugin", "-n", "2", ci="true")
    assert "2 workers" in result.stdout
    assert result.returncode == 1
    assert "1 tests marked browser were skipped" in result.stdout
