"""Every time-out, each short in a guavad of its own, so that the others never come."""

import re
import time
from contextlib import suppress
from functools import partial
from threading import Thread

import pytest
from http_client import Client, descriptors, engine, old_request, post, request

SHORT = 0.4  # seconds


def patient(make, limits=None, **timeouts):
    """A guavad with these time-outs and no others worth mentioning."""
    others = dict.fromkeys(("header", "body", "write", "keepalive", "request"), "60s")
    return engine(
        make, timeouts={**others, "graceful": "5s", **timeouts}, limits=limits or {}
    )


@pytest.fixture(scope="module")
def short_header(make_shared_guavad):
    return patient(make_shared_guavad, header=f"{int(SHORT * 1000)}ms")


@pytest.fixture(scope="module")
def short_body(make_shared_guavad):
    return patient(make_shared_guavad, body=f"{int(SHORT * 1000)}ms")


@pytest.fixture(scope="module")
def short_write(make_shared_guavad):
    return patient(make_shared_guavad, write=f"{int(SHORT * 1000)}ms")


@pytest.fixture(scope="module")
def short_keepalive(make_shared_guavad):
    return patient(make_shared_guavad, keepalive=f"{int(SHORT * 1000)}ms")


class Stopwatch:
    def __enter__(self):
        self.start = time.monotonic()
        return self

    def __exit__(self, *_):
        self.seconds = time.monotonic() - self.start

    def is_about(self, seconds):
        return seconds * 0.9 <= self.seconds < seconds + 1


def drip(client, data, pause=SHORT / 10):
    """Send byte by byte until the server answers; the answer."""
    client.socket.settimeout(pause)
    for byte in data:
        client.send(bytes([byte]))
        try:
            client._more()
        except TimeoutError:
            continue
        break
    client.socket.settimeout(10)
    return client.read()


# header


@pytest.mark.parametrize("before", [b"", request(), request() * 3 + b"GET /"])
def test_a_head_that_does_not_come_in_time_is_answered_by_408(short_header, before):
    with Client(short_header.port, before) as client, Stopwatch() as watch:
        for _ in range(before.count(b"\r\n\r\n")):
            assert client.read().status == 200
        if not before.endswith(b"GET /"):
            client.send(b"GET /")
        answer = client.read()
        assert answer.status == 408
        assert answer.is_last
        assert client.at_end()
    assert watch.is_about(SHORT)


def test_a_head_that_comes_byte_by_byte_gets_no_more_time(short_header):
    with Client(short_header.port) as client, Stopwatch() as watch:
        answer = drip(client, request("/", "X-Long: " + "x" * 100))
        assert answer.status == 408
        assert client.at_end()
    assert watch.is_about(SHORT)


def test_a_connection_that_says_nothing_is_closed(short_header):
    with Client(short_header.port) as client, Stopwatch() as watch:
        assert client.at_end()
    assert watch.is_about(SHORT)


def test_the_time_for_a_head_begins_with_it(short_header):
    with Client(short_header.port, request()) as client:
        assert client.read().status == 200
        client.socket.settimeout(SHORT * 1.5)
        with pytest.raises(TimeoutError):
            client._more()
        client.socket.settimeout(10)
        assert client.ask(request()).status == 200


def test_a_head_that_came_while_the_worker_was_busy_is_in_time(short_header):
    connect = partial(Client, short_header.port)
    with connect(b"GET / HTTP/1.1\r\n") as slow, connect() as silent, connect() as busy:
        busy.send(request("/do/busy/1"))
        short_header.wait_for_running("/do/busy/1")
        slow.send(b"Host: test\r\n\r\n")
        silent.send(request())
        assert busy.read().text == "done"
        assert slow.read().text == "Hello World!"
        assert silent.read().text == "Hello World!"


# body


@pytest.mark.parametrize(
    "data",
    [
        request("/", "Content-Length: 4", method="POST"),
        post("/", b"body")[:-1],
        request("/", "Transfer-Encoding: chunked", method="POST"),
        request("/", "Transfer-Encoding: chunked", method="POST") + b"4\r\nbo",
        post("/", b"x" * 200_000)[:-1],
    ],
)
def test_a_body_that_stops_coming_is_answered_by_408(short_body, data):
    before = descriptors(short_body)
    with Client(short_body.port, data) as client, Stopwatch() as watch:
        answer = client.read()
        assert answer.status == 408
        assert answer.is_last
        assert client.at_end()
    assert watch.is_about(SHORT)
    short_body.eventually(lambda: descriptors(short_body) <= before, "closing")


