"""What the fields of a trusted proxy change, and that nobody else's change anything."""

import gc
import json
import re
import socket

import pytest
from http_client import Client, post, request
from live import Live, answering

from guava.response import Response

HERE = ("127.0.0.1/32",)
ID = "X-Request-ID: from-the-proxy/1"
FIELDS = [
    "X-Forwarded-For: 192.0.2.1",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: example.org:8443",
    ID,
]
FORWARDED = 'Forwarded: for=192.0.2.1;proto=https;host="example.org:8443"'
TOLD = ["192.0.2.1", "https", "example.org:8443"]
OWN = ["127.0.0.1", "http", "test"]
MADE = re.compile(r"[0-9a-f]{16}")


def shown(asked):
    return [asked.client, asked.scheme, asked.host, asked.id]


def seen(*fields, **settings):
    """client, scheme, host and id of a request, and the id of its answer."""
    with answering(shown, **{"trusted": HERE} | settings) as live:
        answer = live.ask(request("/", *fields))
    return [*json.loads(answer.body), answer.headers["x-request-id"]]


def test_a_trusted_proxy_tells_of_client_scheme_host_and_id():
    assert seen(*FIELDS) == [*TOLD, "from-the-proxy/1", "from-the-proxy/1"]


def test_forwarded_tells_of_the_same():
    assert seen(FORWARDED)[:3] == TOLD


@pytest.mark.parametrize("trusted", [(), ("10.0.0.0/8", "::1/128", "unix:")])
@pytest.mark.parametrize("fields", [FIELDS, [FORWARDED]])
def test_anyone_else_changes_nothing(trusted, fields):
    *values, own, returned = seen(*fields, trusted=trusted)
    assert values == OWN
    assert own == returned
    assert MADE.fullmatch(own)


def test_the_fields_themselves_stay():
    def handler(asked):
        return asked.HEADERS["x-forwarded-for"] + asked.HEADERS["host"]

    with answering(handler, trusted=HERE) as live:
        assert live.ask(request("/", *FIELDS)).text == "192.0.2.1test"


def test_a_client_can_not_name_another_before_the_proxy_appends():
    spoofed = "X-Forwarded-For: 10.0.0.9, 127.0.0.1"
    assert seen(spoofed, "X-Forwarded-For: 192.0.2.1")[0] == "192.0.2.1"
    assert seen("X-Forwarded-For: 10.0.0.9, 192.0.2.1, 127.0.0.1")[0] == "192.0.2.1"


def test_an_unused_kind_of_field_can_not_be_spoofed():
    spoofed = "Forwarded: for=6.6.6.6;proto=https;host=evil"
    assert seen(spoofed, "X-Forwarded-For: 192.0.2.1")[:3] == ["192.0.2.1", *OWN[1:]]
    assert seen(spoofed, forwarding="x-forwarded")[:3] == OWN
    values = seen(*FIELDS, spoofed, forwarding="forwarded")
    assert values[:3] == ["6.6.6.6", "https", "evil"]


@pytest.mark.parametrize("bad", ["", "a b", "a\tb", "é", "a,b", "x" * 129, "<a>"])
def test_an_id_that_is_not_plain_is_made_anew(bad):
    with answering(shown, trusted=HERE) as live:
        answer = live.ask(request("/", f"X-Request-ID: {bad}"))
    assert MADE.fullmatch(answer.headers["x-request-id"])


def test_each_answer_has_an_id_of_its_own():
    def handler(asked):
        return asked.id

    with answering(handler) as live, live.client(request() * 3) as client:
        answers = [client.read() for _ in range(3)]
    ids = [answer.headers["x-request-id"] for answer in answers]
    assert ids == [answer.text for answer in answers]
    assert len(set(ids)) == 3


def test_a_refused_request_has_an_id_too():
    with answering(shown) as live, live.client(b"nonsense\r\n\r\n") as client:
        answer = client.read()
    assert answer.status == 400
    assert MADE.fullmatch(answer.headers["x-request-id"])


@pytest.mark.parametrize("name", ["X-Request-ID", "x-request-id"])
def test_the_applications_own_id_is_not_doubled(name):
    def handler(asked):
        return Response("", headers={"X-Moon": "full", name: "mine"})

    with answering(handler, trusted=HERE) as live:
        with live.client(request("/", ID, "Connection: close")) as client:
            text = client.rest().lower()
    assert text.count(b"x-request-id") == 1
    assert b"\r\nx-request-id: mine\r\n" in text


