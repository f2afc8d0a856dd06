"""Request, as the engine makes it, while it is answered and afterwards."""

import gc
import socket
import threading

import pytest
from http_client import PATIENCE, old_request, post, post_chunked, request
from hypothesis import given, settings
from hypothesis import strategies as st
from live import Live, answering, descriptors
from pattern import pattern

from guava._core import Headers, Request
from guava.errors import BadRequest

FORM = "Content-Type: application/x-www-form-urlencoded"
ATTRIBUTES = [
    *("method", "url", "path", "raw_path", "query", "host", "scheme", "version"),
    *("client", "id", "body", "HEADERS", "GET", "POST", "FILES", "COOKIES"),
]
IN_MEMORY, ON_DISK = pattern(500), pattern(300_000)
SMALL = {"limits": {"body_memory": 1000}}
# What the engine itself reads.
RESERVED = {
    *("host", "connection", "content-length", "transfer-encoding", "expect", "cookie"),
}


def seen(data, *names, **settings):
    """The attributes of the request that the engine makes of `data`."""
    values = []

    def handler(asked):
        values.extend(getattr(asked, name) for name in names)
        return ""

    with answering(handler, **settings) as live:
        assert live.ask(data).status == 200
    return values


def kept(data, **settings):
    """The request that the engine makes of `data`, looked into for the first time
    when it has been answered and its connection and server are gone."""
    requests = []

    def handler(asked):
        requests.append(asked)
        return ""

    with answering(handler, **settings) as live:
        assert live.ask(data).status == 200
        for _ in range(3):  # buffers are used again
            live.ask(post("/other?other=1", b"other" * 100, "X-Moon: other"))
    gc.collect()
    return requests[0]


def test_a_request_has_what_was_sent():
    data = request("/a%20b/%2F?c=d&e", "X-Moon: full", "Cookie: f=g")
    assert seen(data, "method", "url", "path", "raw_path", "query") == [
        *("GET", "/a%20b/%2F?c=d&e", "/a b//", "/a%20b/%2F", "c=d&e"),
    ]
    assert seen(data, "host", "scheme", "version", "client", "body", "GET") == [
        *("test", "http", "1.1", "127.0.0.1", b"", {"c": "d", "e": ""}),
    ]
    assert seen(data, "HEADERS", "COOKIES", "POST", "FILES") == [
        *({"host": "test", "x-moon": "full", "cookie": "f=g"}, {"f": "g"}, {}, {}),
    ]


def test_an_old_request_is_one_of_version_1_0():
    assert seen(old_request("/"), "version", "host", "HEADERS") == ["1.0", "", {}]


def test_an_absolute_url_names_the_host():
    data = b"GET http://example.org:81/a?b HTTP/1.1\r\nHost: example.org:81\r\n\r\n"
    assert seen(data, "url", "host", "path", "query") == [
        *("http://example.org:81/a?b", "example.org:81", "/a", "b"),
    ]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_the_method_is_named(method):
    assert seen(request(method=method), "method") == [method]


def test_fields_of_one_name_are_joined():
    data = request("/", "X-A: 1", "x-a: 2", "Cookie: a=1", "COOKIE: b=2", "X-B:")
    [headers, cookies] = seen(data, "HEADERS", "COOKIES")
    assert isinstance(headers, Headers)
    assert headers["X-A"] == "1, 2"
    assert headers["X-B"] == ""
    assert headers["Cookie"] == "a=1; b=2"
    assert cookies == {"a": "1", "b": "2"}


def test_bytes_outside_ascii_are_the_characters_of_that_number():
    data = request("/", "X-A: caf?").replace(b"?", b"\xe9")
    assert seen(data, "HEADERS")[0]["x-a"] == "caf\u00e9"


FIELD_NAMES = st.text("abcXYZ019!#$%&'*+-.^_`|~", min_size=1).filter(
    lambda name: name.lower() not in RESERVED
)
FIELD_VALUES = st.text(
    st.characters(max_codepoint=0xFF, exclude_categories=["Cc"]) | st.just("\t")
)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(FIELD_NAMES, FIELD_VALUES), max_size=8))
def test_fields_arrive_as_they_were_sent(pairs):
    sent = "".join(f"{name}: {value}\r\n" for name, value in pairs)
    data = f"GET / HTTP/1.1\r\nHost: a\r\n{sent}\r\n".encode("latin-1")
    expected = {"host": "a"}
    for name, value in pairs:
        name, value = name.lower(), value.strip(" \t")
        expected[name] = f"{expected[name]}, {value}" if name in expected else value
    seen = []
    with answering(lambda asked: seen.append(dict(asked.HEADERS)) or "") as live:
        assert live.ask(data).status == 200
    assert seen == [expected]


