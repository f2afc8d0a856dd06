"""guava.server from plain Python: one process, the same engine."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from textwrap import dedent

import httpx
import pytest
from conftest import eventually

PATIENCE = 20.0


class Script:
    """A running Python program, and what it has written so far."""

    def __init__(self, folder, *args):
        self.log = folder / "output.txt"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, *args],
                cwd=folder,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                stdout=output,
                stderr=output,
            )

    @property
    def output(self):
        return self.log.read_text()

    def wait_for(self, pattern):
        """The match of `pattern` in the output, once there is one."""
        deadline = time.monotonic() + PATIENCE
        while not (found := re.search(pattern, self.output, re.MULTILINE)):
            assert time.monotonic() < deadline, f"no {pattern!r} in:\n{self.output}"
            time.sleep(0.01)
        return found

    def get(self, path="/", **options):
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", **options)

    def stop(self, number=signal.SIGINT):
        """The exit status."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.fixture
def run(tmp_path):
    """Runs a program that prints "port N"."""
    running = []

    def start(code):
        (tmp_path / "app.py").write_text(dedent(code))
        script = Script(tmp_path, "app.py")
        running.append(script)
        script.port = int(script.wait_for(r"port (\d+)")[1])
        return script

    yield start
    for script in running:
        script.process.kill()
        script.process.wait(PATIENCE)


SERVE = """
server.bind()
print("port", server.port, flush=True)
server.serve()
"""


def test_a_static_server_takes_one_line(tmp_path):
    (tmp_path / "notes.txt").write_text("clear sky")
    code = "import guava; guava.server.start_static_server('127.0.0.1', 0)"
    script = Script(tmp_path, "-c", code)
    found = script.wait_for(r"^Serving (.*) on http://127.0.0.1:(\d+)/$")
    assert found[1] == str(tmp_path)
    script.port = int(found[2])
    assert "notes.txt" in script.get().text
    assert script.get("/notes.txt").text == "clear sky"
    assert script.get("/nothing").status_code == 404
    assert script.stop() == 0
    assert '"GET /notes.txt HTTP/1.1" 200 9' in script.output
    assert "Traceback" not in script.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGQUIT])
def test_a_signal_ends_a_server_cleanly(run, number):
    script = run(f"import guava\nserver = guava.server.Server(port=0)\n{SERVE}")
    assert script.get().status_code == 404
    assert script.stop(number) == 0
    assert "Traceback" not in script.output


def test_a_server_has_the_same_routers(run, tmp_path):
    (tmp_path / "controllers").mkdir()
    (tmp_path / "controllers" / "post.py").write_text(
        "import guava\n"
        "class PostController(guava.controller.Controller):\n"
        "    def view(self, id: int): return {'id': id}\n"
    )
    (tmp_path / "notes.txt").write_text("clear sky")
    script = run(
        """
        import guava
        from guava.router import MVCRouter, StaticRouter

        server = guava.server.Server(port=0)
        server.add_router(
            MVCRouter(package="controllers"),
            StaticRouter(mount_point="/static", directory=".", allow_index=True),
        )
        """
        + SERVE.replace("\n", "\n        ")
    )
    assert script.get("/post/view/7").json() == {"id": 7}
    assert script.get("/post/view/x").status_code == 404
    assert script.get("/static/notes.txt").text == "clear sky"


def test_the_lowest_level_is_a_callable(run):
    script = run(
        """
        import guava
        from guava.response import Response

        def answer(request):
            if request.path == "/wrong":
                raise guava.errors.NotFound
            if request.path == "/made":
                return Response("made", 202, {"X-Made": "yes"})
            return {"path": request.path, "get": request.GET}

        server = guava.server.Server(port=0, handler=answer)
        """
        + SERVE.replace("\n", "\n        ")
    )
    assert script.get("/a/b?c=d").json() == {"path": "/a/b", "get": {"c": "d"}}
    assert script.get("/wrong").status_code == 404
    assert script.get("/made").headers["X-Made"] == "yes"


