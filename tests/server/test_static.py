"""Files: which are served, how, and that nothing else is."""

import os
import socket
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import partial

import pytest
from http_client import Client, descriptors, engine, old_request, request
from pattern import pattern

MODIFIED = 1_700_000_000
LARGE = 20_000_000


@pytest.fixture(scope="module")
def server(make_shared_guavad):
    guavad = engine(
        make_shared_guavad,
        start=False,
        routers=[
            {"type": "static", "mount_point": "/files", "directory": "public"},
            {
                "type": "static",
                "mount_point": "/listed",
                "directory": "public",
                "allow_index": True,
                "types": {".HTML": "text/x-page", ".tar.foo": "a/b; c=d"},
            },
            {
                "type": "table",
                "routes": {"/one": {"file": "public/page.html"}},
            },
        ],
    )
    write = guavad.write
    write("secret.txt", "secret")
    write("public/page.html", "<p>page</p>")
    write("public/empty.txt", "")
    write("public/a name & more.txt", "spaced")
    write("public/ümlaut.txt", "umlaut")
    write("public/.hidden", "hidden")
    write("public/.git/config", "hidden")
    write("public/sub/index.html", "index of sub")
    write("public/sub/deep/file.txt", "deep")
    write("public/bare/<b>.txt", "bold")
    write("public/bare/.hidden", "hidden")
    public = guavad.folder / "public"
    (public / "large.bin").write_bytes(pattern(LARGE))
    (public / "inside").symlink_to("page.html")
    (public / "sub/up").symlink_to("../page.html")
    (public / "links").mkdir()
    (public / "links/up").symlink_to("../page.html")
    (public / "inner").symlink_to("sub")
    (public / "outside").symlink_to("../secret.txt")
    (public / "absolute").symlink_to(guavad.folder / "secret.txt")
    (public / "parent").symlink_to("..")
    (public / "linked").mkdir()
    (public / "linked/index.html").symlink_to("../page.html")
    (public / "a dir & ü").mkdir()
    (public / "dangling").symlink_to("nowhere")
    (public / "loop").symlink_to("loop")
    os.mkfifo(public / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(public / "socket"))
    os.utime(public / "page.html", (MODIFIED, MODIFIED))
    guavad.start()
    return guavad


@pytest.fixture
def connect(server):
    return partial(Client, server.port)


@pytest.fixture
def get(connect):
    def get(target, *fields, method="GET"):
        with connect(request(target, *fields, method=method)) as client:
            return client.read(method)

    return get


@pytest.mark.parametrize(
    ("target", "text"),
    [
        ("/files/page.html", "<p>page</p>"),
        ("/files/page.html?version=1", "<p>page</p>"),
        ("/files/empty.txt", ""),
        ("/files/a%20name%20&%20more.txt", "spaced"),
        ("/files/%C3%BCmlaut.txt", "umlaut"),
        ("/files/%70age.html", "<p>page</p>"),
        ("/files/sub/deep/file.txt", "deep"),
        ("/files/sub/../page.html", "<p>page</p>"),
        ("/files/./page.html", "<p>page</p>"),
        ("/files/sub/", "index of sub"),
        ("/listed/sub/", "index of sub"),
        ("/files/inside", "<p>page</p>"),
        ("/files/sub/up", "<p>page</p>"),
        ("/files/inner/deep/file.txt", "deep"),
        ("/files/inner/", "index of sub"),
        ("/files/linked/", "<p>page</p>"),
        ("/one", "<p>page</p>"),
    ],
)
def test_a_file_is_served(get, target, text):
    answer = get(target)
    assert answer.status == 200
    assert answer.text == text


@pytest.mark.parametrize(
    "target",
    [
        "/files/none",
        "/files/page.html/",
        "/files/page.html/x",
        "/files/sub/deep/",
        "/files/",
        "/files//page.html",
        "/files/sub//index.html",
        "/files/.hidden",
        "/files/%2ehidden",
        "/files/.git/config",
        "/files/bare/.hidden",
        "/listed/.git/",
        "/files/../secret.txt",
        "/files/%2e%2e/secret.txt",
        "/files/%2E./secret.txt",
        "/files/..%2fsecret.txt",
        "/files/%2e%2e%2fsecret.txt",
        "/files/sub/../../secret.txt",
        "/files/sub/..%2f..%2fsecret.txt",
        "/files/sub%2findex.html",
        "/files/..%5csecret.txt",
        "/files/..;/secret.txt",
        "/files/%252e%252e/secret.txt",
        "/files/....//secret.txt",
        "/files/../../../../../../etc/passwd",
        "/files//etc/passwd",
        "/files/%2fetc/passwd",
        "/files/outside",
        "/files/absolute",
        "/files/parent/secret.txt",
        "/files/parent/",
        "/listed/parent/",
        "/files/dangling",
        "/files/loop",
        "/files/fifo",
        "/files/socket",
        "/files/" + "x" * 300,
        "/files/" + "x/" * 2000,
    ],
)
def test_nothing_else_is(get, target):
    answer = get(target)
    assert answer.status == 404
    assert "secret" not in answer.text


