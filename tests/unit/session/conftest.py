"""Sessions without a server: requests by hand, and clocks that can be set."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from guava import shared
from guava.request import Request
from guava.session import Mem, Session, Sessions

_names = map("unit{}".format, count())


class Client:
    """What a browser would do: sends its cookie, and keeps what it is given."""

    def __init__(self, sessions: Sessions, scheme: str = "http") -> None:
        self.sessions = sessions
        self.cookies: dict[str, str] = {}
        self.fields: list[tuple[str, str]] = []  # of the answer that came last

    def begin(self) -> tuple[Request, Session]:
        """A request, and its session."""
        request = Request(COOKIES=dict(self.cookies))
        return request, self.sessions.open(request)

    def end(self, request: Request, session: Session) -> None:
        self.fields = self.sessions.save(request, session)
        for name, value in self.fields:
            if name == "Set-Cookie":
                key, _, sid = value.partition(";")[0].partition("=")
                self.cookies = {} if "Max-Age=0" in value else {key: sid}

    def ask(self, action: Callable[[Session], Any] = dict) -> Any:
        """What an action returns that is given the session."""
        request, session = self.begin()
        result = action(session)
        self.end(request, session)
        return result

    def put(self, **values: Any) -> None:
        self.ask(lambda session: session.update(values))

    @property
    def cookie(self) -> str | None:
        """The Set-Cookie field of the answer that came last."""
        return dict(self.fields).get("Set-Cookie")


class Clock:
    now = 1_000_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def memory() -> Iterator[None]:
    """Shared memory of the test's own, which bounds how many databases are in it."""
    memory = shared.Memory()
    with memory.active():
        yield
    memory.close()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What sessions and Mem take for the time; to be set."""
    clock = Clock()
    for module in ("sessions", "mem", "blob", "adapter"):
        monkeypatch.setattr(f"guava.session.{module}.time", clock)
    return clock


@pytest.fixture
def make_client() -> Callable[..., Client]:
    """Makes a client of sessions in a Mem of their own: make_client(ttl=…, …)."""

    def make(store: Any = None, ttl: float = 1000, **options: Any) -> Client:
        store = store or Mem(ttl=ttl, name=next(_names))
        return Client(Sessions(store, **options))

    return make


@pytest.fixture
def client(make_client: Callable[..., Client]) -> Client:
    return make_client()
