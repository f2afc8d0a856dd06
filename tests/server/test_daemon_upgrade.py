"""USR2 and `guavad -s upgrade`: another guavad in the place of the one that serves."""

import os
import signal
import socket
import sys
from pathlib import Path

import pytest
from conftest import EXECUTABLE, INDEX
from load import Clients, keep_alive, loaded, mixed, one_shot

SLOW = b"GET /act/sleep/1 HTTP/1.1\r\nHost: x\r\n\r\n"


def put_executable(guavad, target):
    """Lets the link that guavad is started by point there."""
    link = guavad.folder / "new"
    link.symlink_to(target)
    link.replace(guavad.folder / "guavad")


def put_script(guavad, text):
    script = guavad.write("script", f"#!/bin/sh\n{text}\n")
    script.chmod(0o755)
    put_executable(guavad, script)


def linked(guavad):
    put_executable(guavad, EXECUTABLE)
    guavad.command = [str(guavad.folder / "guavad")]
    return guavad


@pytest.fixture
def guavad(make_guavad):
    """One that serves, started by a link."""
    daemon = linked(make_guavad())
    daemon.start()
    return daemon


def tell(guavad, verb):
    """Runs the verb with an executable that is there in any case."""
    before, guavad.command = guavad.command, [EXECUTABLE]
    try:
        return guavad.run("-s", verb)
    finally:
        guavad.command = before


def upgrade(guavad):
    return tell(guavad, "upgrade")


def upgraded(guavad):
    before = guavad.pid
    done = upgrade(guavad)
    assert done.returncode == 0, done.stdout + done.stderr
    assert guavad.pid != before
    return done.stdout


def refused(guavad):
    """What the verb says of an upgrade that fails; the old guavad is as it was."""
    before = guavad.pid, guavad.worker_pids()
    done = upgrade(guavad)
    assert done.returncode == 1
    assert (guavad.pid, guavad.worker_pids()) == before
    assert guavad.get("/").text == "Hello World!"
    return done.stderr


def descriptors_of(pid):
    return sorted(
        os.path.basename(entry.readlink()).partition(":")[0].strip("0123456789")
        for entry in Path(f"/proc/{pid}/fd").iterdir()
    )


# ------------------------------------------------------------------------- success


def test_an_upgrade_puts_another_guavad_in_the_place_of_this_one(guavad):
    said = upgraded(guavad)
    assert f"starting {guavad.folder}/guavad" in said
    assert f"checking {guavad.config}" in said
    assert "starting generation 2" in said
    assert f"(pid {guavad.pid}): generation 2 serves with 2 workers" in said
    assert guavad.wait() == 0
    assert guavad.get("/").text == "Hello World!"
    assert guavad.run("-s", "reload").returncode == 0


def test_usr2_upgrades(guavad):
    before = guavad.pid
    guavad.signal(signal.SIGUSR2)
    guavad.wait_for_log("generation 2 serves")
    assert guavad.wait() == 0
    assert guavad.pid != before
    assert guavad.get("/").text == "Hello World!"


def test_an_upgrade_can_be_followed_by_another(guavad):
    upgraded(guavad)
    assert guavad.wait() == 0
    second = guavad.pid
    upgraded(guavad)
    guavad.eventually(lambda: second not in guavad.processes(), "the end of the second")
    assert guavad.get("/").text == "Hello World!"


def test_an_upgrade_takes_up_new_code_and_configuration(guavad):
    guavad.configure(server={"workers": 1})
    guavad.write(
        "controllers/index.py",
        "import os\nimport guava\n"
        "class IndexController(guava.controller.Controller):\n"
        "    def index(self):\n"
        "        return str([n for n in os.environ if 'GUAVAD_' in n])\n",
    )
    upgraded(guavad)
    assert guavad.get("/").text == "[]"
    assert len(guavad.worker_pids()) == 1


def test_a_request_under_way_is_answered_by_the_guavad_before(guavad):
    with guavad.raw(SLOW) as connection:
        guavad.wait_for_running("/act/sleep/1")
        upgraded(guavad)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert guavad.wait() == 0


