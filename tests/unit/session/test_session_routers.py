"""Sessions of routers and of the whole server, from Python."""

import pytest

from guava.controller import Controller
from guava.handler import Handler
from guava.router import Router
from guava.server import Server
from guava.session import Mem, SessionCookie, Sessions
from guava.testing import Client


class Counts:
    """Middleware that touches the session before the request is routed, and after."""

    def process_request(self, request):
        request.SESSION["seen"] = request.SESSION.get("seen", 0) + 1

    def process_response(self, request, response):
        response.set_header("X-Session", ",".join(sorted(request.SESSION)))


class CountController(Controller):
    def count(self):
        self.SESSION["n"] = self.SESSION.get("n", 0) + 1
        return str(self.SESSION["n"])

    def stream(self):
        yield "begun"
        yield str(self.SESSION)


def router(mount_point="/", session=None):
    handler = Handler(".", __name__, "CountController", "count")
    return Router({"/count": handler}, mount_point, session=session)


def named(name):
    return Sessions(Mem(name=name), cookie=SessionCookie(name))


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


def test_a_router_has_its_own_where_the_servers_was_opened_before():
    server = Server(session=named("before"), middleware=[Counts()])
    server.add_router(router("/a", named("behind")), router("/b"))
    with Client(server) as client:
        assert [counted(client, "/a/count"), counted(client, "/a/count")] == ["1", "2"]
        assert {cookie.name for cookie in client.cookies} == {"before", "behind"}
        answer = client.get("/b/count")
        assert (answer.text, answer.headers["X-Session"]) == ("1", "n,seen")


def test_a_router_has_its_own_where_one_that_declines_has_opened_another():
    class Declines(Router):
        def route(self, request):
            request.SESSION["declined"] = True

    server = Server(session=named("first"), middleware=[Counts()])
    server.add_router(Declines(session=named("declines")))
    server.add_router(router(session=named("answers")))
    with Client(server) as client:
        assert [counted(client), counted(client)] == ["1", "2"]
        assert {cookie.name for cookie in client.cookies} == {
            "first",
            "declines",
            "answers",
        }


def test_routers_of_the_same_sessions_open_a_session_once():
    server = Server(middleware=[Counts()], session=(shared := named("same")))
    server.add_router(router(session=shared))
    with Client(server) as client:
        counted(client)
        assert client.get("/count").headers["X-Session"] == "n,seen"
        assert len(client.cookies) == 1


def test_a_stream_that_is_being_sent_opens_none():
    stream = Handler(".", __name__, "CountController", "stream")
    with Client(Router({"/stream": stream}, session=named("late"))) as client:
        with pytest.raises(RuntimeError, match="touch it before the answer begins"):
            client.get("/stream")


def test_a_router_without_sessions_says_so():
    with Client(router()) as client, pytest.raises(RuntimeError, match="no session"):
        counted(client)