def test_ids_are_those_of_the_log():
    ids = []

    def handler(asked):
        ids.append(asked.id)
        raise ZeroDivisionError

    with answering(handler) as live:
        assert live.ask().status == live.ask().status == 500
        assert len(set(ids)) == 2
        for name in ids:
            assert len(name) == 16
            assert int(name, 16) >= 0
            assert f"request {name}, GET /" in live.log


def test_a_client_on_a_unix_socket_has_no_address(tmp_path):
    path = str(tmp_path / "socket")
    clients = []

    def handler(asked):
        clients.append(asked.client)
        return ""

    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen()
    with Live(lambda server: server.mount_callable("/", handler), listener):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(PATIENCE)
            client.connect(path)
            client.sendall(request())
            assert client.recv(100).startswith(b"HTTP/1.1 200 ")
    assert clients == ["unix"]


def test_a_live_request_has_no_session_and_says_so():
    errors = []

    def handler(asked):
        with pytest.raises(RuntimeError, match="no session") as caught:
            _ = asked.SESSION
        errors.append(caught)
        return ""

    with answering(handler) as live:
        assert live.ask().status == 200
    assert errors


def test_a_live_request_is_looked_into_once_and_read_only_but_for_its_method():
    def handler(asked):
        assert type(asked) is Request
        for name in ATTRIBUTES:
            assert getattr(asked, name) is getattr(asked, name)
            wrong = TypeError if name == "method" else AttributeError
            with pytest.raises(wrong):
                setattr(asked, name, None)
        return repr(asked)

    with answering(handler) as live:
        answer = live.ask(post("/a?b=c", b"d=e", FORM))
        assert (answer.status, answer.text) == (200, "<Request POST /a?b=c>")


def test_what_init_is_told_of_a_live_request_is_no_danger():
    def handler(asked):
        asked.__init__("/other?a=1", body=b"other")
        return f"{asked.path} {asked.body!r} {asked.HEADERS['Host']}"

    with answering(handler) as live:
        assert live.ask(post("/a", b"body")).text == "/other b'other' test"


@pytest.mark.parametrize("body", [b"", IN_MEMORY, ON_DISK])
@pytest.mark.parametrize("send", [post, lambda path, body: post_chunked(path, [body])])
def test_the_body_is_whole_and_so_is_its_file(body, send):
    def handler(asked):
        assert asked.body == body
        with asked.body_file as first, asked.body_file as second:
            assert first.read() == second.read() == body
        return ""

    if body or send is post:
        with answering(handler, **SMALL) as live:
            assert live.ask(send("/", body)).status == 200, live.log


@pytest.mark.parametrize("body", [IN_MEMORY, ON_DISK])
def test_files_of_one_body_have_their_own_positions(body):
    def handler(asked):
        first, second = asked.body_file, asked.body_file
        with first, second:
            assert first.read(100) == body[:100]
            assert second.read(10) == body[:10]
            assert first.read(100) == body[100:200]
            second.seek(-10, 2)
            assert second.read() == body[-10:]
            assert first.read() == body[200:]
        with asked.body_file as third:
            assert third.read() == asked.body == body
        return ""

    with answering(handler, **SMALL) as live:
        assert live.ask(post("/", body)).status == 200, live.log


def test_the_file_of_a_body_is_not_written_to():
    def handler(asked):
        with asked.body_file as file:
            assert not file.writable()
        return ""

    with answering(handler, **SMALL) as live:
        assert live.ask(post("/", ON_DISK)).status == 200, live.log


def test_a_malformed_form_stays_one():
    def handler(asked):
        for name in ("POST", "FILES"):
            with pytest.raises(BadRequest):
                getattr(asked, name)
        return asked.POST

    with answering(handler) as live:
        kind = "Content-Type: multipart/form-data; boundary=b"
        assert live.ask(post("/", b"no form", kind)).status == 400


