"""The tables of docs/routing.md, through a live guavad."""

import httpx
import pytest

SHOW = """\
from decimal import Decimal
import guava

class {name}(guava.controller.Controller):
    def _show(self, *args):
        return [type(self).__name__, *map(repr, args)]
"""
POST = (
    SHOW.format(name="PostController")
    + """\
    def index(self): return self._show("index")
    def new(self): return self._show("new")
    def view(self, id): return self._show("view", id)
    def move(self, id, to): return self._show("move", id, to)
    def edit(self, id: int, kind="text"): return self._show("edit", id, kind, self.GET)
    def buy(self, price: Decimal): return self._show("buy", price)
    def any(self, *parts): return self._show("any", *parts)

    @guava.action(name="note", methods=["GET"])
    def form(self, id: int): return self._show("form", id)

    @guava.action(name="note", methods=["POST", "PUT"])
    def save(self, id: int): return self._show("save", id)

    @guava.action(name="feed.xml")
    def feed(self): return self._show("feed")
"""
)
USERS = (
    SHOW.format(name="UsersController")
    + """\
    def get_all(self): return self._show("get_all")
    def create_one(self): return self._show("create_one")
    def get_one(self, id: int): return self._show("get_one", id)
    def update_one(self, id): return self._show("update_one", id)
    def patch_one(self, id): return self._show("patch_one", id)
    def delete_one(self, id): return self._show("delete_one", id)
"""
)
FRIENDS = (
    SHOW.format(name="FriendsController")
    + """\
    def get_all(self, user): return self._show("get_all", user)
    def get_one(self, user, id): return self._show("get_one", user, id)
"""
)
MISC = (
    SHOW.format(name="MiscController")
    + """\
    def about(self): return self._show("about")
    def page(self, number: int, kind): return self._show("page", number, kind)
"""
)
ROUTERS = """\
import guava
from guava.handler import Handler, RedirectHandler, StaticHandler

class Special(guava.router.Router):
    def __init__(self, mount_point="/", file=""):
        super().__init__(mount_point=mount_point)
        self.file = file

    def route(self, request):
        name, _, rest = request.path[len(self.mount_point):].partition("/")
        if name == "page":
            return Handler(".", "misc", "MiscController", "page", rest.split("/"))
        if name == "away":
            return RedirectHandler("/elsewhere", 307)
        if name == "file":
            return StaticHandler(self.file)
        if name == "wrong":
            return Handler(module="misc", cls="MiscController", action="pgae")
        return None

class Polite(guava.router.MVCRouter):
    def route(self, request):
        return super().route(request) if "please" in request.GET else None
"""


@pytest.fixture
def site(make_guavad):
    target = {"module": "misc", "controller": "MiscController"}
    daemon = make_guavad(
        server={"workers": 1},
        routers=[
            {"type": "mvc", "package": "controllers"},
            {"type": "rest", "mount_point": "/api", "package": "api"},
            {
                "type": "table",
                "routes": {
                    "/about": target | {"action": "about"},
                    "/post": target | {"action": "about"},
                    "/page": target | {"action": "page", "args": ["7", "x"]},
                    "/form": target | {"action": "about", "methods": ["POST"]},
                    "/old": {"redirect": "/about", "status": 301},
                    "/notes": {"file": "notes.txt"},
                },
            },
            {
                "type": "python",
                "class": "routers.Special",
                "mount_point": "/special",
                "options": {"file": "notes.txt"},
            },
            {
                "type": "python",
                "class": "routers.Polite",
                "mount_point": "/polite",
                "options": {"package": "controllers"},
            },
        ],
    )
    daemon.write("controllers/post.py", POST)
    daemon.write("api/users/__init__.py", USERS)
    daemon.write("api/users/friends.py", FRIENDS)
    daemon.write("misc.py", MISC)
    daemon.write("routers.py", ROUTERS)
    daemon.write("notes.txt", "clear sky")
    daemon.start()
    return daemon


def test_mvc(site):
    assert site.get("/").text == "Hello World!"
    for path, action, *args in [
        ("/post/", "index"),
        ("/post/index", "index"),
        ("/post/new", "new"),
        ("/post/new/", "new"),
        ("/post/view/10", "view", "10"),
        ("/post/view/a%20%C3%A9", "view", "a \u00e9"),
        ("/post/view/a%2Fb", "view", "a/b"),
        ("/post/move/10/20", "move", "10", "20"),
        ("/post/edit/10?type=draft", "edit", 10, "text", {"type": "draft"}),
        ("/post/edit/10/html", "edit", 10, "html", {}),
        ("/post/any", "any"),
        ("/post/any/1/2/3", "any", "1", "2", "3"),
    ]:
        expected = ["PostController", *map(repr, (action, *args))]
        answer = site.get(path)
        assert answer.status_code == 200, path
        assert answer.json() == expected, path


