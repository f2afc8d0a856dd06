"""What a right configuration becomes."""

import grp
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guava.config import loader
from guava.config.address import SystemdAddress, TCPAddress, UnixAddress
from guava.config.schema import (
    ActionTarget,
    Config,
    FileTarget,
    Limits,
    Log,
    MVCRouter,
    PythonRouter,
    RedirectTarget,
    RESTRouter,
    StaticRouter,
    TableRouter,
    Timeouts,
)

Load = Callable[[str], Config]


def fields(section: Any) -> dict[str, Any]:
    names = type(section).__struct_fields__
    return {name: getattr(section, name) for name in names if name != "places"}


def test_one_router_is_a_whole_configuration(load: Load, tmp_path: Path) -> None:
    config = load("")
    assert config.server.listen == (TCPAddress("127.0.0.1", 8000),)
    assert config.server.workers == "auto"
    assert config.server.working_directory == str(tmp_path)
    assert config.python.path == (str(tmp_path),)
    assert fields(config.timeouts) == fields(Timeouts())
    assert fields(config.limits) == fields(Limits())
    assert fields(config.log) == fields(Log())


def test_links_are_resolved_in_folders_and_not_in_what_is_written(
    load: Load, tmp_path: Path
) -> None:
    (tmp_path / "releases/1").mkdir(parents=True)
    (tmp_path / "current").symlink_to("releases/1")
    config = load(
        "server: {working_directory: current, pidfile: current/pid}\n"
        "python: {path: [current]}"
    )
    assert config.server.working_directory == f"{tmp_path}/releases/1"
    assert config.python.path == (f"{tmp_path}/releases/1",)
    assert config.server.pidfile == f"{tmp_path}/current/pid"


@pytest.mark.parametrize(
    "section", ["server", "timeouts", "limits", "recycle", "log", "python"]
)
def test_a_section_with_everything_commented_out_has_the_defaults(
    load: Load, section: str
) -> None:
    assert load(f"{section}:\n  # nothing\n").routers


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("workers: 3", "workers", 3),
        ("workers: auto", "workers", "auto"),
        ("preload: true", "preload", True),
        ("warm_up: [/, /a?b=c]", "warm_up", ("/", "/a?b=c")),
        ("backlog: 511", "backlog", 511),
        ("user: root", "user", "root"),
        ("user: 0", "user", "root"),
        ("group: 0", "group", grp.getgrgid(0).gr_name),
        ("user: null", "user", None),
        ("daemon: yes", "daemon", True),
        ("server_header: false", "server_header", False),
    ],
)
def test_a_key_of_the_server_is_read(
    load: Load, text: str, key: str, value: object
) -> None:
    assert getattr(load(f"server: {{{text}}}").server, key) == value


def test_paths_are_relative_to_the_file(load: Load, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    server = load("server: {pidfile: run/../run/g.pid, working_directory: run}").server
    assert server.pidfile == str(tmp_path / "run" / "g.pid")
    assert server.working_directory == str(tmp_path / "run")


@pytest.mark.parametrize(
    ("listen", "addresses"),
    [
        ("127.0.0.1:80", [TCPAddress("127.0.0.1", 80)]),
        ('":8080"', [TCPAddress("0.0.0.0", 8080)]),
        ('"[::1]:8000"', [TCPAddress("::1", 8000)]),
        ("[127.0.0.1:1, 127.0.0.1:2]", [TCPAddress("127.0.0.1", n) for n in (1, 2)]),
        ("unix:/tmp/g.sock", [UnixAddress("/tmp/g.sock", 0o660)]),
        ('{address: "unix:/tmp/g", mode: "0600"}', [UnixAddress("/tmp/g", 0o600)]),
        ('[{address: "unix:/tmp/g", mode: 0666}]', [UnixAddress("/tmp/g", 0o666)]),
        ("{address: 127.0.0.1:80}", [TCPAddress("127.0.0.1", 80)]),
        (
            '[{address: "127.0.0.1:80", proxy_protocol: true}, "unix:/tmp/g"]',
            [TCPAddress("127.0.0.1", 80, True), UnixAddress("/tmp/g")],
        ),
        (
            '{address: "unix:/tmp/g", proxy_protocol: true}',
            [UnixAddress("/tmp/g", 0o660, True)],
        ),
        ("systemd", [SystemdAddress()]),
        ("[systemd:a, systemd:b]", [SystemdAddress("a"), SystemdAddress("b")]),
    ],
)
def test_an_address_is_read(load: Load, listen: str, addresses: list[object]) -> None:
    assert list(load(f"server: {{listen: {listen}}}").server.listen) == addresses


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.0.0.0/255.0.0.0", "10.0.0.0/8"),
        ("192.0.2.1", "192.0.2.1/32"),
        ('"::1"', "::1/128"),
        ('"2001:DB8::/32"', "2001:db8::/32"),
        ('"unix:"', "unix:"),
    ],
)
def test_a_network_is_held_with_its_length(
    load: Load, written: str, network: str
) -> None:
    assert load(f"proxy: {{trusted: [{written}]}}").proxy.trusted == (network,)


