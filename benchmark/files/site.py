"""A directory of files, and a configuration that serves it."""

import os
from email.utils import formatdate
from pathlib import Path

from benchmark.load import Load

MODIFIED = 1_700_000_000
SIZES = {"12 bytes": 12, "10 KiB": 10 * 1024, "1 MiB": 1024 * 1024}
CONFIG = """\
server:
  listen: 127.0.0.1:${PORT}
  workers: 1
log:
  access: off
routers:
  - {type: static, mount_point: /, directory: public}
"""
KNOWN = {"If-Modified-Since": formatdate(MODIFIED, usegmt=True)}


def path(size: int) -> str:
    return f"/{size}.bin"


def scenarios() -> dict[str, Load]:
    """What is asked, by what it is called."""
    small = path(SIZES["12 bytes"])
    loads = {
        f"a file of {name}": Load(paths=(path(size),)) for name, size in SIZES.items()
    }
    return loads | {"a file that is known": Load(paths=(small,), headers=KNOWN)}


def write(folder: Path) -> tuple[Path, Path]:
    """Makes the files; the configuration's path, and the directory's."""
    public = folder / "public"
    public.mkdir(mode=0o755)
    for size in SIZES.values():
        file = public / path(size).lstrip("/")
        file.write_bytes(os.urandom(size))
        os.utime(file, (MODIFIED, MODIFIED))
    folder.chmod(0o755)  # nginx's worker is another user
    config = folder / "guava.yaml"
    config.write_text(CONFIG)
    return config, public
