"""Pages for errors, by status: files that are sent, and actions that answer."""

from __future__ import annotations

import os
from collections.abc import Mapping
from types import MappingProxyType

from guava import _core, loading
from guava.handler import Handler
from guava.importing import LoadError

ErrorPage = str | Handler
"""The path of a file, or the action that answers in its place."""


def checked(pages: Mapping[int, ErrorPage]) -> Mapping[int, ErrorPage]:
    """A copy that can not be changed, its paths absolute.

    ValueError on a status that is not from 400 to 599.
    """
    for status in pages:
        if status not in range(400, 600):
            raise ValueError(f"{status!r} is not the status of an error")
    return MappingProxyType({status: _absolute(page) for status, page in pages.items()})


def load(
    pages: Mapping[int, ErrorPage],
) -> dict[int, tuple[str, bytes] | _core.Action]:
    """What the engine takes: of files their names and content, of actions those that
    are imported. Raises LoadError."""
    return {status: _load(page) for status, page in pages.items()}


def _absolute(page: ErrorPage) -> ErrorPage:
    return page if isinstance(page, Handler) else os.path.abspath(page)


def _load(page: ErrorPage) -> tuple[str, bytes] | _core.Action:
    if isinstance(page, Handler):
        action = loading.fixed_target(page)
        assert isinstance(action, _core.Action)
        return action
    return page, _content(page)


def _content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        message = f"cannot read {path}: {error.strerror}"
        raise LoadError("error_pages", message) from None
