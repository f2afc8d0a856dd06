"""Routers are written twice, in Python and in the engine: both say the same."""

import itertools

import pytest

from guava.decorators import METHODS
from guava.handler import Handler
from guava.request import Request
from guava.router import MVCRouter, RESTRouter, Router
from guava.server import Server
from guava.testing import Client

SHOW = """
    import guava

    class {name}(guava.controller.Controller):
        def _show(self, *args):
            self.set_header("X-Action", "-".join([type(self).__name__, *args]))
            return ""
"""
INDEX = SHOW.format(name="IndexController") + (
    """
        def index(self): return self._show("index")
"""
)
POST = SHOW.format(name="PostController") + (
    """
        @guava.action(methods=["GET"])
        def index(self): return self._show("index")

        @guava.action(name="index", methods=["POST"])
        def add(self): return self._show("add")

        @guava.action(name="edit it", methods=["GET"])
        def form(self, id): return self._show("form", id)

        @guava.action(name="edit it", methods=["PUT", "OPTIONS"])
        def save(self, id): return self._show("save", id)

        def all(self, *parts): return self._show("all", *parts)
"""
)
USERS = SHOW.format(name="UsersController") + (
    """
        def get_all(self): return self._show("get_all")
        def create_one(self): return self._show("create_one")
        def get_one(self, id): return self._show("get_one", id)
        def delete_one(self, id): return self._show("delete_one", id)
"""
)
FRIENDS = SHOW.format(name="FriendsController") + (
    """
        def get_one(self, user, id): return self._show("get_one", user, id)
        def patch_one(self, user, id): return self._show("patch_one", user, id)
"""
)
PATHS = [
    "/",
    "/index",
    "/post",
    "/post/",
    "/post/index",
    "/post/add",
    "/post/edit%20it/7",
    "/post/form/7",
    "/post/all",
    "/post/all/1/2%2F3/",
    "/post//all",
    "/nobody",
    "/api/users",
    "/api/users/",
    "/api/users/10",
    "/api/users/10/friends",
    "/api/users/10/friends/3",
    "/api/nobody/1",
    "/api/users//friends/3",
    "/new",
    "/new/",
    "/%6eew",
    "/site/../new",
]


@pytest.fixture
def server(app):
    app(
        {
            "controllers/index.py": INDEX,
            "controllers/post.py": POST,
            "api/users/__init__.py": USERS,
            "api/users/friends.py": FRIENDS,
        }
    )
    add = Handler("controllers", "post", "PostController", "add")
    table = Router()
    table.register("/new", add, methods=["POST", "PUT"])
    server = Server()
    server.add_router(table, MVCRouter(), RESTRouter("/api"))
    return server


def test_the_engine_finds_what_routers_find(server):
    seen = set()
    with Client(server) as client:
        for path, method in itertools.product(PATHS, METHODS):
            answer = client.request(method, path)
            found = server.route(Request(url=path, method=method))
            shown = answer.headers.get("X-Action")
            if found is None:
                assert shown is None, (method, path)
                assert answer.status in (204, 404, 405), (method, path)
            else:
                expected = "-".join([found.controller, found.action, *found.args])
                assert shown == expected, (method, path)
                seen.add(found.action)
    assert seen == {
        *("index", "add", "form", "save", "all"),
        *("get_all", "create_one", "get_one", "delete_one", "patch_one"),
    }
