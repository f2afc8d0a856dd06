"""The base of all controllers."""

from __future__ import annotations

from typing import Any, Unpack

from guava import _core, cookie
from guava.decorators import action as action
from guava.middleware import keys
from guava.response import RedirectResponse, Response


class Controller(_core.Controller):
    """Answers requests with its actions; made anew for each request.

    An action is a public method of a class derived from this one. What it returns is
    the answer:

    `str`             text/html
    `bytes`           application/octet-stream
    `dict`, `list`    JSON; so are a msgspec.Struct and a dataclass
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

    @property
    def csp_nonce(self) -> str:
        """What the scripts and styles of this page are marked with: nonce="...".

        RuntimeError where no SecurityHeaders with `{nonce}` stands around the action.
        """
        what = "guava.middleware.SecurityHeaders with {nonce} in its csp"
        nonce: str = self._left_by(keys.CSP_NONCE, what)
        return nonce

    def set_cookie(
        self, name: str, value: str, **options: Unpack[cookie.Options]
    ) -> None:
        """Add a Set-Cookie field; the options are those of `guava.cookie.build`.

        Without options the cookie lasts for the browser's session, for all paths, is
        hidden from scripts (HttpOnly) and kept from other sites' forms (SameSite=Lax).
        """
        self.add_header("Set-Cookie", cookie.build(name, value, **options))

    def delete_cookie(self, name: str, **scope: Unpack[cookie.Scope]) -> None:
        """Have the browser forget a cookie; see `guava.cookie.build_deletion`."""
        self.add_header("Set-Cookie", cookie.build_deletion(name, **scope))

    def redirect(
        self, location: str, status: int | None = None, *, external: bool = False
    ) -> Response:
        """Answer with a redirection, whether the result is returned or not.

        Without a `status`, 302 to a GET or HEAD and 303 to anything else: either way
        `location` is asked for by GET. 307 and 308 have it asked by the same method
        again. Returned from before_action(), it ends the request there.

        ValueError where `location` has control characters or leads to another host and
        `external` is not set, or `status` is none of 301, 302, 303, 307 and 308.
        """
        answer = RedirectResponse(
            location,
            status or self._see_other(),
            external=external or self._is_own(location),
        )
        self.set_status_code(answer.status)
        for name, value in answer.headers:
            self.set_header(name, value)
        return Response("", answer.status)

    def _see_other(self) -> int:
        """302 where 303 would change nothing: clients of HTTP/1.0 know it too."""
        is_read = self.request is None or self.request.method in ("GET", "HEAD")
        return 302 if is_read else 303

    def _is_own(self, location: str) -> bool:
        """Whether an absolute URL names the host that was asked."""
        host = self.request.host.lower() if self.request is not None else ""
        scheme, _, rest = location.lower().partition("://")
        own = scheme in ("http", "https") and host != "" and rest.startswith(host)
        return own and rest[len(host) :][:1] in ("", "/", "?", "#")

    def _left_by(self, key: str, what: str) -> Any:
        """What a middleware, `what`, has left in the state of the request."""
        left = self.request.state.get(key) if self.request is not None else None
        if left is None:
            raise RuntimeError(f"needs a middleware around the action: {what}")
        return left