# Kept


@pytest.mark.parametrize("body", [b"a=1", b"a=" + IN_MEMORY, b"a=" + ON_DISK])
def test_a_request_that_is_kept_has_all_that_it_had(body):
    data = post("/a%20b?c=d", body, FORM, "Cookie: e=f", "X-Moon: full")
    asked = kept(data, **SMALL)
    assert (asked.method, asked.url, asked.path) == ("POST", "/a%20b?c=d", "/a b")
    assert (asked.raw_path, asked.query) == ("/a%20b", "c=d")
    assert (asked.host, asked.scheme, asked.version) == ("test", "http", "1.1")
    assert asked.client == "127.0.0.1"
    with asked.body_file as file:
        assert asked.body == file.read() == body
    assert list(asked.HEADERS) == [
        *("host", "content-length", "content-type", "cookie", "x-moon"),
    ]
    assert asked.HEADERS["X-Moon"] == "full"
    assert (asked.GET, asked.COOKIES) == ({"c": "d"}, {"e": "f"})
    form, files = asked.POST, asked.FILES
    assert (form, files) == ({"a": body[2:].decode()}, {})
    assert int(asked.id, 16) > 0


def test_a_kept_request_with_a_decoded_path_and_many_fields_is_whole():
    fields = [f"X-{number}: {'x' * number}" for number in range(90)]
    asked = kept(request("/" + "a%2Fb/" * 100, *fields))
    assert asked.path == "/" + "a/b/" * 100
    assert [asked.HEADERS[f"x-{n}"] for n in range(90)] == ["x" * n for n in range(90)]


def test_a_kept_request_holds_its_file_until_it_goes():
    requests = []

    def handler(asked):
        requests.append(asked)
        return ""

    with answering(handler, **SMALL) as live, live.client() as client:
        client.ask(request())
        before = descriptors()
        for _ in range(5):
            assert client.ask(post("/", ON_DISK)).status == 200
        assert descriptors() == before + 5
        files = [asked.body_file for asked in requests[1:]]
        requests.clear()
        assert [file.read() for file in files] == [ON_DISK] * 5
        for file in files:
            file.close()
        assert descriptors() == before


@pytest.mark.parametrize("body", [IN_MEMORY, ON_DISK])
def test_a_thread_goes_on_with_a_request_that_is_answered(body):
    answered, results, threads = threading.Event(), [], []

    def work(asked):
        results.append((asked.method, asked.GET))
        assert answered.wait(PATIENCE)
        results.append((asked.path, asked.body, asked.HEADERS["X-Moon"]))

    def handler(asked):
        threads.append(threading.Thread(target=work, args=[asked]))
        threads[0].start()
        return "soon"

    with answering(handler, **SMALL) as live:
        assert live.ask(post("/a?b=c", body, "X-Moon: full")).text == "soon"
        answered.set()
        threads[0].join(PATIENCE)
    assert results == [("POST", {"b": "c"}), ("/a", body, "full")]


def test_threads_look_into_one_request_at_once():
    def handler(asked):
        found, barrier = [], threading.Barrier(8)

        def look():
            barrier.wait(PATIENCE)
            found.append(
                (asked.GET, asked.POST, asked.HEADERS["Host"], asked.body_file.read())
            )

        threads = [threading.Thread(target=look) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        assert found == [({"b": "c"}, {"d": "e" * 5000}, "test", asked.body)] * 8
        return ""

    with answering(handler, **SMALL) as live:
        data = post("/a?b=c", b"d=" + b"e" * 5000, FORM)
        assert live.ask(data).status == 200, live.log


def test_pipelined_requests_that_are_kept_do_not_mix():
    requests = []

    def handler(asked):
        requests.append(asked)
        return ""

    data = b"".join(post(f"/{n}?n={n}", b"%d" % n, f"X-N: {n}") for n in range(50))
    with answering(handler) as live, live.client(data) as client:
        for _ in range(50):
            assert client.read().status == 200
    for number, asked in enumerate(requests):
        assert (asked.path, asked.body) == (f"/{number}", b"%d" % number)
        assert asked.GET["n"] == asked.HEADERS["X-N"] == str(number)
