"""Answers: their framing, their fields, what HEAD leaves out, streams, error pages."""

import re
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from urllib.parse import quote

import pytest
from http_client import Client, as_chunk, engine, old_request, post, request
from pattern import pattern


@pytest.fixture(scope="module")
def server(make_shared_guavad):
    guavad = engine(
        make_shared_guavad,
        start=False,
        routers=[
            {"type": "static", "mount_point": "/static", "directory": "public"},
            {"type": "rest", "mount_point": "/api", "package": "engine.api"},
            {"type": "mvc", "mount_point": "/", "package": "engine"},
        ],
    )
    guavad.write("public/small.txt", "small")
    guavad.write("public/large.txt", "large" * 10_000)
    guavad.start()
    return guavad


@pytest.fixture
def connect(server):
    return partial(Client, server.port)


# HEAD (RFC 9110, section 9.3.2)


@pytest.mark.parametrize("make", [request, old_request])
@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/none",
        "/do/bytes/100",
        "/do/bytes/100000",
        "/do/words",
        "/do/failing/2",
        "/do/failure",
        "/do/status/204",
        "/do/status/404",
        "/static/small.txt",
        "/static/large.txt",
        "/static/none",
    ],
)
def test_head_is_get_without_a_body(connect, make, target):
    answers = []
    for method in ("GET", "HEAD"):
        with connect(make(target, method=method)) as client:
            answers.append(client.head())
            if method == "HEAD":
                client.finish()
                assert client.at_end()
    for answer in answers:
        del answer.headers["date"], answer.headers["x-request-id"]
    assert answers[0] == answers[1]


def test_a_head_request_keeps_the_connection(connect):
    with connect() as client:
        for target in ("/", "/do/words", "/do/bytes/100000", "/static/large.txt"):
            client.send(request(target, method="HEAD") + request())
            assert client.read("HEAD").status == 200
            assert client.read().text == "Hello World!"


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_that_can_have_no_body_has_none(connect, status):
    with connect(request(f"/do/status/{status}") + request()) as client:
        assert client.read().status == status
        assert client.read().text == "Hello World!"


@pytest.mark.parametrize("size", [0, 1, 16383, 16384, 16385, 70_000, 3_000_000])
def test_bodies_of_all_sizes_arrive_whole(connect, size):
    with connect() as client:
        answer = client.ask(request(f"/do/bytes/{size}"))
        assert answer.headers["content-length"] == str(size)
        assert answer.body == pattern(size)
        assert client.ask(request()).text == "Hello World!"


# Streams


@pytest.mark.parametrize(
    ("size", "chunk"), [(0, 1), (100, 1), (100_000, 7777), (3_000_000, 500_000)]
)
def test_an_iterator_is_sent_in_chunks(connect, size, chunk):
    with connect() as client:
        for _ in range(2):
            answer = client.ask(request(f"/do/stream/{size}/{chunk}"))
            assert answer.headers["transfer-encoding"] == "chunked"
            assert answer.body == pattern(size)


def test_each_item_is_a_chunk_and_an_empty_one_is_none(connect):
    with connect(request("/do/words", "Connection: close")) as client:
        client.head()
        assert client.rest() == b"".join(map(as_chunk, (b"one", b"two", b"three", b"")))


def test_http_1_0_gets_a_stream_that_ends_with_the_connection(connect):
    asks = old_request("/do/stream/100000/999", "Connection: keep-alive")
    with connect(asks) as client:
        answer = client.head()
        assert answer.is_last
        assert "transfer-encoding" not in answer.headers
        assert "content-length" not in answer.headers
        assert client.rest() == pattern(100_000)


def test_a_chunk_arrives_when_it_is_made(connect):
    with connect(request("/do/slowly/0.3")) as client:
        client.head()
        assert client._line() == b"5"
        before = time.monotonic()
        assert client._exactly(7) == b"first\r\n"
        assert client._line() == b"6"
        assert time.monotonic() - before > 0.1


@pytest.mark.parametrize("chunks", [0, 1, 3])
def test_a_stream_that_fails_is_cut_off(connect, server, chunks):
    times = server.log_text().count("RuntimeError: the stream broke")
    with connect(request(f"/do/failing/{chunks}")) as client:
        assert client.head().status == 200
        assert client.rest() == as_chunk(b"a chunk ") * chunks
    server.wait_for_log("RuntimeError: the stream broke", times + 1)
    assert re.search(
        r"request [0-9a-f]{16}, while streaming its answer: Traceback",
        server.log_text(),
    )
    assert server.get("/").text == "Hello World!"


@pytest.mark.parametrize("chunks", [0, 3])
def test_a_failed_stream_does_not_look_whole_to_http_1_0(connect, chunks):
    with connect(old_request(f"/do/failing/{chunks}")) as client:
        with pytest.raises(ConnectionResetError):
            client.rest()


def test_what_was_written_goes_before_a_stream(connect):
    with connect(request("/do/written_stream", "Connection: close")) as client:
        client.head()
        assert client.rest() == b"".join(map(as_chunk, (b"first", b"second", b"")))


@pytest.mark.parametrize("headers", ["[['X-A', 'b']]", "[('X-A',)]", "7"])
def test_malformed_headers_of_a_response_are_an_error(connect, server, headers):
    with connect(request(f"/do/with_headers?is={quote(headers)}")) as client:
        assert client.read().status == 500


