"""Request bodies: both framings, in pieces, in memory and in files, over the limit."""

import hashlib
from contextlib import suppress
from functools import partial
from pathlib import Path

import httpx
import pytest
from http_client import (
    Client,
    as_chunk,
    descriptors,
    engine,
    old_request,
    post,
    post_chunked,
    request,
)

LIMIT = 1024 * 1024
IN_MEMORY = 64 * 1024
TEXT = b"".join(b"line %09d\n" % number for number in range(10_000))


@pytest.fixture(scope="module")
def server(make_shared_guavad):
    return engine(make_shared_guavad)


@pytest.fixture
def connect(server):
    return partial(Client, server.port)


def parts(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


def test_a_body_has_the_length_it_names(connect):
    with connect() as client:
        for size in (0, 1, 15, 1000, 5000):
            assert client.ask(post("/do/echo", TEXT[:size])).body == TEXT[:size]


def test_a_chunked_body_is_decoded(connect):
    with connect() as client:
        for size in (1, 2, 10, 11, 4096):
            data = post_chunked("/do/echo", parts(TEXT[:5000], size))
            assert client.ask(data).body == TEXT[:5000]


def test_an_empty_chunked_body_is_a_body(connect):
    with connect(post_chunked("/do/echo", [])) as client:
        assert client.read().body == b""


def test_extensions_trailers_and_capitals_of_chunks_are_understood(connect):
    head = request("/do/echo", "Transfer-Encoding: chunked", method="POST")
    body = b'A;name=value;quoted="x"\r\n0123456789\r\n00B\r\nabcdefghijk\r\n0\r\n'
    with connect(head + body + b"X-Sum: 1\r\n\r\n" + request()) as client:
        assert client.read().body == b"0123456789abcdefghijk"
        assert client.read().text == "Hello World!"


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize("make", [post, lambda to, body: post_chunked(to, [body] * 2)])
def test_a_body_may_come_in_pieces(connect, make, size):
    data = make("/do/echo", TEXT[:400]) + request()
    with connect() as client:
        client.send_in_parts(data, size)
        assert client.read().body in (TEXT[:400], TEXT[:400] * 2)
        assert client.read().text == "Hello World!"


def test_what_looks_like_a_request_within_a_body_is_none(connect):
    inner = request("/do/target?inner")
    with connect(post("/do/echo", inner) + post_chunked("/do/echo", [inner])) as client:
        assert client.read().body == inner
        assert client.read().body == inner
        assert "/do/target?inner" not in client.ask(request("/do/asked")).text


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_a_body_behind_other_methods_is_no_request(connect, method):
    inner = request("/do/failure")
    field = f"Content-Length: {len(inner)}"
    with connect(request("/", field, method=method) + inner + request()) as client:
        assert client.read().text == "Hello World!"
        assert client.read().text == "Hello World!"


# In memory and in files


@pytest.mark.parametrize("framing", [post, lambda to, b: post_chunked(to, [b])])
@pytest.mark.parametrize(
    ("size", "is_file"),
    [
        (0, False),
        (100, False),
        (IN_MEMORY, False),
        (IN_MEMORY + 1, True),
        (LIMIT, True),
    ],
)
def test_a_large_body_waits_in_an_unlinked_file(connect, framing, size, is_file):
    data = (TEXT * 10)[:size]
    with connect(framing("/do/body", data)) as client:
        answer = httpx.Response(200, content=client.read().body).json()
    digest = hashlib.sha256(data).hexdigest()
    assert answer["length"] == size
    assert answer["body"] == digest
    assert answer["body_file"] == digest
    assert answer["is_unlinked_file"] == is_file


def test_uploads_leave_no_files_behind(server):
    before = descriptors(server)
    with httpx.Client(base_url=server.url(""), timeout=10) as client:
        for _ in range(20):
            assert client.post("/do/body", content=TEXT * 5).status_code == 200
    server.eventually(lambda: descriptors(server) <= before, "closing")


# Over the limit


def test_a_body_may_be_as_large_as_the_limit(server):
    data = (TEXT * 10)[:LIMIT]
    assert server.post("/do/echo", content=data).content == data
    chunked = server.post("/do/echo", content=iter(parts(data, 100_000)))
    assert chunked.content == data


@pytest.mark.parametrize(
    "data",
    [
        request("/", f"Content-Length: {LIMIT + 1}", method="POST"),
        request("/", f"Content-Length: {2**63 - 1}", method="POST"),
        request("/", "Transfer-Encoding: chunked", method="POST")
        + b"%x\r\n" % (LIMIT + 1),
        request("/", "Transfer-Encoding: chunked", method="POST")
        + as_chunk(TEXT) * (LIMIT // len(TEXT))
        + b"%x\r\n" % (LIMIT % len(TEXT) + 1),
    ],
)
def test_a_body_over_the_limit_is_refused_before_it_comes(connect, data):
    with connect(data) as client:
        answer = client.read()
        assert answer.status == 413
        assert answer.is_last
        assert client.at_end()


@pytest.mark.parametrize("as_content", [lambda data: data, lambda data: iter([data])])
def test_a_client_that_sends_a_body_over_the_limit_can_read_why(server, as_content):
    answer = server.post("/do/echo", content=as_content(TEXT * 60))
    assert answer.status_code == 413


def test_nothing_of_a_refused_body_is_taken_as_a_request(connect):
    inner = request("/do/target?refused") * 10
    head = request("/", f"Content-Length: {LIMIT * 2}", method="POST")
    with connect(head + inner) as client:
        assert client.read().status == 413
        assert client.at_end()
    with connect(request("/do/asked")) as client:
        assert "/do/target?refused" not in client.read().text


# Without a length


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_http_1_0_must_name_the_length(connect, method):
    with connect(old_request("/do/echo", method=method) + b"body") as client:
        assert client.read().status == 411
        assert client.at_end()


def test_http_1_0_may_send_a_body(connect):
    head = old_request("/do/echo", "Content-Length: 4", method="POST")
    with connect(head + b"body") as client:
        assert client.read().body == b"body"


def test_a_post_of_http_1_1_without_a_length_has_no_body(connect):
    with connect(request("/do/echo", method="POST") + request()) as client:
        assert client.read().body == b""
        assert client.read().text == "Hello World!"


# Expect (RFC 9110, section 10.1.1)

EXPECT = "Expect: 100-continue"


@pytest.mark.parametrize("expect", [EXPECT, "expect: 100-Continue"])
@pytest.mark.parametrize(
    ("framing", "body"),
    [
        ("Content-Length: 4", b"body"),
        ("Transfer-Encoding: chunked", b"4\r\nbody\r\n0\r\n\r\n"),
    ],
)
def test_a_client_that_waits_is_asked_for_its_body(connect, expect, framing, body):
    with connect(request("/do/echo", framing, expect, method="POST")) as client:
        assert client.read().status == 100
        client.send(body)
        assert client.read().text == "body"
        assert client.ask(request()).text == "Hello World!"


def test_a_client_that_does_not_wait_is_not_asked(connect):
    with connect(post("/do/echo", b"body", EXPECT)) as client:
        answer = client.read()
        assert answer.status == 200
        assert answer.text == "body"


def test_a_request_without_a_body_is_not_asked_for_one(connect):
    with connect(request("/", EXPECT)) as client:
        assert client.read().status == 200


def test_a_body_over_the_limit_is_not_asked_for(connect):
    field = f"Content-Length: {LIMIT + 1}"
    with connect(request("/", field, EXPECT, method="POST")) as client:
        assert client.read().status == 413
        assert client.at_end()


def test_http_1_0_is_not_asked_for_a_body(connect):
    head = old_request("/do/echo", "Content-Length: 4", EXPECT, method="POST")
    with connect(head) as client:
        client.send(b"body")
        assert client.read().status == 200


def test_another_expectation_fails(connect):
    with connect(request("/", "Expect: the-unexpected")) as client:
        answer = client.read()
        assert answer.status == 417
        assert answer.is_last
        assert client.at_end()


def test_answers_before_an_invitation_are_sent_with_it(connect):
    asks = request("/do/echo", "Content-Length: 4", EXPECT, method="POST")
    with connect(request() + asks) as client:
        assert client.read().text == "Hello World!"
        assert client.read().status == 100
        assert client.ask(b"body").text == "body"


# Others meanwhile


def test_a_slow_upload_holds_no_worker(connect, server):
    data = post("/do/echo", TEXT[:2000])
    with connect(data[:200]) as slow:
        for at in range(200, len(data), 200):
            assert server.get("/").text == "Hello World!"
            slow.send(data[at : at + 200])
        assert slow.read().body == TEXT[:2000]


def test_many_uploads_at_once_do_not_mix(connect):
    bodies = [b"%05d" % number * 20_000 for number in range(20)]
    clients = [
        connect(request("/do/echo", "Content-Length: 100000", method="POST"))
        for _ in bodies
    ]
    for start in range(0, 100_000, 10_000):
        for client, body in zip(clients, bodies, strict=True):
            client.send(body[start : start + 10_000])
    for client, body in zip(clients, bodies, strict=True):
        with client:
            assert client.read().body == body


def test_a_form_and_its_files_come_from_a_body_on_disk(server):
    upload = {"data": ("data.bin", TEXT)}
    answer = server.post("/do/form", data={"name": "guava"}, files=upload)
    assert answer.json() == {
        "name": "guava",
        "filename": "data.bin",
        "sha256": hashlib.sha256(TEXT).hexdigest(),
    }


def test_a_body_that_the_disk_refuses_is_503(make_guavad, monkeypatch, tmp_path):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "missing"))
    guavad = engine(make_guavad)
    assert guavad.post("/do/echo", content=b"x" * IN_MEMORY).status_code == 200
    answer = guavad.post("/do/echo", content=b"x" * (IN_MEMORY + 1))
    assert answer.status_code == 503
    guavad.wait_for_log("a body is refused: a temporary file can not be made")
    assert guavad.get("/").status_code == 200


