"""Full disks, slow readers of logs, and descriptors that have run out."""

import os
import resource
import signal
import socket
import subprocess
from contextlib import ExitStack
from pathlib import Path

import pytest
from http_client import Client, descriptors, request

LOST = "the access log can not be written, lines are lost: "


def ask_often(daemon, count=300):
    with Client(daemon.port) as client:
        for _ in range(count):
            assert client.ask(request("/")).status == 200


def one_worker(make_guavad, **sections):
    server = {"workers": 1} | sections.pop("server", {})
    return make_guavad(server=server, **sections)


def assert_said_once(daemon, text):
    daemon.wait_for_log(text)
    ask_often(daemon)
    assert daemon.log_text().count(text) == 1


def test_an_access_log_on_a_full_disk_is_said_once(make_guavad):
    daemon = one_worker(make_guavad, log={"access": "/dev/full"})
    daemon.start()
    ask_often(daemon)
    assert_said_once(daemon, LOST + "No space left on device")


def test_an_access_log_that_has_its_full_size_is_said_once(make_guavad):
    daemon = one_worker(make_guavad)
    daemon.start()
    [pid] = daemon.worker_pids()
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (4096, 4096))
    ask_often(daemon)
    assert_said_once(daemon, LOST + "File too large")
    assert daemon.worker_pids() == [pid]


@pytest.mark.parametrize("place", ["/dev/full", "full"])
def test_an_error_log_that_can_not_be_written_stops_nothing(make_guavad, place):
    daemon = one_worker(make_guavad, log={"error": place, "level": "debug"})
    daemon.write("full", "")
    daemon.launch()

    daemon.eventually(lambda: is_listening(daemon), "a listener")
    ask_often(daemon)
    for pid in (daemon.pid, *daemon.worker_pids()):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (1, 1))
    ask_often(daemon)
    workers = daemon.worker_pids()
    os.kill(workers[0], signal.SIGKILL)
    daemon.eventually(
        lambda: daemon.worker_pids() not in ([], workers), "another worker"
    )
    assert daemon.run("-s", "reload").returncode == 0
    assert daemon.get("/").status_code == 200


@pytest.fixture
def piped(make_guavad):
    """A guavad whose log is a pipe that nobody reads: (guavad, the reading end)."""
    with ExitStack() as stack:

        def start(**log):
            daemon = one_worker(make_guavad, log=log)
            reading, writing = os.pipe()
            stack.callback(os.close, reading)
            daemon.process = subprocess.Popen(
                [*daemon.command, "-c", str(daemon.config)],
                cwd=daemon.folder,
                stdout=writing,
                stderr=writing,
                start_new_session=True,
            )
            os.close(writing)
            daemon.eventually(daemon.pidfile.exists, "a pidfile")
            daemon.eventually(lambda: is_listening(daemon), "a listener")
            return daemon, reading

        yield start


def is_listening(daemon):
    try:
        daemon.raw().close()
    except ConnectionRefusedError:
        return False
    return True


def test_a_slow_reader_of_the_access_log_holds_nobody_up(piped):
    daemon, reading = piped(access="stdout", error="error.log")
    ask_often(daemon, 2000)  # more than a pipe holds
    assert LOST not in daemon.log_text()
    text, missing = b"", 2000
    while missing > 0:
        text += os.read(reading, 65536)
        missing = 2000 - text.count(b"\n")
    assert all(line.startswith(b"127.0.0.1 ") for line in text.splitlines())


def test_what_a_slow_reader_of_the_access_log_never_takes_is_lost(piped):
    daemon, reading = piped(
        access="stdout", error="error.log", format="{status} " + "x" * 3996
    )
    ask_often(daemon, 1000)
    assert_said_once(daemon, LOST + "its reader is too slow")
    lines = os.read(reading, 1 << 20).splitlines()
    assert set(lines) == {b"200 " + b"x" * 3996}


