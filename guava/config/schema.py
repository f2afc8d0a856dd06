"""Everything that a configuration file may say.

Each class is a mapping of the file, its fields are the keys with their types and
defaults. A default that is text is read as if it stood in the file, so default
paths are relative to the file too. Durations are held in milliseconds, sizes in
bytes, paths absolute.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from guava.config.address import Address, Listen, OwnAddress, TCPAddress
from guava.config.kinds import (
    CLASS_PATH,
    MODULE,
    Duration,
    Ending,
    ErrorStatus,
    FileBelow,
    FileOr,
    FilePath,
    Group,
    Location,
    LogFormat,
    LogTarget,
    MediaType,
    MountPoint,
    Name,
    Network,
    Precompressed,
    Rate,
    RequestTarget,
    RoutePath,
    Size,
    Text,
    User,
    Whole,
)
from guava.config.middleware import Middleware, MiddlewareList
from guava.config.section import Section
from guava.config.session import Sessions
from guava.config.units import GIB, KIB, MIB, SECOND

Identifier = Annotated[str, Name()]
Module = Annotated[str, Name(pattern=MODULE, called="a module such as misc")]
Package = Annotated[
    str, Name(pattern=rf"\.|{MODULE}", called="a package such as controllers, or .")
]
ClassPath = Annotated[
    str,
    Name(pattern=CLASS_PATH, called="a class such as routers.MyRouter"),
]
Variable = Annotated[str, Name(pattern=r"[^=\0]+", called="a variable's name")]
Folder = Annotated[str, FilePath(must="be a folder")]
FileName = Annotated[
    str,
    Name(pattern=r"(?!\.\.?$)[^/\0]+", called="a file's name such as index.html"),
]
Pattern = Annotated[
    str, Name(pattern=r"[^\0]+", called='a pattern such as "*.[0-9a-f]*.js"')
]
RouteName = Annotated[str, Name(pattern=r"\S+", called="a name such as about")]
Method = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
Milliseconds = Annotated[int, Duration()]
Around = Annotated[tuple[Middleware, ...], MiddlewareList()]


class ErrorAction(Section, frozen=True, kw_only=True):
    """An action of a controller that answers an error."""

    package: Package = "."
    module: Module
    controller: Identifier
    action: Identifier


ErrorPages = dict[
    Annotated[int, ErrorStatus()],
    Annotated[
        str | ErrorAction, FileOr(section=ErrorAction, called="a controller's action")
    ],
]


class Server(Section, frozen=True, kw_only=True):
    """The process: where it listens, what it runs as."""

    listen: Annotated[tuple[Address, ...], Listen()] = (TCPAddress("127.0.0.1", 8000),)
    workers: Annotated[int | Literal["auto"], Whole(most=1024, word="auto")] = "auto"
    backlog: Annotated[int, Whole()] = 2048
    user: Annotated[str, User()] | None = None
    group: Annotated[str, Group()] | None = None
    pidfile: Annotated[str, FilePath()] | None = None
    daemon: bool = False
    working_directory: Folder = "."
    server_header: bool = True
    preload: bool = False
    warm_up: tuple[Annotated[str, RequestTarget()], ...] = ()


class Timeouts(Section, frozen=True, kw_only=True):
    """How long a client, a request, or a starting or leaving worker may take."""

    header: Milliseconds = 10 * SECOND
    body: Milliseconds = 30 * SECOND
    write: Milliseconds = 30 * SECOND
    keepalive: Milliseconds = 75 * SECOND
    request: Annotated[int, Duration(none=True)] = 30 * SECOND
    start: Milliseconds = 60 * SECOND
    graceful: Milliseconds = 30 * SECOND


class Limits(Section, frozen=True, kw_only=True):
    """How large and slow a request may be, and how many connections a worker holds."""

    request_line: Annotated[int, Size(least=64, most=MIB)] = 8 * KIB
    headers: Annotated[int, Size(least=64, most=16 * MIB)] = 32 * KIB
    header_count: Annotated[int, Whole(most=10000)] = 100
    body: Annotated[int, Size()] = MIB
    body_memory: Annotated[int, Size()] = 64 * KIB
    body_disk: Annotated[int, Size()] = GIB
    body_decoded: Annotated[int, Size()] = MIB
    form_parts: Annotated[int, Whole(most=100000)] = 1000
    min_rate: Annotated[int, Rate()] = 200
    connections: Annotated[int, Whole(most=1000000)] = 10000


class Recycle(Section, frozen=True, kw_only=True):
    """When a worker is replaced by a fresh one; 0 is never."""

    requests: Annotated[int, Whole(least=0, most=10**9)] = 0
    memory: Annotated[int, Size()] = 0
    age: Annotated[int, Duration(none=True)] = 0
    at_once: Annotated[int, Whole(most=1024)] = 1


class Proxy(Section, frozen=True, kw_only=True):
    """Whose word is taken on who the client is and what it asked for."""

    trusted: tuple[Annotated[str, Network()], ...] = ()
    headers: Literal["auto", "x-forwarded", "forwarded"] = "auto"


class Log(Section, frozen=True, kw_only=True):
    """What is logged where."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    error: Annotated[str, LogTarget()] = "stderr"
    access: Annotated[str, LogTarget(off=True)] = "stdout"
    format: Annotated[str, LogFormat()] = "combined"


