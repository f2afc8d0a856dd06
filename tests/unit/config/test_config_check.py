"""What the check child tells the master."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from guava.config import check, loader, snapshot

ROUTER = "routers: [{type: static, directory: .}]\n"


def run_check(
    path: Path, load: bool = False, passed: list[str] | None = None
) -> tuple[int, bytes]:
    """The status of check.main() and what it wrote into a pipe."""
    reader, writer = os.pipe()
    with open(reader, "rb") as pipe:
        try:
            status = check.main(path=str(path), out=writer, load=load, passed=passed)
        finally:
            os.close(writer)
        return status, pipe.read()


def settings_of(answer: bytes) -> dict[str, list[str]]:
    """The values of each key before the empty line."""
    settings: dict[str, list[str]] = {}
    for line in answer.partition(b"\n\n")[0].decode().splitlines():
        key, _, value = line.partition("=")
        settings.setdefault(key, []).append(value)
    return settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "guava.yaml"


def test_a_fault_is_told_that_is_no_utf_8(tmp_path: Path) -> None:
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    file = folder / "guava.yaml"
    file.write_text("server: 7\n" + ROUTER)
    status, answer = run_check(file)
    assert status == 1
    assert answer.startswith(f"error={tmp_path}/caf\\udce9/guava.yaml:1:9: ".encode())


def test_a_folder_that_is_no_utf_8_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    file = folder / "guava.yaml"
    file.write_text(ROUTER)
    status, answer = run_check(file)
    assert status == 1
    assert answer.endswith(b".yaml:1:1: expected a folder whose path is UTF-8\n")


def test_the_master_is_told_the_defaults(file: Path, tmp_path: Path) -> None:
    file.write_text(ROUTER)
    status, answer = run_check(file)
    assert status == 0
    assert settings_of(answer) == {
        "listen": ["tcp 127.0.0.1 8000"],
        "workers": [str(len(os.sched_getaffinity(0)))],
        "backlog": ["2048"],
        "daemon": ["0"],
        "preload": ["0"],
        "directory": [str(tmp_path)],
        "graceful": ["30000"],
        "request": ["30000"],
        "start": ["60000"],
        "recycle_requests": ["0"],
        "recycle_memory": ["0"],
        "recycle_age": ["0"],
        "at_once": ["1"],
        "log_level": ["info"],
        "error_log": ["stderr"],
        "access_log": ["stdout"],
        "log_json": ["0"],
        "router": ["static /"],
    }


def test_the_master_is_told_what_the_file_says(file: Path, tmp_path: Path) -> None:
    account = pwd.getpwnam("nobody")
    file.write_text(
        """
server:
  listen: [127.0.0.1:1, "[::1]:2", {address: "unix:a b.sock", mode: "0600"}]
  workers: 3
  backlog: 4
  user: nobody
  pidfile: g.pid
  daemon: true
  preload: true
  working_directory: /
