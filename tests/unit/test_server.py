import socket

import pytest

from guava.handler import Handler, StaticHandler
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
