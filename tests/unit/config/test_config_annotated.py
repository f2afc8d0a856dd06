"""The annotated configuration and the documentation name every key."""

import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from guava.config import document, loader
from guava.config.address import Listener
from guava.config.kinds import PLACEHOLDERS
from guava.config.middleware import Middleware
from guava.config.schema import (
    Config,
    ErrorAction,
    Limits,
    Log,
    Mounted,
    Proxy,
    Python,
    Recycle,
    Router,
    Server,
    Status,
    Target,
    Timeouts,
)
from guava.config.session import Kept, MemSessions, SessionCookie, Sessions
from guava.config.tree import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[3]
ANNOTATED = ROOT / "conf" / "guava.yaml"
MANUAL = ROOT / "docs" / "configuration.md"
SECTIONS = {
    "server": Server,
    "timeouts": Timeouts,
    "limits": Limits,
    "recycle": Recycle,
    "proxy": Proxy,
    "log": Log,
    "status": Status,
    "python": Python,
}


def keys(cls: Any) -> list[str]:
    fields = msgspec.structs.fields(cls)
    return [field.encode_name for field in fields if field.name != "places"]


def mapping(node: object) -> Mapping:
    assert isinstance(node, Mapping)
    return node


@pytest.fixture(scope="module")
def written() -> Mapping:
    return mapping(document.parse(ANNOTATED.read_bytes(), []))


def test_the_annotated_configuration_is_valid() -> None:
    assert len(loader.load(str(ANNOTATED)).routers) == len(get_args(Router))


@pytest.mark.parametrize("section", SECTIONS)
def test_the_annotated_configuration_has_every_key(
    written: Mapping, section: str
) -> None:
    entries = mapping(written.entries[section].value).entries
    assert list(entries) == keys(SECTIONS[section])


def test_the_annotated_configuration_has_every_key_of_the_routers(
    written: Mapping,
) -> None:
    routers = written.entries["routers"].value
    assert isinstance(routers, Sequence)
    shown = {key for item in routers.items for key in mapping(item).entries}
    assert shown == {"type"} | {key for cls in get_args(Router) for key in keys(cls)}


@pytest.mark.parametrize(
    "section", ["server", "timeouts", "limits", "recycle", "proxy", "log", "status"]
)
def test_the_annotated_configuration_shows_the_defaults(
    tmp_path: Path, section: str
) -> None:
    (tmp_path / "g.yaml").write_text("routers: [{type: mvc, package: x}]")
    default = getattr(loader.load(f"{tmp_path}/g.yaml"), section)
    shown = getattr(loader.load(str(ANNOTATED)), section)
    differing = [
        key
        for key in keys(SECTIONS[section])
        if getattr(shown, key) != getattr(default, key)
    ]
    assert differing == (["working_directory"] if section == "server" else [])


def test_the_annotated_configuration_shows_sessions_in_memory_with_every_key(
    written: Mapping,
) -> None:
    main = mapping(mapping(written.entries["sessions"].value).entries["main"].value)
    assert sorted(main.entries) == sorted(["store", *keys(MemSessions)])
    assert list(mapping(main.entries["cookie"].value).entries) == keys(SessionCookie)
    assert loader.load(str(ANNOTATED)).sessions["main"].size == MemSessions().size


def documented() -> dict[str, list[str]]:
    """The keys in the first column of the tables below each heading."""
    tables: dict[str, list[str]] = {}
    heading = ""
    for line in MANUAL.read_text().splitlines():
        if line.startswith("#"):
            heading = line.strip("#` ")
        elif found := re.match(r"\| `([^`]+)` \|", line):
            tables.setdefault(heading, []).append(found[1])
    return tables


def test_the_manual_has_every_key() -> None:
    expected = {name: keys(cls) for name, cls in SECTIONS.items()}
    expected["A listener with its own settings"] = keys(Listener)
    expected["sessions"] = keys(Kept)
    for cls in get_args(Sessions):
        own = [key for key in keys(cls) if key not in keys(Kept)]
        expected[f"{cls.__struct_config__.tag} store"] = own
    expected["The cookie of sessions"] = keys(SessionCookie)
    expected["error_pages"] = keys(ErrorAction)
    expected["middleware"] = keys(Middleware)
    expected["Every router"] = keys(Mounted)
    for cls in get_args(Router):
        own = [key for key in keys(cls) if key not in keys(Mounted)]
        expected[f"{cls.__struct_config__.tag} router"] = own
    for cls in get_args(Target):
        expected[f"{cls.__struct_config__.tag} target"] = keys(cls)
    tables = documented()
    assert tables.pop("Placeholders") == [f"{{{name}}}" for name in PLACEHOLDERS]
    assert tables == expected


def test_every_key_of_the_file_is_a_section_or_the_routers() -> None:
    others = ["sessions", "session", "error_pages", "middleware", "routers"]
    assert keys(Config) == [*SECTIONS, *others]
