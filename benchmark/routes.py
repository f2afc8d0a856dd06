"""A configuration with a table router of as many routes as wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmark.peers.peer import HERE

COUNTS = (10, 100, 1000, 10_000)
ASKED = 10
HEAD = f"""\
server:
  listen: 127.0.0.1:${{PORT}}
  workers: 1
log:
  access: off
python:
  path: ["{HERE / "guava"}"]
routers:
  - type: table
    routes:
"""
TARGET = (
    "{package: controllers, module: index, controller: IndexController, action: index}"
)


def paths(count: int) -> list[str]:
    """The paths of a table of so many routes."""
    return [f"/section-{i // 100}/page-{i % 100}" for i in range(count)]


def asked(count: int) -> list[str]:
    """Some of them, from all over the table."""
    return paths(count)[:: count // ASKED]


@contextmanager
def table(count: int) -> Iterator[Path]:
    """The configuration, in a file that is there for a while."""
    with TemporaryDirectory(prefix="bench-") as folder:
        file = Path(folder, "guava.yaml")
        routes = "".join(f"      {path}: {TARGET}\n" for path in paths(count))
        file.write_text(HEAD + routes)
        yield file
