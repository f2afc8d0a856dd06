"""server.preload: the application is imported once, and workers are forked of that."""

import os
import re
import signal
from pathlib import Path

import pytest
from http_client import Client, request
from respawn import BUSY, respawn_times

APP = """\
import os
import guava

with open("imports", "a") as file:
    file.write(f"{os.getpid()}\\n")
started = []

@guava.on_worker_start
def start():
    started.append(os.getpid())

class IndexController(guava.controller.Controller):
    def index(self):
        return {"pid": os.getpid(), "parent": os.getppid(), "started": started}
"""
THREAD = """\
import threading
threading.Thread(target=threading.Event().wait, name="poller", daemon=True).start()
"""
SOCKET = """\
import socket
listener = socket.create_server(("127.0.0.1", 0))
connection = socket.create_connection(listener.getsockname())
"""


def preloading(make_guavad, app="", **server):
    guavad = make_guavad(server={"workers": 2, "preload": True, **server})
    guavad.write("controllers/index.py", APP + app)
    return guavad


def reload(guavad):
    done = guavad.run("-s", "reload")
    assert done.returncode == 0, done.stderr


def ask(guavad):
    with Client(guavad.port) as client:
        return client.ask(request("/"))


def state(guavad):
    return guavad.get("/").json()


def pids(guavad, role):
    """The master's children that are called so."""
    found = []
    for pid in guavad.worker_pids():
        if f"guavad: {role}" in Path(f"/proc/{pid}/cmdline").read_text():
            found.append(pid)
    return found


def imports(guavad):
    return (guavad.folder / "imports").read_text().split()


def test_workers_are_children_of_the_master_that_imported_nothing(make_guavad):
    guavad = preloading(make_guavad, workers=3)
    guavad.start()
    [mold] = pids(guavad, "mold")
    assert len(pids(guavad, "worker")) == 3
    answer = state(guavad)
    assert answer["parent"] == guavad.pid
    assert answer["pid"] in pids(guavad, "worker")
    assert len(imports(guavad)) == 2  # the check and the mold
    assert imports(guavad)[1] == str(mold)


def test_start_hooks_run_in_each_worker_and_not_in_the_mold(make_guavad):
    guavad = preloading(make_guavad)
    guavad.start()
    for _ in range(10):
        answer = state(guavad)
        assert answer["started"] == [answer["pid"]]


@pytest.mark.parametrize("times", [BUSY, pytest.param(1, marks=pytest.mark.faults)])
def test_a_killed_worker_is_replaced_within_a_fiftieth_of_a_second(make_guavad, times):
    guavad = preloading(make_guavad, workers=1)
    guavad.start()
    assert min(respawn_times(guavad, 5)) < 0.02 * times
    assert len(imports(guavad)) == 2


def test_a_reload_makes_a_new_mold(make_guavad):
    guavad = preloading(make_guavad)
    guavad.start()
    [old] = pids(guavad, "mold")
    guavad.write("controllers/index.py", APP.replace('"pid"', '"new": 1, "pid"'))
    reload(guavad)
    guavad.wait_for_log("generation 1 is gone")
    [new] = pids(guavad, "mold")
    assert new != old
    assert state(guavad)["new"] == 1


def test_a_broken_application_leaves_mold_and_workers_as_they_were(make_guavad):
    guavad = preloading(make_guavad)
    guavad.start()
    before = guavad.worker_pids()
    guavad.write_module_that_kills_workers()
    done = guavad.run("-s", "reload")
    assert done.returncode == 1
    assert re.search(r"mold \(.*\) died of SIGKILL before it was ready", done.stderr)
    guavad.wait_for_log("generation 2 is gone")
    assert guavad.worker_pids() == before


