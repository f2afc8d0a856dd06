"""What servers are given to serve, made once below build/bench."""

import os
from pathlib import Path

from benchmark.peers.plain.routes import PAGES, SECTIONS

BUILD = Path(__file__).parent.parent / "build" / "bench"
SITE = BUILD / "site"
PAGES_PATH = BUILD / "pages"
MODIFIED = 1_700_000_000
SIZES = (12, 10 * 1024, 1024 * 1024)
CONTROLLER = """\
from guava.controller import Controller


class Section{section}Controller(Controller):
"""
ACTION = """\
    def page{page}(self, number: int):
        return f"page {{number}}"

"""


def make() -> None:
    """The directory of files, and the package of a thousand actions for guava."""
    make_files()
    make_pages()


def file_path(size: int) -> str:
    """The URL path of the file of a size."""
    return f"/static/{size}.bin"


def make_files() -> None:
    SITE.mkdir(parents=True, exist_ok=True)
    for size in SIZES:
        file = SITE / f"{size}.bin"
        if not file.exists():
            file.write_bytes(os.urandom(size))
        os.utime(file, (MODIFIED, MODIFIED))


def make_pages() -> None:
    package = PAGES_PATH / "pages"
    package.mkdir(parents=True, exist_ok=True)
    (package / "__init__.py").touch()
    for section in SECTIONS:
        text = CONTROLLER.format(section=section)
        text += "".join(ACTION.format(page=page) for page in PAGES)
        (package / f"section{section}.py").write_text(text)
