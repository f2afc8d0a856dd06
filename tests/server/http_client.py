"""An HTTP client that shows its work: raw bytes out, answers parsed strictly."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

PATIENCE = 10.0  # seconds that any answer may take
HERE = Path(__file__).parent
STATUS_LINE = re.compile(rb"HTTP/1\.1 ([1-5][0-9]{2}) ([ -~]+)")
FIELD_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\t -~\x80-\xff]*)")
SINGLE = {"date", "content-length", "content-type", "transfer-encoding", "connection"}


@dataclass
class Answer:
    status: int
    reason: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def is_last(self) -> bool:
        return self.headers.get("connection") == "close"


def request(target: str = "/", *fields: str, method: str = "GET") -> bytes:
    """An HTTP/1.1 request without a body; `fields` are whole lines."""
    lines = [f"{method} {target} HTTP/1.1", "Host: test", *fields]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode()


def old_request(target: str = "/", *fields: str, method: str = "GET") -> bytes:
    """The same of HTTP/1.0."""
    lines = [f"{method} {target} HTTP/1.0", *fields, ""]
    return "".join(f"{line}\r\n" for line in lines).encode()


def post(target: str, body: bytes, *fields: str) -> bytes:
    """A request whose body has a Content-Length."""
    return (
        request(target, f"Content-Length: {len(body)}", *fields, method="POST") + body
    )


def post_chunked(target: str, chunks: list[bytes], *fields: str) -> bytes:
    """A request whose body comes in these chunks."""
    head = request(target, "Transfer-Encoding: chunked", *fields, method="POST")
    return head + b"".join(as_chunk(chunk) for chunk in [*chunks, b""])


def as_chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


class Client:
    """One connection. Whatever breaks the protocol fails the test."""

    def __init__(
        self, port: int, data: bytes = b"", receive_buffer: int | None = None
    ) -> None:
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", port))
        self.unread = b""
        self.send(data)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def send_in_parts(self, data: bytes, size: int = 1) -> None:
        """In as many segments as there are parts."""
        for start in range(0, len(data), size):
            self.socket.sendall(data[start : start + size])

    def finish(self) -> None:
        """Say that no more will be sent; answers are still read."""
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Leave with an RST."""
        linger = (1).to_bytes(4, "little") + (0).to_bytes(4, "little")
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.socket.close()

    # Reading

    def _more(self) -> bool:
        """False at the end of file."""
        data = self.socket.recv(65536)
        self.unread += data
        return data != b""

    def _line(self) -> bytes:
        while b"\r\n" not in self.unread:
            assert self._more(), f"cut off within a line: {self.unread!r}"
        line, self.unread = self.unread.split(b"\r\n", 1)
        assert b"\n" not in line, line
        assert b"\r" not in line, line
        return line

    def _exactly(self, size: int) -> bytes:
        parts = [self.unread]
        missing = size - len(self.unread)
        while missing > 0:
            data = self.socket.recv(65536)
            assert data, f"cut off with {missing} of {size} bytes to come"
            parts.append(data)
            missing -= len(data)
        whole = b"".join(parts)
        self.unread = whole[size:]
        return whole[:size]

    def rest(self) -> bytes:
        """All that comes until the server closes."""
        while self._more():
            pass
        data, self.unread = self.unread, b""
        return data

    def at_end(self) -> bool:
        """Whether the server closes now, in order, and has sent no more."""
        return self.rest() == b""

    def is_dropped(self) -> bool:
        """Whether the server has closed, in whatever way, at the end of what comes."""
        try:
            while self.socket.recv(65536):
                pass
        except ConnectionResetError:
            pass
        return True

    def head(self) -> Answer:
        """The status and fields of the next answer."""
        line = self._line()
        parts = STATUS_LINE.fullmatch(line)
        assert parts, line
        headers: dict[str, str] = {}
        while line := self._line():
            field = FIELD_LINE.fullmatch(line)
            assert field, line
            name, value = field[1].decode().lower(), field[2].decode()
            assert name not in headers or name not in SINGLE, f"{name} twice"
            headers[name] = value
        answer = Answer(int(parts[1]), parts[2].decode(), headers)
        if answer.status >= 200:
            assert "date" in headers
            parsedate_to_datetime(headers["date"])
        return answer

    def chunk(self) -> bytes:
        """The next chunk of a chunked body; empty at its end."""
        size = self._line()
        assert re.fullmatch(rb"[1-9a-f][0-9a-f]*|0", size), size
        data = self._exactly(int(size, 16))
        assert self._line() == b"", "a chunk without its end, or trailers"
        return data

    def _chunks(self) -> bytes:
        return b"".join(iter(self.chunk, b""))

    def read(self, method: str = "GET") -> Answer:
        """The next answer: to a request of this method, it decides on the body."""
        answer = self.head()
        length = answer.headers.get("content-length")
        coding = answer.headers.get("transfer-encoding")
        assert length is None or coding is None, "framed twice"
        if answer.status < 200 or answer.status == 204:
            assert length is None
            assert coding is None
        if method == "HEAD" or answer.status < 200 or answer.status in (204, 304):
            return answer
        if coding is not None:
            assert coding == "chunked"
            answer.body = self._chunks()
        elif length is not None:
            assert re.fullmatch(r"0|[1-9][0-9]*", length)
            answer.body = self._exactly(int(length))
        else:
            assert answer.is_last, "a body that nothing ends"
            answer.body = self.rest()
        return answer

    def ask(self, data: bytes, method: str = "GET") -> Answer:
        self.send(data)
        return self.read(method)


def engine(make: Any, start: bool = True, **sections: Any) -> Any:
    """A guavad with one worker that runs the application in engine/."""
    sections.setdefault("server", {"workers": 1})
    sections.setdefault(
        "routers", [{"type": "mvc", "mount_point": "/", "package": "engine"}]
    )
    guavad = make(python={"path": [str(HERE)]}, **sections)
    if start:
        guavad.start()
    return guavad


def engine_with_files(make: Any, large: bytes) -> Any:
    """The same, with a small file and `large` under /static."""
    mvc = {"type": "mvc", "mount_point": "/", "package": "engine"}
    static = {"type": "static", "mount_point": "/static", "directory": "public"}
    guavad = engine(make, start=False, routers=[static, mvc])
    guavad.write("public/hello.txt", "hello from a file")
    (guavad.folder / "public/large.bin").write_bytes(large)
    guavad.start()
    return guavad


def descriptors(guavad: Any) -> int:
    """How many files the only worker has open."""
    [pid] = guavad.worker_pids()
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def resident(guavad: Any) -> int:
    """Bytes of memory of the only worker; 0 where a sanitizer keeps what is freed."""
    if "ASAN_OPTIONS" in os.environ:
        return 0
    [pid] = guavad.worker_pids()
    status = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"^Rss:\s+(\d+) kB", status, re.M)[1]) * 1024


def private(guavad: Any) -> int:
    """As resident(), of the memory that the worker shares with no other process."""
    if "ASAN_OPTIONS" in os.environ:
        return 0
    [pid] = guavad.worker_pids()
    status = Path(f"/proc/{pid}/smaps_rollup").read_text()
    sizes = re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+) kB", status, re.M)
    return sum(map(int, sizes)) * 1024
