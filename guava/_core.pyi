"""The C engine: the server's loop, and the types that application code meets."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, BinaryIO, Protocol, TypeVar, final, overload

from guava.handler import AnyHandler
from guava.session.session import Session
from guava.upload import Upload

_T = TypeVar("_T")

LOG_DEBUG: int
LOG_INFO: int
LOG_WARNING: int
LOG_ERROR: int

def log_open(
    fd: int, level: int, name: str, *, generation: int = 0, json: bool = False
) -> None:
    """Send the error log to `fd` (borrowed), from `level` up, as process `name`.

    `generation` is the process's; 0 for none. `json` makes each entry an object.
    """

def log(level: int, message: str, logger: str | None = None) -> None:
    """Write one entry to the error log; line breaks are kept and indented.

    `logger` becomes a field of an entry in JSON, and is left out of a plain one.
    """

def split_path(path: str, mount_point: str) -> tuple[str, ...] | None:
    """Decode and split what follows `mount_point` in a raw URL path.

    One trailing empty segment (a final slash) is dropped; `()` is the mount point
    itself. None where the path is not below the mount point, or its escapes are
    malformed.
    """

def parse_query(text: str | bytes, /) -> MultiDict[str]:
    """The last value of each key of an urlencoded text, decoded as UTF-8."""

def parse_cookies(text: str, /) -> dict[str, str]:
    """The pairs of a Cookie header (RFC 6265, section 4.2.1), first of each name."""

def leave_out_of_dumps(fd: int, /) -> None:
    """Leave what is mapped of a file out of core dumps. Raises OSError."""

class _Sessions(Protocol):
    """What opens the session of a request when it is first touched, and saves it."""

    def open(self, request: Request, /) -> dict[str, Any]: ...
    def save(self, request: Request, session: Any, /) -> Sequence[tuple[str, str]]:
        """The header fields that the answer gets for it. Called once, when the answer
        is made and no code of the application changes the session any more."""

def accept_quality(accept: str, type: str) -> int:
    """What an Accept field gives a media type (RFC 9110, section 12.5.1).

    In thousandths; 0 where it is refused or not mentioned.
    """

def check_conditions(
    headers: Headers, reads: bool, etag: str | None, modified: int
) -> int:
    """What the preconditions among `headers` say (RFC 9110, section 13.2.2): 200 to go
    on, 304 or 412.

    `reads`: the method is GET or HEAD. `etag` is the current tag with its quotes, W/
    before a weak one; `modified` the current date in seconds, -1 for none.
    """

class Headers(dict[str, str]):
    """Header fields by lower-case name; look-ups ignore the case of the name."""

@final
class MultiDict(dict[str, _T]):
    """The last value by key, of what may have several: a query, a form."""

    def __init__(self, mapping: Mapping[str, _T | list[_T]] = ...) -> None:
        """A list is all the values of its key."""
    def getlist(self, key: str, /) -> list[_T]:
        """All values of the key, in the order they came; an empty list for none.

        Where the dict has been changed since, what it holds now.
        """

@final
class Request:
    """One request, decoded only where it is looked at."""

    def __init__(
        self,
        url: str = "/",
        path: str | None = None,
        host: str | None = None,
        method: str = "GET",
        body: bytes = b"",
        HEADERS: Mapping[str, str] | None = None,
        GET: Mapping[str, str | list[str]] | None = None,
        POST: Mapping[str, str | list[str]] | None = None,
        COOKIES: Mapping[str, str] | None = None,
        SESSION: Session | dict[str, Any] | None = None,
        FILES: Mapping[str, Upload | list[Upload]] | None = None,
    ) -> None: ...
    @property
    def method(self) -> str: ...
    @method.setter
    def method(self, method: str) -> None:
        """Have the request routed by another method; before it is routed, so by
        middleware of the whole server. RuntimeError afterwards, ValueError where guava
        does not serve the method."""
    @property
    def url(self) -> str:
        """The request target as it was sent."""
    @property
    def path(self) -> str:
        """The decoded path."""
    @property
    def raw_path(self) -> str:
        """The path as it was sent, escapes and all."""
    @property
    def query(self) -> str:
        """What follows the question mark, undecoded."""
    @property
    def host(self) -> str:
        """The host that was asked for, with its port."""
    @property
    def scheme(self) -> str:
        """https where a trusted proxy says so, else http."""
    @property
    def version(self) -> str:
        """The protocol's version: "1.1" or "1.0"."""
    @property
    def client(self) -> str:
        """The client's address, as a trusted proxy names it; "unix" on a Unix socket,
        "" where there is none."""
    @property
    def id(self) -> str:
        """What the logs and X-Request-ID name this request by: what a trusted proxy
        calls it, or 16 hexadecimal digits."""
    @property
    def body(self) -> bytes: ...
    @property
    def body_file(self) -> BinaryIO:
        """The body as a new file object at its start, from memory or from disk."""
    @overload
    def json(self) -> Any: ...
    @overload
    def json(self, type: type[_T]) -> _T:
        """The body, decoded as JSON; of any type that msgspec knows: a Struct, a
        dataclass, list[int].

        Raises UnsupportedMediaType where the request does not say that it is JSON,
        BadRequest where it is none, UnprocessableEntity where it does not fit `type`,
        PayloadTooLarge where it is over limits.body_decoded.
        """
    @overload
    def json(self, type: Any) -> Any: ...
    @property
    def error(self) -> BaseException | None:
        """What was raised, while a handler answers that; None where the engine itself
        has refused the request."""
    @property
    def HEADERS(self) -> Headers: ...
    @property
    def GET(self) -> MultiDict[str]: ...
    @property
    def POST(self) -> MultiDict[str]: ...
    @property
    def FILES(self) -> MultiDict[Upload]: ...
    @property
    def COOKIES(self) -> dict[str, str]: ...
    @property
    def SESSION(self) -> Session:
        """The session; in a request that was made by hand, what that was given.
        RuntimeError where the router has no sessions."""
    @property
    def state(self) -> dict[str, Any]:
        """What middleware and the application pass on to each other; empty at first."""

