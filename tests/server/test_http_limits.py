"""Every limit: what is at it is served, what is over it by one is refused."""

from functools import partial

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


def test_a_connection_over_the_limit_is_told_to_come_later(make_guavad):
    guavad = engine(make_guavad, limits={"connections": 3})
    connect = partial(Client, guavad.port)
    with connect() as first, connect() as second, connect() as third:
        for client in (first, second, third):
            assert client.ask(request()).status == 200
        for _ in range(5):
            with connect() as refused:
                answer = refused.read()
                assert answer.status == 503
                assert answer.is_last
                assert answer.headers["retry-after"] == "1"
                assert "<h1>503 Service Unavailable</h1>" in answer.text
                assert refused.at_end()
        for client in (first, second, third):
            assert client.ask(request()).status == 200
    guavad.eventually(lambda: guavad.get("/").status_code == 200, "room for another")


def test_a_refused_connection_may_have_sent_its_request(make_guavad):
    guavad = engine(make_guavad, limits={"connections": 1})
    with Client(guavad.port, request()) as first:
        assert first.read().status == 200
        for _ in range(20):
            assert guavad.get("/").status_code == 503