@pytest.mark.parametrize("target", ["/files/page.html%00", "/files/%zz", "/files/%ff"])
def test_what_is_no_path_is_a_bad_request(get, target):
    assert get(target).status == 400


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.HTM", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.png", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a.svg", "image/svg+xml"),
        ("a.woff2", "font/woff2"),
        ("a.pdf", "application/pdf"),
        ("a.unheard-of", "application/octet-stream"),
        ("none", "application/octet-stream"),
    ],
)
def test_a_file_has_the_type_of_its_name(server, get, name, kind):
    server.write(f"public/types/{name}", "x")
    assert get(f"/files/types/{name}").headers["content-type"] == kind


def test_a_router_may_have_types_of_its_own(server, get):
    server.write("public/types/a.tar.foo", "x")
    for target, kind in (
        ("/listed/types/a.tar.foo", "a/b; c=d"),
        ("/listed/page.html", "text/x-page"),
        ("/listed/sub/", "text/x-page"),
        ("/listed/types/a.txt", "text/plain; charset=utf-8"),
        ("/files/types/a.tar.foo", "application/octet-stream"),
        ("/one", "text/html; charset=utf-8"),
    ):
        server.write("public/types/a.txt", "x")
        assert get(target).headers["content-type"] == kind, target


def test_a_file_without_a_body_has_the_same_head(get):
    for target in ("/files/page.html", "/files/large.bin", "/listed/", "/files/sub"):
        whole, head = get(target), get(target, method="HEAD")
        assert head.body == b""
        for answer in (whole, head):
            del answer.headers["date"], answer.headers["x-request-id"]
        assert head.headers == whole.headers
        assert head.status == whole.status


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_files_are_only_read(get, method):
    answer = get("/files/page.html", method=method)
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert get("/files/none", method=method).status == 404


# Conditional requests (RFC 9110, section 13.1.3)


def http_date(moment):
    return format_datetime(datetime.fromtimestamp(moment, UTC), usegmt=True)


def test_a_file_says_when_it_was_modified(get):
    said = get("/files/page.html").headers["last-modified"]
    assert parsedate_to_datetime(said).timestamp() == MODIFIED


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (http_date(MODIFIED), 304),
        (http_date(MODIFIED + 1), 304),
        (http_date(MODIFIED - 1), 200),
        ("Tuesday, 14-Nov-23 22:13:20 GMT", 304),
        ("Tue Nov 14 22:13:20 2023", 304),
        ("yesterday", 200),
        ("", 200),
    ],
)
def test_a_file_that_is_known_is_not_sent_again(get, since, status):
    for method in ("GET", "HEAD"):
        answer = get("/files/page.html", f"If-Modified-Since: {since}", method=method)
        assert answer.status == status
        assert ("last-modified" in answer.headers) == (status == 200)


def test_other_methods_are_not_conditional(get):
    field = f"If-Modified-Since: {http_date(MODIFIED)}"
    assert get("/files/page.html", field, method="POST").status == 405