def test_actions_that_share_a_name(site):
    for method, action in [("GET", "form"), ("POST", "save"), ("PUT", "save")]:
        answer = httpx.request(method, site.url("/post/note/7"))
        assert answer.json() == ["PostController", repr(action), "7"], method
    assert httpx.head(site.url("/post/note/7")).status_code == 200
    answer = httpx.delete(site.url("/post/note/7"))
    assert (answer.status_code, answer.headers["Allow"]) == (
        405,
        "GET, HEAD, POST, PUT, OPTIONS",
    )
    answer = httpx.options(site.url("/post/note/7"))
    assert (answer.status_code, answer.headers["Allow"]) == (
        204,
        "GET, HEAD, POST, PUT, OPTIONS",
    )
    assert site.get("/post/feed.xml").json() == ["PostController", "'feed'"]


@pytest.mark.parametrize(
    "path",
    [
        "/nobody",
        "/post/form/7",
        "/post/feed",
        "/post/note",
        "/post/note/x",
        "/post/missing",
        "/post/_show",
        "/post/__init__",
        "/post/write/x",
        "/post/view",
        "/post/view/1/2",
        "/post/edit/ten",
        "/post/edit/1_0",
        "/post/buy/cheap",
        "/controllers/post",
    ],
)
def test_what_the_application_lacks_is_not_found(site, path):
    assert site.get(path).status_code == 404


def test_rest(site):
    for method, path, controller, action, *args in [
        ("GET", "/api/users", "UsersController", "get_all"),
        ("POST", "/api/users", "UsersController", "create_one"),
        ("GET", "/api/users/10", "UsersController", "get_one", 10),
        ("PUT", "/api/users/10", "UsersController", "update_one", "10"),
        ("PATCH", "/api/users/10", "UsersController", "patch_one", "10"),
        ("DELETE", "/api/users/10", "UsersController", "delete_one", "10"),
        ("GET", "/api/users/10/friends", "FriendsController", "get_all", "10"),
        ("GET", "/api/users/10/friends/3", "FriendsController", "get_one", "10", "3"),
    ]:
        answer = httpx.request(method, site.url(path))
        assert answer.json() == [controller, *map(repr, (action, *args))], path


def test_rest_tells_what_is_allowed(site):
    answer = httpx.delete(site.url("/api/users"))
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "HEAD", "POST"}
    answer = httpx.options(site.url("/api/users/10/friends/3"))
    assert answer.status_code == 204
    assert "POST" not in answer.headers["Allow"]
    assert httpx.head(site.url("/api/users")).status_code == 200


@pytest.mark.parametrize("path", ["/api/groups", "/api/users/x", "/api/users/1/groups"])
def test_rest_does_not_find_what_is_not_there(site, path):
    assert site.get(path).status_code == 404


def test_a_table(site):
    assert site.get("/about").json() == ["MiscController", "'about'"]
    assert site.get("/page").json() == ["MiscController", "'page'", "7", "'x'"]
    assert site.get("/notes").text == "clear sky"
    answer = site.get("/old")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/about")
    assert httpx.post(site.url("/form")).json() == ["MiscController", "'about'"]
    answer = site.get("/form")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")


def test_among_equal_mount_points_the_first_in_the_file_answers(site):
    assert site.get("/post").json()[0] == "PostController"


def test_a_router_of_ones_own(site):
    assert site.get("/special/page/7/x").json() == [
        "MiscController",
        "'page'",
        "7",
        "'x'",
    ]
    assert site.get("/special/file").text == "clear sky"
    answer = site.get("/special/away")
    assert (answer.status_code, answer.headers["Location"]) == (307, "/elsewhere")


@pytest.mark.parametrize(
    "path", ["/special/nothing", "/special/page/7", "/special/page/x/y"]
)
def test_what_a_router_of_ones_own_declines_is_not_found(site, path):
    assert site.get(path).status_code == 404


def test_a_handler_that_leads_nowhere_is_an_error_in_the_log(site):
    assert site.get("/special/wrong").status_code == 500
    site.wait_for_log('MiscController has no action "pgae"; did you mean "page"?')


def test_a_built_in_router_can_be_refined(site):
    assert site.get("/polite/post/view/1").status_code == 404
    assert site.get("/polite/post/view/1?please").json()[2] == "'1'"
    assert site.get("/polite/post/missing?please").status_code == 404
