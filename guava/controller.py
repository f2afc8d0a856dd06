"""The base of all controllers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar, Unpack

from guava import _core, cookie, negotiation, url
from guava.decorators import action as action
from guava.location import of_element
from guava.middleware import keys
from guava.response import RedirectResponse, Response
from guava.reverse import Query, url_for
from guava.validator import validator

Answer = TypeVar("Answer")


class Controller(_core.Controller):
    """Answers requests with its actions; made anew for each request.

    An action is a public method of a class derived from this one. What it returns is
    the answer:

    `str`             text/html
    `bytes`           application/octet-stream
    `dict`, `list`    JSON; so are a msgspec.Struct and a dataclass
    `Response`        a status, header fields and a body of its own
    an iterator       of str or bytes, streamed as they come; None: nothing now
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

    @property
    def csrf_token(self) -> str:
        """The token that CSRF asks of a form, for its field csrf_token; another text
        each time. RuntimeError where no CSRF stands around the action."""
        token: str = self._left_by(keys.CSRF, "guava.middleware.CSRF").token(
            self.request
        )
        return token

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

    def cached(
        self,
        etag: str | None = None,
        last_modified: datetime | None = None,
        *,
        weak: bool = False,
    ) -> bool:
        """Say what the answer is known by; whether the client has just that already.

        Where it has, the answer is a 304 from here on, without a body, and the action
        has only to return:

            if self.cached(etag=post.version):
                return None

        `etag` is without its quotes; a `weak` one stands for all that is as good, and
        `last_modified` is in UTC unless it has a time zone. Both are sent to a GET or
        HEAD. To another method, they are what the request changes: PreconditionFailed
        (412) where that is for a different state (RFC 9110, section 13).

        ValueError on a tag with quotes, spaces or characters outside ASCII; TypeError
        without tag and date.
        """
        known = validator(etag, last_modified, weak)
        if self._reads():
            for name, value in known.fields():
                self.set_header(name, value)
        if not known.is_known(self.HEADERS, self._reads()):
            return False
        self.set_status_code(304)
        return True

    def created(
        self, value: Answer, id: object = None, *, location: str | None = None
    ) -> Answer:
        """Answer with 201 and where the new resource is; returns `value`.

        `id` is that of a new element of the collection that was asked: POST /api/users
        with the id 10 has made /api/users/10. Anything else is told by its `location`.
        TypeError where not one of the two is given; ValueError on a control character
        in `location`, and on an `id` that can be no segment of a URL, such as "..".
        """
        if (id is None) == (location is None):
            raise TypeError("a new resource has an id, or a location")
        if location is None:
            path = self.request.raw_path if self.request is not None else "/"
            location = of_element(path, id)
        self.set_header("Location", url.escape(location))
        self.set_status_code(201)
        return value

    def accepts(self, *types: str) -> str:
        """The one of these media types that the client likes best, by its Accept field
        (RFC 9110, section 12.5.1); among equals, and without the field, the first.

        The answer then says that it depends on Accept, by Vary. NotAcceptable (406)
        where the client accepts none of them. ValueError without a type.
        """
        if ("Vary", "Accept") not in self.headers:
            self.add_header("Vary", "Accept")
        return negotiation.best(self.HEADERS.get("Accept", ""), types)

    def url_for(
        self,
        name: str,
        *args: object,
        query: Query | None = None,
        fragment: str = "",
        external: bool = False,
    ) -> str:
        """guava.url_for(), and with `external` a whole URL, by the scheme and the host
        that the request was sent to. RuntimeError where there is no request then,
        or it has no host.

        A client chooses what it sends as Host: do not mail or keep what is made of it,
        unless a proxy in front takes only hosts of your own.
        """
        path = url_for(name, *args, query=query, fragment=fragment)
        if not external:
            return path
        if self.request is None or not self.request.host:
            raise RuntimeError(
                "an external URL is made of a request's host, and there is none"
            )
        return f"{self.request.scheme}://{self.request.host}{path}"

    def _reads(self) -> bool:
        return self.request is None or self.request.method in ("GET", "HEAD")

    def _see_other(self) -> int:
        """302 where 303 would change nothing: clients of HTTP/1.0 know it too."""
        return 302 if self._reads() else 303

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
