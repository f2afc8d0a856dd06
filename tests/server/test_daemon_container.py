"""As the first process of a container: of a process namespace, and read-only."""

import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from http_client import Client, post

ORPHANS = """\
import os, time
import guava

class OrphanController(guava.controller.Controller):
    def make(self):
        if os.fork() == 0:
            if os.fork() == 0:
                os.execvp("true", ["true"])
            os._exit(0)
        os.wait()
        return "made"

    def upload(self):
        return str(len(self.request.body))
"""


def may_unshare():
    """Whether namespaces can be made here."""
    command = ["unshare", "--pid", "--mount", "--fork", "--mount-proc", "true"]
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


pytestmark = pytest.mark.skipif(
    not may_unshare(), reason="needs root, and namespaces of processes and mounts"
)


def contain(guavad, prepare="true"):
    """Have it started as process 1, after the shell command `prepare`."""
    script = f'{prepare} && exec "$0" "$@"'
    guavad.command = [
        *("unshare", "--pid", "--mount", "--fork", "--mount-proc"),
        *("sh", "-c", script, *guavad.command),
    ]


@pytest.fixture
def contained(make_guavad):
    guavad = make_guavad(
        server={"workers": 1, "pidfile": None},
        log={"error": "stderr", "access": "stdout"},
    )
    guavad.write("controllers/orphan.py", ORPHANS)
    return guavad


def first_process(guavad):
    """The process id, seen from here, of the namespace's process 1."""
    outer = guavad.process.pid
    children = Path(f"/proc/{outer}/task/{outer}/children").read_text().split()
    assert len(children) == 1
    return int(children[0])


def end(guavad):
    os.kill(first_process(guavad), signal.SIGTERM)
    return guavad.wait()


def test_process_1_serves_and_logs_to_the_standard_streams(contained):
    contain(contained)
    contained.start()
    status = Path(f"/proc/{first_process(contained)}/status").read_text()
    assert re.search(r"^NSpid:\s+\d+\s+1$", status, re.MULTILINE)
    assert contained.get("/").text == "Hello World!"
    contained.wait_for_log("generation 1 serves", name="output.txt")
    contained.wait_for_log("GET / HTTP/1.1", name="output.txt")
    assert end(contained) == 0


def test_process_1_reaps_the_orphans_of_the_application(contained):
    contain(contained)
    contained.start()
    for _ in range(5):
        assert contained.get("/orphan/make").text == "made"
    pid = first_process(contained)

    def has_only_its_worker():
        return len(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()) == 1

    contained.eventually(has_only_its_worker, "the end of the orphans")
    assert end(contained) == 0


def test_term_stops_process_1_when_its_requests_are_answered(contained):
    contain(contained)
    contained.start()
    with contained.raw(b"GET /act/sleep/1 HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        pid = first_process(contained)
        contained.eventually(
            lambda: is_running(pid, b"/act/sleep/1\0"), "a request that runs"
        )
        assert end(contained) == 0
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")


def is_running(pid, path):
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        if "guava-scoreboard" in str(fd.readlink()):
            return path in fd.read_bytes()
    return False


def test_term_during_the_check_stops_process_1(contained):
    """The kernel drops signals to a process 1 that has not asked for them."""
    contained.write("controllers/index.py", "import time\ntime.sleep(2)\n")
    contain(contained)
    contained.launch()
    contained.eventually(lambda: is_checking(contained), "a check")
    os.kill(first_process(contained), signal.SIGTERM)
    assert contained.wait() == 1


def is_checking(guavad):
    try:
        pid = first_process(guavad)
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, AssertionError):
        return False


def test_process_1_is_not_upgraded(contained):
    """Its end would be that of the container."""
    contain(contained)
    contained.start()
    os.kill(first_process(contained), signal.SIGUSR2)
    contained.wait_for_log("no upgrade: guavad is process 1", name="output.txt")
    assert contained.get("/").text == "Hello World!"
    assert end(contained) == 0


READ_ONLY = "mount -o remount,bind,ro / && ! touch ./x 2>/dev/null"


def upload(guavad, size):
    with Client(guavad.port) as client:
        return client.ask(post("/orphan/upload", b"x" * size))


def test_a_read_only_file_system_costs_large_uploads_alone(contained):
    """They are refused, and the log says why; what fits into memory is served."""
    contain(contained, READ_ONLY)
    contained.start()
    assert contained.get("/").text == "Hello World!"
    assert upload(contained, 1000).text == "1000"
    assert upload(contained, 100000).status == 503
    contained.wait_for_log("a temporary file can not be made", name="output.txt")
    assert contained.get("/").text == "Hello World!"
    assert end(contained) == 0


def test_beside_a_read_only_file_system_a_tmpfs_takes_large_uploads(contained):
    memory = "mount -t tmpfs none /mnt && export TMPDIR=/mnt"
    contain(contained, f"{memory} && {READ_ONLY}")
    contained.start()
    assert upload(contained, 100000).text == "100000"
    assert end(contained) == 0
