"""The cookie that holds a session's id."""

from __future__ import annotations

from typing import Literal

from guava import cookie
from guava.cookie import SameSite

Prefix = Literal["", "__Secure-", "__Host-"]


class SessionCookie:
    """How the cookie is set: its name, and what the browser is to do with it.

    `secure` "auto" is by the scheme of the request. `prefix` is put before the name,
    and has browsers refuse the cookie from others than this host (`__Host-`) or from
    http (`__Secure-`); such a cookie is always secure. ValueError for what browsers
    would drop without a word.
    """

    def __init__(
        self,
        name: str = "sid",
        *,
        path: str = "/",
        domain: str | None = None,
        http_only: bool = True,
        same_site: SameSite | None = "Lax",
        secure: bool | Literal["auto"] = "auto",
        prefix: Prefix = "",
    ) -> None:
        if prefix and secure == "auto":
            secure = True
        self.name = prefix + name
        self._path = path
        self._domain = domain
        self._http_only = http_only
        self._same_site = same_site
        self._secure = secure
        if same_site == "None" and secure is not True:
            raise ValueError("same_site None needs a cookie that is always secure")
        self.build("id", 1, "http")

    def build(self, sid: str, max_age: int, scheme: str) -> str:
        """The value of a Set-Cookie field, for `max_age` seconds; 0 deletes it."""
        return cookie.build(
            self.name,
            sid,
            max_age=max_age,
            path=self._path,
            domain=self._domain,
            secure=scheme == "https" if self._secure == "auto" else self._secure,
            http_only=self._http_only,
            same_site=self._same_site,
        )