timeouts: {graceful: 5s, request: 0, start: 5m}
recycle: {requests: 1000, memory: 300MiB, age: 1h, at_once: 2}
log: {level: debug, error: error.log, access: off, format: json}
status: {listen: ["127.0.0.1:5", {address: "unix:s.sock", mode: "0600"}]}
"""
        + ROUTER
    )
    status, answer = run_check(file)
    assert status == 0
    assert settings_of(answer) == {
        "listen": [
            "tcp 127.0.0.1 1",
            "tcp ::1 2",
            f"unix {tmp_path}/a b.sock 0600",
        ],
        "workers": ["3"],
        "backlog": ["4"],
        "daemon": ["1"],
        "preload": ["1"],
        "pidfile": [f"{tmp_path}/g.pid"],
        "uid": [str(account.pw_uid)],
        "gid": [str(account.pw_gid)],
        "user": ["nobody"],
        "directory": ["/"],
        "graceful": ["5000"],
        "request": ["0"],
        "start": ["300000"],
        "recycle_requests": ["1000"],
        "recycle_memory": [str(300 * 1024 * 1024)],
        "recycle_age": ["3600000"],
        "at_once": ["2"],
        "log_level": ["debug"],
        "error_log": [f"{tmp_path}/error.log"],
        "access_log": ["off"],
        "log_json": ["1"],
        "status_listen": ["tcp 127.0.0.1 5", f"unix {tmp_path}/s.sock 0600"],
        "router": ["static /"],
    }


def test_routers_are_named_by_type_and_mount_point(file: Path) -> None:
    file.write_text(
        "routers:\n"
        "  - {type: rest, mount_point: api, package: a}\n"
        "  - {type: table, routes: {/a: {redirect: /b}}}\n"
        "  - {type: python, class: a.B}\n"
        "  - {type: python, class: a.B, mount_point: /moon}\n"
    )
    _, answer = run_check(file)
    names = ["rest /api/", "table /", "python a.B", "python /moon/"]
    assert settings_of(answer)["router"] == names


@pytest.mark.parametrize(
    ("listen", "lines"),
    [
        ("systemd", ["systemd:http 0", "systemd:a b 1", "systemd:http 2"]),
        ("systemd:http", ["systemd:http 0", "systemd:http 2"]),
        ("['systemd:a b', 127.0.0.1:1]", ["systemd:a b 1", "tcp 127.0.0.1 1"]),
    ],
)
def test_the_master_is_told_which_sockets_of_systemd_to_use(
    file: Path, listen: str, lines: list[str]
) -> None:
    file.write_text(f"server: {{listen: {listen}}}\n{ROUTER}")
    status, answer = run_check(file, passed=["http", "a b", "http"])
    assert status == 0
    assert settings_of(answer)["listen"] == lines


@pytest.mark.parametrize(
    ("listen", "passed", "fault"),
    [
        ("systemd", [], "expected a socket from systemd, found none"),
        (
            "systemd:app",
            ["a", "b"],
            'expected a socket named "app" from systemd, found "a", "b"',
        ),
    ],
)
def test_a_socket_that_systemd_did_not_pass_is_a_fault_with_its_place(
    file: Path, listen: str, passed: list[str], fault: str
) -> None:
    file.write_text(f"server: {{listen: {listen}}}\n{ROUTER}")
    status, answer = run_check(file, passed=passed)
    assert status == 1
    assert f"error={file}:1:18: {fault}" in answer.decode().splitlines()


def test_without_knowing_what_systemd_passed_its_sockets_are_no_fault(
    file: Path,
) -> None:
    file.write_text(f"server: {{listen: systemd}}\n{ROUTER}")
    assert run_check(file)[0] == 0


def test_the_snapshot_is_the_configuration_places_and_all(file: Path) -> None:
    file.write_text(
        "routers:\n"
        "  - {type: table, routes: {/a: {redirect: /b}, /c: {file: guava.yaml}}}\n"
        "  - {type: table, routes: {/d: {module: m, controller: C, action: a}}}\n"
        "  - {type: python, class: a.B, options: {n: [1, 2.5, null, {x: true}]}}\n"
        "  - {type: mvc, package: pages}\n"
    )
    _, answer = run_check(file)
    config = snapshot.loads(answer.partition(b"\n\n")[2])
    assert config == loader.load(str(file))
    assert config.routers[3].place("package") == f"{file}:5:26"


def test_every_fault_is_one_line_and_nothing_else_is_told(file: Path) -> None:
    file.write_text("server: {lisen: 1}\nlog: {level: 2}\n" + ROUTER)
    status, answer = run_check(file)
    assert status == 1
    assert answer.decode().splitlines() == [
        f'error={file}:1:10: unknown key "lisen" in server; did you mean "listen"?',
        f"error={file}:2:14: expected one of debug, info, warning, error, found 2",
    ]


def test_a_line_break_in_a_value_makes_no_second_line(file: Path) -> None:
    file.write_text('server: {"a\\nb": 1}\n' + ROUTER)
    _, answer = run_check(file)
    assert answer.count(b"\n") == 1


def test_the_descriptor_stays_open(file: Path) -> None:
    file.write_text(ROUTER)
    reader, writer = os.pipe()
    check.main(path=str(file), out=writer, load=False)
    os.close(writer)
    os.close(reader)


LOAD = """
import os, sys
from guava.config import check
status = check.main(path=sys.argv[1], out=1, load=True)
print(file=sys.stderr)
print(os.getcwd(), os.geteuid(), sys.path[:2], os.environ.get("A"), file=sys.stderr)
sys.exit(status)
"""


def run_load(file: Path) -> subprocess.CompletedProcess[bytes]:
    """check.main() with `load` in an interpreter of its own."""
    return subprocess.run(
        [sys.executable, "-P", "-c", LOAD, str(file)],
        capture_output=True,
        check=False,
        timeout=30,
    )


def test_loading_takes_on_what_the_workers_have(file: Path, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "run").mkdir()
    file.write_text(
        "server: {working_directory: run}\n"
        "python: {path: [lib, .], env: {A: one}}\n" + ROUTER
    )
    done = run_load(file)
    assert done.returncode == 0, done.stderr.decode()
    paths = [str(tmp_path / "lib"), str(tmp_path)]
    last = done.stderr.decode().splitlines()[-1]
    assert last == f"{tmp_path}/run {os.geteuid()} {paths} one"


def test_a_package_that_is_not_there_is_reported_at_its_place(file: Path) -> None:
    file.write_text("routers:\n  - {type: mvc, package: no_such_package}\n")
    done = run_load(file)
    assert done.returncode == 1
    assert done.stdout.decode().startswith(f"start=60000\nerror={file}:2:26: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may become anybody")
def test_another_user_needs_root(file: Path) -> None:
    file.write_text("server: {user: root}\n" + ROUTER)
    done = run_load(file)
    assert done.stdout.decode() == (
        f"error={file}:1:16: only root may change to another user or group\n"
    )


def test_a_worker_reads_its_snapshot_without_the_yaml_reader() -> None:
    root = Path(__file__).resolve().parents[3]
    script = "import sys, guava.config.snapshot; sys.exit('yaml' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True, cwd=root, timeout=30)