# Directories


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/files/sub", "/files/sub/"),
        ("/files/sub?a=b&c", "/files/sub/?a=b&c"),
        ("/files/sub/deep", "/files/sub/deep/"),
        ("/files/x/../sub", "/files/sub/"),
        ("/files", "/files/"),
        ("http://test/files/sub", "/files/sub/"),
        ("http://test/files/sub?a=//b", "/files/sub/?a=//b"),
        ("/files/%73ub", "/files/sub/"),
        ("/files/a%20dir%20&%20%C3%BC", "/files/a%20dir%20%26%20%C3%BC/"),
        ("/files/sub?/../..//evil.example", "/files/sub/?/../..//evil.example"),
        ("/files/bare", "/files/bare/"),
    ],
)
def test_a_directory_is_redirected_to_its_slash(get, target, location):
    answer = get(target)
    assert answer.status == 308
    assert answer.headers["location"] == location


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/files/../sub",
        "//evil.example/%2e%2e/files/sub",
        "//evil.example/../files",
        "//evil.example/%2e%2e",
        "///evil.example/..",
        "/%2f%2fevil.example/..",
        "/%5cevil.example/%2e%2e/files/sub",
        "/\\/evil.example/../files/sub",
        "/.//evil.example/../files/sub",
        "http://test//evil.example/../files/sub",
        "http://test/%2e%2e//evil.example/../files",
        "/%2fevil.example/../files/sub",
        "/\\evil.example/../files/sub",
        "/files/..//evil.example/../files/sub",
    ],
)
def test_no_redirect_leads_to_another_host(get, target):
    location = get(target).headers.get("location", "/")
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))


def test_a_listing_is_only_shown_where_it_is_allowed(get):
    assert get("/files/bare/").status == 404
    listing = get("/listed/bare/")
    assert listing.status == 200
    assert listing.headers["content-type"] == "text/html; charset=utf-8"


def test_a_listing_names_files_safely_and_hides_what_is_hidden(get):
    text = get("/listed/bare/").text
    assert "&lt;b&gt;.txt" in text
    assert "<b>" not in text
    assert '"./%3Cb%3E.txt"' in text
    assert ".hidden" not in text


def test_a_listing_names_what_can_be_had(get):
    text = get("/listed/").text
    for name in ("page.html", "large.bin", "sub/", "inside"):
        assert f'"./{name}"' in text
    for name in ("fifo", "socket", "dangling", "loop", "outside", "absolute", "parent"):
        assert f'"./{name}' not in text
    assert '"./up"' in get("/listed/links/").text


# Large files


@pytest.mark.parametrize("make", [request, old_request])
def test_a_large_file_arrives_byte_for_byte(connect, make):
    with connect(make("/files/large.bin")) as client:
        answer = client.read()
        assert answer.headers["content-length"] == str(LARGE)
        assert answer.body == pattern(LARGE)


def test_two_large_files_arrive_at_once(connect):
    asks = request("/files/large.bin")
    with connect(asks) as first, connect(asks) as second:
        first.head()
        second.head()
        body = pattern(LARGE)
        step = LARGE // 50
        for at in range(0, LARGE, step):
            assert first._exactly(step) == body[at : at + step]
            assert second._exactly(step) == body[at : at + step]


def test_a_file_that_shrinks_while_it_is_sent_is_cut_off(server, connect):
    path = server.folder / "public/shrinking.bin"
    path.write_bytes(pattern(LARGE))
    before = descriptors(server)
    with connect(request("/files/shrinking.bin"), receive_buffer=4096) as client:
        assert client.head().headers["content-length"] == str(LARGE)
        os.truncate(path, 100)
        assert len(client.rest()) < LARGE
    server.eventually(lambda: descriptors(server) <= before, "closing")
    assert server.get("/files/page.html").status_code == 200


def test_a_file_that_grows_while_it_is_sent_keeps_its_length(server, connect):
    path = server.folder / "public/growing.bin"
    path.write_bytes(pattern(LARGE))
    asks = request("/files/growing.bin") + request("/files/page.html")
    with connect(asks, receive_buffer=4096) as client:
        head = client.head()
        with path.open("ab") as file:
            file.write(b"more" * 1000)
        assert client._exactly(int(head.headers["content-length"])) == pattern(LARGE)
        assert client.read().text == "<p>page</p>"


def test_a_file_that_is_replaced_while_it_is_sent_is_sent_as_it_was(server, connect):
    path = server.folder / "public/replaced.bin"
    path.write_bytes(pattern(LARGE))
    with connect(request("/files/replaced.bin"), receive_buffer=4096) as client:
        client.head()
        server.write("public/new.bin", "new").rename(path)
        assert client._exactly(LARGE) == pattern(LARGE)
    assert server.get("/files/replaced.bin").text == "new"


def test_a_fifo_with_a_writer_does_not_hold_the_worker(server, get):
    fifo = server.folder / "public/fifo"
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    writer = os.open(fifo, os.O_WRONLY)
    try:
        assert get("/files/fifo").status == 404
    finally:
        os.close(reader)
        os.close(writer)