def test_a_body_that_comes_byte_by_byte_gets_no_more_time(short_body):
    data = post("/do/echo", b"x" * 100)
    with Client(short_body.port, data[:-100]) as client, Stopwatch() as watch:
        answer = drip(client, data[-100:])
        assert answer.status == 408
        assert client.at_end()
    assert watch.is_about(SHORT)


def test_a_body_that_comes_fast_enough_has_all_the_time_it_needs(short_body):
    parts = 12
    data = post("/do/echo", b"0123456789" * 10 * parts)
    with Client(short_body.port, data[: -100 * parts]) as client, Stopwatch() as watch:
        for part in range(parts, 0, -1):
            client.socket.settimeout(SHORT / 4)  # 1,000 bytes a second
            with pytest.raises(TimeoutError):
                client._more()
            client.send(data[len(data) - 100 * part :][:100])
        client.socket.settimeout(10)
        assert client.read().body == b"0123456789" * 10 * parts
    assert watch.seconds > SHORT * 2


def test_a_body_that_begins_well_gets_no_more_time_to_stop(short_body):
    data = post("/do/echo", b"x" * 500_000)
    with Client(short_body.port, data[:-1]) as client, Stopwatch() as watch:
        assert client.read().status == 408
    assert watch.is_about(SHORT)


def test_without_a_rate_a_body_has_its_time_as_a_whole(make_guavad):
    guavad = patient(make_guavad, limits={"min_rate": "0"}, body="400ms")
    data = post("/do/echo", b"x" * 100_000)
    with Client(guavad.port, data[:-90_000]) as client, Stopwatch() as watch:
        for start in range(10_000, 100_000, 10_000):
            client.socket.settimeout(SHORT / 4)
            with suppress(TimeoutError):
                client._more()
                break
            client.send(data[start : start + 1])
        client.socket.settimeout(10)
        assert client.read().status == 408
    assert watch.is_about(SHORT)


def test_a_body_is_not_late_because_the_worker_was(short_body):
    connect = partial(Client, short_body.port)
    data = post("/do/echo", b"x" * 200_000)
    with connect(data[:-100_000]) as slow, connect() as busy:
        assert short_body.get("/").status_code == 200
        busy.send(request(f"/do/busy/{SHORT * 4}"))
        short_body.wait_for_running(f"/do/busy/{SHORT * 4}")
        slow.send(data[-100_000:-1])
        assert busy.read().text == "done"
        slow.send(data[-1:])
        assert slow.read().status == 200


# write


@pytest.mark.parametrize("target", ["/do/bytes/9000000", "/do/endless/dropped"])
def test_a_client_that_does_not_read_is_dropped(short_write, target):
    before = descriptors(short_write)
    with Client(short_write.port, request(target), receive_buffer=4096) as client:
        assert client.head().status == 200
        short_write.eventually(lambda: descriptors(short_write) <= before, "closing")
        with Stopwatch() as watch:
            assert client.is_dropped()
    assert watch.seconds < SHORT
    # The next test counts descriptors: nothing of this one may be open by then.
    with Client(short_write.port, request("/", "Connection: close")) as client:
        assert client.read().status == 200
        assert client.at_end()


def test_a_stream_that_was_dropped_does_not_look_whole_to_http_1_0(short_write):
    """Only the end of the connection ends it, so the connection is reset."""
    asks = old_request("/do/stream/20000000/65536")
    with Client(short_write.port, asks, receive_buffer=4096) as client:
        short_write.wait_for_log("/do/stream/20000000/65536", name="access.log")
        with pytest.raises(ConnectionResetError):
            client.rest()


