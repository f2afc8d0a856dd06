"""The lines that docs/operations.md explains are ones that guavad writes."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs/operations.md").read_text()
SOURCES = "".join(
    file.read_text()
    for folder, kind in (("core", "*.[ch]"), ("guava", "*.py"))
    for file in sorted((ROOT / folder).rglob(kind))
)
JOINED = re.sub(r'"\s*\n\s*f?"', "", SOURCES)  # texts that go over several lines
NAMES = "FILE:LINE:COLUMN|GET|/path\\*?|SIG[A-Z]+|Too many open files|Address already"
VALUES = "(?<=refused): | leave "
PLACEHOLDER = re.compile(rf"…|\b[MN]\b|{VALUES}|{NAMES} in use|{NAMES}")
ROWS = re.findall(r"^\| (`.*?) \|", DOCS.partition("## Troubleshooting")[2], re.M)
LINES = [line for row in ROWS for line in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize("line", LINES)
def test_a_line_that_is_explained_is_written_somewhere(line):
    pieces = [piece.strip(" :()*,") for piece in PLACEHOLDER.split(line)]
    for piece in filter(None, pieces):
        assert piece in JOINED, piece


def test_there_are_lines():
    assert len(LINES) > 15
