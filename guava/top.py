"""What `guava top` shows: /status.json, drawn in a terminal again and again."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
import termios
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from guava.config.address import UNIX, OwnAddress, TCPAddress

Status = dict[str, Any]

PATIENCE: Final = 5.0
# What a status has, at least.
PARTS: Final = frozenset(
    (
        *("version", "pid", "time_ms", "started_ms", "state", "ready", "unready"),
        *("generation", "reloads", "totals", "routers", "restarts", "connections"),
        *("listeners", "workers"),
    )
)
CLASSES: Final = ("2xx", "3xx", "4xx", "5xx")
CONNECTIONS: Final = ("open", "idle", "reading_head", "reading_body", "sending")
BOLD, FAINT, GOOD, BAD, WARN, PLAIN = (
    f"\x1b[{code}m" for code in ("1", "2", "32", "31", "33", "0")
)
COLORS: Final = {"ready": GOOD, "serving": GOOD, "stuck": BAD, "down": BAD}
ENTER: Final = "\x1b[?1049h\x1b[?25l"  # the other screen, no cursor
LEAVE: Final = "\x1b[?25h\x1b[?1049l"
HOME: Final = "\x1b[H"
REST_OF_LINE: Final = "\x1b[K"
REST_OF_SCREEN: Final = "\x1b[J"


class _Connection(HTTPConnection):
    """As its base, also to a Unix socket."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=PATIENCE)
        self.path = place.path

    def connect(self) -> None:
        if not self.path:
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(self.path)


class Place(NamedTuple):
    """Where a guavad tells how it is doing."""

    host: str
    port: int
    path: str = ""  # of a Unix socket

    @classmethod
    def of_url(cls, url: str) -> Place:
        """Raises ValueError where `url` is neither http://HOST:PORT nor unix:PATH."""
        if url.startswith(UNIX) and url != UNIX:
            return cls("localhost", 0, url.removeprefix(UNIX))
        parts = urlsplit(url if "//" in url else f"//{url}")
        if parts.scheme not in ("", "http") or not parts.hostname or not parts.port:
            raise ValueError(f"expected http://HOST:PORT or unix:PATH, found {url}")
        return cls(parts.hostname, parts.port)

    @classmethod
    def of_address(cls, address: OwnAddress) -> Place:
        if not isinstance(address, TCPAddress):
            return cls("localhost", 0, address.path)
        anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}
        return cls(anywhere.get(address.host, address.host), address.port)

    def __str__(self) -> str:
        return f"{UNIX}{self.path}" if self.path else f"{self.host}:{self.port}"

    def ask(self) -> Status:
        """Raises OSError where nobody answers, or what answers is no guavad."""
        connection = _Connection(self)
        try:
            connection.request("GET", "/status.json")
            answer = connection.getresponse()
            body = answer.read()
        except OSError as error:
            raise OSError(f"{self} can not be asked: {error}") from None
        except HTTPException as error:
            raise OSError(f"{self} gives no status: {error!r}") from None
        finally:
            connection.close()
        if answer.status != 200:
            raise OSError(f"{self} answers with {answer.status} {answer.reason}")
        return _read(body)


def _read(body: bytes) -> Status:
    try:
        status = json.loads(body)
    except ValueError as error:
        raise OSError(f"what answers gives no status: {error}") from None
    if not isinstance(status, dict) or not status.keys() >= PARTS:
        raise OSError("what answers gives no status of a guavad")
    return status


# Figures


