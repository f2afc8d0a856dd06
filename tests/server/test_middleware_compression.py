"""Compression of what a server sends, as it comes over the wire."""

import re
import threading
import zlib

import pytest
import zstandard
from http_client import PATIENCE, request
from live import Live, acting

from guava._core import Action
from guava.controller import Controller
from guava.middleware import Compression

TEXT = "The moon is full. " * 200


class PageController(Controller):
    def text(self):
        return TEXT

    def json(self):
        return [TEXT] * 3

    def streamed(self):
        self.set_header("Content-Type", "text/event-stream")
        return (f"data: {number}\n\n" for number in range(3))

    def known(self):
        return None if self.cached(etag="7") else TEXT

    def broken(self):
        yield TEXT
        raise RuntimeError("broken by intent")


@pytest.fixture
def live(tmp_path):
    (tmp_path / "small.txt").write_text(TEXT)
    (tmp_path / "large.txt").write_text(TEXT * 500)

    def mount(server):
        names = ("text", "json", "streamed", "known", "broken")
        actions = {name: Action(PageController, name) for name in names}
        server.mount_mvc("/", {"page": actions})
        server.mount_static("/files/", str(tmp_path))
        server.set_surroundings_of_all([Compression()])

    with Live(mount) as live:
        yield live


def accepting(coding):
    return f"Accept-Encoding: {coding}"


def decoder(coding):
    if coding == "gzip":
        return zlib.decompressobj(31)
    return zstandard.ZstdDecompressor().decompressobj()


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("page", ["text", "json", "streamed"])
def test_what_an_application_answers_comes_coded(live, coding, page):
    plain = live.ask(request(f"/page/{page}"))
    coded = live.ask(request(f"/page/{page}", accepting(coding)))
    assert "content-encoding" not in plain.headers
    assert coded.headers["content-encoding"] == coding
    assert coded.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert coded.headers["content-type"] == plain.headers["content-type"]
    assert decoder(coding).decompress(coded.body) == plain.body


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_each_event_can_be_read_before_the_next_one_is_made(coding):
    wanted = threading.Semaphore(0)

    class EventsController(Controller):
        def live(self):
            self.set_header("Content-Type", "text/event-stream")
            return self._events()

        def _events(self):
            for number in range(3):
                assert wanted.acquire(timeout=PATIENCE)
                yield f"data: {number}\n\n"

    with acting(EventsController, [Compression()]) as live:
        with live.client(request("/c/live", accepting(coding))) as client:
            client.head()
            decode = decoder(coding)
            for number in range(3):
                wanted.release()
                event = decode.decompress(client.chunk())
                assert event == f"data: {number}\n\n".encode()
            assert decode.decompress(client.chunk()) == b""
            assert client.chunk() == b""


def test_head_says_what_get_does(live):
    asked = accepting("gzip")
    got = live.ask(request("/page/text", asked))
    with live.client() as client:
        head = client.ask(request("/page/text", asked, method="HEAD"), method="HEAD")
    for name in ("content-encoding", "content-length", "vary", "content-type"):
        assert head.headers[name] == got.headers[name]


def test_what_a_client_has_is_known_by_the_tag_that_it_got(live):
    asked = accepting("gzip")
    tag = live.ask(request("/page/known", asked)).headers["etag"]
    assert tag == 'W/"7"'
    again = live.ask(request("/page/known", asked, f"If-None-Match: {tag}"))
    assert (again.status, again.headers["etag"]) == (304, tag)
    plain = live.ask(request("/page/known", 'If-None-Match: "7"'))
    assert (plain.status, plain.headers["etag"]) == (304, '"7"')


@pytest.mark.parametrize("name", ["small.txt", "large.txt"])
def test_files_are_sent_as_they_are_and_in_ranges(live, name):
    whole = live.ask(request(f"/files/{name}", accepting("gzip")))
    assert "content-encoding" not in whole.headers
    assert re.fullmatch(r'"[^"]+"', whole.headers["etag"])
    part = live.ask(request(f"/files/{name}", accepting("gzip"), "Range: bytes=4-7"))
    assert (part.status, part.text) == (206, "moon")


def test_a_stream_that_fails_is_cut_and_not_ended(live):
    with live.client(request("/page/broken", accepting("gzip"))) as client:
        client.head()
        rest = client.rest()
    assert not rest.endswith(b"0\r\n\r\n")
    assert "broken by intent" in live.log