def test_a_host_name_stands_for_its_addresses(load: Load) -> None:
    addresses = load("server: {listen: localhost:8000}").server.listen
    assert addresses
    assert set(addresses) <= {TCPAddress(host, 8000) for host in ("127.0.0.1", "::1")}


@pytest.mark.parametrize("key", Timeouts.__struct_fields__[1:])
def test_every_timeout_is_read(load: Load, key: str) -> None:
    assert getattr(load(f"timeouts: {{{key}: 90ms}}").timeouts, key) == 90


def test_a_request_may_have_no_timeout(load: Load) -> None:
    assert load("timeouts: {request: 0}").timeouts.request == 0


@pytest.mark.parametrize("key", ["request_line", "headers", "body", "body_memory"])
def test_every_limit_of_size_is_read(load: Load, key: str) -> None:
    assert getattr(load(f"limits: {{{key}: 2KiB}}").limits, key) == 2048


def test_files_of_bodies_have_room_for_the_largest_one(load: Load) -> None:
    assert load("limits: {body: 1GiB, body_disk: 1GiB}").limits.body_disk == 1 << 30


@pytest.mark.parametrize(
    ("text", "rate"), [("0", 0), ("0B/s", 0), ("200B/s", 200), ("8KiB/s", 8192)]
)
def test_a_rate_is_a_size_for_each_second(load: Load, text: str, rate: int) -> None:
    assert load(f"limits: {{min_rate: {text}}}").limits.min_rate == rate


@pytest.mark.parametrize("key", ["header_count", "connections"])
def test_every_limit_of_number_is_read(load: Load, key: str) -> None:
    assert getattr(load(f"limits: {{{key}: 7}}").limits, key) == 7


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("level: debug", "level", "debug"),
        ("error: stdout", "error", "stdout"),
        ("error: /tmp/error.log", "error", "/tmp/error.log"),
        ("access: stderr", "access", "stderr"),
        ("access: off", "access", "off"),
        ('access: "off"', "access", "off"),
        ("format: json", "format", "json"),
        ('format: "{client} {status}"', "format", "{client} {status}"),
    ],
)
def test_a_key_of_the_log_is_read(load: Load, text: str, key: str, value: str) -> None:
    assert getattr(load(f"log: {{{text}}}").log, key) == value


def test_python_gets_a_path_and_an_environment(load: Load, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    python = load('python: {path: [lib, .], env: {A: one, B: "2"}}').python
    assert python.path == (str(tmp_path / "lib"), str(tmp_path))
    assert python.env == {"A": "one", "B": "2"}


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("/", "/"),
        ("/static", "/static/"),
        ("/static/", "/static/"),
        ("static", "/static/"),
        ("/a/b/", "/a/b/"),
    ],
)
def test_a_mount_point_begins_and_ends_with_a_slash(
    load: Load, written: str, held: str
) -> None:
    config = load(f"routers: [{{type: mvc, package: x, mount_point: {written}}}]")
    assert config.routers[0].mount_point == held


def test_every_router_is_read_in_file_order(load: Load, tmp_path: Path) -> None:
    (tmp_path / "robots.txt").touch()
    config = load(
        """
routers:
  - {type: static, directory: ., allow_index: true, mount_point: /s,
     types: {.foo: application/x-foo, .tar.gz: 'a/b; c="d"'}}
  - {type: mvc, package: ., error_pages: {404: robots.txt}}
  - {type: rest, package: api.v1, mount_point: /api}
  - type: table
    routes:
      /about: {module: misc, controller: Misc, action: about, args: [a, "1"],
               methods: [GET, PUT], name: about}
      /old: {redirect: /about}
      /gone: {redirect: "https://example.org/", status: 308}
      /robots.txt: {file: robots.txt}
  - {type: python, class: routers.Moon}
  - {type: python, class: a.b.C, mount_point: /c, options: {n: 1, deep: [{x: null}]}}
"""
    )
    static, mvc, rest, table, moon, other = config.routers
    assert isinstance(static, StaticRouter)
    assert fields(static) == {
        "mount_point": "/s/",
        "directory": str(tmp_path),
        "allow_index": True,
        "index": ("index.html",),
        "fallback": None,
        "max_age": None,
        "immutable": (),
        "precompressed": (),
        "hidden": False,
        "follow_symlinks": False,
        "types": {".foo": "application/x-foo", ".tar.gz": 'a/b; c="d"'},
        "name": None,
        "error_pages": {},
        "session": None,
        "middleware": (),
    }
    assert isinstance(mvc, MVCRouter)
    assert fields(mvc) == {
        "mount_point": "/",
        "package": ".",
        "error_pages": {404: str(tmp_path / "robots.txt")},
        "session": None,
        "middleware": (),
    }
    assert isinstance(rest, RESTRouter)
    assert fields(rest) == {
        "mount_point": "/api/",
        "package": "api.v1",
        "error_pages": {},
        "session": None,
        "middleware": (),
    }
    assert isinstance(table, TableRouter)
    about, old, gone, robots = table.routes.values()
    assert isinstance(about, ActionTarget)
    assert fields(about) == {
        "package": ".",
        "module": "misc",
        "controller": "Misc",
        "action": "about",
        "args": ("a", "1"),
        "methods": ("GET", "PUT"),
        "name": "about",
    }
    assert isinstance(old, RedirectTarget)
    assert fields(old) == {"redirect": "/about", "status": 302, "name": None}
    assert isinstance(gone, RedirectTarget)
    assert gone.status == 308
    assert isinstance(robots, FileTarget)
    assert robots.file == str(tmp_path / "robots.txt")
    assert isinstance(moon, PythonRouter)
    assert fields(moon) == {
        "class_": "routers.Moon",
        "mount_point": None,
        "options": {},
        "error_pages": {},
        "session": None,
        "middleware": (),
    }
    assert isinstance(other, PythonRouter)
    assert other.mount_point == "/c/"
    assert other.options == {"n": 1, "deep": [{"x": None}]}


