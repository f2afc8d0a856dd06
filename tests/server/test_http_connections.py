"""Connections: how long they live, in what order they answer, what a client that
stops reading or leaves does to the others."""

import socket
from contextlib import suppress
from functools import partial

import pytest
from http_client import (
    PATIENCE,
    Client,
    descriptors,
    engine_with_files,
    old_request,
    post,
    request,
    resident,
)
from pattern import pattern

LARGE = 32 * 1024 * 1024
ENOUGH = 20_000_000  # bytes that no socket takes for a process that does not read


@pytest.fixture(scope="module")
def server(make_shared_guavad):
    return engine_with_files(make_shared_guavad, pattern(LARGE))


@pytest.fixture
def connect(server):
    return partial(Client, server.port)


# Keep-alive (RFC 9112, section 9.3)


@pytest.mark.parametrize(
    "data",
    [
        request(),
        request("/", "Connection: keep-alive"),
        request("/", "Connection: upgrade-insecure, te"),
        old_request("/", "Connection: keep-alive"),
        old_request("/", "Connection: Keep-Alive"),
        old_request("/", "Connection: te ,\tKEEP-ALIVE , x"),
        old_request("/", "Connection: te", "Connection: keep-alive"),
    ],
)
def test_a_connection_is_kept(connect, data):
    with connect() as client:
        for _ in range(3):
            answer = client.ask(data)
            assert answer.status == 200
            assert not answer.is_last


@pytest.mark.parametrize(
    "data",
    [
        request("/", "Connection: close"),
        request("/", "connection: x, Close"),
        request("/", "Connection: keep-alive, close"),
        request("/", "Connection: keep-alive", "Connection: close"),
        old_request(),
        old_request("/", "Connection: close"),
        old_request("/", "Connection: close, keep-alive"),
        old_request("/", "Keep-Alive: timeout=5"),
    ],
)
def test_a_connection_is_closed_after_its_answer(connect, data):
    with connect(data) as client:
        answer = client.read()
        assert answer.status == 200
        assert answer.text == "Hello World!"
        assert answer.is_last
        assert client.at_end()


def test_http_1_0_is_told_that_its_connection_is_kept(connect):
    with connect(old_request("/", "Connection: keep-alive")) as client:
        assert client.read().headers["connection"] == "keep-alive"


def test_both_versions_share_a_connection(connect):
    with connect(request() + old_request() + request()) as client:
        assert not client.read().is_last
        assert client.read().is_last
        assert client.at_end()


def test_what_follows_the_last_request_is_not_answered(connect):
    with connect(request("/", "Connection: close") + request("/do/failure")) as client:
        assert client.read().status == 200
        assert client.at_end()


# Pipelining


def test_pipelined_requests_are_answered_in_order(connect):
    targets = [f"/do/target?{number}" for number in range(500)]
    with connect(b"".join(map(request, targets))) as client:
        assert [client.read().text for _ in targets] == targets


def test_pipelined_answers_leave_in_few_segments(connect):
    count = 100
    with connect() as client:
        length = len(request()) * count
        client.send(request() * count)
        for _ in range(count):
            assert client.read().text == "Hello World!"
        info = client.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        assert length < 65536
        # struct tcp_info, linux/tcp.h: tcpi_data_segs_in
        assert 0 < int.from_bytes(info[152:156], "little") < 10


def test_pipelined_answers_of_all_kinds_keep_their_order(connect):
    data = [
        (request("/do/target?1"), 200, b"/do/target?1"),
        (request("/static/hello.txt"), 200, b"hello from a file"),
        (request("/do/stream/5000/777"), 200, pattern(5000)),
        (request("/none"), 404, None),
        (request("/do/bytes/65536"), 200, pattern(65536)),
        (request("/do/failure"), 500, None),
        (post("/do/echo", b"some text"), 200, b"some text"),
        (request("/static/hello.txt", method="POST"), 405, None),
        (request("/do/words"), 200, b"onetwothree"),
        (request("/static/large.bin"), 200, pattern(LARGE)),
        (request("/do/status/204"), 204, b""),
        (request("/do/target?2"), 200, b"/do/target?2"),
    ]
    with connect(b"".join(sent for sent, _, _ in data)) as client:
        for sent, status, body in data:
            answer = client.read()
            assert answer.status == status, sent
            if body is not None:
                assert answer.body == body
        assert client.ask(request()).status == 200


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost : test\r\n\r\n", 400),
        (b"BREW / HTTP/1.1\r\nHost: test\r\n\r\n", 501),
        (b"GET / HTTP/3.0\r\nHost: test\r\n\r\n", 505),
        (request("/", "Content-Length: 3", "Transfer-Encoding: chunked"), 400),
        (request("/", "Content-Length: 3", "Content-Length: 4"), 400),
        (request("/", "Content-Length: -1"), 400),
        (request("/", "Transfer-Encoding: gzip"), 400),
        (request("/", "Transfer-Encoding: gzip, chunked"), 501),
        (request("/", "Transfer-Encoding: chunked", method="POST") + b"x\r\n", 400),
        (request("/", "Expect: a-miracle"), 417),
        (old_request("/", "Transfer-Encoding: chunked", method="POST"), 400),
        (old_request("/", "Connection: keep-alive", method="POST"), 411),
        (old_request("/", "Connection: keep-alive", method="PUT"), 411),
    ],
)
def test_lost_framing_closes_the_connection_behind_the_good_answers(
    connect, server, bad, status
):
    good = request("/do/target?good") + request("/static/hello.txt")
    glued = request(f"/do/target?glued-{status}")
    with connect(good + bad + glued * 2) as client:
        assert client.read().text == "/do/target?good"
        assert client.read().text == "hello from a file"
        answer = client.read()
        assert answer.status == status
        assert answer.is_last
        assert client.at_end()
    assert f"/do/target?glued-{status}" not in server.get("/do/asked").json()


