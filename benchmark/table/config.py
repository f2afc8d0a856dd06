"""A configuration with a table router of as many routes as wanted."""

from pathlib import Path

HEAD = """\
server:
  listen: 127.0.0.1:${{PORT}}
  workers: 1
log:
  access: off
python:
  path: ["{here}"]
routers:
  - type: table
    routes:
"""
ROUTE = (
    "      /section-{section}/page-{page}: "
    "{{package: ., module: answers, controller: AnswerController, action: hello}}\n"
)


def paths(count: int) -> list[str]:
    """The paths of a table of `count` routes."""
    return [f"/section-{i // 100}/page-{i % 100}" for i in range(count)]


def write(file: Path, count: int) -> None:
    """Writes the configuration of a table of `count` routes."""
    head = HEAD.format(here=Path(__file__).parent)
    routes = [ROUTE.format(section=i // 100, page=i % 100) for i in range(count)]
    file.write_text(head + "".join(routes))
