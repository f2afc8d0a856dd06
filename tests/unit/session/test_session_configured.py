"""Stores that are servers of their own, as the check of a configuration makes them.

Each check is a process, as guavad's is: it may find that a package is not installed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECK = """\
import sys
from guava import application
from guava.config import loader

sys.path.insert(0, ".")
print(*application.check(loader.load("guava.yaml")), sep="\\n")
"""


def check(folder: Path, sections: str) -> list[str]:
    """What is wrong with a configuration that has these `sessions`."""
    text = f"sessions: {{{sections}}}\nrouters: [{{type: table, routes: {{}}}}]\n"
    (folder / "guava.yaml").write_text(text)
    command = [sys.executable, "-c", CHECK]
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.splitlines() if line]


def test_what_is_on_other_machines_need_not_be_there(tmp_path: Path) -> None:
    redis = "main: {store: redis, url: 'redis+cluster://none.invalid'}"
    memcached = "cached: {store: memcached, servers: [none.invalid]}"
    database = "kept: {store: sql, url: 'postgresql://me:secret@none.invalid/n'}"
    assert check(tmp_path, f"{redis}, {memcached}, {database}") == []


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ("{store: redis, ca: guava.yaml}", "18: only a rediss URL has certificates"),
        (
            "{store: sql, url: 'mysql://me:secret@h:port/n'}",
            "36: mysql://h:port/n is not the URL of a database",
        ),
    ],
)
def test_a_url_that_makes_no_sense_is_told_at_its_place(
    tmp_path: Path, section: str, fault: str
) -> None:
    assert check(tmp_path, f"main: {section}") == [f"guava.yaml:1:{fault}"]


@pytest.mark.parametrize(
    ("module", "section", "needed"),
    [
        ("redis", "{store: redis}", "guava[redis]"),
        ("pymemcache", "{store: memcached}", "guava[memcached]"),
        ("sqlalchemy", "{store: sql, url: 'sqlite:///s.db'}", "guava[sql]"),
        ("psycopg", "{store: sql, url: 'postgresql://h/n'}", "psycopg[binary]"),
        ("pymysql", "{store: sql, url: 'mariadb://h/n'}", "PyMySQL"),
    ],
)
def test_a_package_that_is_not_installed_is_named(
    tmp_path: Path, module: str, section: str, needed: str
) -> None:
    missing = f"raise ModuleNotFoundError('missing', name={module!r})\n"
    (tmp_path / f"{module}.py").write_text(missing)
    told = f"{module} is not installed: pip install '{needed}'"
    assert check(tmp_path, f"main: {section}") == [f"guava.yaml:1:26: {told}"]


def test_a_package_that_can_not_be_imported_is_told_with_the_reason(
    tmp_path: Path,
) -> None:
    (tmp_path / "redis.py").write_text("import no_such_module\n")
    [fault] = check(tmp_path, "main: {store: redis}")
    assert fault.startswith("guava.yaml:1:26: ")
    assert "no_such_module" in fault
