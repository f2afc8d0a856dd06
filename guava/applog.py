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


class _Lines(logging.Formatter):
    """Logger and message, and behind them the request that the record is of, where the
    middleware RequestID says so."""

    def __init__(self) -> None:
        super().__init__("%(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        name = getattr(record, "request_id", None)
        return line if name is None else f"{line} (request {name})"


def install(level: str, json: bool = False) -> None:
    """Send what the application logs, from `level` up, to the error log.

    In JSON the logger's name and the request's id are fields, which the log adds.
    """
    handler = ErrorLogHandler()
    handler.setFormatter(logging.Formatter("%(message)s") if json else _Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level.upper())


def _level(number: int) -> int:
    if number >= logging.ERROR:
        return _core.LOG_ERROR
    if number >= logging.WARNING:
        return _core.LOG_WARNING
    return _core.LOG_INFO if number >= logging.INFO else _core.LOG_DEBUG