def size(count: float) -> str:
    """A number of bytes: 17.1 MiB."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"


def age(milliseconds: int | None) -> str:
    """How long ago, in one unit."""
    if milliseconds is None:
        return "-"
    seconds = max(0, milliseconds) // 1000
    for unit, length, least in (("d", 86400, 2), ("h", 3600, 2), ("min", 60, 2)):
        if seconds >= length * least:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"


def duration(us: float | None) -> str:
    """A time in the unit that suits it."""
    if us is None:
        return "-"
    if us < 1000:
        return f"{us:.0f} us"
    return f"{us / 1000:.1f} ms" if us < 10_000_000 else f"{us / 1_000_000:.1f} s"


def percentiles(
    now: list[list[int]], before: list[list[int]], shares: tuple[float, ...]
) -> list[float | None]:
    """The times, in microseconds, that these shares of what came since `before` took
    at most.

    Both are lists of where a bucket begins and how many it counts; a bucket is as wide
    as a quarter of the power of two that it begins at or behind.
    """
    counted = {bucket[0]: bucket[1] for bucket in before}
    fresh = [(start, count - counted.get(start, 0)) for start, count in now]
    total = sum(count for _, count in fresh)
    found: list[float | None] = []
    for share in shares:
        seen = 0
        for start, count in fresh:
            seen += count
            if count and seen >= total * share:
                found.append(start + max(1, (1 << start.bit_length()) // 8))
                break
        else:
            found.append(None)
    return found


class Change:
    """What happened between two statuses, a second."""

    def __init__(self, now: Status, before: Status) -> None:
        self.now, self.before = now, before
        self.seconds = max(0.001, (now["time_ms"] - before["time_ms"]) / 1000)
        self._workers = {_place(one): one["requests"] for one in before["workers"]}
        self._routers = {one["router"]: _total(one) for one in before["routers"]}

    def of(self, key: str) -> float:
        return self._rate(self.now["totals"][key], self.before["totals"][key])

    def of_class(self, name: str) -> float:
        answers = (status["totals"]["answers"] for status in (self.now, self.before))
        return self._rate(*(found[name] for found in answers))

    def of_worker(self, worker: Status) -> float:
        return self._rate(worker["requests"], self._workers.get(_place(worker), 0))

    def of_router(self, router: Status) -> float:
        return self._rate(_total(router), self._routers.get(router["router"], 0))

    def latency(self) -> list[float | None]:
        now, before = (one["totals"]["latency_us"] for one in (self.now, self.before))
        return percentiles(now, before, (0.5, 0.95, 0.99))

    def _rate(self, now: int, before: int) -> float:
        return float(max(0, now - before) / self.seconds)


def _place(worker: Status) -> tuple[int, int]:
    return worker["generation"], worker["pid"]


def _total(router: Status) -> int:
    return sum(router[name] for name in CLASSES)


# Drawing


def draw(now: Status, before: Status, width: int) -> list[str]:
    """The lines of the screen, coloured, each at most `width` columns wide."""
    change = Change(now, before)
    return [
        *_head(now, change, width),
        "",
        *_workers(now, change, width),
        "",
        *_routers(now, change, width),
    ]


def _head(now: Status, change: Change, width: int) -> Iterator[str]:
    state = "ready" if now["ready"] else f"{now['state']}: {now['unready']}"
    color = GOOD if now["ready"] else BAD
    title = f"guavad {now['version']}  pid {now['pid']}  "
    title += f"up {age(now['time_ms'] - now['started_ms'])}  "
    title += f"generation {now['generation']}  "
    state = _cut(state, width - len(title))
    yield f"{BOLD}{_cut(title, width)}{PLAIN}{color}{state}{PLAIN}"
    classes = "  ".join(f"{name} {change.of_class(name):,.0f}" for name in CLASSES)
    yield _cut(f"requests/s   {change.of('requests'):,.0f}   {classes}", width)
    times = zip(("50%", "95%", "99%"), change.latency(), strict=True)
    shown = "  ".join(f"{share} {duration(time)}" for share, time in times)
    yield _cut(f"latency      {shown}", width)
    traffic = f"sent {size(change.of('sent_bytes'))}/s  "
    traffic += f"received {size(change.of('received_bytes'))}/s"
    yield _cut(f"traffic      {traffic}", width)
    counts = (f"{name} {now['connections'][name]}" for name in CONNECTIONS)
    yield _cut(f"connections  {'  '.join(counts)}", width)
    for listener in now["listeners"]:
        queue = listener["queue"]
        waiting = "" if queue is None else f"  {queue} wait to be accepted"
        yield _cut(f"listens      {listener['address']}{waiting}", width)
    if now["restarts"]:
        ends = (f"{one['count']} by {one['cause']}" for one in now["restarts"])
        yield _cut(f"restarts     {', '.join(ends)}", width)
    yield from _reload(now, width)


def _reload(now: Status, width: int) -> Iterator[str]:
    last = now["reloads"]["last"]
    if now["reloads"]["under_way"]:
        yield f"{WARN}reload       under way{PLAIN}"
    elif last is not None:
        when = age(now["time_ms"] - last["time_ms"])
        text = _cut(f"reload       {when} ago: {last['message']}", width)
        yield text if last["done"] else f"{BAD}{text}{PLAIN}"


def _workers(now: Status, change: Change, width: int) -> Iterator[str]:
    heads = ("worker", "gen", "pid", "state", "age", "req/s", "requests", "conns")
    form = "{:>6} {:>4} {:>8}  {:<9}{:>7} {:>9} {:>12} {:>6} {:>11}  {}"
    yield FAINT + _cut(form.format(*heads, "memory", "running"), width) + PLAIN
    for one in now["workers"]:
        line = form.format(
            one["number"],
            one["generation"],
            one["pid"] or "-",
            one["state"],
            age(one["age_ms"]),
            f"{change.of_worker(one):,.0f}",
            f"{one['requests']:,}",
            one["connections"]["open"],
            size(one["resident_bytes"]),
            _running(one["running"]),
        )
        yield COLORS.get(one["state"], WARN) + _cut(line, width) + PLAIN


def _running(running: Status | None) -> str:
    if running is None:
        return ""
    what = f"{running['method']} {running['path']}"
    return f"{duration(max(0, running['age_ms']) * 1000.0)} {what}"


def _routers(now: Status, change: Change, width: int) -> Iterator[str]:
    form = "{:<32} {:>9} {:>12} {:>12} {:>12} {:>12}"
    yield FAINT + _cut(form.format("router", "req/s", *CLASSES), width) + PLAIN
    for one in now["routers"]:
        counts = (f"{one[name]:,}" for name in CLASSES)
        rate = f"{change.of_router(one):,.0f}"
        yield _cut(form.format(one["router"], rate, *counts), width)


def _cut(text: str, width: int) -> str:
    """A terminal must not be told anything by a path."""
    return "".join(c if c.isprintable() else "?" for c in text)[: max(0, width)]


# Watching


def print_once(place: Place, interval: float) -> int:
    """Print what happens in `interval` seconds, without colours."""
    before = place.ask()
    time.sleep(interval)
    for line in draw(place.ask(), before, 1 << 16):
        for code in (BOLD, FAINT, GOOD, BAD, WARN, PLAIN):
            line = line.replace(code, "")
        print(line.rstrip())
    return 0


def watch(place: Place, interval: float) -> int:
    """Draw until q or the end of input comes. Raises OSError where nobody answers
    the first time; later that is shown, and asked again."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise OSError("there is no terminal to draw in; --once prints and exits")
    before = now = place.ask()
    trouble = ""
    with _screen(), suppress(KeyboardInterrupt):
        _show(now, before, trouble)
        while not _is_over(interval):
            try:
                fresh, trouble = place.ask(), ""
                same = fresh["started_ms"] == now["started_ms"]
                before, now = (now if same else fresh), fresh
            except OSError as error:
                trouble = str(error)
            _show(now, before, trouble)
    return 0