def test_an_access_log_without_a_reader_is_said_once(make_guavad):
    daemon = one_worker(make_guavad, log={"access": "pipe"})
    os.mkfifo(daemon.folder / "pipe")
    reading = os.open(daemon.folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    daemon.start()
    os.close(reading)
    ask_often(daemon)
    assert_said_once(daemon, LOST + "Broken pipe")


def test_a_slow_reader_of_the_error_log_holds_nobody_up(piped):
    daemon, _ = piped(access="access.log", error="stderr", level="debug")
    for _ in range(2000):
        with Client(daemon.port, b"no request\r\n\r\n") as client:
            assert client.read().status >= 400
    [pid] = daemon.worker_pids()
    os.kill(pid, signal.SIGKILL)
    daemon.eventually(lambda: daemon.worker_pids() not in ([], [pid]), "another worker")
    ask_often(daemon)
    assert daemon.run("-s", "reload").returncode == 0


def test_a_socket_as_error_log_that_is_full_holds_nobody_up(make_guavad):
    daemon = one_worker(make_guavad, log={"error": "stderr", "level": "debug"})
    mine, theirs = socket.socketpair()
    with mine, theirs:
        daemon.process = subprocess.Popen(
            [*daemon.command, "-c", str(daemon.config)],
            cwd=daemon.folder,
            stderr=theirs,
            start_new_session=True,
        )
        daemon.eventually(lambda: is_listening(daemon), "a listener")
        for _ in range(4000):
            with Client(daemon.port, b"no request\r\n\r\n") as client:
                assert client.read().status >= 400


def limit_descriptors(daemon, more):
    """Allow the only worker so many descriptors more than it has."""
    [pid] = daemon.worker_pids()
    most = max(int(fd.name) for fd in Path(f"/proc/{pid}/fd").iterdir())
    assert most < descriptors(daemon) + 5
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (most + 1 + more, most + 1 + more))


def test_descriptors_that_have_run_out_are_said_once(make_guavad):
    daemon = one_worker(make_guavad, timeouts={"header": "60s"})
    daemon.start()
    limit_descriptors(daemon, 4)
    text = "connections can not be accepted: Too many open files"
    with ExitStack() as stack:
        for _ in range(20):
            stack.enter_context(Client(daemon.port, b"GET / HTTP/1.1\r\n"))
        daemon.wait_for_log(text)
    ask_often(daemon)
    assert daemon.log_text().count(text) == 1


def test_files_take_the_descriptors_of_idle_clients(make_guavad):
    daemon = one_worker(
        make_guavad, routers=[{"type": "static", "directory": "public"}]
    )
    for number in range(8):
        daemon.write(f"public/{number}.txt", "text " * 100_000)
    daemon.start()
    limit_descriptors(daemon, 4)
    with ExitStack() as stack:
        for number in range(8):
            client = stack.enter_context(Client(daemon.port))
            answer = client.ask(request(f"/{number}.txt"))
            assert answer.status == 200
            assert len(answer.body) == 500_000


def test_a_file_that_can_not_be_opened_is_not_missing(make_guavad):
    daemon = one_worker(
        make_guavad, routers=[{"type": "static", "directory": "public"}]
    )
    daemon.write("public/file.txt", "text")
    daemon.start()
    limit_descriptors(daemon, 1)
    with Client(daemon.port) as client:
        for _ in range(20):
            answer = client.ask(request("/file.txt"))
            assert answer.status == 503
            assert answer.headers["retry-after"] == "1"
    text = "files can not be opened: Too many open files"
    daemon.wait_for_log(text)
    assert daemon.log_text().count(text) == 1
    with Client(daemon.port) as client:
        assert client.ask(request("/missing.txt")).status == 503


def test_bodies_that_find_no_room_are_said_once(make_guavad):
    daemon = one_worker(make_guavad, limits={"body_memory": "1KiB"})
    daemon.start()
    [pid] = daemon.worker_pids()
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (65536, 65536))
    for _ in range(20):
        assert daemon.post("/", content=b"x" * 200_000).status_code == 503
    assert daemon.log_text().count("a body is refused: ") == 1
