"""A client for tests, which asks the application in its own process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from typing import Final, Unpack
from urllib.parse import urljoin, urlsplit
from urllib.request import Request

from guava.testing import message as messages
from guava.testing.answer import Answer, read_head
from guava.testing.body import NO_BODY, Body
from guava.testing.cookies import Cookies
from guava.testing.daemon import Guavad, Outside
from guava.testing.inside import Application, Inside
from guava.testing.message import Options

_REDIRECTIONS: Final = (301, 302, 303, 307, 308)
_REDIRECTIONS_MAX: Final = 20


class Client:
    """Asks an application: the real router, controllers, middleware and sessions, in C,
    without a server or a port.

    Cookies are kept. Exceptions of the application are raised here, behind their
    traceback in `log`; with `raise_exceptions=False` the answer is the 500 that a
    visitor gets. Requests run in the thread that asks, without time-outs, one after the
    other.
    """

    def __init__(
        self,
        application: Application | Guavad,
        *,
        base_url: str | None = None,
        headers: Mapping[str, str] | None = None,
        client: str = "127.0.0.1",
        raise_exceptions: bool = True,
        follow_redirects: bool = False,
    ) -> None:
        """`application` is the path of a configuration, a Config, a Router or several,
        or a `guava.server.Server`; or a Guavad that runs, which is asked through its
        port and keeps its exceptions.

        `base_url` completes URLs, http://localhost or where the Guavad serves; with
        https, so is every request. `headers` are sent with each of them, from the
        address `client`, unless that is a Guavad's to see.

        Raises what keeps a worker from serving: ConfigError, LoadError, or an
        ExceptionGroup of several.
        """
        self._asked, there = _asked(application)
        self.base_url = base_url or there
        self.headers = dict(headers or {})
        self.client = client
        self.raise_exceptions = raise_exceptions
        self.follow_redirects = follow_redirects
        self.cookies = Cookies(self.base_url)
        self._is_another = False

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Run the hooks of on_worker_stop(), and undo what the configuration has
        changed in this process; for another() nothing, nor for a Guavad."""
        if not self._is_another:
            self._asked.close()

    def another(self) -> Client:
        """Another visitor of the same application, who has no cookies yet."""
        other = copy(self)
        other.headers = dict(self.headers)
        other.cookies = Cookies(self.base_url)
        other._is_another = True
        return other

    @property
    def log(self) -> str:
        """The error log so far, tracebacks of the application among it."""
        return self._asked.log

    def get(self, url: str, **options: Unpack[Options]) -> Answer:
        """Ask by GET; see request()."""
        return self.request("GET", url, **options)

    def head(self, url: str, **options: Unpack[Options]) -> Answer:
        """Ask by HEAD; see request()."""
        return self.request("HEAD", url, **options)

    def post(self, url: str, **options: Unpack[Options]) -> Answer:
        """Ask by POST; see request()."""
        return self.request("POST", url, **options)

    def put(self, url: str, **options: Unpack[Options]) -> Answer:
        """Ask by PUT; see request()."""
        return self.request("PUT", url, **options)

    def patch(self, url: str, **options: Unpack[Options]) -> Answer:
        """Ask by PATCH; see request()."""
        return self.request("PATCH", url, **options)

    def delete(self, url: str, **options: Unpack[Options]) -> Answer:
        """Ask by DELETE; see request()."""
        return self.request("DELETE", url, **options)

    def options(self, url: str, **options: Unpack[Options]) -> Answer:
        """Ask by OPTIONS; see request()."""
        return self.request("OPTIONS", url, **options)

    def request(self, method: str, url: str, **options: Unpack[Options]) -> Answer:
        """The whole answer to a request for `url`, a path or with a host.

        Raises an exception of the application, unless that is an HTTPError or
        `raise_exceptions` is off; ConnectionError where an answer is cut off, and
        ValueError where this can be no request.
        """
        body = messages.body(options)
        answer = self._ask(method, url, body, options)
        if not options.get("follow_redirects", self.follow_redirects):
            return answer
        options.pop("query", None)
        history: list[Answer] = []
        while (where := self._redirection(answer)) is not None:
            history.append(answer)
            if len(history) > _REDIRECTIONS_MAX:
                raise RuntimeError(f"{url} is redirected again and again")
            method, body = _redirected(answer, body)
            answer = self._ask(method, where, body, options)
        answer.history = history
        return answer

    def _redirection(self, answer: Answer) -> str | None:
        """Where `answer` leads to, on the host that gave it."""
        if answer.status not in _REDIRECTIONS or "Location" not in answer.headers:
            return None
        where = urljoin(answer.url, answer.headers["Location"])
        same = urlsplit(where).netloc == urlsplit(answer.url).netloc
        return where if same else None

    def _ask(self, method: str, url: str, body: Body, options: Options) -> Answer:
        url = messages.complete(self.base_url, url, options.get("query"))
        cookies = self.cookies.field(url, options.get("cookies", {}))
        headers = {**self.headers, **options.get("headers", {})}
        message = messages.build(method, url, body, headers, cookies)
        https = urlsplit(url).scheme == "https"
        enough = _Until(options.get("until"), method, url)
        received, raised = self._asked.ask(message, self.client, https, enough.given)
        enough.raise_failure()
        if raised and (self.raise_exceptions or not isinstance(raised[0], Exception)):
            raise raised[0]
        response = read_head(received, method)
        self.cookies.extract_cookies(response, Request(url))
        return Answer(response, method, url, partial=enough.is_met)


class _Until:
    """A request's `until`, as the engine asks it, which wants to hear of no failure."""

    def __init__(
        self, until: Callable[[Answer], bool] | None, method: str, url: str
    ) -> None:
        self._until = until
        self._asked = method, url
        self._failure: BaseException | None = None
        self.is_met = False
        self.given = None if until is None else self._is_enough

    def raise_failure(self) -> None:
        """Raise what it has raised."""
        if self._failure is not None:
            raise self._failure

    def _is_enough(self, message: bytes) -> bool:
        if b"\r\n\r\n" not in message or self._until is None:
            return False
        try:
            response = read_head(message, self._asked[0])
            self.is_met = self._until(Answer(response, *self._asked, partial=True))
        except BaseException as error:
            self._failure = error
        return self.is_met or self._failure is not None


def _asked(application: Application | Guavad) -> tuple[Inside | Outside, str]:
    """What is asked, and where that seems to be."""
    if isinstance(application, Guavad):
        return Outside(application), application.url("")
    return Inside(application), "http://localhost"


def _redirected(answer: Answer, body: Body) -> tuple[str, Body]:
    """How the Location of `answer` is asked for: with 307 and 308 as before, else by
    GET (RFC 9110, section 15.4), and HEAD stays HEAD."""
    if answer.status in (307, 308):
        return answer.method, body
    return "HEAD" if answer.method == "HEAD" else "GET", NO_BODY
