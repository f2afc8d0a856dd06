"""The table of media types agrees with what maintains it, and with others."""

import mimetypes
import re
import runpy
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "mime-types"
TABLE = ROOT / "core" / "http" / "mime_types.h"

# Where the table of Python's library differs, and why that is right.
PYTHON_HAS_OTHERWISE = {
    "text for people, whatever it is for machines": {"py", "sh"},
    "a registered type in place of an unregistered one": {
        *("exe", "js", "mjs", "p12", "pfx", "roff", "t", "tr", "swf", "vcf"),
        *("rdf", "wsdl", "xsl", "sgm", "sgml"),
    },
    "another registered type, of another format with that ending": {
        *("3gp", "loas", "m3u", "obj", "pot", "opus"),
    },
    "another name of the same": {"oda", "tex", "wav", "xml"},
}


def types() -> dict[str, str]:
    found = re.findall(r'TYPE\("([^"]+)", "([^"]+)"\)', TABLE.read_text())
    return dict(found)


def python_types() -> dict[str, str]:
    """Those of Python itself, whatever files this machine has."""
    strict = mimetypes.MimeTypes().types_map[True]
    return {ending.removeprefix("."): found for ending, found in strict.items()}


def installed_version() -> str:
    """The source's on this machine; empty where it is not installed."""
    try:
        version = runpy.run_path(str(SCRIPT))["version"]
        return str(version())
    except (OSError, subprocess.CalledProcessError):
        return ""


def test_the_table_is_what_the_script_makes() -> None:
    made_from = re.search(r"from media-types (\S+):", TABLE.read_text())
    assert made_from is not None
    if installed_version() != made_from[1]:
        pytest.skip(f"media-types {made_from[1]} is not installed")
    made = subprocess.run([SCRIPT], check=True, capture_output=True, text=True).stdout
    assert made == TABLE.read_text()


def test_the_table_is_sorted_and_its_endings_are_lower_case() -> None:
    endings = list(types())
    assert endings == sorted({ending.lower() for ending in endings})
    assert len(endings) > 400


def test_text_has_its_charset_and_nothing_else_has() -> None:
    for ending, media_type in types().items():
        charset = media_type.endswith("; charset=utf-8")
        assert charset == media_type.startswith("text/"), ending


def test_the_table_agrees_with_that_of_python() -> None:
    table = types()
    differing = {
        ending
        for ending in table.keys() & python_types().keys()
        if table[ending].partition(";")[0] != python_types()[ending]
    }
    assert differing <= set().union(*PYTHON_HAS_OTHERWISE.values())
