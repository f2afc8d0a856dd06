"""What the documentation shows is what happens.

A block that begins with "# NAME", or in HTML with "<!-- NAME -->", is a file; in a
console block, a curl command is followed by what it prints, and mkdir, echo and gzip
make further files; pycon blocks are doctests.
"""

import doctest
import re
import shlex
import subprocess
import sys
from pathlib import Path

import environment
import pytest
import yaml

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [
    "getting-started.md",
    "routing.md",
    "controllers.md",
    "requests.md",
    "responses.md",
    "sessions.md",
    "session-stores.md",
    "error-pages.md",
    "middleware.md",
    "behind-a-proxy.md",
    "static-files.md",
    "operations.md",
    "status.md",
    "development.md",
]
SETTING_UP = ("mkdir ", "echo ", "gzip ")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(?:#|<!--) (\S+\.(?:py|yaml|html))")
FILES = ["python", "yaml", "html"]
ADDRESS = "127.0.0.1:8000"
STATUS = "127.0.0.1:8001"
PATIENCE = 20.0  # seconds that a command may take


def blocks(page, language):
    found = BLOCK.findall((DOCS / page).read_text())
    return [text for kind, text in found if kind == language]


def files(page):
    texts = [text for kind in FILES for text in blocks(page, kind)]
    return {match[1]: text for text in texts if (match := FILE.match(text))}


def commands(page, programs):
    """Pairs of a command of these programs and its output."""
    for text in blocks(page, "console"):
        for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            if command.startswith(programs):
                yield command, output.removesuffix("\n")


def curl(command):
    program, *args = shlex.split(command)
    done = subprocess.run(
        [program, "--silent", *args],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
        env=environment.foreign(),
    )
    return done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_true(make_status, page):
    status = make_status(start=False)
    daemon = status.daemon
    shown = files(page)
    for name, text in shown.items():
        if name != "guava.yaml":
            daemon.write(name, text)
    for command, _ in commands(page, SETTING_UP):
        subprocess.run(
            command,
            shell=True,
            cwd=daemon.folder,
            env=environment.foreign(),
            check=True,
        )
    sections = yaml.safe_load(shown["guava.yaml"])
    sections.get("server", {}).pop("listen", None)  # the port is the test's
    daemon.configure(**(sections | status.sections))
    daemon.start()
    here = f"127.0.0.1:{daemon.port}"
    there = f"127.0.0.1:{status.port}"
    asked = list(commands(page, "curl "))
    assert asked
    for command, output in asked:
        printed = curl(command.replace(ADDRESS, here).replace(STATUS, there))
        assert printed.removesuffix("\n") == output.replace(ADDRESS, here), command


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_is_true(page):
    for text in blocks(page, "pycon"):
        test = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
        assert doctest.DocTestRunner().run(test).failed == 0


def test_the_scripts_of_getting_started_can_be_imported(tmp_path):
    for name, text in files("getting-started.md").items():
        if name in ("serve.py", "bare.py"):
            (tmp_path / name).write_text(text)
            exec(compile(text, name, "exec"), {"__name__": name})


def test_the_tests_of_the_page_on_testing_pass(tmp_path):
    for name, text in files("testing.md").items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout
