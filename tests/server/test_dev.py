"""guavad --dev: what a person sees who writes an application beside it."""

import os
import pty
import select
import signal
import subprocess
import termios
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import PATIENCE

PAGE = """\
import guava

class IndexController(guava.controller.Controller):
    def index(self):
        return "{}"
"""


@pytest.fixture
def dev(make_guavad):
    """A guavad that is configured for many workers, and not started."""
    daemon = make_guavad(server={"workers": 4, "preload": True})
    daemon.write("controllers/index.py", PAGE.format("one"))
    return daemon


def served(dev, text):
    """Waits until the page is `text`."""
    dev.eventually(lambda: dev.get().text == text, f"a page {text!r}:\n{dev.output()}")


def said(dev, text, times=1):
    return dev.wait_for_log(text, times, name="output.txt")


def interrupted(dev):
    """The exit status after Ctrl-C, which all processes of the terminal get."""
    os.killpg(dev.process.pid, signal.SIGINT)
    return dev.wait()


def test_it_serves_by_one_worker_and_logs_to_the_terminal(dev):
    dev.start("--dev")
    served(dev, "one")
    said(dev, "generation 1 serves with 1 workers (")
    said(dev, '"GET / HTTP/1.1" 200')
    assert not dev.pidfile.exists()


def test_the_command_line_goes_before_what_it_sets(dev):
    dev.start("--dev", "-o", "server.workers=2")
    said(dev, "generation 1 serves with 2 workers (")


def test_a_changed_source_is_reloaded(dev):
    dev.start("--dev")
    dev.write("controllers/index.py", PAGE.format("two"))
    served(dev, "two")
    assert said(dev, "guavad: changed").endswith("changed: controllers/index.py")
    said(dev, "guavad: generation 2 serves")


def test_changes_within_a_second_are_all_seen(dev):
    dev.start("--dev")
    for text in ("two", "six", "ten"):
        dev.write("controllers/index.py", PAGE.format(text))
        served(dev, text)


def test_a_source_that_does_not_load_is_told_and_the_old_one_serves(dev):
    dev.start("--dev")
    dev.write("controllers/index.py", "import guava, nowhere\n")
    said(dev, "guavad: reload failed, generation 1 serves on: ")
    assert "controllers/index.py:1: ModuleNotFoundError" in dev.output()
    assert dev.get().text == "one"
    dev.write("controllers/index.py", PAGE.format("mended"))
    served(dev, "mended")


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("controllers/index.py", "class IndexController(\n"),
        ("guava.yaml", "routers: 7\n"),
    ],
)
def test_what_does_not_load_at_first_is_told_and_waited_for(dev, name, broken):
    good = (dev.folder / name).read_text()
    dev.write(name, broken)
    dev.launch("--dev")
    said(dev, "guavad: waiting for a change: guavad exited with status 1")
    assert f"{name}:1" in dev.output()
    dev.write(name, good)
    dev.eventually(lambda: "generation 1 serves" in dev.output(), "a start")
    served(dev, "one")


def test_a_changed_configuration_is_taken_up(dev):
    dev.start("--dev")
    dev.write("other/index.py", PAGE.format("other"))
    dev.configure(routers=[{"type": "mvc", "package": "other"}])
    served(dev, "other")


def test_folders_that_the_configuration_comes_to_name_are_watched(dev, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    dev.start("--dev")
    dev.configure(
        python={"path": [str(outside)]},
        routers=[{"type": "mvc", "package": "pages"}],
    )
    said(dev, "there is no package pages")
    (outside / "pages").mkdir()
    (outside / "pages/index.py").write_text(PAGE.format("from outside"))
    served(dev, "from outside")


def test_what_is_no_source_does_not_count(dev):
    dev.start("--dev")
    for name in ("data.txt", "app.db", ".index.py.swp", ".git/x.py", "index.py~"):
        dev.write(name, "x")
    dev.write("page.html", "a template")
    said(dev, "guavad: generation 2 serves")
    changed = [line for line in dev.output().splitlines() if "changed: " in line]
    assert changed == ["guavad: changed: page.html"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_it_all(dev, number):
    dev.start("--dev")
    dev.process.send_signal(number)
    assert dev.wait() == 0
    assert dev.processes() == []
    assert "Traceback" not in dev.output()


def test_ctrl_c_ends_it_all(dev):
    dev.start("--dev")
    assert interrupted(dev) == 0
    assert dev.processes() == []
    assert "Traceback" not in dev.output()


def test_ctrl_c_ends_it_while_it_waits_for_a_change(dev):
    dev.write("guava.yaml", "routers: 7\n")
    dev.launch("--dev")
    said(dev, "guavad: waiting for a change")
    assert interrupted(dev) == 0


class Terminal:
    """A terminal whose foreground is a guavad, until the with block is left."""

    def __init__(self, dev):
        self.ours, theirs = pty.openpty()
        self.before = termios.tcgetattr(self.ours)
        self.shown = b""
        command = [*dev.command, "-c", str(dev.config), "--dev"]
        # setsid takes it as the controlling terminal: Ctrl-C is for its processes.
        self.process = dev.process = subprocess.Popen(
            ["setsid", "--ctty", "--wait", *command],
            cwd=dev.folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.wait(PATIENCE)
        os.close(self.ours)

    def type(self, text):
        os.write(self.ours, text.encode())

    def wait_for(self, text):
        """Until it is shown, behind what was waited for before."""
        while text.encode() not in self.shown:
            ready, _, _ = select.select([self.ours], [], [], PATIENCE)
            assert ready, self.shown
            self.shown += os.read(self.ours, 4096)
        self.shown = self.shown.partition(text.encode())[2]


def test_a_debugger_has_the_terminal_which_is_left_as_it_was(dev):
    page = PAGE.format("one").replace("return", "breakpoint()\n        return")
    dev.write("controllers/index.py", page)
    with Terminal(dev) as terminal, ThreadPoolExecutor() as browser:
        terminal.wait_for("guavad: generation 1 serves")
        answer = browser.submit(dev.get)
        terminal.wait_for("(Pdb) ")
        terminal.type("c\n")
        assert answer.result().text == "one"
        gone = browser.submit(dev.get)
        terminal.wait_for("(Pdb) ")
        terminal.type("\x03")
        assert gone.exception() is not None
        terminal.wait_for("generation 1 is gone")
        assert terminal.process.wait(PATIENCE) == 0
        assert termios.tcgetattr(terminal.ours) == terminal.before


def test_a_guavad_that_dies_is_started_after_a_change(dev):
    dev.start("--dev")
    [master] = dev.worker_pids()
    os.kill(master, signal.SIGKILL)
    said(dev, "guavad: waiting for a change: guavad was killed by SIGKILL")
    dev.write("controllers/index.py", PAGE.format("again"))
    said(dev, "guavad: generation 1 serves", times=2)
    served(dev, "again")


def test_it_does_not_outlive_who_watches_for_it(dev):
    dev.start("--dev")
    dev.process.kill()
    dev.eventually(lambda: not dev.processes(), "the end of all processes")


def test_without_watchfiles_it_says_what_to_install(dev, tmp_path, monkeypatch):
    missing = "raise ModuleNotFoundError(name='watchfiles')"
    (tmp_path / "watchfiles.py").write_text(missing)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    dev.launch("--dev")
    assert dev.wait() == 1
    assert dev.output() == (
        "guavad: --dev: no package watchfiles, which watches files: "
        "pip install 'guava[dev]'\n"
    )