@pytest.mark.parametrize(
    ("app", "why"),
    [
        (THREAD, r"threads are alive: poller"),
        (SOCKET, r"sockets are open: \d+ \(bound to 127.0.0.1:\d+\), \d+ \(connected"),
    ],
)
def test_what_can_not_be_forked_is_named_and_imported_by_each(make_guavad, app, why):
    guavad = preloading(make_guavad, app)
    guavad.start()
    line = guavad.wait_for_log("each worker imports the application")
    assert re.search(why, line), line
    assert pids(guavad, "mold") == []
    assert len(pids(guavad, "worker")) == 2
    assert len(imports(guavad)) == 4  # the check, the mold, the workers


def test_a_killed_mold_is_replaced_and_no_request_notices(make_guavad):
    guavad = preloading(make_guavad)
    guavad.start()
    [old] = pids(guavad, "mold")
    workers = pids(guavad, "worker")
    os.kill(old, signal.SIGKILL)
    guavad.wait_for_log("mold (pid", times=3)  # ready, died, ready
    assert pids(guavad, "worker") == workers
    os.kill(workers[0], signal.SIGKILL)
    guavad.wait_for_log("is ready", times=5)
    assert len(imports(guavad)) == 3


def test_a_mold_that_does_not_answer_is_killed(make_guavad):
    guavad = preloading(make_guavad, workers=1)
    guavad.start()
    [mold], [worker] = pids(guavad, "mold"), pids(guavad, "worker")
    os.kill(mold, signal.SIGSTOP)
    os.kill(worker, signal.SIGKILL)
    guavad.wait_for_log("does not answer; killed")
    guavad.wait_for_log("died of SIGKILL", times=2)
    assert state(guavad)["parent"] == guavad.pid


def test_a_worker_forked_after_the_logs_were_reopened_writes_to_the_new_ones(
    make_guavad,
):
    guavad = preloading(make_guavad, workers=1)
    guavad.start()
    for name in ("error.log", "access.log"):
        (guavad.folder / name).rename(guavad.folder / f"{name}.1")
    assert guavad.run("-s", "reopen").returncode == 0
    os.kill(pids(guavad, "worker")[0], signal.SIGKILL)
    guavad.wait_for_log("is ready")
    guavad.get("/?after")
    guavad.wait_for_log("GET /?after", name="access.log")
    [mold] = pids(guavad, "mold")
    open_files = {str(fd.readlink()) for fd in Path(f"/proc/{mold}/fd").iterdir()}
    assert not any(name.endswith(".log.1") for name in open_files)


def test_the_mold_leaves_with_its_master(make_guavad):
    guavad = preloading(make_guavad)
    guavad.start()
    guavad.signal(signal.SIGKILL)
    guavad.wait()
    guavad.eventually(lambda: not guavad.processes(), "the end of all")
    guavad.pidfile.unlink()


def test_a_stop_leaves_nothing_of_a_preloaded_guavad(make_guavad):
    guavad = preloading(make_guavad)
    guavad.start()
    guavad.signal(signal.SIGTERM)
    assert guavad.wait() == 0
    assert guavad.processes() == []


def test_a_worker_that_is_recycled_comes_from_the_mold(make_guavad):
    guavad = preloading(make_guavad, workers=1)
    guavad.configure(server={"workers": 1, "preload": True}, recycle={"age": "1s"})
    guavad.start()
    guavad.wait_for_log("has served for 1 s")
    guavad.wait_for_log(" left")
    assert len(imports(guavad)) == 2


BIG = """
data = bytearray(os.urandom(1 << 20)) * 100
"""


def shared_size(guavad):
    """The memory of the workers and the mold together: each page counted once."""
    total = 0
    for pid in guavad.worker_pids():
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+) kB", rollup, re.MULTILINE)[1])
    return total / 1024


@pytest.mark.faults
def test_eight_workers_share_an_application_of_100_megabytes(make_guavad):
    sizes = {}
    for preload in (False, True):
        guavad = preloading(make_guavad, BIG, workers=8, preload=preload)
        guavad.start()
        for _ in range(200):
            ask(guavad)
        sizes[preload] = shared_size(guavad)
    print("MiB of memory, with preload or without:", sizes)
    assert sizes[False] > 800
    assert sizes[True] < 300