def test_a_value_keeps_its_place(load: Load, tmp_path: Path) -> None:
    config = load("routers:\n  - type: mvc\n    package: pages\n")
    router = config.routers[0]
    assert router.place("package") == f"{tmp_path}/guava.yaml:3:14"
    assert router.place() == f"{tmp_path}/guava.yaml:2:5"
    assert router.place("mount_point") == router.place()


def test_anchors_and_merge_keys_are_followed(load: Load) -> None:
    config = load(
        """
timeouts: {header: &short 2s, body: *short}
routers:
  - &pages {type: mvc, package: pages, mount_point: /a}
  - {<<: *pages, mount_point: /b}
  - <<: [{mount_point: /c}, *pages]
"""
    )
    assert config.timeouts.header == config.timeouts.body == 2000
    assert [router.mount_point for router in config.routers] == ["/a/", "/b/", "/c/"]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("${GUAVA_A}", "one"),
        ("x-${GUAVA_A}-${GUAVA_A}", "x-one-one"),
        ("${GUAVA_NONE:-two}", "two"),
        ("${GUAVA_EMPTY:-two}", "two"),
        ("${GUAVA_EMPTY}", ""),
        ("${GUAVA_NONE:-}", ""),
        ("${GUAVA_NUMBER}", "12"),
        ("$${GUAVA_A}", "${GUAVA_A}"),
        ("$GUAVA_A", "$GUAVA_A"),
    ],
)
def test_variables_are_put_in(
    load: Load, monkeypatch: pytest.MonkeyPatch, written: str, read: str
) -> None:
    monkeypatch.setenv("GUAVA_A", "one")
    monkeypatch.setenv("GUAVA_EMPTY", "")
    monkeypatch.setenv("GUAVA_NUMBER", "12")
    monkeypatch.delenv("GUAVA_NONE", raising=False)
    assert load(f"python: {{env: {{X: '{written}'}}}}").python.env == {"X": read}


@pytest.mark.parametrize(
    ("section", "written", "key", "read"),
    [
        ("server", "workers: ${GUAVA_N}", "workers", 12),
        ("server", 'workers: "${GUAVA_N}"', "workers", 12),
        ("server", 'daemon: "${GUAVA_FLAG}"', "daemon", True),
        ("server", 'user: "${GUAVA_NONE:-}"', "user", None),
        ("timeouts", "header: ${GUAVA_N}s", "header", 12_000),
        ("limits", 'header_count: "${GUAVA_N}"', "header_count", 12),
    ],
)
def test_a_variable_may_fill_any_type(
    load: Load,
    monkeypatch: pytest.MonkeyPatch,
    section: str,
    written: str,
    key: str,
    read: object,
) -> None:
    monkeypatch.setenv("GUAVA_N", "12")
    monkeypatch.setenv("GUAVA_FLAG", "true")
    monkeypatch.delenv("GUAVA_NONE", raising=False)
    config = load(f"{section}:\n  {written}\n")
    assert getattr(getattr(config, section), key) == read


def test_the_file_may_be_named_relative_to_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "g.yaml").write_text("routers: [{type: mvc, package: x}]")
    monkeypatch.chdir(tmp_path)
    config = loader.load("conf/g.yaml")
    assert config.python.path == (str(tmp_path / "conf"),)
    assert config.place("routers") == "conf/g.yaml:1:10"