def _show(now: Status, before: Status, trouble: str) -> None:
    width, height = os.get_terminal_size()
    lines = draw(now, before, width)[: height - 1]
    last = (
        f"{BAD}{_cut(trouble, width)}{PLAIN}" if trouble else f"{FAINT}q: quit{PLAIN}"
    )
    text = "".join(f"{line}{REST_OF_LINE}\r\n" for line in lines)
    _write(f"{HOME}{text}{REST_OF_SCREEN}\x1b[{height};1H{last}{REST_OF_LINE}")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _is_over(interval: float) -> bool:
    """Whether the user wants no more, having waited for that long; another key is a
    reason to draw now."""
    keys = sys.stdin.fileno()
    if not select.select([keys], [], [], interval)[0]:
        return False
    return os.read(keys, 64)[:1] in (b"q", b"Q", b"\x03", b"\x04", b"")


@contextmanager
def _screen() -> Iterator[None]:
    """The terminal's other screen, keys one by one; all as it was in the end."""
    keys = sys.stdin.fileno()
    saved = termios.tcgetattr(keys)
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        tty.setcbreak(keys)
        _write(ENTER)
        yield
    finally:
        _write(LEAVE)
        termios.tcsetattr(keys, termios.TCSADRAIN, saved)
        signal.signal(signal.SIGTERM, before)