def test_files_of_bodies_have_so_much_room_and_give_it_back(make_guavad):
    size = 100_000
    guavad = engine(make_guavad, limits={"body": "100KiB", "body_disk": "250KiB"})
    head = request("/do/body", f"Content-Length: {size}", method="POST")
    for _ in range(3):
        first, second = (Client(guavad.port, head + b"x" * (size - 1)) for _ in "12")
        with first, second:
            guavad.eventually(lambda: open_files(guavad) == 2, "files of both bodies")
            third = guavad.post("/do/body", content=b"x" * size)
            assert third.status_code == 503
            assert third.headers["retry-after"] == "1"
            assert first.ask(b"x").status == 200
            assert guavad.post("/do/body", content=b"x" * size).status_code == 200
            second.reset()
        guavad.eventually(lambda: open_files(guavad) == 0, "closing")
    guavad.wait_for_log("no room for bodies in files (limits.body_disk)")


def open_files(guavad):
    """How many unlinked files the only worker holds."""
    [pid] = guavad.worker_pids()
    links = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            links.append(str(entry.readlink()))
    return sum("/#" in link and link.endswith("(deleted)") for link in links)


# Cut short


@pytest.mark.parametrize(
    "data",
    [
        post("/do/target", b"body")[:-1],
        post_chunked("/do/target", [b"body"])[:-1],
        post_chunked("/do/target", [b"body"])[:-9],
        request("/do/target")[:-1],
        post("/do/target", TEXT)[:-1],
    ],
)
def test_a_request_that_is_cut_short_is_400_and_runs_nothing(connect, data):
    with connect(request("/do/asked")) as client:
        before = client.read().text
    with connect(data) as client:
        client.finish()
        answer = client.read()
        assert answer.status == 400
        assert answer.is_last
        assert client.at_end()
    with connect(request("/do/asked")) as client:
        assert client.read().text == before


@pytest.mark.parametrize("blank", [b"", b"\r\n", b"\r\n\r"])
def test_an_end_between_requests_is_no_fault(connect, blank):
    with connect(request() + blank) as client:
        assert client.read().status == 200
        client.finish()
        assert client.at_end()
