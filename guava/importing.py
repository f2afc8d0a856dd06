"""Imports modules of an application, and says in one line what went wrong and where."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from traceback import walk_stack, walk_tb
from types import FrameType, FunctionType, ModuleType
from typing import Final

_STANDARD_LIBRARY: Final = os.path.dirname(os.__file__)
_GUAVA: Final = os.path.dirname(__file__) + os.sep


class LoadError(Exception):
    """Something that an application was to have can not be loaded.

    `key` says which part of what was asked is at fault: package, module, controller,
    action, args, class or error_pages. Where code of the application failed, its
    exception is the cause.
    """

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


def load_module(name: str, key: str, missing: str) -> ModuleType:
    """Import a module.

    Raises LoadError, its message `missing` where there is no module of that name.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            raise LoadError(key, missing) from None
        raise LoadError(key, describe(error)) from _trim(error)
    except (Exception, SystemExit) as error:
        raise LoadError(key, describe(error)) from _trim(error)


def _trim(error: BaseException) -> BaseException:
    """The exception, its traceback beginning where the application does."""
    entry = error.__traceback__
    while entry is not None and _is_foreign(entry.tb_frame.f_code.co_filename):
        entry = entry.tb_next
    return error.with_traceback(entry or error.__traceback__)


def describe(error: BaseException) -> str:
    """An exception in one line, after the place in the application that it came from:
    "controllers/post.py:3: NameError: name 'x' is not defined"."""
    text = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    kind = type(error).__name__
    return f"{_origin(error)}{kind}: {text}" if text else f"{_origin(error)}{kind}"


def is_of_guava(error: BaseException) -> bool:
    """Whether no other code took part in it: then its text alone says what is wrong."""
    frames = walk_tb(error.__traceback__)
    files = (frame.f_code.co_filename for frame, _ in frames)
    return all(file.startswith(_GUAVA) for file in files)


def _origin(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f"{shown(error.filename)}:{error.lineno or 1}: "
    all_frames = walk_tb(error.__traceback__)
    frames = [(frame.f_code.co_filename, line) for frame, line in all_frames]
    frames = [place for place in frames if not place[0].startswith(_GUAVA)]
    own = [place for place in frames if not _is_foreign(place[0])] or frames
    return f"{shown(own[-1][0])}:{own[-1][1]}: " if own else ""


def shown_place(frame: FrameType) -> str:
    """Where a stack is in the application: "controllers/post.py:3"."""
    frames = [(f.f_code.co_filename, line) for f, line in walk_stack(frame)]
    own = [place for place in frames if not _is_foreign(place[0])] or frames
    return f"{shown(own[0][0])}:{own[0][1]}"


def _is_foreign(file: str) -> bool:
    """Whether a file is no part of the application."""
    return (
        file.startswith(("<", _STANDARD_LIBRARY + os.sep, _GUAVA))
        or f"{os.sep}site-packages{os.sep}" in file
    )


def place(function: FunctionType) -> str:
    """Where a function is defined: "controllers/post.py:3"."""
    code = function.__code__
    return f"{shown(code.co_filename)}:{code.co_firstlineno}"


def shown(file: str) -> str:
    """A file's path as seen from the part of sys.path that it was found in."""
    folders = [os.path.join(os.path.abspath(folder), "") for folder in sys.path]
    above = [folder for folder in folders if file.startswith(folder)]
    return file[len(max(above, key=len)) :] if above else file
