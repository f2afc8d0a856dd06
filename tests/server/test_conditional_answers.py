"""Answers that an action makes, and that their client may have already."""

import threading
from datetime import UTC, datetime

import pytest
from http_client import PATIENCE, old_request, post, request
from live import acting

import guava

MODIFIED = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
made = []
closed = threading.Event()


class Chunks:
    """An iterator that tells what is asked of it."""

    def __iter__(self):
        return self

    def __next__(self):
        made.append("chunk")
        if len(made) > 1:
            raise StopIteration
        return "chunk"

    def close(self):
        closed.set()


class StateController(guava.controller.Controller):
    def tagged(self):
        self.set_header("Cache-Control", "no-cache")
        if self.cached(etag="7", last_modified=MODIFIED):
            return None
        made.append("body")
        return "body"

    def careless(self):
        self.cached(etag="7")
        return "a body that is made all the same"

    def stream(self):
        self.cached(etag="7")
        return Chunks()

    def weak(self):
        self.cached(etag="7", weak=True)
        return "body"


@pytest.fixture
def live():
    made.clear()
    closed.clear()
    with acting(StateController) as server:
        yield server


def test_an_answer_says_what_it_is_known_by(live):
    answer = live.ask(request("/c/tagged"))
    assert (answer.status, answer.text) == (200, "body")
    assert answer.headers["etag"] == '"7"'
    assert answer.headers["last-modified"] == DATE


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "field",
    ['If-None-Match: "6", W/"7"', "If-None-Match: *", f"If-Modified-Since: {DATE}"],
)
def test_who_has_it_gets_a_head_and_no_body_is_made(live, method, field):
    with live.client() as client:
        answer = client.ask(request("/c/tagged", field, method=method), method)
        assert answer.status == 304
        assert answer.headers["etag"] == '"7"'
        assert answer.headers["cache-control"] == "no-cache"
        assert not {"content-length", "content-type"} & answer.headers.keys()
        assert made == []
        assert client.ask(request("/c/tagged")).text == "body"


def test_a_tag_goes_before_a_date(live):
    fields = ['If-None-Match: "6"', f"If-Modified-Since: {DATE}"]
    assert live.ask(request("/c/tagged", *fields)).status == 200


@pytest.mark.parametrize("field", ['If-Match: "6"', 'If-Match: W/"7"'])
def test_who_asks_for_another_state_is_refused(live, field):
    answer = live.ask(request("/c/tagged", field))
    assert answer.status == 412
    assert "etag" not in answer.headers
    assert made == []


def test_a_body_is_not_sent_with_a_304_even_if_there_is_one(live):
    with live.client() as client:
        known = request("/c/careless", 'If-None-Match: "7"')
        assert client.ask(known).status == 304
        assert client.ask(known).status == 304


@pytest.mark.parametrize(
    ("asked", "method", "status"),
    [
        (request("/c/stream", 'If-None-Match: "7"'), "GET", 304),
        (request("/c/stream", method="HEAD"), "HEAD", 200),
        (old_request("/c/stream", method="HEAD"), "HEAD", 200),
    ],
)
def test_a_stream_that_nobody_is_sent_is_closed_unread(live, asked, method, status):
    with live.client() as client:
        assert client.ask(asked, method).status == status
    assert closed.wait(PATIENCE)
    assert made == []


def test_a_weak_tag_is_weak(live):
    assert live.ask(request("/c/weak")).headers["etag"] == 'W/"7"'
    assert live.ask(request("/c/weak", 'If-None-Match: "7"')).status == 304


def test_a_post_is_not_told_of_what_it_has(live):
    answer = live.ask(post("/c/tagged", b"", f"If-Modified-Since: {DATE}"))
    assert (answer.status, answer.text) == (200, "body")
    assert "etag" not in answer.headers