def test_a_client_that_reads_slowly_is_not_dropped(short_write):
    size = 2_000_000
    asks = request(f"/do/bytes/{size}")
    with Client(short_write.port, asks, receive_buffer=4096) as client:
        client.head()
        with Stopwatch() as watch:
            left = size - len(client.unread)
            while left > 0:
                left -= len(client._exactly(min(left, size // 5)))
                time.sleep(SHORT / 4)  # what makes it slow
    assert watch.seconds > SHORT


def test_a_client_that_read_while_the_worker_was_busy_is_not_dropped(short_write):
    size = 3_000_000
    asks = request(f"/do/bytes/{size}")
    with Client(short_write.port, asks) as client, Client(short_write.port) as busy:
        client.head()
        busy.send(request("/do/busy/1.1"))
        short_write.wait_for_running("/do/busy/1.1")
        assert len(client._exactly(size)) == size


@pytest.mark.parametrize("seconds", [SHORT / 2, SHORT * 2])
def test_the_time_that_a_chunk_takes_is_not_the_clients(short_write, seconds):
    with Client(short_write.port, request(f"/do/slowly/{seconds}")) as client:
        assert client.read().text == "firstsecond"


# keepalive


@pytest.mark.parametrize(
    "data", [request(), old_request("/", "Connection: keep-alive")]
)
def test_an_idle_connection_is_closed(short_keepalive, data):
    with Client(short_keepalive.port) as client:
        for _ in range(2):
            assert client.ask(data).status == 200
        with Stopwatch() as watch:
            assert client.at_end()
    assert watch.is_about(SHORT)


def test_a_request_under_way_is_not_idle(short_keepalive):
    with Client(short_keepalive.port, request()) as client:
        assert client.read().status == 200
        assert drip(client, request("/"), SHORT / 10).text == "Hello World!"


def test_a_request_gives_the_connection_new_time(short_keepalive):
    with Client(short_keepalive.port, request()) as client, Stopwatch() as watch:
        assert client.read().status == 200
        for _ in range(3):
            client.socket.settimeout(SHORT / 2)
            with pytest.raises(TimeoutError):
                client._more()
            client.socket.settimeout(10)
            assert client.ask(request()).status == 200
    assert watch.seconds > SHORT


def test_the_time_of_a_request_is_not_taken_off_what_follows(short_keepalive):
    with Client(short_keepalive.port, request(f"/do/busy/{SHORT * 2}")) as client:
        assert client.read().text == "done"
        with Stopwatch() as watch:
            assert client.at_end()
    assert watch.is_about(SHORT)


# request


def test_a_request_over_its_time_is_ended_and_named(make_guavad):
    guavad = patient(make_guavad, request="300ms")
    [before] = guavad.worker_pids()
    with Client(guavad.port, request("/do/busy/30?for=ever")) as client:
        assert client.is_dropped()
    line = guavad.wait_for_log("timeouts.request (300 ms) is over")
    assert re.search(r": GET /do/busy/30\S* \(request [0-9a-f]{16}", line)
    guavad.eventually(
        lambda: guavad.worker_pids() not in ([], [before]), "a new worker"
    )
    assert guavad.get("/").status_code == 200


def test_a_stream_over_its_time_is_ended_and_named(make_guavad):
    guavad = patient(make_guavad, request="300ms")
    with Client(guavad.port, request("/do/slowly/30")) as client:
        assert client.head().status == 200
        assert client.is_dropped()
    line = guavad.wait_for_log("timeouts.request (300 ms) is over")
    assert "GET /do/slowly/30" in line


def test_each_pipelined_request_has_its_own_time(make_guavad):
    guavad = patient(make_guavad, request="500ms")
    [before] = guavad.worker_pids()
    with Client(guavad.port, request("/do/busy/0.2") * 6) as client:
        for _ in range(6):
            assert client.read().text == "done"
    assert guavad.worker_pids() == [before]
    assert "is over" not in guavad.log_text()


# limits.min_rate


def trickle(clients, data, seconds):
    """Send each client `data` every 100 ms, until the time is over."""
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        for client in clients:
            with suppress(OSError):
                client.send(data)
        time.sleep(max(0, now + 0.1 - time.monotonic()))  # this is the rate


def sip(client, amount, seconds):
    """Read `amount` every 100 ms, until the time is over or the connection is."""
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        try:
            if client.socket.recv(amount) == b"":
                break
        except ConnectionResetError:
            break
        time.sleep(max(0, now + 0.1 - time.monotonic()))  # this is the rate


def test_after_ten_seconds_who_is_slower_than_the_rate_is_dropped(make_guavad):
    guavad = patient(make_guavad, limits={"min_rate": "20000B/s"})
    size = 900_000
    head = request("/do/echo", f"Content-Length: {size}", method="POST")
    large, stream = request("/do/bytes/9000000"), request("/do/endless/slow")
    slow, fast = (Client(guavad.port, head) for _ in range(2))
    reader, silent, streamer = (
        Client(guavad.port, asks, receive_buffer=4096)
        for asks in (large, large, stream)
    )
    start = time.monotonic()
    threads = [
        Thread(target=trickle, args=([slow], b"x" * 500, 20)),
        Thread(target=trickle, args=([fast], b"x" * 4000, 20)),
        Thread(target=sip, args=(reader, 20_000, 20)),
        Thread(target=sip, args=(streamer, 800, 20)),
    ]
    for thread in threads:
        thread.start()
    slow.socket.settimeout(20)
    assert slow.read().status == 408
    assert 9.5 <= time.monotonic() - start < 14
    for thread in threads:
        thread.join()
    assert len(reader.socket.recv(1)) == 1  # it goes on
    assert silent.is_dropped()
    assert streamer.is_dropped()
    guavad.wait_for_log("the stream slow was closed")
    fast.send(b"x" * size)
    assert fast.read().status == 200
    for client in (slow, fast, reader, silent, streamer):
        client.socket.close()
