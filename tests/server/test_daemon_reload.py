"""HUP: a new generation beside the old one, or the old one alone."""

import os
import signal
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

NEW_APP = """\
import guava

class IndexController(guava.controller.Controller):
    def index(self):
        return "new"
"""


def reload(guavad):
    return guavad.run("-s", "reload")


def descriptors_of(pid):
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def test_hup_takes_up_new_code_in_new_workers(guavad):
    before = guavad.worker_pids()
    guavad.write("controllers/index.py", NEW_APP)
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("generation 2 serves with 2 workers")
    guavad.wait_for_log("generation 1 is gone")
    assert not set(before) & set(guavad.worker_pids())
    assert guavad.get("/").text == "new"


def test_the_verb_waits_until_the_reload_is_done(guavad):
    guavad.write("controllers/index.py", NEW_APP)
    done = reload(guavad)
    assert done.returncode == 0, done.stderr
    assert "generation 2 serves" in done.stdout
    assert guavad.get("/").text == "new"


def test_a_request_under_way_is_answered_by_the_old_generation(guavad):
    with guavad.raw(b"GET /act/sleep/1 HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        guavad.wait_for_running("/act/sleep/1")
        assert reload(guavad).returncode == 0
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    guavad.wait_for_log("generation 1 is gone")


def test_a_request_that_outlasts_the_graceful_time_is_killed_and_named(make_guavad):
    guavad = make_guavad(timeouts={"graceful": "300ms"})
    guavad.start()
    with guavad.raw(b"GET /act/sleep/30 HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        guavad.wait_for_running("/act/sleep/30")
        assert reload(guavad).returncode == 0
        assert connection.recv(4096) == b""
    assert "GET /act/sleep/30" in guavad.wait_for_log("did not leave in time; killed")


def test_a_broken_config_leaves_the_old_workers_serving(guavad):
    before = guavad.worker_pids()
    guavad.config.write_text("routers: 7\n")
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("guava.yaml:1:10")
    guavad.wait_for_log("reload failed, generation 1 serves on")
    assert guavad.worker_pids() == before
    assert guavad.get("/").status_code == 200


def test_every_error_of_a_broken_config_is_logged(guavad):
    text = guavad.config.read_text()
    guavad.config.write_text("colour: red\nshape: round\n" + text)
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("guava.yaml:1:1")
    guavad.wait_for_log("guava.yaml:2:1")


def test_a_controller_that_does_not_import_leaves_the_old_workers_serving(guavad):
    before = guavad.worker_pids()
    guavad.write("controllers/index.py", "import no_such_module\n")
    done = reload(guavad)
    assert done.returncode == 1
    assert "no_such_module" in done.stderr
    assert guavad.worker_pids() == before
    assert guavad.get("/").status_code == 200


def test_the_traceback_of_a_failed_reload_is_in_the_error_log(guavad):
    guavad.write("controllers/index.py", "\nraise LookupError('no luck')\n")
    assert reload(guavad).returncode == 1
    assert "[error] check" in guavad.log_text()
    assert "\tLookupError: no luck" in guavad.log_text()


def test_an_import_that_hangs_is_named_with_its_stack(make_guavad):
    guavad = make_guavad(timeouts={"start": "500ms"})
    guavad.start()
    guavad.write(
        "controllers/index.py",
        "import time\ndef wait():\n    time.sleep(60)\nwait()\n",
    )
    done = reload(guavad)
    assert done.returncode == 1
    assert (
        "controllers/index.py:3: still being imported after timeouts.start (500ms)"
        in done.stderr
    )
    assert 'controllers/index.py", line 4, in <module>' in guavad.log_text()
    assert guavad.get("/").status_code == 200


def test_an_import_that_hangs_in_c_is_killed(make_guavad):
    guavad = make_guavad(timeouts={"start": "500ms"})
    guavad.start()
    guavad.write("controllers/index.py", "sum(range(10**14))\n")
    done = reload(guavad)
    assert done.returncode == 1
    assert "the configuration check took longer than 500 ms" in done.stderr
    assert guavad.get("/").status_code == 200


def test_an_application_that_ends_the_check_leaves_the_old_workers_serving(guavad):
    before = guavad.worker_pids()
    guavad.write("controllers/index.py", "import os\nos._exit(0)\n")
    assert "the configuration check ended before it was done" in reload(guavad).stderr
    assert guavad.worker_pids() == before


def test_a_worker_that_does_not_get_ready_leaves_the_old_ones_serving(guavad):
    """The check passes, and what only a worker does fails."""
    before = guavad.worker_pids()
    guavad.write_module_that_kills_workers()
    done = reload(guavad)
    assert done.returncode == 1
    assert "died of SIGKILL before it was ready" in done.stderr
    guavad.wait_for_log("generation 2 is gone")
    assert guavad.worker_pids() == before
    assert guavad.get("/").status_code == 200


def test_a_failed_reload_can_be_followed_by_a_good_one(guavad):
    good = guavad.config.read_text()
    guavad.config.write_text("routers: 7\n")
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("reload failed")
    guavad.config.write_text(good)
    assert reload(guavad).returncode == 0


def test_hups_during_a_reload_bring_one_more(guavad):
    guavad.write(
        "controllers/index.py",
        "import time\ntime.sleep(0.5)\n" + NEW_APP,
    )
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("checking")
    for _ in range(3):
        guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("generation 3 serves")
    guavad.wait_for_log("generation 2 is gone")
    assert guavad.log_text().count("checking ") == 2


def test_the_socket_of_a_kept_address_is_the_same_after_a_reload(guavad):
    def listening():
        return {
            line.split()[9]
            for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
            if line.split()[1].endswith(f":{guavad.port:04X}")
            and line.split()[3] == "0A"
        }

    before = listening()
    assert reload(guavad).returncode == 0
    assert listening() == before


def test_reloads_lose_no_request(guavad):
    """Each on a connection of its own, all the while."""
    done = threading.Event()
    statuses = []

    def ask():
        while not done.is_set():
            statuses.append(guavad.get("/").status_code)

    with ThreadPoolExecutor() as pool:
        asking = pool.submit(ask)
        try:
            for _ in range(3):
                assert reload(guavad).returncode == 0
        finally:
            done.set()
        asking.result()
    assert len(statuses) > 10
    assert set(statuses) == {200}


def test_addresses_come_and_go_with_a_reload(guavad):
    path = guavad.folder / "guava.sock"
    guavad.configure(server={"listen": "unix:guava.sock"})
    assert reload(guavad).returncode == 0
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
    guavad.wait_for_log("generation 1 is gone")
    with pytest.raises(ConnectionRefusedError):
        guavad.raw()
    guavad.configure()
    assert reload(guavad).returncode == 0
    guavad.wait_for_log("generation 2 is gone")
    assert not path.exists()
    assert guavad.get("/").status_code == 200


def test_an_address_in_use_fails_the_reload(guavad):
    with socket.create_server(("127.0.0.1", 0)) as other:
        guavad.configure(
            server={"listen": f"127.0.0.1:{other.getsockname()[1]}"},
        )
        done = reload(guavad)
    assert done.returncode == 1
    assert "Address already in use" in done.stderr
    assert guavad.get("/").status_code == 200


def on_a_unix_socket(mode, **server):
    return {"listen": {"address": "unix:guava.sock", "mode": mode}, **server}


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_unix_socket_gets_the_owner_and_mode_of_the_new_configuration(make_guavad):
    guavad = make_guavad(server=on_a_unix_socket("0600"))
    guavad.start()
    guavad.configure(server=on_a_unix_socket("0666", group="nogroup"))
    assert reload(guavad).returncode == 0
    info = (guavad.folder / "guava.sock").stat()
    assert info.st_mode & 0o777 == 0o666
    assert info.st_gid == 65534


def test_a_failed_reload_leaves_the_mode_of_a_unix_socket(make_guavad):
    guavad = make_guavad(server=on_a_unix_socket("0600"))
    guavad.start()
    guavad.configure(server=on_a_unix_socket("0666"))
    guavad.write(
        "controllers/index.py",
        "from pathlib import Path\n"
        "mark = Path('checked')\n"
        "if mark.exists():\n"
        "    raise LookupError('no luck')\n"
        "mark.touch()\n",
    )
    assert reload(guavad).returncode == 1
    assert (guavad.folder / "guava.sock").stat().st_mode & 0o777 == 0o600


def test_a_unix_socket_whose_file_was_removed_is_opened_anew(make_guavad):
    guavad = make_guavad(server=on_a_unix_socket("0600"))
    guavad.start()
    (guavad.folder / "guava.sock").unlink()
    assert reload(guavad).returncode == 0
    guavad.wait_for_log("generation 1 is gone")
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(guavad.folder / "guava.sock"))


def test_a_link_in_the_place_of_a_unix_socket_is_not_followed(make_guavad):
    guavad = make_guavad(server=on_a_unix_socket("0600"))
    guavad.start()
    target = guavad.write("target", "")
    target.chmod(0o644)
    (guavad.folder / "guava.sock").unlink()
    (guavad.folder / "guava.sock").symlink_to(target)
    guavad.configure(server=on_a_unix_socket("0666"))
    assert "is not a socket" in reload(guavad).stderr
    assert target.stat().st_mode & 0o777 == 0o644


def test_the_number_of_workers_is_that_of_the_new_configuration(guavad):
    guavad.configure(server={"workers": 3})
    assert reload(guavad).returncode == 0
    guavad.wait_for_log("generation 1 is gone")
    assert len(guavad.worker_pids()) == 3


def test_the_pidfile_moves_with_the_configuration(guavad):
    guavad.configure(server={"pidfile": "other.pid"})
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("generation 2 serves")
    assert not guavad.pidfile.exists()
    guavad.pidfile = guavad.folder / "other.pid"
    assert guavad.pid == guavad.process.pid
    assert guavad.run("-s", "quit").returncode == 0


def test_another_way_to_the_same_pidfile_keeps_it(guavad):
    (guavad.folder / "link").symlink_to(guavad.folder)
    guavad.configure(server={"pidfile": "link/guavad.pid"})
    assert reload(guavad).returncode == 0
    assert reload(guavad).returncode == 0
    assert guavad.pidfile.exists()


def test_a_worker_that_dies_during_a_reload_is_replaced(guavad):
    guavad.write(
        "controllers/index.py",
        "import time\ntime.sleep(0.7)\n" + NEW_APP,
    )
    victim = guavad.worker_pids()[0]
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("checking")
    os.kill(victim, signal.SIGKILL)
    guavad.wait_for_log("generation 1) died of SIGKILL")
    guavad.wait_for_log("generation 2 serves")
    guavad.wait_for_log("generation 1 is gone")


def test_reloads_leave_no_descriptor_behind(guavad):
    assert reload(guavad).returncode == 0
    guavad.wait_for_log("generation 1 is gone")
    before = descriptors_of(guavad.pid)
    for number in (2, 3):
        assert reload(guavad).returncode == 0
        guavad.wait_for_log(f"generation {number} is gone")
    guavad.config.write_text("routers: 7\n")
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("reload failed")
    guavad.eventually(
        lambda: descriptors_of(guavad.pid) == before, "closed descriptors"
    )
