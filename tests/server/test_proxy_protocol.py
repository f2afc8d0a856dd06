"""Listeners whose connections begin with a header of the PROXY protocol."""

import contextlib
import json
import socket
import struct

import pytest
from http_client import Client, request
from live import answering

HERE = ("127.0.0.1/32",)
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
SHORT = {"header": 300}


def line(client="192.0.2.1"):
    return f"PROXY TCP4 {client} 127.0.0.1 4711 80\r\n".encode()


def binary(client="192.0.2.1", command=1, extra=b"", kind=0x11):
    addresses = socket.inet_aton(client) + socket.inet_aton("127.0.0.1")
    rest = addresses + struct.pack("!HH", 4711, 80) + extra
    return SIGNATURE + struct.pack("!BBH", 0x20 | command, kind, len(rest)) + rest


def shown(asked):
    return [asked.client, asked.scheme]


def listening(handler=shown, **settings):
    return answering(handler, proxy_protocol=True, **{"trusted": HERE} | settings)


def seen(data, **settings):
    """client and scheme of the request that `data` makes."""
    with listening(**settings) as live:
        return json.loads(live.ask(data).body)


HEADERS = [line(), binary(), binary(extra=b"\x04\0\x03abc" * 100)]


@pytest.mark.parametrize("header", HEADERS)
def test_the_header_names_the_client(header):
    assert seen(header + request()) == ["192.0.2.1", "http"]


@pytest.mark.parametrize("header", HEADERS[:2])
def test_the_header_may_come_in_any_two_parts(header):
    data = header + request()
    with listening() as live:
        for cut in range(1, len(data)):
            with live.client(data[:cut]) as client:
                client.send(data[cut:])
                assert json.loads(client.read().body)[0] == "192.0.2.1", cut


def test_the_header_may_come_byte_by_byte():
    with listening() as live, live.client() as client:
        client.send_in_parts(binary() + request())
        assert json.loads(client.read().body)[0] == "192.0.2.1"


@pytest.mark.parametrize("header", HEADERS)
def test_all_requests_of_the_connection_have_that_client(header):
    with listening() as live, live.client(header + request() * 3) as client:
        for _ in range(3):
            assert json.loads(client.read().body)[0] == "192.0.2.1"
        assert json.loads(client.ask(request()).body)[0] == "192.0.2.1"


