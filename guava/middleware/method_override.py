"""Forms that delete: a POST that stands for another method."""

from __future__ import annotations

from typing import Final

from guava.errors import BadRequest
from guava.middleware import options
from guava.request import Request

_METHODS: Final = ("PUT", "PATCH", "DELETE")


class MethodOverride:
    """Has a POST routed as the PUT, PATCH or DELETE that it names, in a header field or
    in a field of its form.

    It acts before routing, so only in the list of the whole server. A form of another
    site can name a method too: CSRF, behind this one, keeps such out.
    """

    before_routing: Final = True

    def __init__(
        self,
        header: str | None = "X-HTTP-Method-Override",
        field: str | None = "_method",
    ) -> None:
        """The names of the header field and of the form's field, or None for neither.

        The form is parsed only where the header field is missing. Raises TypeError and
        ValueError.
        """
        if header is None and field is None:
            raise ValueError("header: expected a name, or one for field")
        self._header = None if header is None else options.token("header", header)
        self._field = None if field is None else options.text("field", field)

    def process_request(self, request: Request) -> None:
        """Raises BadRequest for any other method, or where the form is malformed."""
        if request.method != "POST":
            return
        named = self._named(request)
        if named is None:
            return
        method = named.upper()
        if method not in _METHODS:
            allowed = ", ".join(_METHODS)
            raise BadRequest(detail=f"A POST can stand for {allowed}.")
        request.method = method

    def _named(self, request: Request) -> str | None:
        if self._header is not None and self._header in request.HEADERS:
            return request.HEADERS[self._header]
        return None if self._field is None else request.POST.get(self._field)
