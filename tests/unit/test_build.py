"""What `pip install .` and a source distribution contain (setup.py)."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import guava

ROOT = Path(__file__).parents[2]


def build(what: str, folder: Path) -> Path:
    """Calls a hook of PEP 517, as pip does; the file that it made."""
    code = (
        f"from setuptools import build_meta; build_meta.build_{what}({str(folder)!r})"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True
    )
    [made] = folder.iterdir()
    return made


def test_a_wheel_has_the_extension_and_the_daemon(tmp_path):
    wheel = zipfile.ZipFile(build("wheel", tmp_path))
    modes = {file.filename: file.external_attr >> 16 for file in wheel.filelist}
    daemon = f"guava-{guava.__version__}.data/scripts/guavad"
    assert modes[daemon] & 0o111 == 0o111
    assert wheel.read(daemon)[:4] == b"\x7fELF"
    assert any(name.startswith("guava/_core.cpython") for name in modes)
    commands = wheel.read(f"guava-{guava.__version__}.dist-info/entry_points.txt")
    assert b"guava = guava.cli:main" in commands
    assert {"guava/py.typed", "guava/_core.pyi", "guava/config/check.py"} <= set(modes)


def test_a_source_distribution_carries_llhttp_and_all_of_the_core(tmp_path):
    with tarfile.open(build("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    core = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("core/**/*.[ch]")}
    assert core <= names
    dashboard = {
        f"core/daemon/dashboard/dashboard.{end}" for end in ("html", "css", "js")
    }
    assert dashboard <= names
    assert {"third_party/llhttp/llhttp.c", "third_party/llhttp/llhttp.h"} <= names
    assert {"scripts/llhttp.txt", "conf/guava.yaml", "LICENSE"} <= names


def test_the_daemon_and_the_package_are_of_one_version():
    beside = Path(sys.executable).with_name("guavad")
    guavad = os.environ.get("GUAVAD", beside)
    said = subprocess.run([guavad, "-v"], check=True, capture_output=True, text=True)
    assert said.stdout.startswith(f"guavad {guava.__version__} ")
