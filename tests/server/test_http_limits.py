"""Every limit: what is at it is served, what is over it by one is refused."""

import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from http_client import Client, engine, old_request, request

LINE, FIELDS, COUNT = 128, 512, 8


@pytest.fixture(scope="module")
def server(make_shared_guavad):
    limits = {
        "request_line": f"{LINE}B",
        "headers": f"{FIELDS}B",
        "header_count": COUNT,
    }
    return engine(make_shared_guavad, limits=limits)


@pytest.fixture
def connect(server):
    return partial(Client, server.port)


def sockets(guavad):
    """(state, bytes that nobody has read) of the sockets of its port (proc(5))."""
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    port = f":{guavad.port:04X}"
    fields = [row.split() for row in rows]
    return [(f[3], int(f[4][9:], 16)) for f in fields if f[1].endswith(port)]


def connections(guavad):
    return sum(state == "01" for state, _ in sockets(guavad))


def unread(guavad):
    return sum(count for _, count in sockets(guavad))


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def with_line(length):
    """A request whose first line has this many bytes before its CRLF."""
    target = "/do/target?".ljust(length - len("GET  HTTP/1.1"), "x")
    return request(target)


def with_fields(length):
    """A request whose field lines have this many bytes together."""
    host = "Host: test\r\n"
    return request("/", "X-Long: ".ljust(length - len(host) - 2, "x"))


def with_field_count(count):
    return request("/", *["X: y"] * (count - 1))


WAYS = [Client.send, Client.send_in_parts, partial(Client.send_in_parts, size=100)]
LIMITS = [
    (with_line, LINE, 414),
    (with_fields, FIELDS, 431),
    (with_field_count, COUNT, 431),
]


@pytest.mark.parametrize("send", WAYS)
@pytest.mark.parametrize(("make", "limit", "status"), LIMITS)
def test_a_request_at_the_limit_is_served(connect, send, make, limit, status):
    with connect() as client:
        for _ in range(2):
            send(client, make(limit))
            assert client.read().status == 200


@pytest.mark.parametrize("send", WAYS)
@pytest.mark.parametrize(("make", "limit", "status"), LIMITS)
def test_a_request_over_the_limit_is_refused(connect, send, make, limit, status):
    with connect() as client:
        send(client, make(limit + 1))
        answer = client.read()
        assert answer.status == status
        assert answer.is_last
        assert client.at_end()


@pytest.mark.parametrize(
    ("start", "status"),
    [
        (b"GET /" + b"x" * LINE * 2, 414),
        (b"X" * LINE * 2, 414),
        (b"\r\n" * LINE, 414),
        (b"GET / HTTP/1.1\r\nHost: " + b"x" * FIELDS * 2, 431),
        (b"GET / HTTP/1.1\r\n" + b"x" * FIELDS * 2, 431),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * (COUNT + 1), 431),
    ],
)
def test_what_can_only_be_over_the_limit_is_refused_before_its_end(
    connect, start, status
):
    with connect(start) as client:
        assert client.read().status == status
        assert client.at_end()


@pytest.mark.parametrize(
    ("start", "status"),
    [
        (b"X" * LINE, 414),
        (b"GET /".ljust(LINE - 15, b"x"), 414),
        (b"GET / HTTP/1.1\r\n" + b"x" * FIELDS, 431),
    ],
)
def test_a_few_bytes_over_the_limit_are_refused_when_they_come(
    server, connect, start, status
):
    with connect(start) as client:
        assert server.get("/").status_code == 200  # and so `start` has been read
        client.send(b"x" * 20)
        assert client.read().status == status
        assert client.at_end()


def test_the_limits_are_those_of_one_request(connect):
    with connect(
        with_line(LINE) + with_fields(FIELDS) + with_field_count(COUNT)
    ) as one:
        assert [one.read().status for _ in range(3)] == [200] * 3


def test_http_1_0_has_the_same_limits(connect):
    with connect(old_request("/" + "x" * LINE)) as client:
        assert client.read().status == 414


@contextmanager
def clients_with_a_request_under_way(guavad, count):
    clients = [Client(guavad.port) for _ in range(count)]
    for client in clients:
        assert client.ask(request()).status == 200
        client.send(b"GET / HTTP/1.1\r\n")
    guavad.eventually(
        lambda: connections(guavad) == count and unread(guavad) == 0, "reading"
    )
    yield clients
    for client in clients:
        client.send(b"Host: test\r\n\r\n")
        assert client.read().status == 200
        client.socket.close()


