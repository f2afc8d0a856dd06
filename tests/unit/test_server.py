import socket
import sys

import pytest

import guava
from guava import hooks
from guava.handler import Handler, StaticHandler
from guava.importing import LoadError
from guava.request import Request
from guava.router import MVCRouter, Router, StaticRouter
from guava.server import Server

ABOUT = Handler(module="misc", controller="MiscController", action="about")


def route(server, url):
    return server.route(Request(url=url))


def test_the_longest_mount_point_is_asked_first():
    server = Server()
    server.add_router(
        MVCRouter(package="controllers"),
        StaticRouter(mount_point="/static", directory="/srv"),
    )
    assert route(server, "/static/a.css") == StaticHandler("/srv/a.css")
    assert route(server, "/post").controller == "PostController"


def test_among_equals_the_first_added_is_asked_first():
    server = Server()
    server.add_router(Router({"/about": ABOUT}))
    server.add_router(MVCRouter(package="controllers"))
    assert route(server, "/about") is ABOUT
    assert route(server, "/post").module == "post"


def test_a_router_that_declines_leaves_the_request_to_the_next():
    server = Server()
    server.add_router(
        Router({"/static/moon": ABOUT}), Router({"/sun": ABOUT}, mount_point="/static")
    )
    assert route(server, "/static/moon") is ABOUT
    assert route(server, "/nothing") is None


@pytest.mark.parametrize("ip", ["127.0.0.1", "::1"])
def test_a_free_port_is_known_once_bound(ip):
    server = Server(ip=ip, port=0)
    server.bind()
    assert server.port > 0
    with socket.create_connection((ip, server.port)):
        pass
    server.close()


def test_an_address_in_use_is_an_os_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = Server(port=taken.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            server.bind()


@pytest.fixture
def calls(monkeypatch):
    """Fills with the hooks that have run."""
    monkeypatch.setattr(hooks, "_starting", [])
    monkeypatch.setattr(hooks, "_leaving", [])
    names = []
    guava.on_worker_start(lambda: names.append("start"))
    guava.on_worker_stop(lambda: names.append("stop"))
    return names


def test_no_hook_runs_where_the_address_is_in_use(calls):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(OSError, match="in use"):
            Server(port=taken.getsockname()[1]).serve()
    assert calls == []


def test_what_was_started_is_stopped_where_the_sources_can_not_be_watched(
    calls, monkeypatch
):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    with pytest.raises(ModuleNotFoundError, match=r"guava\[dev\]"):
        Server(port=0, auto_reload=True).serve()
    assert calls == ["start", "stop"]


def test_an_address_is_free_again_where_a_hook_fails(calls):
    @guava.on_worker_start
    def connect():
        raise OSError("down")

    server = Server(port=0)
    with pytest.raises(LoadError, match="down"):
        server.serve()
    with socket.create_server(("127.0.0.1", server.port)):
        pass
