"""Asks one worker for all kinds of things, and sees whether its memory grows.

    python tests/server/soak.py [REQUESTS]

Several connections are used at once, each for pipelined batches of MVC, REST and static
requests, forms, streams and errors; between them uploads and downloads are aborted.
Every answer is read and counted.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from conftest import Guavad
from http_client import Client, descriptors, post, post_chunked, private, request

BOUND = 1024 * 1024  # bytes that a worker may grow by
CONNECTIONS = 8
BATCH = 40  # requests on their way on one connection
WARM_UP = 20_000  # requests before memory is looked at

APPLICATION = {
    "controllers/index.py": """\
import guava

class IndexController(guava.controller.Controller):
    def index(self):
        return "Hello World!"
""",
    "controllers/work.py": """\
import guava

class WorkController(guava.controller.Controller):
    def echo(self):
        return self.request.body

    def form(self):
        return dict(self.POST, query=self.GET.get("q"), agent=self.HEADERS.get("x-a"))

    def cookies(self):
        self.set_cookie("seen", "1", max_age=60)
        return self.COOKIES

    def away(self):
        return self.redirect("/")

    def stream(self, count: int):
        return (f"line {number}\\n" for number in range(count))

    def large(self):
        return bytes(300_000)

    def fail(self):
        raise RuntimeError("on purpose")
""",
    "api/__init__.py": "",
    "api/users.py": """\
import guava

class UsersController(guava.controller.Controller):
    def get_all(self):
        return [1, 2, 3]

    def get_one(self, id: int):
        return {"id": id}

    def create_one(self):
        self.set_status_code(201)
        return {"made": len(self.request.body)}

    def delete_one(self, id: int):
        self.set_status_code(204)
""",
    "public/small.txt": "A small file.\n",
    "public/large.txt": "0123456789abcde\n" * 20_000,
}

URLENCODED = "Content-Type: application/x-www-form-urlencoded"
# What is asked, and the status that it is answered by.
KINDS = [
    *[(request("/"), 200)] * 8,
    *[(request("/api/users/7"), 200), (request("/api/users"), 200)] * 2,
    *[(request("/public/small.txt"), 200)] * 2,
    (post("/api/users", b"x" * 100), 201),
    (request("/api/users/7", method="DELETE"), 204),
    (request("/api/users/7", method="OPTIONS"), 204),
    (request("/api/users", method="PATCH"), 405),
    (post("/work/echo", b"y" * 3000), 200),
    (post_chunked("/work/echo", [b"z" * 10] * 9), 200),
    (post("/work/form?q=1", b"a=1&b=%C3%A4", URLENCODED, "X-A: b"), 200),
    (request("/work/cookies", "Cookie: a=1; b=2"), 200),
    (request("/work/away"), 302),
    (request("/work/stream/20"), 200),
    (request("/work/stream/x"), 404),
    (request("/nothing/here", "Accept: application/json"), 404),
    (request("/%zz"), 400),
    (request("/public/none.txt"), 404),
    (request("/public/"), 200),
]
SELDOM = [
    (request("/public/large.txt"), 200),
    (request("/work/large"), 200),
    (request("/work/fail"), 500),
    (post("/work/echo", b"w" * 100_000), 200),
]
# Clients that leave in the middle of these.
ABORTED = [
    post("/work/echo", b"x" * 200_000)[:150_000],
    post_chunked("/work/echo", [b"x" * 1000] * 3)[:-20],
    request("/work/large"),
    request("/public/large.txt"),
    request("/work/stream/100000"),
    b"GET / HTTP/1.1\r\nHost:",
    request("/", "X : y") + request("/"),
]
HEAD = re.compile(
    rb"HTTP/1\.1 (\d\d\d) [^\r\n]*\r\n"
    rb"(?:(?:Content-Length: (\d+)|(Transfer-Encoding: chunked)|[^\r\n]+)\r\n)*\r\n"
)


def answers(client: Client) -> Iterator[int]:
    """The statuses of the answers as they come."""
    data, at = bytearray(), 0
    while True:
        head = HEAD.match(data, at)
        end = head.end() if head else -1
        if head and head[3]:
            end = data.find(b"0\r\n\r\n", end)
            end = end + 5 if end >= 0 else -1
        elif head:
            end += int(head[2] or 0)
        if head and 0 <= end <= len(data):
            at = end
            yield int(head[1])
            continue
        del data[:at]
        at = 0
        part = client.socket.recv(1 << 18)
        assert part, f"closed behind {bytes(data)!r}"
        data += part


class Soak:
    """The same requests for the same seed."""

    def __init__(self, guavad: Guavad) -> None:
        self.guavad = guavad
        self.random = random.Random(1)
        self.clients = [Client(guavad.port) for _ in range(CONNECTIONS)]
        self.readers = [answers(client) for client in self.clients]
        self.asked = 0

    def ask(self, count: int) -> None:
        """At least so many more requests, all of which are answered."""
        end = self.asked + count
        while self.asked < end:
            expected = [self._send_batch(client) for client in self.clients]
            for reader, statuses in zip(self.readers, expected, strict=True):
                assert [next(reader) for _ in statuses] == statuses
                self.asked += len(statuses)
            self._abort()

    def _send_batch(self, client: Client) -> list[int]:
        batch = self.random.choices(KINDS, k=BATCH)
        if self.random.random() < 0.1:
            batch.append(self.random.choice(SELDOM))
        client.send(b"".join(data for data, _ in batch))
        return [status for _, status in batch]

    def _abort(self) -> None:
        data = self.random.choice(ABORTED)
        client = Client(self.guavad.port, data)
        if data.endswith(b"\r\n\r\n"):
            client.socket.recv(1000)
        self.random.choice([client.reset, client.socket.close])()
        self.asked += 1

    def close(self) -> None:
        for client in self.clients:
            client.socket.close()


def prepare(guavad: Guavad) -> None:
    for name, text in APPLICATION.items():
        guavad.write(name, text)
    guavad.configure(
        server={"listen": f"127.0.0.1:{guavad.port}", "workers": 1, "pidfile": "pid"},
        log={"error": "error.log", "access": "/dev/null"},
        routers=[
            {
                "type": "static",
                "mount_point": "/public",
                "directory": "public",
                "allow_index": True,
            },
            {"type": "rest", "mount_point": "/api", "package": "api"},
            {"type": "mvc", "mount_point": "/", "package": "controllers"},
        ],
    )
    guavad.pidfile = guavad.folder / "pid"


def run(guavad: Guavad, count: int) -> int:
    """The bytes that the worker of a prepared guavad grew by in `count` requests."""
    workers = guavad.worker_pids()
    soak = Soak(guavad)
    soak.ask(WARM_UP)
    before, files = private(guavad), descriptors(guavad)
    soak.ask(count)
    growth = private(guavad) - before
    guavad.eventually(lambda: descriptors(guavad) <= files, "closing")
    soak.close()
    assert guavad.worker_pids() == workers
    return growth


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with TemporaryDirectory() as folder:
        guavad = Guavad(Path(folder))
        guavad.write("controllers/__init__.py", "")
        prepare(guavad)
        guavad.start()
        try:
            start = time.monotonic()
            growth = run(guavad, count)
            seconds = time.monotonic() - start
        finally:
            guavad.stop()
    print(f"{count} requests in {seconds:.0f} s: the worker grew by {growth} bytes")
    if growth >= BOUND:
        sys.exit(f"more than {BOUND}")


if __name__ == "__main__":
    main()
