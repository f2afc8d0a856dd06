import pytest

from guava.handler import Handler, RedirectHandler, StaticHandler
from guava.importing import LoadError
from guava.request import Request
from guava.router import MVCRouter, RESTFulRouter, RESTRouter, Router, StaticRouter

ABOUT = Handler(module="misc", controller="MiscController", action="about")
POST = """
    import guava

    class PostController(guava.controller.Controller):
        def index(self): ...
        def view(self, id): ...
        def _helper(self): ...
"""
FORM = """
    import guava
    from guava import action

    class PostController(guava.controller.Controller):
        @action(name="edit-it", methods=["GET"])
        def form(self, id): ...

        @action(name="edit-it", methods=["POST", "PUT"])
        def save(self, id): ...
"""
INDEX = """
    import guava

    class IndexController(guava.controller.Controller):
        def index(self): ...
"""
USERS = """
    import guava

    class UsersController(guava.controller.Controller):
        def get_all(self): ...
        def get_one(self, id): ...
"""
FRIENDS = """
    import guava

    class FriendsController(guava.controller.Controller):
        def get_one(self, user, id): ...
"""


def get(url):
    return Request(url=url)


# Mount points


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ("/", "/"),
        ("", "/"),
        ("api", "/api/"),
        ("/api", "/api/"),
        ("/api/", "/api/"),
        ("/api/v1", "/api/v1/"),
    ],
)
def test_a_mount_point_is_held_with_both_slashes(given, held):
    router = Router(mount_point=given)
    assert router.mount_point == held
    router.mount_point = "/elsewhere"
    assert router.mount_point == "/elsewhere/"


@pytest.mark.parametrize(
    "given",
    ["/a//b", "/a/../b", "/./a", "/a?b", "/a#b", "/a b", "/a\n", "/a\0", "\ud800"],
)
def test_what_is_no_mount_point_is_refused(given):
    with pytest.raises(ValueError, match="mount point"):
        Router(mount_point=given)


# Tables


def test_a_table_answers_its_paths_and_no_others():
    router = Router({"/about": ABOUT})
    assert router.route(get("/about")) is ABOUT
    assert router.route(get("/about?why")) is ABOUT
    assert router.route(get("/%61bout")) is ABOUT
    assert router.route(get("/about/")) is None
    assert router.route(get("/about/us")) is None
    assert router.route(get("/")) is None


def test_routes_are_registered_below_the_mount_point():
    router = Router(mount_point="/site")
    router.register("/", RedirectHandler("/site/about"))
    router.register("/about", ABOUT)
    assert router.route(get("/site/about")) is ABOUT
    assert router.route(get("/site/")) == RedirectHandler("/site/about")
    assert router.route(get("/about")) is None
    assert router.route(get("/sites/about")) is None


def test_routes_gives_a_copy():
    router = Router({"/about": ABOUT})
    router.routes().clear()
    assert router.routes() == {"/about": ABOUT}


def test_a_path_without_its_slash_is_refused():
    with pytest.raises(ValueError, match="slash"):
        Router({"about": ABOUT})


def test_an_escaped_slash_separates_nothing():
    router = Router({"/a/b": ABOUT})
    assert router.route(get("/a/b")) is ABOUT
    assert router.route(get("/a%2Fb")) is None


def test_a_route_may_be_asked_for_some_methods_alone():
    router = Router()
    router.register("/about", ABOUT, methods=["GET"])
    assert router.route(get("/about")) is ABOUT
    assert router.route(Request(url="/about", method="HEAD")) is ABOUT
    assert router.route(Request(url="/about", method="POST")) is None
    router.register("/about", ABOUT)
    assert router.route(Request(url="/about", method="POST")) is ABOUT


def test_a_loaded_route_is_asked_for_what_its_action_answers(app):
    app({"controllers/post.py": FORM})
    save = Handler("controllers", "post", "PostController", "save", ("1",))
    router = Router()
    router.register("/save", save, methods=["GET", "POST"])
    assert router.route(get("/save")) is save
    router.load()
    assert router.route(get("/save")) is None
    assert router.route(Request(url="/save", method="POST")) is save


def test_only_actions_have_methods():
    for handler in (RedirectHandler("/"), StaticHandler("a")):
        with pytest.raises(ValueError, match="no action, which alone has methods"):
            Router().register("/a", handler, methods=["GET"])


def test_a_name_leads_to_one_route():
    router = Router()
    router.register("/a", ABOUT, name="first")
    router.register("/a", ABOUT, name="first")
    with pytest.raises(ValueError, match="the route /a has the name 'first' already"):
        router.register("/b", ABOUT, name="first")


# Files


def test_a_static_router_names_the_file():
    router = StaticRouter(mount_point="/static", directory="/srv/files")
    assert router.route(get("/static/css/a.css")) == StaticHandler(
        "/srv/files/css/a.css"
    )
    assert router.route(get("/other/a.css")) is None


