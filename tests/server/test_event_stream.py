"""Streams that have nothing to say for a while, and server-sent events."""

import threading
from queue import Empty, SimpleQueue

import pytest
from conftest import eventually
from http_client import PATIENCE, old_request, request
from live import answering, descriptors
from pattern import pattern

from guava.events import Event, EventStream
from guava.response import StreamResponse


class Source:
    """What a test puts in comes out; None meanwhile."""

    def __init__(self):
        self.queue = SimpleQueue()
        self.asked = 0
        self.closed = threading.Event()

    def __iter__(self):
        return self

    def __next__(self):
        self.asked += 1
        try:
            item = self.queue.get_nowait()
        except Empty:
            return None
        if item is StopIteration:
            raise StopIteration
        return item

    def close(self):
        self.closed.set()

    def put(self, *items):
        for item in items:
            self.queue.put(item)

    def wait_until_asked(self, times):
        """So many times more, and found empty."""
        before = self.asked
        eventually(lambda: self.asked >= before + times, "being asked")


class Sources(dict):
    """Answers /NAME by a source of that name, and anything else by a text."""

    def __init__(self, *names, kind=EventStream, **options):
        super().__init__((name, Source()) for name in names)
        self.kind, self.options = kind, options

    def __call__(self, asked):
        source = self.get(asked.path[1:])
        return "plain" if source is None else self.kind(source, **self.options)


def read_until(client, text):
    """The chunks that come, to the one that ends so."""
    body = b""
    while not body.endswith(text):
        body += client._exactly(int(client._line(), 16))
        assert client._line() == b""
    return body


@pytest.fixture
def sources():
    return Sources("moon")


@pytest.fixture
def live(sources):
    with answering(sources) as server:
        yield server


def test_an_event_arrives_when_it_is_there(live, sources):
    with live.client(request("/moon")) as client:
        assert client.head().headers["content-type"] == "text/event-stream"
        for phase in ("new", "full"):
            sources["moon"].wait_until_asked(2)
            sources["moon"].put(Event(phase, id=phase))
            event = f"id: {phase}\ndata: {phase}\n\n".encode()
            assert read_until(client, b"\n\n") == event
        sources["moon"].put("old", StopIteration)
        assert client._chunks() == b"data: old\n\n"
        assert client.ask(request("/")).text == "plain"


def test_one_worker_has_many_streams_and_answers_others_meanwhile():
    names = [f"moon{number}" for number in range(100)]
    sources = Sources(*names)
    with answering(sources) as live, live.client() as other:
        clients = {name: live.client(request(f"/{name}")) for name in names}
        for client in clients.values():
            client.head()
        for name in names:
            sources[name].put(name)
            assert other.ask(request("/")).text == "plain"
        for name, client in clients.items():
            assert read_until(client, b"\n\n") == f"data: {name}\n\n".encode()
            client.socket.close()
        for source in sources.values():
            assert source.closed.wait(PATIENCE)


def test_silence_is_filled_with_comments():
    with answering(Sources("moon", ping=0.01)) as live:
        with live.client(request("/moon")) as client:
            client.head()
            for _ in range(3):
                assert read_until(client, b":\n\n") == b":\n\n"


def test_http_1_0_gets_events_too(live, sources):
    sources["moon"].put("full", None, "new", StopIteration)
    with live.client(old_request("/moon")) as client:
        assert client.read().body == b"data: full\n\ndata: new\n\n"


def test_head_asks_for_no_event(live, sources):
    with live.client() as client:
        answer = client.ask(request("/moon", method="HEAD"), "HEAD")
        assert answer.headers["content-type"] == "text/event-stream"
        assert client.ask(request("/")).text == "plain"
    assert sources["moon"].closed.wait(PATIENCE)
    assert sources["moon"].asked == 0