def test_an_application_that_can_not_be_loaded_raises(tmp_path):
    code = (
        "import guava\n"
        "server = guava.server.Server(port=0)\n"
        "server.add_router(guava.router.MVCRouter(package='nowhere'))\n"
        "server.serve()\n"
    )
    script = Script(tmp_path, "-c", code)
    script.wait_for("LoadError: there is no package nowhere")
    assert script.process.wait(PATIENCE) == 1


RELOADED = """
import guava
import value

server = guava.server.Server(
    port=PORT, auto_reload=True, handler=lambda request: value.VALUE
)
server.bind()
print("port", server.port, "value", value.VALUE, flush=True)
server.serve()
"""


def change(path, text):
    """Put a new file in place of `path` at once, changed a second later than it."""
    modified = path.stat().st_mtime_ns + 10**9
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    os.utime(fresh, ns=(modified, modified))
    fresh.replace(path)


def test_a_changed_source_is_run_again(run, tmp_path):
    value = tmp_path / "value.py"
    value.write_text("VALUE = 'one'")
    script = run(RELOADED.replace("PORT", "0"))
    assert script.get().text == "one"
    change(value, "VALUE = 'two'")
    script.port = int(script.wait_for(r"port (\d+) value two")[1])
    assert script.get().text == "two"
    assert script.stop() == 0


def test_a_source_that_does_not_compile_is_told_and_waited_for(run, tmp_path):
    value = tmp_path / "value.py"
    value.write_text("VALUE = 'one'")
    script = run(RELOADED.replace("PORT", "0"))
    assert script.get().text == "one"
    change(value, "VALUE = (")
    script.wait_for("not reloading: .*value.py, line 1")
    assert script.get().text == "one"
    change(value, "VALUE = 'two'")
    script.port = int(script.wait_for(r"port (\d+) value two")[1])
    assert script.get().text == "two"
    assert script.stop() == 0


def reloaded(run, folder):
    """The file that a program imports, and the program, which serves."""
    value = folder / "value.py"
    value.write_text("VALUE = 'one'")
    script = run(RELOADED.replace("PORT", "0"))
    assert script.get().text == "one"
    return value, script


def test_a_program_that_fails_when_it_is_run_again_waits_for_a_change(run, tmp_path):
    value, script = reloaded(run, tmp_path)
    change(value, "VALUE = nothing")
    script.wait_for("NameError: name 'nothing' is not defined")
    script.wait_for("exit status 1; waiting for a change")
    change(value, "VALUE = 'two'")
    script.port = int(script.wait_for(r"port (\d+) value two")[1])
    assert script.get().text == "two"
    change(value, "VALUE = 'three'")
    script.port = int(script.wait_for(r"port (\d+) value three")[1])
    assert script.get().text == "three"
    assert script.stop() == 0


def test_a_change_while_a_program_fails_is_not_missed(run, tmp_path):
    value, script = reloaded(run, tmp_path)
    change(value, "open('begun', 'w')\nopen('go').read()")
    eventually((tmp_path / "begun").exists, "the second run")
    script.wait_for("waiting for a change")
    os.mkfifo(tmp_path / "go")
    (tmp_path / "begun").unlink()
    change(value, "open('begun', 'w')\nopen('go').read()\nVALUE = nothing")
    eventually((tmp_path / "begun").exists, "the third run")
    change(value, "VALUE = 'two'")
    (tmp_path / "go").write_text("")
    script.port = int(script.wait_for(r"port (\d+) value two")[1])


def test_a_program_that_waits_for_a_change_can_be_ended(run, tmp_path):
    value, script = reloaded(run, tmp_path)
    change(value, "VALUE = nothing")
    script.wait_for("waiting for a change")
    assert script.stop() == 0


def test_a_program_does_not_outlive_what_runs_it_again(run, tmp_path):
    value, script = reloaded(run, tmp_path)
    change(value, "VALUE = 'two'")
    script.port = int(script.wait_for(r"port (\d+) value two")[1])
    script.process.kill()
    eventually(lambda: refuses(script.port), "the end of the program")


def refuses(port):
    """Whether nobody listens there."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) != 0