@pytest.mark.parametrize("path", ["/../a", "/..%2fa", "/%2e%2e/a", "/x%2f..%2f..%2fa"])
def test_a_static_router_never_names_a_file_outside(path):
    found = StaticRouter(directory="/srv/files").route(get(path))
    assert found is None or found.path.startswith("/srv/files/")
    assert ".." not in getattr(found, "path", "")


def test_a_loaded_static_router_declines_what_is_not_there(tmp_path):
    (tmp_path / "outside.txt").write_text("secret")
    directory = tmp_path / "public"
    directory.mkdir()
    (directory / "a.txt").write_text("a")
    (directory / "link.txt").symlink_to(tmp_path / "outside.txt")
    router = StaticRouter(directory=str(directory))
    assert router.route(get("/nothing.txt")) is not None
    router.load()
    assert router.route(get("/a.txt")) == StaticHandler(str(directory / "a.txt"))
    assert router.route(get("/nothing.txt")) is None
    assert router.route(get("/link.txt")) is None


def test_a_static_router_declines_what_is_hidden_unless_it_is_told_otherwise():
    assert StaticRouter(directory="/srv").route(get("/.git/config")) is None
    shown = StaticRouter(directory="/srv", hidden=True)
    assert shown.route(get("/.git/config")) == StaticHandler("/srv/.git/config")


def test_a_loaded_static_router_falls_back(tmp_path):
    (tmp_path / "index.html").touch()
    router = StaticRouter(directory=str(tmp_path), fallback="index.html")
    router.load()
    assert router.route(get("/users/10")) == StaticHandler(f"{tmp_path}/index.html")


def test_a_fallback_has_to_be_there(tmp_path):
    router = StaticRouter(directory=str(tmp_path), fallback="index.html")
    with pytest.raises(LoadError, match="there is no file") as error:
        router.load()
    assert error.value.key == "fallback"


def test_encoded_neighbours_are_named_or_all():
    assert StaticRouter().precompressed == ()
    assert StaticRouter(precompressed=True).precompressed == ("br", "zst", "gz")
    assert StaticRouter(precompressed=["gz"]).precompressed == ("gz",)


# MVC: the table of docs/routing.md


@pytest.mark.parametrize(
    ("url", "module", "controller", "action", "args"),
    [
        ("/", "index", "IndexController", "index", ()),
        ("/post", "post", "PostController", "index", ()),
        ("/post/", "post", "PostController", "index", ()),
        ("/post/new", "post", "PostController", "new", ()),
        ("/post/view/10", "post", "PostController", "view", ("10",)),
        ("/post/move/10/20", "post", "PostController", "move", ("10", "20")),
        ("/post/edit/10?type=draft", "post", "PostController", "edit", ("10",)),
        ("/post/view/a%20b", "post", "PostController", "view", ("a b",)),
        ("/post/view/a%2Fb", "post", "PostController", "view", ("a/b",)),
        ("/blog_post", "blog_post", "BlogPostController", "index", ()),
    ],
)
def test_mvc_finds_by_name_alone(url, module, controller, action, args):
    expected = Handler("controllers", module, controller, action, args)
    assert MVCRouter(package="controllers").route(get(url)) == expected


def test_mvc_below_a_mount_point():
    router = MVCRouter(mount_point="/blog", package="blog.pages")
    assert router.route(get("/blog/post/new")) == Handler(
        "blog.pages", "post", "PostController", "new"
    )
    assert router.route(get("/post/new")) is None


@pytest.mark.parametrize(
    "url", ["/_post", "/post/_view", "/post/__init__", "/a.b", "/post//x", "/a%2Fb"]
)
def test_mvc_declines_what_can_be_no_name(url):
    assert MVCRouter(package="controllers").route(get(url)) is None


def test_a_loaded_mvc_router_declines_what_the_application_lacks(app):
    app({"controllers/post.py": POST, "controllers/index.py": INDEX})
    router = MVCRouter(package="controllers")
    assert router.route(get("/nobody/home")) is not None
    router.load()
    assert router.route(get("/nobody/home")) is None
    assert router.route(get("/post/missing")) is None
    assert router.route(get("/post/write")) is None
    assert router.route(get("/post/view/1")).args == ("1",)


def test_a_loaded_mvc_router_knows_what_is_said_of_actions(app):
    app({"controllers/post.py": FORM})
    router = MVCRouter(package="controllers")
    router.load()

    def name_of(method, url):
        found = router.route(Request(url=url, method=method))
        return found.action if found else None

    assert name_of("GET", "/post/edit-it/1") == "form"
    assert name_of("HEAD", "/post/edit-it/1") == "form"
    assert name_of("PUT", "/post/edit-it/1") == "save"
    assert name_of("DELETE", "/post/edit-it/1") is None
    assert name_of("GET", "/post/form/1") is None