TOLD = request("/", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https")


def test_a_proxy_may_speak_for_itself():
    assert seen(binary(command=0) + request()) == ["127.0.0.1", "http"]
    assert seen(binary(command=0) + TOLD) == ["192.0.2.7", "https"]


@pytest.mark.parametrize("header", [b"PROXY UNKNOWN\r\n", binary(kind=0)])
def test_a_client_that_the_proxy_can_not_name_speaks_for_nobody(header):
    assert seen(header + TOLD) == ["127.0.0.1", "http"]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("trusted", [(), ("192.0.2.0/24",)])
def test_from_anyone_else_the_header_changes_nothing(header, trusted):
    told = request("/", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https")
    assert seen(header + told, trusted=trusted) == ["127.0.0.1", "http"]


def test_the_fields_are_believed_of_the_client_that_the_header_names():
    told = request("/", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-Proto: https")
    assert seen(line() + told) == ["192.0.2.1", "http"]
    both = (*HERE, "192.0.2.0/24")
    assert seen(line() + told, trusted=both) == ["198.51.100.1", "https"]


@pytest.mark.parametrize(
    "data",
    [
        request(),
        b"\r\n" + line() + request(),
        b"PROXY TCP4 nonsense\r\n" + request(),
        b"PROXY" + b" " * 200,
        b"\x16\x03\x01\x02\x00\x01\x00",
        SIGNATURE + b"\x31\x11\0\0",
        SIGNATURE + b"\x21\x11\0\x01",
    ],
)
def test_a_connection_without_the_header_is_closed_unanswered(data):
    with listening() as live, live.client(data) as client:
        assert client.unread == b""
        with contextlib.suppress(ConnectionResetError):
            assert client.rest() == b""
        assert "127.0.0.1 was closed: it has no PROXY header" in live.log


def test_a_second_header_is_no_request():
    with listening() as live, live.client(line() + line()) as client:
        answer = client.read()
    assert answer.status >= 400
    assert answer.is_last


@pytest.mark.parametrize("part", [b"", line()[:20], binary()[:20], SIGNATURE[:3]])
def test_a_header_that_does_not_come_in_time_is_not_answered(part):
    with listening(timeouts=SHORT) as live, live.client(part) as client:
        assert client.at_end()


def test_the_time_for_the_first_head_runs_on_behind_the_header():
    with listening(timeouts=SHORT) as live:
        with live.client(line()) as client:
            assert client.at_end()
        with live.client(line() + request()[:10]) as client:
            assert client.read().status == 408


def test_a_connection_is_used_on_after_its_header_time():
    with listening(timeouts=SHORT | {"keepalive": 20_000}) as live:
        with live.client(line() + request()) as first:
            assert first.read().status == 200
            with live.client(line()) as other:
                assert other.at_end()  # its time, which began later, is over
            assert json.loads(first.ask(request()).body)[0] == "192.0.2.1"


def test_an_unmarked_listener_takes_no_header():
    with answering(shown, trusted=HERE) as live:
        for header in HEADERS:
            with live.client(header + request()) as client:
                answer = client.read()
            assert answer.status >= 400
            assert answer.is_last


def listen_twice(guavad, reservation, first, second):
    other = reservation.getsockname()[1]
    addresses = {guavad.port: first, other: second}
    return [
        {"address": f"127.0.0.1:{port}", "proxy_protocol": marked}
        for port, marked in addresses.items()
    ]


def reload_whole(guavad, generation=1):
    """Until the workers of that generation, who go by their own marks, are gone."""
    assert guavad.run("-c", str(guavad.config), "-s", "reload").returncode == 0
    guavad.wait_for_log(f"generation {generation} is gone")


@pytest.fixture
def reservation():
    with socket.socket() as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(("127.0.0.1", 0))
        yield made


def test_each_listener_is_marked_by_itself_through_reloads(make_guavad, reservation):
    guavad = make_guavad()
    port, other = guavad.port, reservation.getsockname()[1]
    proxy = {"trusted": ["127.0.0.1"]}

    def listen(*marks):
        listeners = listen_twice(guavad, reservation, *marks)
        guavad.configure(server={"listen": listeners}, proxy=proxy)

    def takes(port, data):
        with Client(port, data) as client:
            return client.read().status == 200

    listen(False, True)
    guavad.start()
    assert takes(port, request())
    assert takes(other, line() + request())
    listen(True, False)
    reload_whole(guavad)
    assert takes(port, line() + request())
    assert takes(other, request())
    listeners = listen_twice(guavad, reservation, False, True)
    guavad.configure(server={"listen": listeners[1:]}, proxy=proxy)
    reload_whole(guavad, generation=2)
    assert takes(other, line() + request())


def test_a_unix_listener_may_be_marked(make_guavad):
    path = "unix:guava.sock"
    guavad = make_guavad(
        server={"listen": {"address": path, "proxy_protocol": True}},
        proxy={"trusted": ["unix:"]},
    )
    guavad.start()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(guavad.folder / "guava.sock"))
        client.sendall(binary() + request("/", "Connection: close"))
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 200 ")
    guavad.wait_for_log("192.0.2.1 - - ", name="access.log")


def test_a_drain_lets_a_header_under_way_finish():
    with listening(timeouts=SHORT) as live, live.client(line()[:10]) as client:
        with live.client(line() + request()) as other:
            assert other.read().status == 200  # so the first one has been accepted
        live.server.drain()
        client.send(line()[10:] + request())
        assert json.loads(client.read().body)[0] == "192.0.2.1"
        live.join()