@pytest.mark.parametrize("leave", ["close", "reset", "finish"])
def test_a_client_that_leaves_while_there_is_nothing_is_noticed_at_once(
    live, sources, leave
):
    before = descriptors()
    client = live.client(request("/moon"))
    client.head()
    sources["moon"].wait_until_asked(1)
    client.socket.close() if leave == "close" else getattr(client, leave)()
    assert sources["moon"].closed.wait(PATIENCE)
    client.socket.close()
    eventually(lambda: descriptors() == before, "the connection's end")
    assert "[error]" not in live.log


def test_a_stream_that_pauses_is_not_out_of_time():
    sources = Sources("moon", kind=StreamResponse)
    timeouts = {"write": 200, "keepalive": 200, "header": 200}
    with answering(sources, timeouts=timeouts) as live:
        with live.client(request("/moon")) as client:
            client.head()
            sources["moon"].wait_until_asked(10)
            sources["moon"].put("still here", None, StopIteration)
            assert client._chunks() == b"still here"


def test_a_client_that_does_not_read_is_out_of_time_between_pauses():
    sources = Sources("moon", kind=StreamResponse)
    sources["moon"].put("begun", None, pattern(20_000_000))
    with answering(sources, timeouts={"write": 200}) as live:
        with live.client(request("/moon"), receive_buffer=4096) as client:
            client.head()
            assert sources["moon"].closed.wait(PATIENCE)
            assert client.is_dropped()


def test_a_stream_may_begin_and_end_with_nothing():
    sources = Sources("moon", kind=StreamResponse)
    sources["moon"].put(None, "", "full", "", None, b"moon", None, StopIteration)
    with answering(sources) as live:
        assert live.ask(request("/moon")).text == "fullmoon"


def test_a_request_behind_a_stream_waits_for_its_end(live, sources):
    with live.client(request("/moon") + request("/")) as client:
        client.head()
        sources["moon"].wait_until_asked(2)
        sources["moon"].put(StopIteration)
        assert client._chunks() == b""
        assert client.read().text == "plain"


def test_a_source_that_fails_cuts_the_stream_and_is_logged(live, sources):
    sources["moon"].put("full", None, object())
    with live.client(request("/moon")) as client:
        client.head()
        assert read_until(client, b"\n\n") == b"data: full\n\n"
        assert client.is_dropped()
    assert sources["moon"].closed.wait(PATIENCE)
    assert "while streaming its answer" in live.log


def test_a_drain_ends_event_streams_in_order(live, sources):
    with live.client(request("/moon")) as client:
        client.head()
        sources["moon"].wait_until_asked(1)
        live.server.drain()
        assert client._chunks() == b""
        assert client.at_end()
    assert sources["moon"].closed.wait(PATIENCE)
    live.join()


def test_a_drain_lets_another_stream_come_to_its_end():
    sources = Sources("moon", kind=StreamResponse)
    with answering(sources) as live:
        with live.client(request("/moon")) as client:
            client.head()
            live.server.drain()
            sources["moon"].wait_until_asked(3)
            sources["moon"].put("whole", StopIteration)
            assert client._chunks() == b"whole"
        live.join()


def test_a_stop_closes_the_sources(live, sources):
    with live.client(request("/moon")) as client:
        client.head()
        sources["moon"].wait_until_asked(1)
        live.server.stop()
        live.join()
        assert sources["moon"].closed.is_set()
        assert client.is_dropped()


EVENTS = """\
import guava
from guava.events import EventStream

def forever():
    yield "hello"
    while True:
        yield None

class EventsController(guava.controller.Controller):
    def index(self):
        return EventStream(forever())
"""


def test_a_reload_does_not_wait_for_event_streams(make_guavad):
    guavad = make_guavad(server={"workers": 1}, timeouts={"graceful": "60s"})
    guavad.write("controllers/events.py", EVENTS)
    guavad.start()
    with guavad.raw(request("/events")) as stream:
        stream.settimeout(PATIENCE)
        received = b""
        while b"hello" not in received:
            received += stream.recv(65536)
        guavad.signal(1)
        while not received.endswith(b"0\r\n\r\n"):
            received += stream.recv(65536)
    guavad.wait_for_log("generation 1 is gone")