def test_an_answer_without_a_body_has_no_type(connect):
    with connect(request("/do/status/204")) as client:
        assert "content-type" not in client.read().headers


def test_a_stream_is_closed_when_its_client_leaves(connect, server):
    with connect(request("/do/endless/left")) as client:
        client.socket.recv(100_000)
    server.wait_for_log("the stream left was closed")


def test_a_stream_is_closed_that_head_does_not_want(connect, server):
    with connect(request("/do/closing/head", method="HEAD")) as client:
        assert client.read("HEAD").status == 200
    server.wait_for_log("the stream head was closed")


# Fields of every answer


def test_the_date_is_the_present(connect):
    with connect() as client:
        first = client.ask(request()).headers["date"]
        said = parsedate_to_datetime(first)
        assert abs((said - datetime.now(UTC)).total_seconds()) < 2
        deadline = time.monotonic() + 3
        while client.ask(request()).headers["date"] == first:
            assert time.monotonic() < deadline
        later = parsedate_to_datetime(client.ask(request()).headers["date"])
        assert 0 < (later - said).total_seconds() <= 2
        assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT", first)


def test_answers_name_the_server(connect):
    for data in (request(), request("/none"), b"nonsense\r\n\r\n"):
        with connect(data) as client:
            assert client.read().headers["server"] == "guava"


def test_the_server_header_can_be_turned_off(make_guavad):
    guavad = engine(make_guavad, server={"workers": 1, "server_header": False})
    for data in (request(), request("/none"), b"nonsense\r\n\r\n"):
        with Client(guavad.port, data) as client:
            assert "server" not in client.read().headers


def test_nothing_of_the_fields_is_superfluous(connect):
    with connect(request()) as client:
        assert set(client.read().headers) == {
            "server", "date", "content-length", "content-type", "x-request-id"
        }  # fmt: skip


# Errors of the server's own


ERRORS = [
    (request("/none", "{accept}"), 404),
    (request("/static/small.txt", "{accept}", method="PUT"), 405),
    (request("/%zz", "{accept}"), 400),
    (request("/do/failure", "{accept}"), 500),
    (request("/", "Content-Length: 99999999", "{accept}", method="POST"), 413),
    (old_request("/", "{accept}", method="POST"), 411),
]


@pytest.mark.parametrize(("data", "status"), ERRORS)
@pytest.mark.parametrize(
    ("accept", "is_json"),
    [
        ("Accept: application/json", True),
        ("Accept: application/json, text/html;q=0.9", True),
        ("accept: APPLICATION/JSON", True),
        ("Accept: application/*", True),
        ("Accept: text/html, application/json;q=0.9", False),
        ("Accept: text/html,application/xhtml+xml,*/*;q=0.8", False),
        ("Accept: */*", False),
        ("X-Accept: application/json", False),
    ],
)
def test_errors_are_pages_or_json_as_the_client_likes(
    server, connect, data, status, accept, is_json
):
    with connect(data.replace(b"{accept}", accept.encode())) as client:
        answer = client.read()
    assert answer.status == status
    if is_json:
        assert answer.headers["content-type"] == "application/json"
        expected = f'{{"status":{status},"error":"{answer.reason}"}}\n'
        assert answer.text == expected
    else:
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert f"<h1>{status} {answer.reason}</h1>" in answer.text


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: test\r\nBad Name: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\nHost: test\n\n", 400),
        (b"BREW / HTTP/1.1\r\nHost: test\r\n\r\n", 501),
        (b"GET / HTTP/2.0\r\nHost: test\r\n\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    ],
)
def test_what_is_no_request_gets_an_error_and_the_connection_ends(
    connect, data, status
):
    with connect(data) as client:
        answer = client.read()
        assert answer.status == status
        assert answer.is_last
        assert f"<h1>{status} {answer.reason}</h1>" in answer.text
        assert client.at_end()


def test_a_method_that_a_file_does_not_take_is_answered_by_those_it_takes(connect):
    with connect() as client:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = client.ask(request("/static/small.txt", method=method))
            assert answer.status == 405
            assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_method_that_a_resource_lacks_is_answered_by_those_it_has(connect):
    with connect() as client:
        answer = client.ask(post("/api/things/1", b"x"))
        assert answer.status == 405
        assert answer.headers["allow"] == "GET, HEAD, DELETE, OPTIONS"
        answer = client.ask(request("/api/things", method="DELETE"))
        assert answer.status == 405
        assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_options_says_what_is_allowed(connect):
    with connect() as client:
        answer = client.ask(request("/api/things/1", method="OPTIONS"))
        assert answer.status == 204
        assert answer.headers["allow"] == "GET, HEAD, DELETE, OPTIONS"
        answer = client.ask(request("*", method="OPTIONS"))
        assert answer.status == 204
        assert "GET" in answer.headers["allow"]


def test_an_exception_is_logged_with_its_request(connect, server):
    with connect(request("/do/failure?logged")) as client:
        assert client.read().status == 500
    line = server.wait_for_log("GET /do/failure?logged: Traceback")
    assert re.search(r"request [0-9a-f]{16}, GET /do/failure\?logged", line)
    server.wait_for_log("RuntimeError: the action broke")