def test_a_mapped_peer_is_an_ipv4_one():
    listener = socket.create_server(
        ("::", 0), family=socket.AF_INET6, dualstack_ipv6=True
    )
    with Live(
        lambda server: server.mount_callable("/", shown), listener, trusted=HERE
    ) as live:
        answer = live.ask(request("/", *FIELDS[1:3]))
    assert json.loads(answer.body)[:3] == ["127.0.0.1", *TOLD[1:]]


def test_a_trusted_unix_peer_tells_too(tmp_path):
    path = str(tmp_path / "socket")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        with (
            Live(
                lambda server: server.mount_callable("/", shown),
                listener,
                trusted=("unix:",),
            ),
            socket.socket(socket.AF_UNIX) as client,
        ):
            client.connect(path)
            client.sendall(request("/", *FIELDS, "Connection: close"))
            answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert json.loads(answer.partition(b"\r\n\r\n")[2])[:3] == TOLD


def test_a_request_with_a_gathered_body_keeps_what_was_told():
    with answering(shown, trusted=HERE) as live, live.client() as client:
        data = post("/", b"x" * 1000, *FIELDS)
        client.send(data[:-900])
        client.send(data[-900:])
        answer = client.read()
    assert json.loads(answer.body) == [*TOLD, "from-the-proxy/1"]


def test_a_request_that_outlives_its_answer_keeps_what_was_told():
    kept = []

    def handler(asked):
        kept.append(asked)
        return ""

    with answering(handler, trusted=HERE) as live:
        live.ask(request("/", *FIELDS))
        for _ in range(3):  # buffers are used again
            live.ask(request("/other", "X-Forwarded-For: 198.51.100.9"))
    gc.collect()
    assert shown(kept[0]) == [*TOLD, "from-the-proxy/1"]


def test_requests_of_one_connection_are_told_of_each_by_itself():
    with answering(shown, trusted=HERE) as live, live.client() as client:
        client.send(request("/", *FIELDS) + request())
        assert json.loads(client.read().body)[:3] == TOLD
        assert json.loads(client.read().body)[:3] == OWN


def test_the_error_log_names_the_request_as_the_proxy_does():
    def handler(asked):
        raise RuntimeError("the action broke")

    with answering(handler, trusted=HERE) as live:
        assert live.ask(request("/", *FIELDS)).status == 500
        assert "request from-the-proxy/1, GET /: " in live.log


def test_a_broken_stream_is_logged_as_the_proxy_names_it():
    def stream():
        yield "a"
        raise RuntimeError("the stream broke")

    with answering(lambda asked: stream(), trusted=HERE) as live:
        with live.client(request("/", *FIELDS)) as client:
            assert client.is_dropped()
        assert "request from-the-proxy/1, while streaming" in live.log


def test_the_access_log_shows_what_was_told(make_guavad):
    template = "{client} {scheme} {host} {request_id} {status}"
    guavad = make_guavad(
        proxy={"trusted": ["127.0.0.1"]},
        log={"error": "error.log", "access": "access.log", "format": template},
    )
    guavad.start()
    with Client(
        guavad.port, request("/", *FIELDS) + request("/none", *FIELDS)
    ) as client:
        assert [client.read().status for _ in range(2)] == [200, 404]
    line = "192.0.2.1 https example.org:8443 from-the-proxy/1"
    guavad.wait_for_log(f"{line} 200", name="access.log")
    guavad.wait_for_log(f"{line} 404", name="access.log")


def test_a_crash_is_logged_as_the_proxy_names_it(make_guavad):
    guavad = make_guavad(proxy={"trusted": ["127.0.0.1"]})
    guavad.start()
    with Client(guavad.port, request("/act/die/SIGKILL", ID)) as client:
        assert client.is_dropped()
    guavad.wait_for_log("while running GET /act/die/SIGKILL (request from-the-proxy/1,")


def test_a_reload_changes_who_is_trusted(make_guavad):
    guavad = make_guavad(proxy={"trusted": []})
    guavad.write(
        "controllers/who.py",
        "import guava\n"
        "class WhoController(guava.controller.Controller):\n"
        "    def index(self):\n"
        "        return self.request.client\n",
    )
    guavad.start()
    spoofed = {"X-Forwarded-For": "192.0.2.1"}
    assert guavad.get("/who", headers=spoofed).text == "127.0.0.1"
    guavad.configure(proxy={"trusted": ["127.0.0.0/8"]})
    assert guavad.run("-c", str(guavad.config), "-s", "reload").returncode == 0
    assert guavad.get("/who", headers=spoofed).text == "192.0.2.1"