def test_a_loaded_mvc_router_names_the_class_that_there_is(app):
    app({"controllers/news.py": INDEX})
    router = MVCRouter(package="controllers")
    assert router.route(get("/news")).controller == "NewsController"
    router.load()
    assert router.route(get("/news")).controller == "IndexController"


# REST


@pytest.mark.parametrize(
    ("method", "url", "action", "args"),
    [
        ("GET", "/api/users", "get_all", ()),
        ("GET", "/api/users/", "get_all", ()),
        ("HEAD", "/api/users", "get_all", ()),
        ("POST", "/api/users", "create_one", ()),
        ("GET", "/api/users/10", "get_one", ("10",)),
        ("HEAD", "/api/users/10", "get_one", ("10",)),
        ("PUT", "/api/users/10", "update_one", ("10",)),
        ("PATCH", "/api/users/10", "patch_one", ("10",)),
        ("DELETE", "/api/users/10", "delete_one", ("10",)),
    ],
)
def test_rest_finds_by_method_and_path(method, url, action, args):
    router = RESTRouter(mount_point="/api", package="api")
    found = router.route(Request(url=url, method=method))
    assert found == Handler("api", "users", "UsersController", action, args)


@pytest.mark.parametrize(
    ("url", "package", "module", "controller", "action", "args"),
    [
        ("/users/10/friends", "api.users", "friends", "F", "get_all", ("10",)),
        ("/users/10/friends/3", "api.users", "friends", "F", "get_one", ("10", "3")),
        (
            "/users/10/friends/3/notes",
            "api.users.friends",
            "notes",
            "N",
            "get_all",
            ("10", "3"),
        ),
    ],
)
def test_the_folder_of_a_sub_resource_is_its_url(
    url, package, module, controller, action, args
):
    found = RESTRouter(package="api").route(get(url))
    name = {"F": "FriendsController", "N": "NotesController"}[controller]
    assert found == Handler(package, module, name, action, args)


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("DELETE", "/users"),
        ("POST", "/users/10"),
        ("OPTIONS", "/users"),
        ("GET", "/"),
        ("GET", "/_users"),
        ("GET", "/users//friends"),
    ],
)
def test_rest_declines_what_names_no_action(method, url):
    assert RESTRouter(package="api").route(Request(url=url, method=method)) is None


def test_a_loaded_rest_router_declines_what_the_application_lacks(app):
    app({"api/users/__init__.py": USERS, "api/users/friends.py": FRIENDS})
    router = RESTRouter(package="api")
    assert router.route(get("/groups")) is not None
    router.load()
    assert router.route(get("/groups")) is None
    assert router.route(get("/users/1/groups")) is None
    assert router.route(get("/users/1/friends")) is None
    assert router.route(Request(url="/users", method="POST")) is None
    assert router.route(get("/users/1/friends/2")).args == ("1", "2")


def test_rest_has_two_spellings():
    assert RESTFulRouter is RESTRouter


# Routers of one's own


def test_a_subclass_may_leave_the_base_unprepared():
    class MyRouter(Router):
        def __init__(self):
            pass

        def route(self, request):
            return ABOUT if request.path == "/special" else None

    assert MyRouter().mount_point == "/"
    assert MyRouter().route(get("/special")) is ABOUT
    assert MyRouter().route(get("/")) is None


# Media types


def test_a_static_router_may_have_types_of_its_own():
    types = {".foo": "application/x-foo", ".tar.gz": 'a/b;c="d \\" e"; f=g'}
    assert StaticRouter(types=types).types == types
    assert StaticRouter().types == {}


@pytest.mark.parametrize(
    ("ending", "media_type", "what"),
    [
        ("foo", "text/plain", "'foo' is not the ending"),
        (".", "text/plain", "'.' is not the ending"),
        ("./a", "text/plain", "'./a' is not the ending"),
        (".foo", "text", "'text' is not a media type"),
        (".foo", "text/plain\r\nX: y", "is not a media type"),
        (".foo", "text/plain; charset", "is not a media type"),
        (".foo", "text/plain;", "is not a media type"),
        (".foo", "", "'' is not a media type"),
        (".foo", "text/\xe4", "is not a media type"),
    ],
)
def test_what_is_no_media_type_is_refused(ending, media_type, what):
    with pytest.raises(ValueError, match=what):
        StaticRouter(types={ending: media_type})


# Error pages


def test_error_pages_are_held_with_absolute_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for made in (
        Router(error_pages={404: "no.html"}),
        MVCRouter(error_pages={404: "no.html"}),
        RESTRouter(error_pages={404: "no.html"}),
        StaticRouter(error_pages={404: "no.html"}),
    ):
        assert made.error_pages == {404: str(tmp_path / "no.html")}
    assert Router().error_pages == {}


@pytest.mark.parametrize("status", [200, 399, 600, "404"])
def test_a_status_that_is_no_errors_has_no_page(status):
    with pytest.raises(ValueError, match=f"^{status!r} is not the status of an error"):
        Router(error_pages={status: "page.html"})
