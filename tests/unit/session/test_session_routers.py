"""Sessions of routers and of the whole server, from Python."""

import pytest

from guava.controller import Controller
from guava.handler import Handler
from guava.router import Router
from guava.server import Server
from guava.session import Mem, SessionCookie, Sessions
from guava.testing import Client


class CountController(Controller):
    def count(self):
        self.SESSION["n"] = self.SESSION.get("n", 0) + 1
        return str(self.SESSION["n"])


def router(mount_point="/", session=None):
    handler = Handler(".", __name__, "CountController", "count")
    return Router({"/count": handler}, mount_point, session=session)


def counted(client, path="/count"):
    return client.get(path).text


def test_a_router_has_the_sessions_of_its_store():
    with Client(router(session=Mem(name="one"))) as client:
        assert [counted(client), counted(client)] == ["1", "2"]
        assert [cookie.name for cookie in client.cookies] == ["sid"]


def test_a_server_has_sessions_for_routers_that_have_none():
    server = Server(session=Mem(name="all"))
    own = Sessions(Mem(name="own"), cookie=SessionCookie("own"))
    server.add_router(router("/a"), router("/b"), router("/c", own))
    with Client(server) as client:
        assert [counted(client, "/a/count"), counted(client, "/b/count")] == ["1", "2"]
        assert counted(client, "/c/count") == "1"


def test_a_router_without_sessions_says_so():
    with Client(router()) as client, pytest.raises(RuntimeError, match="no session"):
        counted(client)
