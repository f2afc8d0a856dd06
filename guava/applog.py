"""The application's logging, and the levels of the error log that it goes to."""

from __future__ import annotations

import logging
from typing import Final

from guava import _core

LEVELS: Final = {
    "debug": _core.LOG_DEBUG,
    "info": _core.LOG_INFO,
    "warning": _core.LOG_WARNING,
    "error": _core.LOG_ERROR,
}


class ErrorLogHandler(logging.Handler):
    """Writes records to the error log, which adds time, level and process."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            _core.log(_level(record.levelno), self.format(record), record.name)
        except Exception:
            self.handleError(record)


def install(level: str, json: bool = False) -> None:
    """Send what the application logs, from `level` up, to the error log.

    In JSON the logger's name is a field, else it stands before the message.
    """
    handler = ErrorLogHandler()
    form = "%(message)s" if json else "%(name)s: %(message)s"
    handler.setFormatter(logging.Formatter(form))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())


def _level(number: int) -> int:
    if number >= logging.ERROR:
        return _core.LOG_ERROR
    if number >= logging.WARNING:
        return _core.LOG_WARNING
    return _core.LOG_INFO if number >= logging.INFO else _core.LOG_DEBUG
