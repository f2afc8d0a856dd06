"""Requests that are broken on purpose: thousands of mutations, cuts at every byte,
answers that are owed before a fault."""

import random
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from http_client import (
    Client,
    as_chunk,
    descriptors,
    engine_with_files,
    post,
    post_chunked,
    private,
    request,
)
from pattern import pattern

CORPUS = Path(__file__).parents[1] / "requests"
COUNT = 10_000
LARGE = 1_000_000
MAY_GROW = 256 * 1024  # bytes: what a second, identical round may add
TOKENS = [
    *(b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\0", b" ", b"\t", b":", b",", b";", b"%"),
    *(b"\x0b", b"\x7f", b"\x80", b"\xff", b"%2e%2e/", b"%00", b"%2F", b"?", b"#", b"*"),
    *(b"HTTP/1.1", b"HTTP/1.0", b"HTTP/1.2", b"GET ", b"POST ", b"HEAD ", b"OPTIONS "),
    *(b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n", b"Host: b\r\n"),
    *(b"Connection: close\r\n", b"Expect: 100-continue\r\n", b"X : y\r\n", b"X\r\n y"),
    *(b"0\r\n\r\n", b"5\r\nhello\r\n", b"ffffffffffffffff", b"-1", b"0x5", b"+5"),
    *(b"/do/echo", b"/do/body", b"/do/stream/300/7", b"/static/", b"http://a/"),
]


@pytest.fixture(scope="module")
def server(make_shared_guavad):
    return engine_with_files(make_shared_guavad, pattern(LARGE))


@pytest.fixture
def connect(server):
    return partial(Client, server.port)


# Mutations


class Mutator:
    """Broken requests, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        files = sorted(CORPUS.glob("*/*.http"))
        self.corpus = [file.read_bytes() for file in files]

    def _place(self, data):
        return self.random.randrange(len(data) + 1)

    def flip(self, data):
        at = self._place(data[1:])
        return (
            data[:at]
            + bytes([data[at] ^ 1 << self.random.randrange(8)])
            + data[at + 1 :]
        )

    def cut(self, data):
        return data[: self._place(data)]

    def drop(self, data):
        at = self._place(data)
        return data[:at] + data[at + self.random.randrange(1, 20) :]

    def splice(self, data):
        other = self.random.choice(self.corpus)
        return data[: self._place(data)] + other[self._place(other) :]

    def repeat(self, data):
        start, end = sorted((self._place(data), self._place(data)))
        return data[:end] + data[start:end] + data[end:]

    def insert(self, data):
        at = self._place(data)
        return data[:at] + self.random.choice(TOKENS) + data[at:]

    def glue(self, data):
        return data + self.random.choice(self.corpus)

    def mutated(self):
        ways = (self.flip, self.cut, self.drop, self.splice, self.repeat, self.insert)
        data = self.random.choice(self.corpus)
        for _ in range(self.random.randrange(1, 5)):
            data = self.random.choice((*ways, self.insert, self.glue))(data) or b"\r\n"
        return data


def send(client, data, random):
    """At once, or in up to 20 pieces."""
    if random.random() < 0.7:
        client.send(data)
        return
    for _ in range(20):
        size = random.choice((1, 2, 3, 10, 100, len(data)))
        client.send(data[:size])
        data = data[size:]
    client.send(data)


def leave(client, random):
    """Read to the end, or go away before."""
    way = random.choice(("read", "read", "read", "finish", "reset"))
    if way == "reset":
        client.reset()
        return
    client.finish()
    if way == "read":
        client.is_dropped()


def assail(port, seed, count=COUNT):
    mutator = Mutator(seed)
    for _ in range(count):
        with Client(port) as client:
            with suppress(ConnectionError):
                send(client, mutator.mutated(), mutator.random)
            with suppress(OSError):  # gone before we have said goodbye
                leave(client, mutator.random)


def test_ten_thousand_broken_requests_leave_nothing_behind(server):
    pids, files = server.worker_pids(), descriptors(server)
    assail(server.port, seed=1)
    server.eventually(lambda: descriptors(server) <= files, "closing")
    before = private(server)
    assail(server.port, seed=1)
    server.eventually(lambda: descriptors(server) <= files, "closing")
    assert private(server) - before < MAY_GROW
    assert server.worker_pids() == pids
    assert server.get("/").text == "Hello World!"
    assert "died" not in server.log_text()
    assert "Traceback" not in server.log_text()


# Bodies that are cut, or malformed


BODY = b"0123456789" * 3


def whole(target):
    """The same body in each framing."""
    return [post(target, BODY), post_chunked(target, [BODY[:7], BODY[7:]])]


@pytest.mark.parametrize("leave", [Client.finish, Client.reset, Client.__exit__])
@pytest.mark.parametrize("framing", [0, 1])
def test_a_request_cut_at_any_byte_does_not_reach_the_application(
    connect, server, framing, leave
):
    target = f"/do/target?cut-{framing}-{leave.__name__}"
    data = whole(target)[framing]
    for cut in range(len(data)):
        with connect(data[:cut]) as client:
            leave(client)
            if leave is Client.finish and cut > 0:
                assert client.read().status == 400
                assert client.at_end()
    assert target not in server.get("/do/asked").json()


def framing_places(data):
    """Where the bytes of a chunked request are framing, and not data."""
    start = data.index(b"\r\n\r\n") + 4
    inner = range(data.index(BODY), data.index(BODY) + len(BODY))
    return [at for at in range(start, len(data)) if at not in inner]


def test_a_body_with_a_fault_in_its_framing_is_never_taken_for_whole(connect, server):
    target = "/do/target?fault-in-framing"
    data = post_chunked(target, [BODY])
    for at in framing_places(data):
        for fault in {b"\0", b"\n", b"\r", b" ", b"-", b"\xff"} - {data[at : at + 1]}:
            with connect(data[:at] + fault + data[at + 1 :]) as client:
                answer = client.read()
                assert answer.status == 400
                assert answer.is_last
                assert client.at_end()
    assert target not in server.get("/do/asked").json()


MALFORMED = [
    b"5\r\nhelloX",
    b"5\r\nhello\n0\r\n\r\n",
    b"5\nhello\r\n0\r\n\r\n",
    b"0x5\r\nhello\r\n0\r\n\r\n",
    b"-5\r\nhello\r\n0\r\n\r\n",
    b"5 \r\nhello\r\n0\r\n\r\n",
    b"5;a\nb\r\nhello\r\n0\r\n\r\n",
    b"fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    b"5\r\nhello\r\n0\r\nX : y\r\n\r\n",
    b"\r\n",
]


@pytest.mark.parametrize("body", MALFORMED)
@pytest.mark.parametrize("good", [b"", as_chunk(b"x" * 70_000)])
def test_a_malformed_body_is_a_bad_request_and_nothing_else(
    connect, server, body, good
):
    target = "/do/target?malformed-chunks"
    head = request(target, "Transfer-Encoding: chunked", method="POST")
    with connect(head + good + body + request(target)) as client:
        answer = client.read()
        assert answer.status == 400
        assert answer.is_last
        assert client.at_end()
    assert target not in server.get("/do/asked").json()


# What is owed before a fault


@pytest.mark.parametrize("size", [10, 20_000, 400_000])
@pytest.mark.parametrize("fault", [b"GET / HTTP/1.1\r\nX : y\r\n\r\n", b"\0", b"\n"])
@pytest.mark.parametrize("pieces", [None, 5, 41])
def test_answers_before_a_fault_are_delivered_before_the_error(
    connect, size, fault, pieces
):
    """To a client that does not read before it has sent everything, too."""
    data = request(f"/do/bytes/{size}") * 4 + fault + request("/do/target?behind")
    with connect(receive_buffer=4096) as client:
        with suppress(ConnectionError):  # closed behind the fault
            client.send_in_parts(data, pieces or len(data))
        for _ in range(4):
            assert client.read().body == pattern(size)
        answer = client.read()
        assert answer.status == 400
        assert answer.is_last
        assert client.is_dropped()


@pytest.mark.parametrize("target", ["/do/stream/200000/999", "/static/large.bin"])
def test_a_slow_reader_gets_all_before_the_error(connect, server, target):
    data = request(target) * 2 + b"GET /\0 HTTP/1.1\r\n\r\n"
    expected = server.get(target).content
    assert len(expected) >= 200_000
    with connect(data, receive_buffer=4096) as client:
        for _ in range(2):
            assert client.read().body == expected
        assert client.read().status == 400
        assert client.at_end()
