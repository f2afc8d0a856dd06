"""The types that an application sees, by mypy --strict, and whether they are true."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

TYPED = Path(__file__).with_name("typed")
LINE = re.compile(r"(\w+\.py):(\d+): error: .*\[([\w-]+)\]")
NOT_IN_THE_MODULE = """\
guava._core.Target
guava._core.Server.__init__
"""  # a name for annotations; arguments that C does not tell of


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """What mypy finds in the files of typed/: (file, line, kind)."""
    cache = tmp_path_factory.mktemp("mypy")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-pretty"]
    done = subprocess.run(
        [*mypy, f"--cache-dir={cache}", "application.py", "mistakes.py"],
        cwd=TYPED,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    lines = LINE.findall(done.stdout)
    return [(file, int(line), kind) for file, line, kind in lines]


def test_an_application_passes_strict_checks(found):
    assert [place for place in found if place[0] == "application.py"] == []


def test_mistakes_of_an_application_are_found(found):
    lines = (TYPED / "mistakes.py").read_text().splitlines()
    expected = [
        ("mistakes.py", number, line.partition("  # ")[2])
        for number, line in enumerate(lines, 1)
        if "  # " in line
    ]
    assert found == expected


def test_the_types_of_the_engine_are_true(tmp_path):
    allowed = tmp_path / "allowed"
    allowed.write_text(NOT_IN_THE_MODULE)
    command = [sys.executable, "-m", "mypy.stubtest", "guava._core", "--concise"]
    done = subprocess.run(
        [*command, "--ignore-disjoint-bases", f"--allowlist={allowed}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
