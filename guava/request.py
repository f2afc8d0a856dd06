"""The request, as actions and routers see it.

A `Request` is made by the engine, or by hand for tests and for routers of one's own:

    Request(url="/post/edit/10?type=draft", method="POST", body=b"title=Moon")

GET, POST and FILES have the last value of each name; `GET.getlist(name)` has all.

Nothing is decoded before it is looked at. Reading POST or FILES of a malformed form
raises `guava.errors.BadRequest`.
"""

from guava._core import Headers, MultiDict, Request

__all__ = ["Headers", "MultiDict", "Request"]
