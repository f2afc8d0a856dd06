"""Workers that have served long enough, and requests that kill workers."""

import re

import httpx
import pytest
from http_client import Client, request
from respawn import BUSY, respawn_times


def ready_lines(guavad):
    return re.findall(r"worker (\d+) \(pid (\d+).* is ready", guavad.log_text())


def assert_old_left_after_new_was_ready(guavad, why):
    """The log of one replacement: why, the new one ready, the old one gone."""
    line = guavad.wait_for_log(why)
    number, old = re.search(r"worker (\d+) \(pid (\d+)", line).groups()
    guavad.wait_for_log(f"pid {old}, generation 1) left")
    log = guavad.log_text()
    new = next(pid for n, pid in reversed(ready_lines(guavad)) if n == number)
    assert new != old
    assert log.index(line) < log.index(f"(pid {new}, generation 1) is ready")
    assert log.index(f"(pid {new}, generation 1) is ready") < log.index(
        f"pid {old}, generation 1) left"
    )


def test_a_worker_is_replaced_after_its_requests(make_guavad):
    guavad = make_guavad(server={"workers": 1}, recycle={"requests": 50})
    guavad.start()
    with Client(guavad.port) as client:
        answers = [client.ask(request("/act/pid")).text for _ in range(56)]
        assert len(set(answers)) == 1
        guavad.wait_for_log("has had 5")
        guavad.wait_for_log("is ready", times=2)
        last = client.ask(request("/act/pid"))
        while not last.is_last:
            last = client.ask(request("/act/pid"))
        assert last.text == answers[0]
    assert_old_left_after_new_was_ready(guavad, "has had 5")
    assert guavad.get("/act/pid").text != answers[0]


def test_a_worker_is_replaced_when_it_has_grown(make_guavad):
    guavad = make_guavad(server={"workers": 1}, recycle={"memory": "100MiB"})
    guavad.write(
        "controllers/grow.py",
        "import guava\n"
        "kept = []\n"
        "class GrowController(guava.controller.Controller):\n"
        "    def index(self):\n"
        "        kept.append(bytearray(100 << 20))\n"
        "        return 'grown'\n",
    )
    guavad.start()
    assert guavad.get("/grow").text == "grown"
    assert_old_left_after_new_was_ready(guavad, "MiB of memory")


def test_a_worker_is_replaced_when_it_is_old(make_guavad):
    guavad = make_guavad(server={"workers": 1}, recycle={"age": "1s"})
    guavad.start()
    assert_old_left_after_new_was_ready(guavad, "has served for 1 s")


def test_workers_are_replaced_one_at_a_time(make_guavad):
    guavad = make_guavad(server={"workers": 3}, recycle={"age": "1ms"})
    guavad.start()
    guavad.wait_for_log("another takes its place", times=4)
    under_way = 0
    for line in guavad.log_text().splitlines():
        under_way += "another takes its place" in line
        under_way -= line.endswith(" left")
        assert under_way <= 1, line


def test_a_worker_serves_on_while_the_one_for_its_place_does_not_start(make_guavad):
    guavad = make_guavad(server={"workers": 1}, recycle={"age": "1ms"})
    guavad.start()
    [old] = guavad.worker_pids()
    guavad.write("controllers/index.py", "raise LookupError('no luck')\n")
    guavad.wait_for_log("could not be loaded", times=2)
    assert guavad.get("/act/pid").status_code == 200
    assert old in guavad.worker_pids()


def test_an_unlimited_worker_is_not_replaced(make_guavad):
    guavad = make_guavad(server={"workers": 1}, timeouts={"request": "1s"})
    guavad.start()
    [worker] = guavad.worker_pids()
    with Client(guavad.port) as client:
        for _ in range(2000):
            client.ask(request("/"))
    assert guavad.worker_pids() == [worker]


@pytest.mark.parametrize(
    ("at_once", "steps"),
    [
        (1, ["starts", "is ready"] * 3),
        (2, ["starts", "is ready", "starts", "starts", "is ready", "is ready"]),
    ],
)
def test_a_reload_starts_one_worker_and_then_so_many_at_a_time(
    make_guavad, at_once, steps
):
    guavad = make_guavad(
        server={"workers": 3}, log={"level": "debug"}, recycle={"at_once": at_once}
    )
    guavad.start()
    assert guavad.run("-s", "reload").returncode == 0
    step = r"worker \d \(pid \d+, generation 2\) (starts|is ready)"
    assert re.findall(step, guavad.log_text()) == steps


def crash(guavad, path):
    with pytest.raises(httpx.RemoteProtocolError):
        guavad.get(path)


def test_a_request_that_kills_workers_again_and_again_is_named(guavad):
    for number in range(3):
        crash(guavad, f"/act/die/SIGKILL?try={number}")
        guavad.wait_for_log("is ready", times=3 + number)
    guavad.wait_for_log("GET /act/die/SIGKILL has killed 3 workers within 10 minutes")


def test_an_action_that_kills_workers_again_and_again_is_named(guavad):
    for number, name in enumerate(["SIGKILL", "SIGSEGV", "SIGBUS"]):
        crash(guavad, f"/act/die/{name}")
        guavad.wait_for_log("is ready", times=3 + number)
    guavad.wait_for_log("GET /act/die/* has killed 3 workers within 10 minutes")


@pytest.mark.parametrize("times", [BUSY, pytest.param(1, marks=pytest.mark.faults)])
def test_a_killed_worker_is_replaced_within_a_tenth_of_a_second(make_guavad, times):
    guavad = make_guavad(server={"workers": 1})
    guavad.start()
    assert min(respawn_times(guavad, 4)) < 0.1 * times
