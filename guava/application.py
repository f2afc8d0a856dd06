"""From a configuration to routers, and from routers to a server that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from traceback import format_exception
from typing import TYPE_CHECKING

from guava import _core, around, error_pages, loading
from guava._core import Server
from guava.config import schema
from guava.config.middleware import Middleware
from guava.config.section import Section
from guava.config.session import Sessions as SessionsSection
from guava.config.units import SECOND
from guava.error_pages import ErrorPage
from guava.handler import AnyHandler, Handler, RedirectHandler, StaticHandler
from guava.importing import LoadError, describe
from guava.router import MVCRouter, RESTRouter, Router, StaticRouter

if TYPE_CHECKING:
    from guava.session.sessions import Sessions


def build(config: schema.Config) -> list[Router]:
    """The routers of a configuration, in file order.

    Only the classes of Python routers are imported. Raises LoadError.
    """
    routers = [_router(section) for section in config.routers]
    for router, section in zip(routers, config.routers, strict=True):
        if section.error_pages:
            router.error_pages = _error_pages(section.error_pages)
    return routers


def check(config: schema.Config) -> list[str]:
    """Import everything that the configuration names, and say what is wrong.

    One line "file:line:column: message" for each fault; none where all can be served.
    Tracebacks of code that failed go to the error log.
    """
    parts = [
        *_sessions(config.sessions),
        *_error_parts(config, config.error_pages),
        *_around(config.middleware, around.make),
    ]
    for router in config.routers:
        parts += _parts(router)
    return [line for section, load in parts for line in _faults(section, load)]


def load(routers: Iterable[Router]) -> None:
    """Import what the routers name. Raises LoadError, or an ExceptionGroup of
    several."""
    for router in routers:
        router.load()


def load_error_handlers(config: schema.Config) -> None:
    """Import what the error pages name. Raises LoadError."""
    for section in (config, *config.routers):
        error_pages.load(_error_pages(section.error_pages))


def mount(server: Server, routers: Iterable[Router]) -> None:
    """Load the routers and have `server` answer for them. Raises LoadError, or an
    ExceptionGroup of several."""
    for router in routers:
        router.mount(server)


def attach(server: Server, routers: Iterable[Router]) -> None:
    """Have `server` answer for routers that are loaded. Raises LoadError."""
    for router in routers:
        router.attach(server)


def surround(server: Server, config: schema.Config, routers: Iterable[Router]) -> None:
    """Make what stands around the routers of build(), and around all of `server`, which
    also gets the error pages of all paths.

    To be called once a worker, before attach(). Raises LoadError.
    """
    made = _made_sessions(config)
    for router, section in zip(routers, config.routers, strict=True):
        if section.middleware:
            router.middleware = [*map(around.make_for_router, section.middleware)]
        if section.session:
            router.session = made[section.session]
    if config.middleware or config.session:
        middleware = [*map(around.make, config.middleware)]
        sessions = made[config.session] if config.session else None
        server.set_surroundings_of_all(middleware, sessions)
    if config.error_pages:
        pages = error_pages.load(_error_pages(config.error_pages))
        server.set_error_pages_of_all(pages)


def _made_sessions(config: schema.Config) -> dict[str, Sessions]:
    """Those that something uses. Raises LoadError."""
    used = {section.session for section in (config, *config.routers)}
    found = config.sessions.items()
    return {name: _made_of(name, one) for name, one in found if name in used}


def _made_of(name: str, section: SessionsSection) -> Sessions:
    """Raises LoadError."""
    from guava.session import configured  # costs time, where there are no sessions

    return configured.make(name, section)


def _router(section: schema.Router) -> Router:
    match section:
        case schema.StaticRouter():
            return _static_router(section)
        case schema.MVCRouter():
            return MVCRouter(section.mount_point, section.package)
        case schema.RESTRouter():
            return RESTRouter(section.mount_point, section.package)
        case schema.TableRouter():
            return _table_router(section)
        case schema.PythonRouter():
            return _python_router(section)


def _table_router(section: schema.TableRouter) -> Router:
    router = Router(mount_point=section.mount_point)
    for path, target in section.routes.items():
        methods = _methods(target)
        router.register(path, _handler(target), methods=methods, name=target.name)
    return router


def _methods(target: schema.Target) -> tuple[str, ...] | None:
    """Those that a route has in the file; None where it has none."""
    return (target.methods or None) if isinstance(target, schema.ActionTarget) else None


def _static_router(section: schema.StaticRouter) -> StaticRouter:
    return StaticRouter(
        section.mount_point,
        section.directory,
        section.allow_index,
        index=section.index,
        fallback=section.fallback,
        max_age=None if section.max_age is None else section.max_age // SECOND,
        immutable=section.immutable,
        precompressed=section.precompressed,
        hidden=section.hidden,
        follow_symlinks=section.follow_symlinks,
        types=section.types,
        name=section.name,
    )


def _error_pages(section: schema.ErrorPages) -> dict[int, ErrorPage]:
    return {
        status: page if isinstance(page, str) else _error_handler(page)
        for status, page in section.items()
    }


def _error_handler(section: schema.ErrorAction) -> Handler:
    return Handler(
        package=section.package,
        module=section.module,
        controller=section.controller,
        action=section.action,
    )


def _handler(target: schema.Target) -> AnyHandler:
    match target:
        case schema.ActionTarget():
            return Handler(
                package=target.package,
                module=target.module,
                controller=target.controller,
                action=target.action,
                args=target.args,
            )
        case schema.RedirectTarget():
            return RedirectHandler(target.redirect, target.status)
        case schema.FileTarget():
            return StaticHandler(target.file)


def _python_router(section: schema.PythonRouter) -> Router:
    cls = loading.find_class(section.class_)
    if not issubclass(cls, Router):
        raise LoadError("class", f"{section.class_} is not a guava.router.Router")
    options = dict(section.options)
    if section.mount_point is not None:
        options["mount_point"] = section.mount_point
    return loading.make(cls, options, section.class_)


def _parts(router: schema.Router) -> Iterator[tuple[Section, Callable[[], object]]]:
    """The sections of a router that can be at fault by themselves, each with what
    loads it."""
    yield from _error_parts(router, router.error_pages)
    yield from _around(router.middleware, around.make_for_router)
    if isinstance(router, schema.TableRouter):
        for target in router.routes.values():
            yield (
                target,
                partial(loading.fixed_target, _handler(target), _methods(target)),
            )
    else:
        yield router, lambda: _router(router).load()


def _error_parts(
    section: Section, pages: schema.ErrorPages
) -> Iterator[tuple[Section, Callable[[], object]]]:
    for status, page in _error_pages(pages).items():
        action = pages[status]
        place = section if isinstance(action, str) else action
        yield place, partial(error_pages.load, {status: page})


def _around(
    middleware: Iterable[Middleware], make: Callable[[Middleware], object]
) -> Iterator[tuple[Section, Callable[[], object]]]:
    for section in middleware:
        yield section, partial(make, section)


def _sessions(
    sections: Mapping[str, SessionsSection],
) -> Iterator[tuple[Section, Callable[[], object]]]:
    for name, section in sections.items():
        yield section, partial(_made_of, name, section)


def _faults(section: Section, load: Callable[[], object]) -> list[str]:
    lines = []
    for error in _errors(load):
        if error.__cause__ is not None:
            trace = "".join(format_exception(error.__cause__))
            _core.log(_core.LOG_ERROR, trace.rstrip())
        lines.append(f"{section.place(error.key)}: {error}")
    return lines


def _errors(load: Callable[[], object]) -> list[LoadError]:
    try:
        load()
    except ExceptionGroup as group:
        return [*map(_load_error, group.exceptions)]
    except (Exception, SystemExit) as error:
        return [_load_error(error)]
    return []


def _load_error(error: BaseException) -> LoadError:
    """The same, where code of the application raised what is none."""
    if isinstance(error, LoadError):
        return error
    made = LoadError("class", describe(error))
    made.__cause__ = error
    return made