def test_a_connection_over_the_limit_is_told_to_come_later(make_guavad):
    guavad = engine(make_guavad, limits={"connections": 3})
    connect = partial(Client, guavad.port)
    with clients_with_a_request_under_way(guavad, 3):
        for _ in range(5):
            with connect() as refused:
                answer = refused.read()
                assert answer.status == 503
                assert answer.is_last
                assert answer.headers["retry-after"] == "1"
                assert "<h1>503 Service Unavailable</h1>" in answer.text
                assert refused.at_end()
    guavad.eventually(lambda: guavad.get("/").status_code == 200, "room for another")


def test_a_refused_connection_may_have_sent_its_request(make_guavad):
    guavad = engine(make_guavad, limits={"connections": 1})
    with clients_with_a_request_under_way(guavad, 1):
        for _ in range(20):
            assert guavad.get("/").status_code == 503


def test_idle_connections_are_given_up_first_and_the_oldest_of_them(make_guavad):
    guavad = engine(make_guavad, limits={"connections": 4})
    with clients_with_a_request_under_way(guavad, 1):
        idle = [Client(guavad.port) for _ in range(3)]
        for client in [*idle, idle[0]]:  # idle[1] is the longest without a request
            assert client.ask(request()).status == 200
        with Client(guavad.port) as newcomer:
            assert newcomer.ask(request()).status == 200
            assert idle[1].at_end()
            for client in (idle[0], idle[2]):
                assert client.ask(request()).status == 200
        for client in idle:
            client.socket.close()


def test_more_clients_than_connections_are_all_served_in_turn(make_guavad):
    guavad = engine(make_guavad, limits={"connections": 5})
    clients = []
    for _ in range(50):
        clients.append(Client(guavad.port))
        assert clients[-1].ask(request()).status == 200
    assert all(client.at_end() for client in clients[:45])
    for client in clients[45:]:
        assert client.ask(request()).status == 200
    for client in clients:
        client.socket.close()


def test_without_descriptors_idle_connections_make_room(make_guavad):
    guavad = engine(make_guavad, start=False)
    guavad.command = ["prlimit", "--nofile=64", *guavad.command]
    guavad.start()
    clients = []
    for _ in range(200):
        clients.append(Client(guavad.port))
        assert clients[-1].ask(request()).status == 200
    for client in clients:
        client.socket.close()


@pytest.mark.parametrize("target", ["/app.js", "/folder/", "/other/", "/file"])
def test_without_descriptors_a_file_is_not_said_to_be_missing(make_guavad, target):
    static = {"type": "static", "directory": "public", "fallback": "index.html"}
    static |= {"allow_index": True}
    table = {"type": "table", "routes": {"/file": {"file": "public/app.js"}}}
    guavad = engine(make_guavad, start=False, routers=[table, static])
    for name in ("index.html", "app.js", "folder/index.html", "other/x"):
        guavad.write(f"public/{name}", name)
    guavad.command = ["prlimit", "--nofile=64", *guavad.command]
    guavad.start()
    with Client(guavad.port) as client:
        assert client.ask(request("/index.html")).status == 200
        begun, rest = request("/index.html")[:-2], b"\r\n" + request(target)
        client.send(begun)
        guavad.eventually(lambda: unread(guavad) == 0, "reading")
        silent = [Client(guavad.port) for _ in range(100)]
        guavad.wait_for_log("connections can not be accepted: Too many open files")
        client.send(rest)
        client.read()
        answer = client.read()
        assert answer.status == 503
        assert answer.headers["retry-after"] == "1"
        assert "cache-control" not in answer.headers
        for other in silent:
            other.socket.close()
    guavad.eventually(lambda: guavad.get(target).status_code == 200, "descriptors")


def test_without_descriptors_accepting_waits_and_goes_on(make_guavad):
    guavad = engine(make_guavad, start=False)
    guavad.command = ["prlimit", "--nofile=64", *guavad.command]
    guavad.start()
    [worker] = guavad.worker_pids()
    silent = [Client(guavad.port) for _ in range(100)]
    guavad.wait_for_log("connections can not be accepted: Too many open files")
    before = cpu_seconds(worker)
    with Client(guavad.port, request()) as waiting:
        waiting.socket.settimeout(1)
        with pytest.raises(TimeoutError):
            waiting.read()
        assert cpu_seconds(worker) - before < 0.5, "accepting spins"
        for client in silent:
            client.socket.close()
        waiting.socket.settimeout(10)
        assert waiting.read().status == 200
    assert guavad.log_text().count("can not be accepted") == 1
