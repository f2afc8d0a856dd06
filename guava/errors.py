"""Exceptions that are answers: one raised in an action becomes its error page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import TypedDict, Unpack

Fields = Mapping[str, str] | Iterable[tuple[str, str]]


class Options(TypedDict, total=False):
    """What every error takes beside its message."""

    status: int | None
    detail: str | None
    headers: Fields


class HTTPError(Exception):
    """Ends the request with the error page of `status`.

    `message` is for people who read the code or the log: it is not sent. `detail` is
    what the client is told beside the status, in the JSON or HTML of the page.
    `headers` are sent with it; the engine refuses those that an action could not set
    either, with a 500 and a log entry.
    """

    status: int = 500
    detail: str | None = None
    headers: Iterable[tuple[str, str]] = ()

    def __init__(
        self,
        message: str = "",
        status: int | None = None,
        *,
        detail: str | None = None,
        headers: Fields = (),
    ) -> None:
        """ValueError where `status` is not from 400 to 599."""
        if status is not None:
            if not 400 <= status <= 599:
                raise ValueError(f"{status} is not the status of an error")
            self.status = status
        self.message = message
        self.detail = detail
        self.headers = [*(headers.items() if isinstance(headers, Mapping) else headers)]
        super().__init__(message or detail or _reason(self.status))


class BadRequest(HTTPError):
    """400: the request makes no sense."""

    status = 400


class Unauthorized(HTTPError):
    """401: who asks is not known."""

    status = 401

    def __init__(
        self,
        message: str = "",
        *,
        challenge: str | None = None,
        **options: Unpack[Options],
    ) -> None:
        """`challenge` is how to say who one is: 'Basic realm="staff"'; it is sent as
        WWW-Authenticate, which a 401 must have (RFC 9110, section 15.5.2)."""
        super().__init__(message, **options)
        _add_field(self, "WWW-Authenticate", challenge)


class Forbidden(HTTPError):
    """403: who asks may not."""

    status = 403


class NotFound(HTTPError):
    """404: there is nothing here."""

    status = 404


class MethodNotAllowed(HTTPError):
    """405: there is something here, but not for this method."""

    status = 405

    def __init__(
        self,
        message: str = "",
        *,
        allow: Iterable[str] = (),
        **options: Unpack[Options],
    ) -> None:
        """`allow` are the methods that there are, sent as Allow, which a 405 must have
        (RFC 9110, section 15.5.6). TypeError where it is a single text."""
        if isinstance(allow, str):
            raise TypeError(f"expected a list of methods such as [{allow!r}]")
        super().__init__(message, **options)
        _add_field(self, "Allow", ", ".join(allow) or None)


class NotAcceptable(HTTPError):
    """406: there is something here, but not in a form that who asks accepts."""

    status = 406


class Conflict(HTTPError):
    """409: the request does not fit what has become of its target."""

    status = 409


class Gone(HTTPError):
    """410: there was something here, and will not be again."""

    status = 410


class PreconditionFailed(HTTPError):
    """412: the target is not what the request takes it for."""

    status = 412


class PayloadTooLarge(HTTPError):
    """413: the body is larger than what is taken."""

    status = 413


class UnsupportedMediaType(HTTPError):
    """415: the body is of a kind that is not taken."""

    status = 415


class UnprocessableEntity(HTTPError):
    """422: the body is well formed, and wrong."""

    status = 422


class PreconditionRequired(HTTPError):
    """428: the request must say what it takes its target for."""

    status = 428


class _AskAgain(HTTPError):
    """An error that passes."""

    def __init__(
        self,
        message: str = "",
        *,
        retry_after: float | timedelta | None = None,
        **options: Unpack[Options],
    ) -> None:
        """`retry_after` is when to ask again, in seconds from now; sent as Retry-After,
        rounded up (RFC 9110, section 10.2.3). ValueError where it is negative."""
        super().__init__(message, **options)
        _add_field(self, "Retry-After", _whole_seconds(retry_after))


class TooManyRequests(_AskAgain):
    """429: who asks does so too often."""

    status = 429


class BadGateway(HTTPError):
    """502: somebody who was asked in turn made no sense."""

    status = 502


class ServiceUnavailable(_AskAgain):
    """503: not now."""

    status = 503


class GatewayTimeout(HTTPError):
    """504: somebody who was asked in turn took too long."""

    status = 504


def _add_field(error: HTTPError, name: str, value: str | None) -> None:
    if value is not None:
        error.headers = [*error.headers, (name, value)]


def _whole_seconds(time: float | timedelta | None) -> str | None:
    if time is None:
        return None
    seconds = time.total_seconds() if isinstance(time, timedelta) else time
    if seconds < 0:
        raise ValueError(f"nobody can ask again {seconds} seconds from now")
    return str(math.ceil(seconds))


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return str(status)
