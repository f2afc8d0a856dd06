"""Under a real supervisord, with the program section of conf/supervisord.conf."""

import os
import signal
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

CONF = Path(__file__).parents[2] / "conf" / "supervisord.conf"


def program(name):
    """One of supervisor's programs, as this interpreter runs it."""
    return [sys.executable, "-P", "-m", f"supervisor.{name}"]


class Supervisor:
    """A supervisord that keeps one guavad, which has its folder."""

    def __init__(self, guavad):
        self.guavad = guavad
        self.folder = guavad.folder
        self.config = self.folder / "supervisord.conf"
        self.write_config()
        self.process = subprocess.Popen(
            [*program("supervisord"), "-n", "-c", self.config],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def write_config(self):
        parser = RawConfigParser(comment_prefixes=(";",))
        parser.read(CONF)
        program = parser["program:guavad"]
        program["command"] = f"{self.guavad.command[0]} -c {self.guavad.config}"
        for name in ("stdout_logfile", "stderr_logfile"):
            program[name] = str(self.folder / Path(program[name]).name)
        address = f"{self.folder}/supervisor.sock"
        parser["supervisord"] = {
            "pidfile": f"{self.folder}/supervisord.pid",
            "logfile": f"{self.folder}/supervisord.log",
            "childlogdir": str(self.folder),
        }
        parser["unix_http_server"] = {"file": address}
        parser["supervisorctl"] = {"serverurl": f"unix://{address}"}
        parser["rpcinterface:supervisor"] = {
            "supervisor.rpcinterface_factory": (
                "supervisor.rpcinterface:make_main_rpcinterface"
            )
        }
        with self.config.open("w") as file:
            parser.write(file)

    def ctl(self, *words):
        """What supervisorctl prints."""
        done = subprocess.run(
            [*program("supervisorctl"), "-c", self.config, *words],
            capture_output=True,
            text=True,
            timeout=30,
        )
        return done.stdout + done.stderr

    def pid(self):
        return int(self.ctl("pid", "guavad"))

    def is_running(self):
        return "RUNNING" in self.ctl("status", "guavad")

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


@pytest.fixture
def supervisor(make_guavad):
    guavad = make_guavad(log={"error": "stderr", "access": "stdout"})
    supervisor = Supervisor(guavad)
    guavad.eventually(supervisor.is_running, "a program that runs")
    guavad.wait_for_log("generation 1 serves")
    yield supervisor
    supervisor.close()


def test_supervisor_starts_guavad_and_gathers_its_logs(supervisor):
    assert supervisor.guavad.get("/").text == "Hello World!"
    supervisor.guavad.wait_for_log("GET / HTTP/1.1", name="access.log")


def test_a_guavad_that_is_killed_is_started_again_on_its_address(supervisor):
    before = supervisor.pid()
    os.kill(before, signal.SIGKILL)
    supervisor.guavad.wait_for_log("generation 1 serves", times=2)
    assert supervisor.pid() != before
    assert supervisor.guavad.get("/").text == "Hello World!"


def test_signal_hup_reloads_within_the_same_process(supervisor):
    before = supervisor.pid()
    supervisor.ctl("signal", "HUP", "guavad")
    supervisor.guavad.wait_for_log("generation 2 serves")
    assert supervisor.pid() == before


def test_restart_stops_gracefully_and_starts_anew(supervisor):
    before = supervisor.pid()
    slow = b"GET /act/sleep/1 HTTP/1.1\r\nHost: x\r\n\r\n"
    with supervisor.guavad.raw(slow) as connection:
        supervisor.guavad.wait_for_running("/act/sleep/1")
        said = supervisor.ctl("restart", "guavad")
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    assert "guavad: started" in said
    supervisor.guavad.wait_for_log("generation 1 serves", times=2)
    assert supervisor.pid() != before
    assert supervisor.guavad.get("/").text == "Hello World!"


def test_a_guavad_that_ends_by_itself_is_left_alone(supervisor):
    os.kill(supervisor.pid(), signal.SIGTERM)
    guavad = supervisor.guavad
    guavad.eventually(
        lambda: "EXITED" in supervisor.ctl("status", "guavad"), "an exited program"
    )
