"""server.warm_up, and the hooks of workers."""

import os
import signal

from http_client import Client, request

APP = """\
import os
import guava

state = []

@guava.on_worker_start
def connect():
    state.append(f"connected in {os.getpid()}")

@guava.on_worker_stop
def disconnect():
    with open("left", "a") as file:
        file.write(f"{os.getpid()} {len(state)}\\n")

class IndexController(guava.controller.Controller):
    def index(self):
        return state[0]

    def warm(self):
        state.append(self.request.client)
        return "x" * 300_000

    def seen(self):
        return {"state": state}

    def fail(self):
        raise LookupError("no luck")
"""


def configured(make_guavad, **server):
    guavad = make_guavad(server={"workers": 1, **server})
    guavad.write("controllers/index.py", APP)
    return guavad


def reload(guavad):
    return guavad.run("-s", "reload")


def test_a_new_generation_answers_the_warm_up_before_it_serves(make_guavad):
    guavad = configured(make_guavad, warm_up=["/index/warm?a=b", "/index/none"])
    guavad.start()
    [worker] = guavad.worker_pids()
    assert guavad.get("/index/seen").json() == {
        "state": [f"connected in {worker}", "unix"]
    }
    guavad.wait_for_log("GET /index/warm?a=b HTTP/1.1", name="access.log")


def test_only_the_first_worker_warms_up(make_guavad):
    guavad = configured(make_guavad, workers=3, warm_up=["/index/warm"])
    guavad.start()
    guavad.wait_for_log("GET /index/warm", name="access.log")
    assert guavad.log_text("access.log").count("GET /index/warm") == 1


def test_a_warm_up_that_fails_fails_the_reload(make_guavad):
    guavad = configured(make_guavad)
    guavad.start()
    [worker] = guavad.worker_pids()
    guavad.configure(server={"workers": 1, "warm_up": ["/index/fail"]})
    done = reload(guavad)
    assert done.returncode == 1
    assert "/index/fail was answered by 500" in done.stderr
    assert "guava.yaml:" in done.stderr
    assert "LookupError: no luck" in guavad.log_text()
    guavad.wait_for_log("generation 2 is gone")
    assert guavad.worker_pids() == [worker]


def test_the_stop_hook_runs_behind_a_warm_up_that_fails(make_guavad):
    guavad = configured(make_guavad)
    guavad.start()
    guavad.configure(server={"workers": 1, "warm_up": ["/index/fail"]})
    assert reload(guavad).returncode == 1
    guavad.wait_for_log("generation 2 is gone")
    [left] = (guavad.folder / "left").read_text().splitlines()
    assert int(left.split()[0]) not in guavad.worker_pids()


def test_a_warm_up_that_takes_too_long_fails_the_reload(make_guavad):
    guavad = configured(make_guavad)
    guavad.start()
    guavad.configure(
        server={"workers": 1, "warm_up": ["/act/sleep/30"]}, timeouts={"start": "1s"}
    )
    done = reload(guavad)
    assert done.returncode == 1
    assert "was not ready within timeouts.start (1000 ms)" in done.stderr
    guavad.wait_for_log("in sleep")  # its stack
    assert guavad.get("/").status_code == 200


def test_the_start_hook_runs_in_every_worker_before_it_serves(make_guavad):
    guavad = configured(make_guavad, workers=2)
    guavad.start()
    for _ in range(10):
        with Client(guavad.port) as client:
            pid = client.ask(request("/act/pid")).text
            assert client.ask(request("/")).text == f"connected in {pid}"


def test_a_start_hook_that_raises_fails_the_reload(make_guavad):
    guavad = configured(make_guavad)
    guavad.start()
    guavad.write(
        "controllers/index.py",
        "import guava\n"
        "@guava.on_worker_start\n"
        "def connect():\n"
        "    raise OSError('down')\n",
    )
    done = reload(guavad)
    assert done.returncode == 1
    assert (
        "on_worker_start connect: controllers/index.py:4: OSError: down" in done.stderr
    )
    assert guavad.get("/").status_code == 200


def test_the_stop_hook_runs_when_the_last_request_is_answered(make_guavad):
    guavad = configured(make_guavad)
    guavad.start()
    [worker] = guavad.worker_pids()
    with guavad.raw(request("/act/sleep/0.5")) as connection:
        guavad.wait_for_running("/act/sleep/0.5")
        assert reload(guavad).returncode == 0
        assert connection.recv(4096).startswith(b"HTTP/1.1 200 ")
    guavad.wait_for_log("generation 1 is gone")
    assert (guavad.folder / "left").read_text() == f"{worker} 1\n"


def test_a_stop_hook_that_raises_is_logged(make_guavad):
    guavad = make_guavad(server={"workers": 1})
    guavad.write(
        "controllers/other.py",
        "import guava\n@guava.on_worker_stop\ndef bye():\n    raise OSError('gone')\n",
    )
    guavad.start()
    assert reload(guavad).returncode == 0
    guavad.wait_for_log("on_worker_stop bye: Traceback")
    guavad.wait_for_log("OSError: gone")
    guavad.wait_for_log("generation 1 is gone")


def test_a_reload_follows_a_link_to_the_next_release(make_guavad):
    guavad = make_guavad(server={"workers": 1})
    for name in ("one", "two"):
        guavad.write(f"releases/{name}/controllers/__init__.py", "")
        guavad.write(
            f"releases/{name}/controllers/index.py",
            "import guava\n"
            "class IndexController(guava.controller.Controller):\n"
            f"    def index(self): return '{name}'\n",
        )
    current = guavad.folder / "current"
    current.symlink_to("releases/one")
    guavad.configure(
        server={"workers": 1, "working_directory": "current"},
        python={"path": ["current"]},
    )
    guavad.start()
    current.unlink()
    current.symlink_to("releases/two")
    [worker] = guavad.worker_pids()
    os.kill(worker, signal.SIGKILL)
    guavad.wait_for_log("is ready", times=2)
    assert guavad.get("/").text == "one"  # what was checked is what runs
    assert reload(guavad).returncode == 0
    assert guavad.get("/").text == "two"
