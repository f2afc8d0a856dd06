"""Middleware as the configuration lists it, in a live guavad and a plain server."""

import os

AROUND = """
import os


class Marks:
    made = 0

    def __init__(self, name):
        Marks.made += 1
        self.name = name

    def process_request(self, request):
        request.state.setdefault("seen", []).append(self.name)

    def process_response(self, request, response):
        response.add_header("X-Seen", ",".join(request.state["seen"]))
        response.set_header("X-Made", f"{Marks.made} in {os.getpid()}")


class Refuses:
    def process_request(self, request):
        if request.path != "/act/pid":
            return {"refused": request.path}
"""


def marks(*names):
    return [{"class": "around.Marks", "options": {"name": name}} for name in names]


def test_the_lists_of_a_configuration_stand_around_its_requests(make_guavad):
    daemon = make_guavad(
        middleware=marks("a", "b"),
        routers=[
            {"type": "mvc", "package": "controllers", "middleware": marks("c")},
            {"type": "static", "mount_point": "/files", "directory": "."},
        ],
    )
    daemon.write("around.py", AROUND)
    daemon.start()
    answer = daemon.get("/act/pid")
    assert answer.headers.get_list("X-Seen") == ["a,b,c"] * 3
    assert answer.headers["X-Made"] == f"3 in {answer.text}"
    for path, status in (("/files/around.py", 200), ("/no/such", 404)):
        answer = daemon.get(path)
        assert answer.status_code == status
        assert answer.headers.get_list("X-Seen") == ["a,b"] * 2


def test_each_worker_of_a_preloading_guavad_makes_its_own(make_guavad):
    daemon = make_guavad(server={"preload": True}, middleware=marks("a"))
    daemon.write("around.py", AROUND)
    daemon.start()
    answer = daemon.get("/act/pid")
    assert answer.headers["X-Made"] == f"1 in {answer.text}"
    assert int(answer.text) in daemon.worker_pids()


def test_middleware_may_answer(make_guavad):
    daemon = make_guavad(middleware=["around.Refuses"])
    daemon.write("around.py", AROUND)
    daemon.start()
    assert daemon.get("/").json() == {"refused": "/"}
    assert daemon.get("/act/pid").text.isdigit()


def test_middleware_that_can_not_be_made_stops_the_start(make_guavad):
    daemon = make_guavad(middleware=["around.Marks"])
    daemon.write("around.py", AROUND)
    done = daemon.run("-c", str(daemon.config))
    assert done.returncode == 1
    [line] = [line for line in done.stderr.splitlines() if "around.Marks" in line]
    assert "missing 1 required positional argument: 'name'" in line
    assert f"{os.path.basename(daemon.config)}:" in line
