"""The same mixed load twice: the second time adds nothing."""

import pytest
from http_client import (
    Client,
    descriptors,
    engine,
    old_request,
    post,
    post_chunked,
    request,
    resident,
)

ROUNDS = 60
MIXED = [
    (request("/"), 200),
    (request("/do/target?a=b", "Cookie: a=b; c=d", "Accept: */*"), 200),
    (request("/do/bytes/100"), 200),
    (request("/do/bytes/100000"), 200),
    (request("/do/stream/20000/1000"), 200),
    (request("/do/words"), 200),
    (request("/static/small.txt"), 200),
    (request("/static/large.txt"), 200),
    (request("/static/"), 200),
    (request("/static/none"), 404),
    (request("/static/small.txt", method="POST"), 405),
    (request("/none", "Accept: application/json"), 404),
    (request("/do/failure"), 500),
    (request("/%zz"), 400),
    (post("/do/echo", b"x" * 1000), 200),
    (post("/do/body", b"x" * 100_000), 200),
    (post_chunked("/do/body", [b"x" * 5000] * 3), 200),
    (post("/do/fields", b"a=b&c=d", "Content-Type: application/x-www-form-urlencoded"),
     200),
]  # fmt: skip
LAST = [
    (old_request("/"), 200),
    (old_request("/do/words"), 200),
    (old_request("/", method="POST"), 411),
    (b"nonsense\r\n\r\n", 400),
    (request("/", "Content-Length: 99999999", method="POST"), 413),
]


@pytest.fixture
def server(make_guavad):
    mvc = {"type": "mvc", "mount_point": "/", "package": "engine"}
    static = {
        "type": "static",
        "mount_point": "/static",
        "directory": "public",
        "allow_index": True,
    }
    guavad = engine(make_guavad, start=False, routers=[static, mvc])
    guavad.write("public/small.txt", "small")
    guavad.write("public/large.txt", "large" * 20_000)
    guavad.start()
    return guavad


def load(server):
    """Some thousand requests: in turn, pipelined, in pieces, cut off."""
    everything = b"".join(data for data, _ in MIXED)
    for number in range(ROUNDS):
        last, status = LAST[number % len(LAST)]
        with Client(server.port) as client:
            for data, expected in MIXED:
                assert client.ask(data).status == expected
            client.send(everything + last)
            for _, expected in MIXED:
                assert client.read().status == expected
            assert client.read().status == status
            assert client.at_end()
        with Client(server.port) as client:
            client.send_in_parts(request() + post("/do/echo", b"text"), 9)
            assert client.read().status == 200
            assert client.read().status == 200
        for data, _ in MIXED[number % 3 :: 3]:
            Client(server.port, data[:-1] if number % 2 else data).reset()


def test_a_load_leaves_nothing_behind(server):
    load(server)
    [worker] = server.worker_pids()
    assert server.get("/").status_code == 200
    files, memory = descriptors(server), resident(server)
    load(server)
    assert server.get("/").status_code == 200
    server.eventually(lambda: descriptors(server) <= files, "closing")
    assert resident(server) - memory < 1_000_000
    assert server.worker_pids() == [worker]