def test_only_the_guavad_that_serves_tells_how_it_is_doing(make_status):
    status = make_status(start=False)
    guavad = linked(status.daemon)
    guavad.start()
    with guavad.raw(SLOW) as connection:
        guavad.wait_for_running("/act/sleep/1")
        upgraded(guavad)
        seen = [status.json()["pid"] for _ in range(20)]
        assert set(seen) == {guavad.pid}
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert guavad.wait() == 0


def test_the_file_of_a_unix_socket_passes_to_the_next_guavad(make_guavad):
    guavad = linked(make_guavad(server={"listen": "unix:guava.sock"}))
    guavad.start()
    path = guavad.folder / "guava.sock"
    upgraded(guavad)
    assert guavad.wait() == 0
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert guavad.run("-s", "quit").returncode == 0
    assert not path.exists()


def test_addresses_come_and_go_with_an_upgrade(make_guavad):
    guavad = linked(make_guavad(server={"listen": "unix:guava.sock"}))
    guavad.start()
    guavad.configure()
    upgraded(guavad)
    assert guavad.wait() == 0
    assert guavad.get("/").text == "Hello World!"
    assert not (guavad.folder / "guava.sock").exists()


def test_the_pidfile_moves_with_an_upgrade(guavad):
    guavad.configure(server={"pidfile": "other.pid"})
    guavad.signal(signal.SIGUSR2)
    assert guavad.wait() == 0
    assert not guavad.pidfile.exists()
    guavad.pidfile = guavad.folder / "other.pid"
    assert guavad.run("-s", "reload").returncode == 0


def test_upgrades_leave_no_descriptor_behind(guavad):
    upgraded(guavad)
    assert guavad.wait() == 0
    second, before = guavad.pid, descriptors_of(guavad.pid)
    upgraded(guavad)
    guavad.eventually(lambda: second not in guavad.processes(), "the end of the second")
    assert descriptors_of(guavad.pid) == before


def test_upgrades_lose_no_request(make_guavad):
    guavad = linked(make_guavad())
    guavad.start()
    clients = Clients(guavad.port)
    clients.start(8, keep_alive)
    clients.start(4, one_shot)
    for number in (2, 3, 4):
        upgraded(guavad)
        guavad.wait_for_log(f"generation {number - 1} is gone")
    tally = clients.stop()
    assert tally.lost == []
    assert tally.answered == tally.sent
    assert tally.sent.total() > 100


@pytest.mark.faults
def test_many_upgrades_rollbacks_and_failures_under_28_clients_lose_no_request(
    make_guavad,
):
    guavad = loaded(make_guavad)
    clients = mixed(guavad.port)
    good = guavad.config.read_text()
    for number in range(1, 51):
        upgraded(guavad)
        assert guavad.run("-s", "reload").returncode == 0
        assert guavad.run("-s", "rollback").returncode == 0
        guavad.config.write_text(f"{good}colour: red\n")
        guavad.signal(signal.SIGUSR2)
        guavad.wait_for_log("upgrade failed", times=number)
        guavad.config.write_text(good)
    tally = clients.stop()
    assert tally.lost == []
    assert tally.answered == tally.sent
    assert min(tally.answered[kind] for kind in tally.sent) > 0, tally


# ------------------------------------------------------------------------- failure


def test_an_executable_that_fails_leaves_this_guavad_serving(guavad):
    put_script(guavad, "exit 3")
    text = refused(guavad)
    assert "upgrade failed, generation 1 serves on" in text
    assert f"{guavad.folder}/guavad exited with status 3" in text
    guavad.wait_for_log("upgrade failed, generation 1 serves on")


def test_an_executable_that_is_gone_leaves_this_guavad_serving(guavad):
    (guavad.folder / "guavad").unlink()
    assert "No such file or directory" in refused(guavad)


def test_an_executable_that_is_no_guavad_is_given_up(guavad):
    put_script(guavad, "exec sleep 60")
    assert "did not get ready in time" in refused(guavad)


LAST_MOMENT = f"""#!{sys.executable}
import os, socket
channel = int(os.environ["GUAVAD_HANDOVER"].split()[1])
before = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, fileno=channel)
before.send(b"alive 0")
before.send(b"ready generation 2 serves")
assert before.recv(100) == b"yours"
"""


