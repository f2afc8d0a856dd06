"""The base of all controllers."""

from __future__ import annotations

from typing import Unpack

from guava import _core, cookie, url
from guava.response import Response


class Controller(_core.Controller):
    """Answers requests with its actions; made anew for each request.

    An action is a public method of a class derived from this one. What it returns is
    the answer:

    `str`             text/html
    `bytes`           application/octet-stream
    `dict`, `list`    JSON
    `Response`        a status, header fields and a body of its own
    an iterator       of str or bytes, streamed as they come
    `None`            what write() has gathered

    The content types are defaults that set_header() overrides. A method that a class
    of one's own overrides from here is never an action, nor is one whose name begins
    with an underscore.

    before_action() runs first; what it returns, unless None, is the answer, and the
    action does not run. after_action() runs when the action has returned.

    A controller made by hand, `PostController(request)`, can be called in tests; one
    made without a request has empty GET, POST, FILES, COOKIES and HEADERS.
    """

    def set_cookie(
        self, name: str, value: str, **options: Unpack[cookie.Options]
    ) -> None:
        """Add a Set-Cookie field; the options are those of `guava.cookie.build`.

        Without options the cookie lasts for the browser's session, for all paths, is
        hidden from scripts (HttpOnly) and kept from other sites' forms (SameSite=Lax).
        """
        self.add_header("Set-Cookie", cookie.build(name, value, **options))

    def redirect(self, location: str, status: int = 302) -> Response:
        """Answer with a redirection, whether the result is returned or not.

        Returned from before_action(), it ends the request there. Characters outside
        ASCII in `location` are escaped. ValueError on a line break.
        """
        self.set_status_code(status)
        self.set_header("Location", url.escape(location))
        return Response("", status)
