"""Exceptions that are answers: one raised in an action becomes its error page."""

from __future__ import annotations

from http import HTTPStatus


class HTTPError(Exception):
    """Ends the request with the error page of `status`.

    `message` is for people who read the code or the log: it is not sent.
    """

    status: int = 500

    def __init__(self, message: str = "", status: int | None = None) -> None:
        """ValueError where `status` is not from 400 to 599."""
        if status is not None:
            if not 400 <= status <= 599:
                raise ValueError(f"{status} is not the status of an error")
            self.status = status
        self.message = message
        super().__init__(message or _reason(self.status))


class BadRequest(HTTPError):
    """400: the request makes no sense."""

    status = 400


class Unauthorized(HTTPError):
    """401: who asks is not known."""

    status = 401


class Forbidden(HTTPError):
    """403: who asks may not."""

    status = 403


class NotFound(HTTPError):
    """404: there is nothing here."""

    status = 404


class MethodNotAllowed(HTTPError):
    """405: there is something here, but not for this method."""

    status = 405


class Conflict(HTTPError):
    """409: the request does not fit what has become of its target."""

    status = 409


class Gone(HTTPError):
    """410: there was something here, and will not be again."""

    status = 410


class PayloadTooLarge(HTTPError):
    """413: the body is larger than what is taken."""

    status = 413


class UnsupportedMediaType(HTTPError):
    """415: the body is of a kind that is not taken."""

    status = 415


class UnprocessableEntity(HTTPError):
    """422: the body is well formed, and wrong."""

    status = 422


class TooManyRequests(HTTPError):
    """429: who asks does so too often."""

    status = 429


class ServiceUnavailable(HTTPError):
    """503: not now."""

    status = 503


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return str(status)
