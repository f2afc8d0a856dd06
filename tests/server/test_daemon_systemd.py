"""What a service manager is told, and the sockets that it passes."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from conftest import PATIENCE, eventually

CONF = Path(__file__).parents[2] / "conf"

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-socket-activate") is None, reason="needs systemd's programs"
)


class Manager:
    """The notification socket of a service manager, and what came by it."""

    def __init__(self, name):
        self.name = name
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE)
        self.socket.bind(name.replace("@", "\0", 1))
        self.messages = []

    def start(self, guavad, **variables):
        """Have it started with these variables and the socket."""
        variables = {"NOTIFY_SOCKET": self.name, **variables}
        pairs = [f"{name}={value}" for name, value in variables.items()]
        guavad.command = ["env", *pairs, *guavad.command]
        guavad.start()

    def hear(self, assignment):
        """The next message with this assignment."""
        while True:
            lines = self.socket.recv(4096).decode().splitlines()
            message = dict(line.split("=", 1) for line in lines)
            self.messages.append(message)
            if assignment in lines:
                return message

    def texts(self):
        return [each["STATUS"] for each in self.messages if "STATUS" in each]

    def is_silent_for(self, seconds, assignment):
        self.socket.settimeout(0.05)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                self.hear(assignment)
            except TimeoutError:
                continue
            return False
        return True


@pytest.fixture
def manager(tmp_path):
    manager = Manager(str(tmp_path / "notify"))
    yield manager
    manager.socket.close()


@pytest.fixture
def watched(make_guavad, manager):
    """A guavad that serves below that manager."""
    guavad = make_guavad()
    manager.start(guavad)
    manager.hear("READY=1")
    return guavad


# ------------------------------------------------------------------ notification


def test_the_manager_hears_each_step_until_guavad_serves(make_guavad, manager):
    manager.start(make_guavad())
    ready = manager.hear("READY=1")
    assert ready["STATUS"] == "generation 1 serves with 2 workers"
    assert "starting generation 1" in manager.texts()


def test_an_abstract_notification_socket_will_do(make_guavad, tmp_path):
    manager = Manager(f"@guavad-test-{os.getpid()}")
    manager.start(make_guavad())
    manager.hear("READY=1")
    manager.socket.close()


def test_a_reload_is_announced_with_its_time_and_its_end(watched, manager):
    before = time.monotonic_ns() // 1000
    watched.signal(signal.SIGHUP)
    time_said = int(manager.hear("RELOADING=1")["MONOTONIC_USEC"])
    assert before <= time_said <= time.monotonic_ns() // 1000
    assert manager.hear("READY=1")["STATUS"] == "generation 2 serves with 2 workers"
    assert f"checking {watched.config}" in manager.texts()


def test_a_failed_reload_is_ready_again_and_says_why(watched, manager):
    watched.config.write_text("routers: 7\n")
    watched.signal(signal.SIGHUP)
    manager.hear("RELOADING=1")
    text = manager.hear("READY=1")["STATUS"]
    assert "reload failed, generation 1 serves on" in text
    assert "guava.yaml:1:10" in text


def test_a_stop_is_announced_before_it_is_done(watched, manager):
    watched.signal(signal.SIGTERM)
    text = manager.hear("STOPPING=1")["STATUS"]
    assert text == "stopping when all requests are answered"
    assert watched.wait() == 0


def test_a_start_that_fails_is_explained_in_the_status(make_guavad, manager):
    guavad = make_guavad()
    guavad.write_module_that_kills_workers()
    with pytest.raises(AssertionError):
        manager.start(guavad)
    assert guavad.wait() == 1
    manager.socket.settimeout(0)
    with pytest.raises(BlockingIOError):
        manager.hear("READY=1")
    assert any("died of SIGKILL before it was ready" in t for t in manager.texts())


def test_the_application_sees_nothing_of_the_manager(make_guavad, manager):
    guavad = make_guavad()
    guavad.write(
        "controllers/index.py",
        "import os\nimport guava\n"
        "theirs = ('NOTIFY', 'WATCHDOG', 'LISTEN')\n"
        "seen = [name for name in os.environ if name.startswith(theirs)]\n"
        "assert not seen, seen\n"
        "class IndexController(guava.controller.Controller):\n"
        "    def index(self):\n"
        "        return str(seen)\n",
    )
    manager.start(guavad, WATCHDOG_USEC=60000000, LISTEN_FDS=0, LISTEN_PID=1)
    assert guavad.get("/").text == "[]"


def test_the_watchdog_is_fed_while_workers_turn(make_guavad, manager):
    manager.start(make_guavad(), WATCHDOG_USEC=800000)
    manager.hear("READY=1")
    for _ in range(10):
        before = time.monotonic()
        manager.hear("WATCHDOG=1")
        assert time.monotonic() - before < 0.8


def test_the_watchdog_starves_when_no_worker_turns(make_guavad, manager):
    guavad = make_guavad(server={"workers": 2})
    manager.start(guavad, WATCHDOG_USEC=800000)
    stopped = guavad.worker_pids()
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    eventually(lambda: manager.is_silent_for(1, "WATCHDOG=1"), "silence")
    manager.socket.settimeout(PATIENCE)
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)
    manager.hear("WATCHDOG=1")


def test_a_request_within_its_time_does_not_starve_the_watchdog(make_guavad, manager):
    guavad = make_guavad(server={"workers": 1}, timeouts={"request": "20s"})
    manager.start(guavad, WATCHDOG_USEC=800000)
    with guavad.raw(b"GET /act/sleep/5 HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        guavad.wait_for_running("/act/sleep/5")
        until = time.monotonic() + 4
        while time.monotonic() < until:
            before = time.monotonic()
            manager.hear("WATCHDOG=1")
            assert time.monotonic() - before < 0.8
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_a_watchdog_that_is_meant_for_another_process_is_left_alone(
    make_guavad, manager
):
    manager.start(make_guavad(), WATCHDOG_USEC=400000, WATCHDOG_PID=1)
    manager.hear("READY=1")
    assert manager.is_silent_for(1, "WATCHDOG=1")


def test_after_an_upgrade_the_manager_hears_of_the_new_process_and_from_it(
    watched, manager
):
    before = watched.pid
    assert watched.run("-s", "upgrade").returncode == 0
    after = watched.pid
    assert after != before
    ready = manager.hear(f"MAINPID={after}")
    assert ready["READY"] == "1"
    assert "generation 2 serves" in ready["STATUS"]
    assert watched.wait() == 0
    watched.signal(signal.SIGHUP)
    manager.hear("RELOADING=1")
    manager.hear("READY=1")
    assert all("STOPPING" not in message for message in manager.messages)
    watched.signal(signal.SIGTERM)
    manager.hear("STOPPING=1")


def test_a_failed_upgrade_is_told_to_the_manager(watched, manager):
    watched.config.write_text("routers: 7\n")
    watched.signal(signal.SIGUSR2)
    text = manager.hear("READY=1")["STATUS"]
    assert "upgrade failed, generation 1 serves on" in text
    assert all("MAINPID" not in message for message in manager.messages)


# ------------------------------------------------------------- socket activation


def activate(guavad, *options):
    """Let guavad be started by systemd-socket-activate, at the first connection."""
    listen = options or ["-l", f"127.0.0.1:{guavad.port}"]
    guavad.reservation.close()
    plain = guavad.command
    guavad.command = ["systemd-socket-activate", *listen, *plain]
    guavad.launch()
    guavad.command = plain


def first_answer(guavad):
    """What the client is answered for whom guavad is started."""

    def ask():
        try:
            return guavad.get("/")
        except httpx.ConnectError:
            return None

    return eventually(ask, "an answer")


@needs_systemd
def test_guavad_serves_on_the_socket_that_systemd_passes(make_guavad):
    guavad = make_guavad(server={"listen": "systemd"})
    activate(guavad)
    assert first_answer(guavad).text == "Hello World!"
    guavad.wait_for_log("listening on systemd:unknown")


@needs_systemd
def test_a_passed_socket_is_kept_over_reloads_and_crashes(make_guavad):
    guavad = make_guavad(server={"listen": "systemd"})
    activate(guavad)
    first_answer(guavad)
    assert guavad.run("-s", "reload").returncode == 0
    os.kill(guavad.worker_pids()[0], signal.SIGKILL)
    assert guavad.get("/").text == "Hello World!"


@needs_systemd
def test_a_passed_socket_is_passed_on_by_an_upgrade(make_guavad):
    guavad = make_guavad(server={"listen": "systemd:web"})
    activate(guavad, "-l", f"127.0.0.1:{guavad.port}", "--fdname=web")
    first_answer(guavad)
    guavad.wait_for_log("generation 1 serves")
    for _ in range(2):
        before = guavad.pid
        assert guavad.run("-s", "upgrade").returncode == 0
        assert guavad.pid != before
        assert guavad.get("/").text == "Hello World!"


@needs_systemd
def test_passed_sockets_are_chosen_by_name(make_guavad):
    guavad = make_guavad(server={"listen": "systemd:app"})
    other = guavad.folder / "other.sock"
    activate(
        guavad,
        *("-l", f"127.0.0.1:{guavad.port}", "-l", str(other)),
        "--fdname=app:admin",
    )
    assert first_answer(guavad).text == "Hello World!"
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(other))
        client.settimeout(0.3)
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(TimeoutError):
            client.recv(4096)


@needs_systemd
def test_a_passed_unix_socket_is_not_removed(make_guavad):
    guavad = make_guavad(server={"listen": "systemd"})
    path = guavad.folder / "passed.sock"
    activate(guavad, "-l", str(path))
    eventually(path.exists, "the socket")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
    guavad.wait_for_log("generation 1 serves")
    guavad.signal(signal.SIGTERM)
    assert guavad.wait() == 0
    assert path.exists()


@needs_systemd
def test_a_socket_that_does_not_listen_is_refused(make_guavad):
    guavad = make_guavad(server={"listen": "systemd"})
    path = guavad.folder / "datagrams.sock"
    activate(guavad, "--datagram", "-l", str(path))
    eventually(path.exists, "the socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.connect(str(path))
        client.sendall(b"x")
    assert guavad.wait() == 1
    assert "can not listen on systemd:unknown: it is not a stream" in guavad.output()


def test_a_socket_that_nobody_passed_is_named_with_its_place(make_guavad):
    guavad = make_guavad(server={"listen": ["127.0.0.1:1", "systemd:app"]})
    guavad.launch()
    assert guavad.wait() == 1
    place = re.escape(str(guavad.config)) + r":\d+:\d+"
    what = 'expected a socket named "app" from systemd, found none'
    assert re.search(f"{place}: {what}", guavad.output())


def test_a_check_by_hand_asks_for_no_passed_socket(make_guavad):
    guavad = make_guavad(server={"listen": "systemd"})
    assert guavad.run("-t", "-c", "guava.yaml").returncode == 0


# -------------------------------------------------------------------------- units


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze"
)
@pytest.mark.parametrize("name", ["guavad.service", "guavad.socket"])
def test_the_unit_files_pass_systemd_analyze_verify(tmp_path, name):
    for unit in CONF.glob("guavad.s*"):
        text = unit.read_text().replace("/opt/guava/bin/guavad", "/bin/true")
        (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    # Which systemd has from 253 on; before, the line above it in the unit holds.
    lines = [line for line in done.stderr.splitlines() if "notify-reload" not in line]
    assert lines == []
    assert done.returncode == 0