def test_an_error_that_keeps_the_framing_keeps_the_connection(connect):
    with connect() as client:
        for data, status in [
            (request("/none"), 404),
            (request("/static/hello.txt", method="DELETE"), 405),
            (request("/%zz"), 400),
            (request("/%00"), 400),
            (request("/do/failure"), 500),
            (post("/none", b"GET /do/failure HTTP/1.1\r\n\r\n"), 404),
        ]:
            answer = client.ask(data)
            assert answer.status == status
            assert not answer.is_last
        assert client.ask(request()).text == "Hello World!"


# Pieces


def test_requests_may_come_byte_by_byte(connect):
    data = (
        request("/do/target?a", "Accept: */*") + post("/do/echo", b"text") + request()
    )
    with connect() as client:
        client.send_in_parts(data)
        assert client.read().text == "/do/target?a"
        assert client.read().text == "text"
        assert client.read().text == "Hello World!"


@pytest.mark.parametrize("size", [2, 3, 7, 17, 50, 63])
def test_requests_may_be_cut_anywhere(connect, size):
    targets = [f"/do/target?{number}" for number in range(20)]
    with connect() as client:
        client.send_in_parts(b"".join(map(request, targets)), size)
        assert [client.read().text for _ in targets] == targets


def test_empty_lines_before_a_request_are_skipped(connect):
    with connect(b"\r\n\r\n" + request() + b"\r\n" + request()) as client:
        assert client.read().status == 200
        assert client.read().status == 200


# Clients that leave


def test_a_half_closed_client_gets_its_answers(connect):
    with connect(request("/do/target?1") + request("/do/bytes/1000000")) as client:
        client.finish()
        assert client.read().text == "/do/target?1"
        assert len(client.read().body) == 1000000
        assert client.at_end()


def test_a_reset_after_any_byte_is_harmless(connect, server):
    [worker], before = server.worker_pids(), descriptors(server)
    data = request() + post("/do/echo", b"0123456789") + request("/static/hello.txt")
    for length in range(len(data) + 1):
        connect(data[:length]).reset()
    assert server.get("/").status_code == 200
    server.eventually(lambda: descriptors(server) <= before, "closing")
    assert server.worker_pids() == [worker]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GET / HT",
        request() + b"GET",
        post("/do/echo", b"x" * 1000)[:-10],
        request("/", "Transfer-Encoding: chunked", method="POST") + b"ff\r\nxx",
        post("/do/body", b"x" * 300000)[:-10],
        request("/do/bytes/5000000"),
        request("/do/stream/1000000/1000"),
        request("/static/large.bin"),
        request("/do/endless/reset"),
    ],
)
@pytest.mark.parametrize("leave", [Client.reset, Client.__exit__])
def test_clients_that_leave_give_everything_back(connect, server, data, leave):
    before = descriptors(server)
    for _ in range(5):
        client = connect(data)
        if data.endswith(b"\r\n\r\n"):
            client.socket.recv(1000)
        leave(client)
    assert server.get("/").status_code == 200
    server.eventually(lambda: descriptors(server) <= before, "closing")


# Back-pressure


def stalled(connect, data):
    """A client that sends until the server reads no more, and reads nothing."""
    client = connect(receive_buffer=4096)
    client.socket.settimeout(0.3)
    sent = 0
    with suppress(TimeoutError):
        while sent < ENOUGH:
            sent += client.socket.send(data)
    client.socket.settimeout(PATIENCE)
    return client, sent


@pytest.mark.parametrize(
    "target",
    ["/do/bytes/500000", "/do/target", "/do/stream/500000/9999", "/static/large.bin"],
)
def test_a_client_that_does_not_read_is_not_read(connect, server, target):
    server.get(target)
    before = resident(server)
    client, sent = stalled(connect, request(target) * 200)
    with client:
        assert server.get("/").text == "Hello World!"
        assert resident(server) - before < 4_000_000
        assert client.read().status == 200
    assert sent < ENOUGH


def test_a_client_that_reads_again_gets_everything(connect, server):
    size = 3_000_000
    with connect(
        request(f"/do/bytes/{size}") * 3 + request("/do/target?end"),
        receive_buffer=4096,
    ) as client:
        assert server.get("/").text == "Hello World!"
        for _ in range(3):
            assert client.read().body == pattern(size)
        assert client.read().text == "/do/target?end"


def test_a_stream_without_end_leaves_the_others_their_turns(connect, server):
    with connect(request("/do/endless/turns")) as client:
        assert client.head().status == 200
        client.socket.recv(100_000)
        for _ in range(3):
            assert server.get("/").text == "Hello World!"
        client.reset()
    server.wait_for_log("the stream turns was closed")