class Controller:
    """The part of a controller that the engine fills and reads directly."""

    def __init__(self, request: Request | None = None) -> None: ...
    @property
    def request(self) -> Request:
        """None in a controller that was made without one, which only tests do."""
    @property
    def GET(self) -> MultiDict[str]: ...
    @property
    def POST(self) -> MultiDict[str]: ...
    @property
    def FILES(self) -> MultiDict[Upload]: ...
    @property
    def COOKIES(self) -> dict[str, str]: ...
    @property
    def HEADERS(self) -> Headers: ...
    @property
    def SESSION(self) -> Session: ...
    @property
    def status_code(self) -> int: ...
    @property
    def headers(self) -> list[tuple[str, str]]:
        """The header fields set so far, as a new list."""
    @property
    def written(self) -> bytes:
        """What write() has gathered so far."""
    def write(self, data: str | bytes, /) -> None:
        """Add to the body; the action then returns None."""
    def set_status_code(self, code: int, /) -> None:
        """Raises ValueError where `code` is not from 200 to 599."""
    def set_header(self, name: str, value: str) -> None:
        """Replace the field. ValueError on a line break or a name that is no token,
        and for the fields that frame a message, which are the server's."""
    def add_header(self, name: str, value: str) -> None:
        """Add a field beside those of the same name."""
    def before_action(self) -> Any: ...
    def after_action(self) -> None: ...

@final
class Action:
    """An action of a controller, resolved once, called for each request."""

    def __init__(
        self,
        controller: type[Controller],
        name: str,
        *,
        min_args: int = 0,
        max_args: int = 0,
        converters: Sequence[Callable[[str], object] | None] = (),
        args: Sequence[object] = (),
        methods: Sequence[str] = (),
    ) -> None:
        """`min_args` and `max_args` (-1: any number) count arguments from the URL.

        `converters[i]` turns the i-th into what the action asks for; a ValueError is
        a 404. `args` are constants that a table's handler passes first. `methods` are
        those that it answers, HEAD with GET; none: all.
        """
    @property
    def controller(self) -> type[Controller]: ...
    @property
    def name(self) -> str: ...
    @property
    def methods(self) -> tuple[str, ...]:
        """Those that it answers, HEAD with GET."""

@final
class Redirect:
    """A redirection that the engine answers by itself."""

    def __init__(self, location: str, status: int = 302) -> None: ...

