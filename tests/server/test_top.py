"""`guava top`, in a terminal of its own."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

import pytest
from status_client import in_background

PATIENCE = 20.0
COMMAND = [sys.executable, "-m", "guava.cli"]
CODE = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]")


class Terminal:
    """Runs `guava top` in a terminal of 140 columns and 30 lines."""

    def __init__(self, *arguments, cwd):
        self.fd, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 140, 0, 0))
        self.before = termios.tcgetattr(theirs)
        self.theirs = theirs
        self.process = subprocess.Popen(
            [*COMMAND, "top", "--interval", "0.2", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            start_new_session=True,
            # Whoever was started in the background by a shell ignores it.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        self.seen = ""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.theirs)
        os.close(self.fd)

    def read(self):
        """Takes what it has drawn meanwhile."""
        if select.select([self.fd], [], [], 0.1)[0]:
            self.seen += os.read(self.fd, 65536).decode(errors="replace")

    def screen(self):
        """The last screen, without its colours."""
        return CODE.sub("", self.seen.rpartition("\x1b[H")[2])

    def wait_for(self, pattern):
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.screen(), re.M)):
            assert time.monotonic() < deadline, self.seen
            self.read()
        return found

    def press(self, key):
        os.write(self.fd, key.encode())

    def end(self):
        """The exit status; the terminal must be as it was."""
        status = self.process.wait(PATIENCE)
        while select.select([self.fd], [], [], 0)[0]:
            self.read()
        assert termios.tcgetattr(self.theirs) == self.before
        return status


def run(*arguments, cwd):
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        stdin=subprocess.DEVNULL,
    )


def test_it_shows_what_happens_until_q_is_pressed(make_status):
    status = make_status()
    with Terminal(cwd=status.daemon.folder) as terminal:
        terminal.wait_for(r"^guavad .* generation 1 +ready")
        status.daemon.get("/")
        terminal.wait_for(r"^mvc / +\d+ +1 +0 +0 +0")
        client = in_background(lambda: status.daemon.get("/act/sleep/2"))
        terminal.wait_for(r"ms GET /act/sleep/2")
        client.join()
        lines = terminal.wait_for(r"(?s).*q: quit")[0].split("\r\n")
        assert all(len(line) <= 140 for line in lines)
        terminal.press("q")
        assert terminal.end() == 0
    assert terminal.seen.endswith("\x1b[?25h\x1b[?1049l")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_the_terminal_as_it_was(make_status, number):
    status = make_status()
    with Terminal(cwd=status.daemon.folder) as terminal:
        terminal.wait_for("q: quit")
        terminal.process.send_signal(number)
        assert terminal.end() == 0


def test_it_waits_for_a_guavad_that_is_started_again(make_status):
    status = make_status()
    with Terminal(cwd=status.daemon.folder) as terminal:
        terminal.wait_for("q: quit")
        assert status.daemon.run("-s", "stop").returncode == 0
        assert status.daemon.wait() == 0
        terminal.wait_for("can not be asked")
        status.daemon.start()
        terminal.wait_for("q: quit")
        terminal.press("q")
        assert terminal.end() == 0


def test_it_prints_once_without_a_terminal(make_status):
    status = make_status()
    status.daemon.get("/")
    done = run("top", "--once", "--interval", "0.1", cwd=status.daemon.folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert re.search(r"^mvc / +0 +1 +0 +0 +0$", done.stdout, re.M)
    there = ["top", "--url", f"http://127.0.0.1:{status.port}", "--once"]
    assert "generation 1  ready" in run(*there, cwd="/").stdout


def test_it_asks_a_unix_socket(make_status):
    status = make_status(status={"listen": "unix:status.sock"})
    done = run("top", "--once", "--interval", "0.1", cwd=status.daemon.folder)
    assert "generation 1  ready" in done.stdout
    url = f"unix:{status.daemon.folder}/status.sock"
    assert run("top", "--once", "--url", url, cwd="/").returncode == 0


def test_what_is_wrong_is_said_in_a_line(make_status, guavad):
    status = make_status()
    here = status.daemon.folder
    said = run("top", cwd=here).stderr
    assert said == "guava: there is no terminal to draw in; --once prints and exits\n"
    said = run("top", "--once", cwd=guavad.folder).stderr
    assert said == "guava: guava.yaml has no status.listen; name one, or use --url\n"
    said = run("top", "--once", "--url", "ftp://x", cwd=here).stderr
    assert said == "guava: expected http://HOST:PORT or unix:PATH, found ftp://x\n"
    other = f"127.0.0.1:{guavad.port}"
    said = run("top", "--once", "--url", other, cwd=here).stderr
    assert said == f"guava: {other} answers with 404 Not Found\n"
    status.daemon.run("-s", "stop")
    done = run("top", "--once", cwd=here)
    assert done.returncode == 1
    assert done.stderr.startswith(f"guava: 127.0.0.1:{status.port} can not be asked")
    assert run("top", "--interval", "0", cwd=here).returncode == 2
