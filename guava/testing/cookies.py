"""The cookies that a client keeps."""

from __future__ import annotations

from collections.abc import Mapping
from http.cookiejar import CookieJar
from urllib.request import Request

from guava import cookie as cookies
from guava.testing.answer import read_head


class Cookies(CookieJar):
    """A jar of the standard library, so by domain, path, expiry and Secure, that tests
    can look into.

        client.cookies["theme"] = "dark"
        assert "sid" in client.cookies
    """

    def __init__(self, base_url: str) -> None:
        """`base_url` is where cookies belong that a test sets."""
        super().__init__()
        self._base_url = base_url

    def __getitem__(self, name: str) -> str:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def __setitem__(self, name: str, value: str) -> None:
        """Keep a cookie as if an answer had set it for all paths. ValueError where no
        answer could."""
        secure = self._base_url.startswith("https:")
        field = cookies.build(name, value, secure=secure)
        answer = f"HTTP/1.1 200 OK\r\nSet-Cookie: {field}\r\n\r\n".encode()
        self.extract_cookies(read_head(answer, "GET"), Request(self._base_url))

    def __delitem__(self, name: str) -> None:
        found = [cookie for cookie in self if cookie.name == name]
        if not found:
            raise KeyError(name)
        for cookie in found:
            self.clear(cookie.domain, cookie.path, cookie.name)

    def __contains__(self, name: object) -> bool:
        return any(cookie.name == name for cookie in self)

    def get(self, name: str) -> str | None:
        """The value of a cookie, or None."""
        return next((kept.value for kept in self if kept.name == name), None)

    def field(self, url: str, more: Mapping[str, str]) -> str:
        """The Cookie field of a request for `url`, `more` in place of those of the same
        name; empty without any."""
        request = Request(url)
        self.add_cookie_header(request)
        kept = request.get_header("Cookie", "").split("; ")
        pairs = [pair for pair in kept if pair and pair.split("=")[0] not in more]
        return "; ".join([*pairs, *(f"{name}={more[name]}" for name in more)])