@final
class File:
    """One file that the engine sends by itself.

    With `directory`, `path` is relative to that and does not lead out of it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        directory: str | os.PathLike[str] | None = None,
    ) -> None: ...

Target = Action | Redirect | File

@final
class Server:
    """One libuv loop that serves HTTP on the descriptors it is given."""

    def __init__(
        self,
        *,
        timeouts: Mapping[str, int] = ...,
        limits: Mapping[str, int] = ...,
        server_header: bool = True,
        access_log: int = -1,
        access_format: str = "combined",
        scoreboard: int = -1,
        slot: int = 0,
        control: int = -1,
        trusted: Sequence[str] = (),
        forwarding: str = "auto",
    ) -> None:
        """`timeouts` in milliseconds: header, body, write, keepalive.

        `limits`: request_line, headers, header_count, body, body_memory, body_disk,
        min_rate, connections.
        Keys left out have the configuration's defaults.

        `trusted`: networks with their length, and "unix:", whose word on the client is
        taken; `forwarding`: auto, x-forwarded or forwarded.
        """
    def mount_static(
        self,
        mount_point: str,
        directory: str,
        allow_index: bool = False,
        *,
        index: Iterable[str] = ("index.html",),
        fallback: str | None = None,
        max_age: int | None = None,
        immutable: Iterable[str] = (),
        precompressed: Iterable[str] = (),
        hidden: bool = False,
        follow_symlinks: bool = False,
    ) -> None:
        """`max_age` in seconds; `precompressed`: endings such as "br", best first."""
    def mount_mvc(
        self,
        mount_point: str,
        modules: Mapping[str, Mapping[str, Action | tuple[Action, ...]]],
    ) -> None:
        """`modules["post"]["view"]` answers /post/view: one action, or several for
        different methods."""
    def mount_rest(
        self, mount_point: str, resources: Mapping[str, Resource]
    ) -> None: ...
    def mount_table(self, mount_point: str, routes: Mapping[str, Target]) -> None:
        """Keys are decoded paths below the mount point, with their first slash."""
    def mount_python(
        self,
        mount_point: str,
        route: Callable[[Request], AnyHandler | None],
        resolve: Callable[[AnyHandler], Target],
    ) -> None:
        """`resolve` is asked what to run for each handler that `route` returns."""
    def mount_callable(
        self, mount_point: str, handler: Callable[[Request], object]
    ) -> None:
        """`handler` answers every request below `mount_point`, as an action would."""
    def set_error_pages(self, pages: dict[int, tuple[str, bytes] | Action]) -> None:
        """Pages for errors of the mount that was made last.

        By status from 400 to 599: a file's name, whose ending says of what type it is,
        and its content; or an action that answers, without arguments from the URL.
        """
    def set_error_pages_of_all(
        self, pages: dict[int, tuple[str, bytes] | Action]
    ) -> None:
        """The same for errors of all paths, where no mount has one."""
    def set_types(self, types: dict[str, str]) -> None:
        """Media types of the mount that was made last, a static one, by ending.

        An ending has its dot. They go before the built-in ones.
        """
    def set_surroundings(
        self, middleware: Sequence[object], sessions: _Sessions | None = None
    ) -> None:
        """Put middleware and sessions around what the mount that was made last answers.

        A middleware has process_request(request), process_response(request, response)
        or both; TypeError where it has neither.
        """
    def set_surroundings_of_all(
        self, middleware: Sequence[object], sessions: _Sessions | None = None
    ) -> None:
        """The same around every request, before it is routed. The sessions are those of
        mounts that have none of their own."""
    def listen(self, fd: int, proxy_protocol: bool = False) -> None:
        """Accept on a listening socket, of which a copy is taken. Raises OSError.

        With `proxy_protocol` each connection begins with that protocol's header.
        """
    def ask(
        self,
        request: bytes,
        /,
        *,
        client: str = "",
        https: bool = False,
        raised: list[BaseException] = ...,
        enough: Callable[[bytes], bool] | None = None,
    ) -> bytes:
        """What is answered to `request`, which asks to close its connection.

        Before serve(), and one after the other. The request comes from the address
        `client`, "" for a Unix socket, by HTTPS or not. Every exception that is logged
        for it is added to `raised` too. `enough` is asked, whenever more has come,
        whether that will do: the connection is closed then. Raises OSError where it can
        not be asked, ValueError where `client` is no address.
        """
    def serve(self, ready: Callable[[], None] | None = None) -> None:
        """Run until drained or stopped; `ready` is called once, when accepting.

        With a control channel: reports "ready" by itself, obeys "drain", "stop" and
        "reopen". SIGTERM and SIGQUIT drain; without a control channel SIGINT does too.
        """
    def drain(self) -> None:
        """Stop accepting, finish what runs, then end serve(). From any thread.

        Clients that are silent are closed when they have been so for two seconds.
        """
    def stop(self) -> None:
        """End serve() now. From any thread."""

@final
class Resource:
    """A REST collection: its actions by name, and what lies below its elements."""

    def __init__(
        self, actions: Mapping[str, Action], children: Mapping[str, Resource] = ...
    ) -> None:
        """Action names: get_all, create_one on the collection; get_one, update_one,
        patch_one, delete_one on an element."""
