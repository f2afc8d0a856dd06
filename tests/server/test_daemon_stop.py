"""The ways to stop, and to reopen the logs."""

import os
import signal
from pathlib import Path

import pytest

SLOW = b"GET /act/sleep/1 HTTP/1.1\r\nHost: x\r\n\r\n"
ENDLESS = b"GET /act/sleep/60 HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_a_graceful_stop_answers_the_requests_under_way(guavad, number):
    with guavad.raw(SLOW) as connection:
        guavad.wait_for_running("/act/sleep/1")
        guavad.signal(number)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert guavad.wait() == 0


def test_a_graceful_stop_takes_no_new_connections(guavad):
    def is_refused():
        try:
            guavad.raw().close()
        except ConnectionRefusedError:
            return True
        return False

    with guavad.raw(SLOW):
        guavad.wait_for_running("/act/sleep/1")
        guavad.signal(signal.SIGTERM)
        guavad.wait_for_log("stopping when all requests are answered")
        guavad.eventually(is_refused, "a refused connection")


def test_a_graceful_stop_answers_those_who_wait_to_be_accepted(make_guavad):
    guavad = make_guavad(server={"workers": 1})
    guavad.start()
    with guavad.raw(SLOW) as first:
        guavad.wait_for_running("/act/sleep/1")
        with guavad.raw(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as second:
            guavad.signal(signal.SIGTERM)
            assert first.recv(4096).startswith(b"HTTP/1.1 200 ")
            assert second.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert guavad.wait() == 0


def test_a_client_that_says_nothing_does_not_hold_a_stop(make_guavad):
    guavad = make_guavad(timeouts={"header": "60s", "graceful": "60s"})
    guavad.start()
    with guavad.raw() as silent:
        guavad.signal(signal.SIGTERM)
        assert silent.recv(4096) == b""
    assert guavad.wait() == 0


def test_a_graceful_stop_ends_after_its_time(make_guavad):
    guavad = make_guavad(timeouts={"graceful": "300ms"})
    guavad.start()
    with guavad.raw(ENDLESS):
        guavad.wait_for_running("/act/sleep/60")
        guavad.signal(signal.SIGTERM)
        assert guavad.wait() == 0
    assert "GET /act/sleep/60" in guavad.wait_for_log("did not leave in time; killed")


@pytest.mark.parametrize("second", [signal.SIGTERM, signal.SIGINT])
def test_a_second_signal_hastens_a_graceful_stop(make_guavad, second):
    guavad = make_guavad(timeouts={"graceful": "60s"})
    guavad.start()
    with guavad.raw(ENDLESS):
        guavad.wait_for_running("/act/sleep/60")
        guavad.signal(signal.SIGTERM)
        guavad.wait_for_log("stopping when all requests are answered")
        guavad.signal(second)
        guavad.wait_for_log("stopping at once")
        assert guavad.wait() == 0


def test_a_fast_stop_waits_for_nobody(make_guavad):
    guavad = make_guavad(timeouts={"graceful": "60s"})
    guavad.start()
    with guavad.raw(ENDLESS) as connection:
        guavad.wait_for_running("/act/sleep/60")
        guavad.signal(signal.SIGINT)
        assert connection.recv(4096) == b""
    assert guavad.wait() == 0


def test_a_stop_during_a_reload_stops(guavad):
    guavad.write("controllers/index.py", "import time\ntime.sleep(60)\n")
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("checking")
    guavad.signal(signal.SIGTERM)
    assert guavad.wait() == 0


def test_there_is_no_reload_during_a_stop(guavad):
    with guavad.raw(SLOW):
        guavad.wait_for_running("/act/sleep/1")
        guavad.signal(signal.SIGTERM)
        guavad.wait_for_log("stopping when all requests are answered")
        done = guavad.run("-s", "reload")
    assert done.returncode == 1
    assert "guavad is stopping" in done.stderr
    assert guavad.wait() == 0
    assert "generation 2" not in guavad.log_text()


def test_a_stop_before_the_workers_are_ready_stops(make_guavad):
    guavad = make_guavad()
    guavad.write(
        "controllers/index.py",
        "import time\n"
        "from pathlib import Path\n"
        "mark = Path('checked')\n"
        "if mark.exists():\n"
        "    time.sleep(60)\n"
        "mark.touch()\n",
    )
    guavad.launch()
    guavad.wait_for_log("starting generation 1")
    guavad.signal(signal.SIGTERM)
    assert guavad.wait() == 1
    assert "before the workers were ready" in guavad.output()


@pytest.mark.parametrize("verb", ["stop", "quit"])
def test_the_verbs_stop_and_quit_return_when_guavad_has_gone(make_guavad, verb):
    guavad = make_guavad()
    assert guavad.run("-d").returncode == 0
    done = guavad.run("-s", verb)
    assert done.returncode == 0, done.stderr
    assert "stopped" in done.stdout
    assert guavad.processes() == []


def test_quit_waits_for_the_requests_under_way(make_guavad):
    guavad = make_guavad()
    assert guavad.run("-d").returncode == 0
    with guavad.raw(SLOW) as connection:
        guavad.wait_for_running("/act/sleep/1")
        assert guavad.run("-s", "quit").returncode == 0
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize("verb", ["reload", "reopen", "stop", "quit"])
def test_a_verb_fails_where_no_guavad_runs(make_guavad, verb):
    done = make_guavad().run("-s", verb)
    assert done.returncode == 1
    assert "not running" in done.stderr


def test_a_verb_is_not_sent_to_a_process_that_only_had_the_number(make_guavad):
    guavad = make_guavad()
    guavad.pidfile.write_text(f"{os.getpid()}\n")
    done = guavad.run("-s", "stop")
    guavad.pidfile.unlink()
    assert done.returncode == 1
    assert "not running" in done.stderr


def test_a_verb_needs_a_pidfile(make_guavad):
    done = make_guavad(server={"pidfile": None}).run("-s", "stop")
    assert done.returncode == 1
    assert "server.pidfile" in done.stderr


def rotate(guavad):
    for name in ("error.log", "access.log"):
        (guavad.folder / name).rename(guavad.folder / f"{name}.1")


def test_usr1_reopens_both_logs(guavad):
    rotate(guavad)
    guavad.signal(signal.SIGUSR1)
    guavad.wait_for_log("log files reopened")

    def is_logged():
        guavad.get("/?rotated")
        return "/?rotated" in guavad.log_text("access.log")

    guavad.eventually(is_logged, "a line in the new access log")


def test_workers_let_go_of_the_old_logs(guavad):
    rotate(guavad)
    assert guavad.run("-s", "reopen").returncode == 0

    def open_files():
        return {
            str(fd.readlink())
            for pid in [guavad.pid, *guavad.worker_pids()]
            for fd in Path(f"/proc/{pid}/fd").iterdir()
        }

    def is_let_go():
        return not any(name.endswith(".log.1") for name in open_files())

    guavad.eventually(is_let_go, "closed old logs")
    assert str(guavad.folder / "access.log") in open_files()


def test_logs_that_can_not_be_reopened_stay_in_use(guavad):
    rotate(guavad)
    (guavad.folder / "error.log").mkdir()
    done = guavad.run("-s", "reopen")
    assert done.returncode == 1
    assert "error.log" in done.stderr
    guavad.wait_for_log("log files not reopened", name="error.log.1")
    assert guavad.get("/").status_code == 200