def test_a_guavad_that_dies_when_it_has_been_given_the_pidfile_gives_it_back(guavad):
    guavad.write("script", LAST_MOMENT).chmod(0o755)
    put_executable(guavad, guavad.folder / "script")
    assert "exited with status 0" in refused(guavad)
    assert tell(guavad, "reload").returncode == 0


def test_a_broken_configuration_leaves_this_guavad_serving(guavad):
    before = guavad.pid, guavad.worker_pids()
    guavad.config.write_text(f"colour: red\n{guavad.config.read_text()}shape: round\n")
    guavad.signal(signal.SIGUSR2)
    line = guavad.wait_for_log("upgrade failed, generation 1 serves on")
    assert 'guava.yaml:1:1: unknown key "colour"' in line
    assert 'unknown key "shape"' in guavad.log_text()
    assert (guavad.pid, guavad.worker_pids()) == before
    guavad.configure()
    assert guavad.run("-s", "reload").returncode == 0


def test_workers_that_do_not_get_ready_leave_this_guavad_serving(make_guavad):
    guavad = linked(make_guavad(server={"listen": "unix:guava.sock"}))
    guavad.start()
    guavad.write_module_that_kills_workers()
    done = upgrade(guavad)
    assert done.returncode == 1
    assert "died of SIGKILL before it was ready" in done.stderr
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(guavad.folder / "guava.sock"))
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_a_failed_upgrade_can_be_followed_by_a_good_one(guavad):
    put_script(guavad, "exit 1")
    refused(guavad)
    put_executable(guavad, EXECUTABLE)
    upgraded(guavad)
    assert guavad.wait() == 0


def test_failing_upgrades_lose_no_request(make_guavad):
    guavad = loaded(make_guavad)
    clients = mixed(guavad.port)
    good = guavad.config.read_text()
    for number in (1, 3):
        guavad.config.write_text(good + "colour: red\n")
        guavad.signal(signal.SIGUSR2)
        guavad.wait_for_log("upgrade failed", times=number)
        guavad.config.write_text(good)
        guavad.write_module_that_kills_workers()
        assert upgrade(guavad).returncode == 1
        (guavad.folder / "checked").unlink()
    tally = clients.stop()
    assert tally.lost == []
    assert tally.answered == tally.sent


# -------------------------------------------------------------- what may come between


def slow_to_check(guavad):
    guavad.write("controllers/index.py", f"import time\ntime.sleep(0.5)\n{INDEX}")


def test_a_hup_during_an_upgrade_reaches_the_guavad_that_serves_then(guavad):
    slow_to_check(guavad)
    guavad.signal(signal.SIGUSR2)
    guavad.wait_for_log("upgrading: starting")
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("generation 3 serves")
    assert guavad.wait() == 0


def test_a_hup_during_an_upgrade_that_fails_is_heeded_after_it(guavad):
    put_script(guavad, "sleep 1; exit 1")
    guavad.signal(signal.SIGUSR2)
    guavad.wait_for_log("upgrading: starting")
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("upgrade failed")
    guavad.wait_for_log("generation 2 serves")


def test_a_stop_during_an_upgrade_ends_both(guavad):
    slow_to_check(guavad)
    guavad.signal(signal.SIGUSR2)
    guavad.wait_for_log("upgrading: starting")
    guavad.signal(signal.SIGTERM)
    assert guavad.wait() == 0
    guavad.eventually(lambda: not guavad.processes(), "the end of all processes")


def test_a_guavad_that_is_killed_during_an_upgrade_is_succeeded(guavad):
    slow_to_check(guavad)
    before, workers = guavad.pid, guavad.worker_pids()
    guavad.signal(signal.SIGUSR2)
    guavad.eventually(lambda: guavad.worker_pids() != workers, "another guavad")
    os.kill(before, signal.SIGKILL)
    guavad.wait_for_log("generation 2 serves")
    assert guavad.pid != before
    assert guavad.get("/").text == "Hello World!"


def test_an_upgrade_during_a_reload_is_refused(guavad):
    slow_to_check(guavad)
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("checking")
    done = upgrade(guavad)
    assert done.returncode == 1
    assert done.stderr == "guavad: a reload is under way\n"


def test_there_is_no_rollback_over_an_upgrade(guavad):
    upgraded(guavad)
    done = guavad.run("-s", "rollback")
    assert done.returncode == 1
    assert "no generation has served before" in done.stderr
