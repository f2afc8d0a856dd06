"""Workers that crash, hang, multiply, or lose their master."""

import os
import re
import resource
import signal
from itertools import pairwise
from pathlib import Path

import httpx
import pytest


def crash(guavad, path):
    with pytest.raises(httpx.RemoteProtocolError):
        guavad.get(path)


def has_workers(guavad, count):
    guavad.eventually(lambda: len(guavad.worker_pids()) == count, f"{count} workers")


def test_a_crash_is_logged_with_the_request_that_was_running(guavad):
    crash(guavad, "/act/die/SIGSEGV")
    line = guavad.wait_for_log("died of SIGSEGV")
    assert re.search(
        r"worker \d \(pid \d+, generation 1\) died of SIGSEGV "
        r"while running GET /act/die/SIGSEGV \(request [0-9a-f]{16}, \d+ ms\)",
        line,
    )


def test_an_exit_is_logged_with_its_status(guavad):
    crash(guavad, "/act/leave/7")
    assert "GET /act/leave/7" in guavad.wait_for_log("exited with status 7")


def test_a_crashed_worker_is_replaced_under_its_number(guavad):
    before = guavad.worker_pids()
    crash(guavad, "/act/die/SIGKILL")
    number = re.search(r"worker (\d)", guavad.wait_for_log("died of SIGKILL"))[1]
    guavad.wait_for_log(f"worker {number} (pid", times=3)  # ready, died, ready
    after = guavad.worker_pids()
    assert len(after) == 2
    assert len(set(before) & set(after)) == 1
    assert guavad.get("/").status_code == 200


def test_an_idle_worker_that_is_told_to_go_is_replaced(guavad):
    victim = guavad.worker_pids()[0]
    os.kill(victim, signal.SIGTERM)
    guavad.eventually(
        lambda: victim not in guavad.worker_pids(), "the end of the worker"
    )
    has_workers(guavad, 2)


def test_a_worker_that_dies_young_is_replaced_more_and_more_slowly(make_guavad):
    guavad = make_guavad(server={"workers": 1})
    guavad.start()
    guavad.write("controllers/index.py", "import os\nos._exit(9)\n")
    os.kill(guavad.worker_pids()[0], signal.SIGKILL)
    guavad.wait_for_log("exited with status 9", times=5)
    delays = [
        int(delay) for delay in re.findall(r"again in (\d+) ms", guavad.log_text())
    ]
    assert delays[0] == 100
    assert all(after == 2 * before for before, after in pairwise(delays))


def test_a_worker_whose_application_broke_comes_back_when_it_is_mended(make_guavad):
    guavad = make_guavad(server={"workers": 1})
    guavad.start()
    source = (guavad.folder / "controllers/index.py").read_text()
    guavad.write("controllers/index.py", "raise LookupError('no luck')\n")
    os.kill(guavad.worker_pids()[0], signal.SIGKILL)
    guavad.wait_for_log("could not be loaded", times=2)
    guavad.write("controllers/index.py", source)
    guavad.wait_for_log("is ready", times=2)
    assert guavad.get("/").status_code == 200


def test_ttin_adds_a_worker_and_ttou_takes_one_away(guavad):
    guavad.signal(signal.SIGTTIN)
    has_workers(guavad, 3)
    guavad.wait_for_log("worker 3 ")
    guavad.signal(signal.SIGTTOU)
    has_workers(guavad, 2)
    guavad.signal(signal.SIGTTOU)
    has_workers(guavad, 1)
    guavad.signal(signal.SIGTTOU)
    guavad.wait_for_log("keeps its last worker")
    assert len(guavad.worker_pids()) == 1
    assert guavad.get("/").status_code == 200


def test_workers_leave_when_their_master_is_killed(guavad):
    workers = guavad.worker_pids()
    guavad.signal(signal.SIGKILL)
    guavad.wait()
    guavad.eventually(
        lambda: not any(pid in workers for pid in guavad.processes()),
        "the end of the workers",
    )
    guavad.pidfile.unlink()


def test_a_killed_master_does_not_keep_the_next_one_from_starting(guavad):
    guavad.signal(signal.SIGKILL)
    guavad.wait()
    guavad.eventually(lambda: not guavad.processes(), "the end of the workers")
    guavad.start()
    guavad.eventually(lambda: len(guavad.worker_pids()) == 2, "new workers")
    assert guavad.get("/").status_code == 200


def test_the_master_leaves_no_zombie(guavad):
    for _ in range(3):
        crash(guavad, "/act/die/SIGKILL")
    guavad.wait_for_log("is ready", times=5)
    for pid in guavad.worker_pids():
        assert "(zombie)" not in Path(f"/proc/{pid}/status").read_text()


def test_a_worker_may_open_as_many_files_as_the_machine_allows(make_guavad):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    daemon = make_guavad()
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, hard), hard))
    try:
        daemon.start()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    first = daemon.worker_pids()[0]
    assert resource.prlimit(first, resource.RLIMIT_NOFILE) == (hard, hard)
