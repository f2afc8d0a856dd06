"""The layers of core/ (docs/design.md, "Layers and folders").

A file includes only what stands to its left, base <- http <- route <- net <- python
and base <- http <- daemon; the interpreter and the event loop stay where they belong.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

CORE = Path(__file__).parents[2] / "core"
FUZZ = Path(__file__).parents[1] / "fuzz"

MAY_INCLUDE = {
    "base": {"base"},
    "http": {"base", "http"},
    "route": {"base", "http", "route"},
    "net": {"base", "http", "route", "net"},
    "python": {"base", "http", "route", "net", "python"},
    "daemon": {"base", "http", "daemon"},
}
KEPT_TO = {
    "Python.h": ("python/*.[ch]", "daemon/child.c"),
    "uv.h": ("net/*.[ch]", "python/server.c"),
    "llhttp.h": ("http/*.[ch]",),
}
LONGEST_FUNCTION = 80

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.MULTILINE)
FUNCTION = re.compile(r"^(\w[^\n;{}]*(?:\n[ \t][^\n;{}]*)*)\n\{\n(.*?)^\}", re.M | re.S)


def sources() -> list[Path]:
    return sorted(CORE.rglob("*.[ch]"))


def faults(file: str, text: str) -> Iterator[str]:
    """What a file of core/, named relative to it, includes and must not."""
    for header in INCLUDE.findall(text):
        layer = PurePosixPath(header).parts[0]
        if layer in MAY_INCLUDE and layer not in MAY_INCLUDE[file.split("/")[0]]:
            yield f"{file} includes {header}"
        patterns = KEPT_TO.get(header)
        if patterns and not any(PurePosixPath(file).match(p) for p in patterns):
            yield f"{file} includes {header}, kept to {', '.join(patterns)}"


def long_functions(file: str, text: str) -> Iterator[str]:
    """The functions whose bodies are longer than LONGEST_FUNCTION lines."""
    for head, body in FUNCTION.findall(text):
        lines = body.count("\n")
        if lines > LONGEST_FUNCTION:
            yield f"{file}: {head.splitlines()[0]} has {lines} lines"


def test_a_file_includes_only_what_stands_to_its_left():
    assert sources()
    found = [
        fault
        for path in sources()
        for fault in faults(path.relative_to(CORE).as_posix(), path.read_text())
    ]
    assert found == []


def test_the_fuzz_targets_know_neither_the_interpreter_nor_the_daemon():
    found = [
        (path.name, header)
        for path in FUZZ.glob("*.[ch]")
        for header in INCLUDE.findall(path.read_text())
        if header == "Python.h" or header.startswith(("python/", "daemon/"))
    ]
    assert found == []


def test_no_function_is_longer_than_a_page_or_two():
    found = [
        fault
        for path in [*sources(), *FUZZ.glob("*.[ch]")]
        for fault in long_functions(path.name, path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("base/buf.c", '#include "http/parser.h"'),
        ("http/parser.c", '#include "net/conn.h"'),
        ("daemon/main.c", '#include "route/router.h"'),
        ("route/router.c", '#include "daemon/master.h"'),
        ("http/parser.c", "#include <Python.h>"),
        ("daemon/main.c", '# include "Python.h"'),
        ("daemon/main.c", "#include <uv.h>"),
        ("python/request.c", "#include <uv.h>"),
        ("net/conn.c", "int a;\n#include <llhttp.h>"),
    ],
)
def test_an_include_to_the_right_is_found(file, text):
    assert len(list(faults(file, text))) == 1


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("base/buf.c", '#include "base/mem.h"\n#include <stdio.h>'),
        ("python/server.c", '#include "net/server.h"\n#include <uv.h>'),
        ("daemon/child.c", "#include <Python.h>"),
        ("net/conn.c", '/* like "python/server.h" */'),
    ],
)
def test_an_include_to_the_left_is_allowed(file, text):
    assert list(faults(file, text)) == []


def test_a_long_function_is_found():
    text = "static int a(int b,\n             int c)\n{\n" + "    b++;\n" * 81 + "}\n"
    assert list(long_functions("x.c", text)) == [
        "x.c: static int a(int b, has 81 lines"
    ]
