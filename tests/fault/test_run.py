"""The ./run script: it installs once, heals itself, and says in a sentence what went wrong."""

import base64
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLI = "import sys, gadget; print('gadget', gadget.VERSION, *sys.argv[1:])"


class House:
    """A copy of the script beside a tiny application that needs one package from a file."""

    def __init__(self, place: Path) -> None:
        self.place = place
        (place / "vendor").mkdir()
        (place / "consult").mkdir()
        shutil.copy(ROOT / "run", place)
        for wheel in (ROOT / "vendor").glob("pip-*.whl"):
            shutil.copy(wheel, place / "vendor")
        (place / "consult" / "__init__.py").touch()
        (place / "consult" / "cli.py").write_text(CLI)
        self.lock("1.0")

    def lock(self, version: str, *, digest: str | None = None) -> None:
        wheel = build_wheel(self.place, version)
        digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
        line = f"gadget @ {wheel.as_uri()} --hash=sha256:{digest} # gadget=={version}\n"
        (self.place / "requirements.lock").write_text(line)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(self.place / "run"), *arguments],
            cwd=self.place.parent,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str]:
        process = self.start(*arguments, **environment)
        output = process.communicate()[0]
        return process.returncode, output


def build_wheel(folder: Path, version: str) -> Path:
    wheel = folder / f"gadget-{version}-py3-none-any.whl"
    about = f"gadget-{version}.dist-info"
    files = {
        "gadget.py": f"VERSION = {version!r}\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: gadget\nVersion: {version}\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=")
        record += f"{name},sha256={digest.decode()},{len(text)}\n"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"{about}/RECORD", f"{record}{about}/RECORD,,\n")
    return wheel


@pytest.fixture
def house(tmp_path: Path) -> House:
    place = tmp_path / "a house"
    place.mkdir()
    return House(place)


def test_installs_once_and_passes_arguments_on(house: House) -> None:
    code, output = house.run("cli", "drafts", "parse", "a b.docx", PIP_USER="1")
    assert (code, output.splitlines()[-1]) == (0, "gadget 1.0 drafts parse a b.docx")
    assert "Installing 1 packages" in output
    assert house.run("--empty", "--port", "8123") == (0, "gadget 1.0 serve --empty --port 8123\n")


def test_a_changed_lock_installs_anew(house: House) -> None:
    house.run("cli")
    house.lock("2.0")
    code, output = house.run("cli")
    assert code == 0
    assert "Installing" in output
    assert output.endswith("gadget 2.0\n")


def test_heals_after_a_kill_at_any_moment(house: House) -> None:
    for moment in (0.1, 0.4, 0.8):
        process = house.start("cli")
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    assert house.run("cli")[1].endswith("gadget 1.0\n")


def test_a_half_filled_environment_is_made_anew(house: House) -> None:
    house.run("cli")
    (house.place / ".venv" / "installed.txt").unlink()
    for module in (house.place / ".venv").glob("lib/python3.*/site-packages/gadget.py"):
        module.unlink()  # pip itself would still count the package as there
    assert house.run("cli")[1].endswith("gadget 1.0\n")


def test_an_environment_elsewhere_is_left_alone(house: House, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept.txt").write_text("kept")
    (house.place / ".venv").symlink_to(elsewhere)
    code, output = house.run("cli")
    assert code == 1
    assert "is a symbolic link" in output
    assert "Remove the link" in output
    assert [path.name for path in elsewhere.iterdir()] == ["kept.txt"]


def test_two_starts_at_once(house: House) -> None:
    processes = [house.start("cli") for _ in range(2)]
    outputs = [process.communicate()[0] for process in processes]
    assert all(output.endswith("gadget 1.0\n") for output in outputs)
    assert "".join(outputs).count("Installed in") == 1


def test_a_package_that_was_swapped_is_refused(house: House) -> None:
    house.lock("1.0", digest="0" * 64)
    code, output = house.run("cli")
    assert code == 1
    assert "A package differs from the one this project was tested with" in output
    house.lock("1.0")
    assert house.run("cli")[0] == 0


def test_without_a_network_it_says_so(house: House) -> None:
    (house.place / "requirements.lock").write_text("gadget==1.0 --hash=sha256:" + "0" * 64 + "\n")
    nowhere = "http://127.0.0.1:1/simple"
    code, output = house.run(
        "cli", PIP_INDEX_URL=nowhere, PIP_EXTRA_INDEX_URL="", PIP_FIND_LINKS="", PIP_RETRIES="0"
    )
    assert code == 1
    assert "The Python package index cannot be reached." in output
    assert "Run the same command again" in output


def test_an_unknown_command_lists_the_known_ones(house: House) -> None:
    code, output = house.run("tset")
    assert code == 1
    assert "There is no command “tset”" in output
    assert "./run test" in output
    assert not (house.place / ".venv").exists()