class Status(Section, frozen=True, kw_only=True):
    """Where the master tells how it is doing."""

    listen: Annotated[tuple[OwnAddress, ...], Listen(own=True)] | None = None


class Python(Section, frozen=True, kw_only=True):
    """What the interpreter is given before the application is imported."""

    path: tuple[Annotated[str, FilePath(must="exist")], ...] = (".",)
    env: dict[Variable, Annotated[str, Text()]] = msgspec.field(default_factory=dict)


class ActionTarget(Section, frozen=True, kw_only=True, tag_field="kind", tag="action"):
    """An action of a controller, with constant arguments."""

    package: Package = "."
    module: Module
    controller: Identifier
    action: Identifier
    args: tuple[Annotated[str, Text()], ...] = ()
    methods: tuple[Method, ...] = ()
    name: RouteName | None = None


class RedirectTarget(
    Section, frozen=True, kw_only=True, tag_field="kind", tag="redirect"
):
    """A redirection."""

    redirect: Annotated[str, Location()]
    status: Literal[301, 302, 303, 307, 308] = 302
    name: RouteName | None = None


class FileTarget(Section, frozen=True, kw_only=True, tag_field="kind", tag="file"):
    """One file."""

    file: Annotated[str, FilePath(must="be a file")]
    name: RouteName | None = None


Target = ActionTarget | RedirectTarget | FileTarget


class Mounted(Section, frozen=True, kw_only=True):
    """What every router may have."""

    error_pages: ErrorPages = msgspec.field(default_factory=dict)
    session: Identifier | None = None
    middleware: Around = ()


class StaticRouter(Mounted, frozen=True, kw_only=True, tag_field="type", tag="static"):
    """The files of a directory."""

    mount_point: Annotated[str, MountPoint()] = "/"
    directory: Folder
    allow_index: bool = False
    index: tuple[FileName, ...] = ("index.html",)
    fallback: Annotated[str, FileBelow()] | None = None
    max_age: Annotated[int, Duration(none=True)] | None = None
    immutable: tuple[Pattern, ...] = ()
    precompressed: Annotated[tuple[str, ...], Precompressed()] = ()
    hidden: bool = False
    follow_symlinks: bool = False
    types: dict[Annotated[str, Ending()], Annotated[str, MediaType()]] = msgspec.field(
        default_factory=dict
    )
    name: RouteName | None = None


class MVCRouter(Mounted, frozen=True, kw_only=True, tag_field="type", tag="mvc"):
    """The controllers of a package, by /module/action/args."""

    mount_point: Annotated[str, MountPoint()] = "/"
    package: Package


class RESTRouter(Mounted, frozen=True, kw_only=True, tag_field="type", tag="rest"):
    """The resources of a package, by method and /resource/id."""

    mount_point: Annotated[str, MountPoint()] = "/"
    package: Package


class TableRouter(Mounted, frozen=True, kw_only=True, tag_field="type", tag="table"):
    """Single paths below the mount point, each with its target."""

    mount_point: Annotated[str, MountPoint()] = "/"
    routes: dict[Annotated[str, RoutePath()], Target]


class PythonRouter(Mounted, frozen=True, kw_only=True, tag_field="type", tag="python"):
    """A router of the application's own.

    It is made as `class_(mount_point=mount_point, **options)`, without `mount_point`
    where the file names none.
    """

    class_: ClassPath = msgspec.field(name="class")
    mount_point: Annotated[str, MountPoint()] | None = None
    options: dict[Identifier, Any] = msgspec.field(default_factory=dict)


Router = StaticRouter | MVCRouter | RESTRouter | TableRouter | PythonRouter


class Config(Section, frozen=True, kw_only=True):
    """A whole configuration file."""

    server: Server = Server()
    timeouts: Timeouts = Timeouts()
    limits: Limits = Limits()
    recycle: Recycle = Recycle()
    proxy: Proxy = Proxy()
    log: Log = Log()
    status: Status = Status()
    python: Python = Python()
    sessions: dict[Identifier, Sessions] = msgspec.field(default_factory=dict)
    session: Identifier | None = None
    error_pages: ErrorPages = msgspec.field(default_factory=dict)
    middleware: Around = ()
    routers: Annotated[tuple[Router, ...], msgspec.Meta(min_length=1)]
