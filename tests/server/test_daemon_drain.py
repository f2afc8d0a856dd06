"""How the old generation leaves: nobody who was let in is sent away unanswered."""

import signal
import socket

import pytest
from http_client import Client, request
from load import loaded, mixed


def reload(guavad):
    done = guavad.run("-s", "reload")
    assert done.returncode == 0, done.stderr


def idle_client(guavad):
    """A client between two requests, for which its connection is kept."""
    while True:
        client = Client(guavad.port)
        answer = client.ask(request("/"))
        assert answer.text == "Hello World!"
        if not answer.is_last:
            return client
        client.socket.close()  # accepted by a generation that has just begun to drain


def ask_for_the_last_time(client):
    """Until the worker knows that it is to leave, and says so."""
    while True:
        answer = client.ask(request("/"))
        assert answer.text == "Hello World!"
        if answer.is_last:
            return


def test_an_idle_client_is_answered_once_more_by_the_old_generation(guavad):
    with idle_client(guavad) as client:
        reload(guavad)
        ask_for_the_last_time(client)
        assert client.at_end()
    guavad.wait_for_log("generation 1 is gone")


def test_an_idle_client_holds_the_old_generation_no_longer_than_graceful(make_guavad):
    guavad = make_guavad(timeouts={"graceful": "800ms"})
    guavad.start()
    with idle_client(guavad) as client:
        reload(guavad)
        assert client.at_end()
        guavad.wait_for_log("generation 1 is gone")
    assert "killed" not in guavad.log_text()


def test_an_idle_client_has_two_seconds_when_guavad_stops(make_guavad):
    guavad = make_guavad(timeouts={"graceful": "60s"})
    guavad.start()
    with idle_client(guavad) as silent, idle_client(guavad) as client:
        guavad.signal(signal.SIGTERM)
        guavad.wait_for_log("stopping when all requests are answered")
        ask_for_the_last_time(client)
        assert silent.at_end()
        assert guavad.wait() == 0


def test_generations_that_wait_for_idle_clients_do_not_pile_up(make_guavad):
    guavad = make_guavad(server={"workers": 1}, timeouts={"graceful": "60s"})
    guavad.start()
    clients = []
    for _ in range(6):
        clients.append(idle_client(guavad))
        reload(guavad)
    guavad.wait_for_log("generation 1 is gone")
    guavad.wait_for_log("generation 2 is gone")
    assert "generation 6 is gone" not in guavad.log_text()
    for client in clients:
        client.socket.close()


def test_a_dropped_address_is_served_until_the_old_generation_is_gone(make_guavad):
    guavad = make_guavad()
    listen = [f"127.0.0.1:{guavad.port}", "unix:old.sock"]
    guavad.configure(server={"workers": 1, "listen": listen})
    guavad.start()
    address = str(guavad.folder / "old.sock")
    slow = b"GET /act/sleep/1 HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.socket(socket.AF_UNIX) as under_way:
        under_way.connect(address)
        under_way.sendall(slow)
        guavad.wait_for_running("/act/sleep/1")
        guavad.configure(server={"listen": f"127.0.0.1:{guavad.port}"})
        reload(guavad)
        with socket.socket(socket.AF_UNIX) as late:
            late.connect(address)
            late.sendall(request("/"))
            assert under_way.recv(4096).startswith(b"HTTP/1.1 200 ")
            assert b"Connection: close" in late.recv(4096)
    guavad.wait_for_log("generation 1 is gone")
    with socket.socket(socket.AF_UNIX) as refused, pytest.raises(FileNotFoundError):
        refused.connect(address)
    assert guavad.get("/").text == "Hello World!"


def test_a_pipelined_request_that_came_too_late_cuts_no_answer(guavad):
    with idle_client(guavad) as client:
        reload(guavad)
        client.send_in_parts(request("/") * 200, 50)
        while not client.read().is_last:
            pass
        assert client.at_end()


RELOADS = [12, pytest.param(200, marks=pytest.mark.faults)]
BROKEN = "controllers/broken.py"
# What is wrong with a release, and how the log names it.
FAULTS = [
    ("guava.yaml", "routers: 7\n", "guava.yaml:1:10: expected a list"),
    (BROKEN, "def (:\n", "controllers/broken.py:1: SyntaxError"),
    (BROKEN, "\nraise LookupError\n", "controllers/broken.py:2: LookupError"),
    (
        BROKEN,
        "import time\ntime.sleep(60)\n",
        "controllers/broken.py:2: still being imported after timeouts.start (1s)",
    ),
    (
        BROKEN,
        "import os\nos.kill(os.getpid(), 9)\n",
        "the configuration check died of SIGKILL",
    ),
    (
        BROKEN,
        "import os\n"
        "with open('starts', 'a+') as file:\n"
        "    file.write('x')\n"
        "    if file.tell() > 2:  # behind the check and the first worker\n"
        "        os.kill(os.getpid(), 9)\n",
        "died of SIGKILL before it was ready",
    ),
]


def nothing_is_lost(clients):
    tally = clients.stop()
    print(tally)
    assert tally.lost == []
    assert tally.answered == tally.sent
    assert min(tally.answered[kind] for kind in tally.sent) > 0, tally


@pytest.mark.parametrize("count", RELOADS)
def test_reloads_under_28_clients_lose_no_request(make_guavad, count):
    guavad = loaded(make_guavad)
    clients = mixed(guavad.port)
    for _ in range(count):
        reload(guavad)
    nothing_is_lost(clients)


@pytest.mark.parametrize("count", RELOADS)
def test_recycling_and_reloads_of_a_mold_lose_no_request(make_guavad, count):
    guavad = loaded(
        make_guavad,
        server={"preload": True, "workers": 3},
        recycle={"age": "1ms", "at_once": 2},
    )
    clients = mixed(guavad.port)
    for number in range(count // 4):
        guavad.wait_for_log("another takes its place", times=number + 1)
        reload(guavad)
    nothing_is_lost(clients)


def try_broken(guavad, name, text, reason, times):
    """A reload that fails for the `times`-th time, and for this reason."""
    config = guavad.config.read_text()
    guavad.write(name, text)
    guavad.signal(signal.SIGHUP)
    news = "reload failed, generation"
    guavad.wait_for_log(news, times=times)
    failures = [line for line in guavad.log_text().splitlines() if news in line]
    assert reason in failures[-1]
    guavad.config.write_text(config)
    (guavad.folder / BROKEN).unlink(missing_ok=True)
    (guavad.folder / "starts").unlink(missing_ok=True)


@pytest.mark.parametrize("count", RELOADS)
def test_broken_reloads_between_good_ones_lose_no_request(make_guavad, count):
    guavad = loaded(make_guavad, timeouts={"start": "1s"})
    clients = mixed(guavad.port)
    for number in range(count):
        if number % 2:
            reload(guavad)
        else:
            fault = FAULTS[number // 2 % len(FAULTS)]
            try_broken(guavad, *fault, times=number // 2 + 1)
    nothing_is_lost(clients)
