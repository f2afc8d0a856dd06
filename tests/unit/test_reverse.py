import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import guava
from guava import application, paths
from guava.config import loader
from guava.controller import Controller
from guava.handler import Handler, RedirectHandler, StaticHandler
from guava.request import Request
from guava.reverse import Names, UnknownRoute, url_for
from guava.router import MVCRouter, RESTRouter, Router, StaticRouter
from guava.server import Server

ROOT = Path(__file__).parents[2]
INDEX = """
    import guava

    class IndexController(guava.controller.Controller):
        def index(self): ...
        def about(self): ...
"""
POST = """
    import guava

    class PostController(guava.controller.Controller):
        def index(self, page=1): ...
        def view(self, id): ...
        def all(self, *parts): ...
        def move(self, id, to): ...

        @guava.action(name="edit", methods=["GET"])
        def form(self, id): ...

        @guava.action(name="edit", methods=["POST"])
        def save(self, id, text=""): ...

        @guava.action(name="feed.xml")
        def feed(self): ...
"""
USERS = """
    import guava

    class UsersController(guava.controller.Controller):
        def get_all(self): ...
        def create_one(self): ...
        def get_one(self, id): ...
        def delete_one(self, id): ...
"""
FRIENDS = """
    import guava

    class FriendsController(guava.controller.Controller):
        def get_all(self, user): ...
        def get_one(self, user, id): ...
"""
ABOUT = Handler(module="misc", controller="MiscController", action="about")


@pytest.fixture
def names(app):
    app(
        {
            "controllers/index.py": INDEX,
            "controllers/post.py": POST,
            "api/users/__init__.py": USERS,
            "api/users/friends.py": FRIENDS,
        }
    )
    table = Router({"/about/": ABOUT}, mount_point="/site")
    table.register("/old page", RedirectHandler("/site/about/"), name="old")
    table.register("/robots.txt", StaticHandler("robots.txt"), name="robots")
    return Names(
        [
            MVCRouter(),
            RESTRouter("/api"),
            table,
            StaticRouter("/static", name="static"),
            MVCRouter("/again"),
        ]
    )


@pytest.mark.parametrize(
    ("name", "args", "url"),
    [
        ("index.index", (), "/"),
        ("index.about", (), "/index/about"),
        ("post.index", (), "/post"),
        ("post.index", (2,), "/post/index/2"),
        ("post.view", (10,), "/post/view/10"),
        ("controllers.post.view", ("a/b",), "/post/view/a%2Fb"),
        ("post.move", (10, 20), "/post/move/10/20"),
        ("post.all", (), "/post/all"),
        (
            "post.all",
            tuple("abcdefghijklmnop"),
            "/post/all/" + "/".join("abcdefghijklmnop"),
        ),
        ("post.edit", (10,), "/post/edit/10"),
        ("post.edit", (10, "x"), "/post/edit/10/x"),
        ("post.feed.xml", (), "/post/feed.xml"),
        ("users.get_all", (), "/api/users"),
        ("users.create_one", (), "/api/users"),
        ("users.get_one", (10,), "/api/users/10"),
        ("users.friends.get_all", (10,), "/api/users/10/friends"),
        ("api.users.friends.get_one", (10, 3), "/api/users/10/friends/3"),
        ("misc.about", (), "/site/about/"),
        ("old", (), "/site/old%20page"),
        ("robots", (), "/site/robots.txt"),
        ("static", ("css/a.css",), "/static/css/a.css"),
    ],
)
def test_a_name_leads_to_its_url(names, name, args, url):
    assert names.url_for(name, *args) == url


def test_the_query_and_the_fragment_are_escaped(names):
    query = {"page": 2, "tag": ["a&b", "c d"], "none": None, "all": True}
    assert names.url_for("post.index", query=query, fragment="last one") == (
        "/post?page=2&tag=a%26b&tag=c+d&all=true#last%20one"
    )
    assert names.url_for("post.index", query=[("a", 1), ("a", 2)]) == "/post?a=1&a=2"
    assert names.url_for("post.index", query={"none": None}) == "/post"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("post.veiw", 'no route is called "post.veiw"; did you mean "post.view"?'),
        ("post.form", 'no route is called "post.form"'),
        ("misc", 'no route is called "misc"'),
        ("zzz", 'no route is called "zzz"$'),
    ],
)
def test_an_unknown_name_is_told_at_once(names, name, message):
    with pytest.raises(LookupError, match=message) as caught:
        names.url_for(name)
    assert isinstance(caught.value, UnknownRoute)


@pytest.mark.parametrize(
    ("name", "args", "takes"),
    [
        ("post.view", (), "1 argument, not 0"),
        ("post.view", (1, 2), "1 argument, not 2"),
        ("post.edit", (), "1 argument or 1 to 2 arguments, not 0"),
        ("post.all", range(17), "0 or more arguments, not 17"),
        ("users.get_one", (), "1 argument, not 0"),
        ("users.friends.get_one", (1,), "2 arguments, not 1"),
        ("old", (1,), "0 arguments, not 1"),
        ("static", (), "1 argument, not 0"),
    ],
)
def test_arguments_are_counted(names, name, args, takes):
    with pytest.raises(TypeError, match=f"{name} takes {takes}"):
        names.url_for(name, *args)


def test_an_argument_that_can_be_no_segment_is_told(names):
    for argument in ("", ".", ".."):
        with pytest.raises(ValueError, match="no segment"):
            names.url_for("post.view", argument)
    with pytest.raises(TypeError, match="None can not stand"):
        names.url_for("post.view", None)


def test_of_equal_names_the_first_routers_counts(app):
    app({"controllers/post.py": POST, "other/post.py": POST})
    first, second = MVCRouter("/1", "other"), MVCRouter("/2", "controllers")
    names = Names([first, second])
    assert names.url_for("post.view", 5) == "/1/post/view/5"
    assert names.url_for("other.post.view", 5) == "/1/post/view/5"
    assert names.url_for("controllers.post.view", 5) == "/2/post/view/5"
    assert Names([second, first]).url_for("post.view", 5) == "/2/post/view/5"


def test_a_whole_name_goes_before_a_short_one(app):
    app({"a/post/post.py": POST, "post/view.py": INDEX})
    names = Names([MVCRouter("/1", "a.post"), MVCRouter("/2", "post")])
    assert names.url_for("post.view", 5) == "/1/post/view/5"
    assert names.url_for("post.view.about") == "/2/view/about"


def test_a_router_of_ones_own_may_have_names(app):
    class Years(Router):
        def names(self):
            table = Router({"/1969": ABOUT}, self.mount_point)
            return table.names()

    assert Names([Years(mount_point="/y")]).url_for("misc.about") == "/y/1969"


def test_a_router_without_a_table_has_no_names():
    class Own(Router):
        def __init__(self):
            pass

        def route(self, request):
            return ABOUT

    assert list(Names([Own()])) == []


# There and back


segments = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
arguments = segments.filter(lambda text: text not in ("", ".", ".."))


@given(st.lists(arguments, max_size=16), st.sampled_from(["/", "/app", "/neué"]))
def test_the_arguments_of_a_page_come_back(args, mount_point):
    router = MVCRouter(mount_point)
    path = paths.page(router.mount_point, "post", "all", args)
    assert router.route(Request(url=path)) == Handler(
        "controllers", "post", "PostController", "all", args
    )


@given(st.lists(arguments, min_size=1, max_size=16), st.booleans())
def test_the_elements_of_a_resource_come_back(ids, on_element):
    router = RESTRouter("/api")
    collections = [f"c{number}" for number in range(len(ids) + (not on_element))]
    path = paths.element(router.mount_point, collections, ids)
    found = router.route(Request(url=path))
    assert found.args == tuple(ids)
    assert found.action == ("get_one" if on_element else "get_all")
    assert found.import_name == ".".join(["api", *collections])


@given(st.lists(arguments.filter(lambda text: "/" not in text), min_size=1))
def test_the_path_of_a_table_comes_back(parts):
    path = "/" + "/".join(parts)
    router = Router({path: ABOUT}, "/site")
    url = paths.single(router.mount_point, path, ())
    assert router.route(Request(url=url)) == ABOUT


def test_every_route_of_the_example_comes_back(app, monkeypatch):
    app({})
    monkeypatch.syspath_prepend(ROOT / "examples" / "demo")
    routers = application.build(loader.load(str(ROOT / "conf" / "guava.yaml")))
    application.load(routers)
    server = Server()
    server.add_router(*routers)
    routes = [named for router in routers for named in router.names()]
    assert {"controllers.post.view", "api.users.get_one", "misc.about", "static"} <= {
        named.name for named in routes
    }
    for named in routes:
        one = "style.css" if named.name == "static" else "1"
        args = [one] * named.takes.least
        found = server.route(Request(url=server.url_for(named.name, *args)))
        assert found is not None, named.name
        if isinstance(found, Handler):
            assert found.args == tuple(args)


# Which application


def test_without_an_application_there_are_no_routes():
    with pytest.raises(RuntimeError, match="before an application serves"):
        url_for("post.view", 1)


def test_url_for_goes_by_the_names_that_are_active(names):
    with names.active():
        assert guava.url_for("post.view", 1) == "/post/view/1"
        with Names([Router({"/misc": ABOUT})]).active():
            assert url_for("misc.about") == "/misc"
            with pytest.raises(LookupError):
                url_for("post.view", 1)
        assert url_for("misc.about") == "/site/about/"
    with pytest.raises(RuntimeError):
        url_for("misc.about")


def in_thread(function):
    found = []
    thread = threading.Thread(target=lambda: found.append(function()))
    thread.start()
    thread.join()
    return found[0]


def test_two_applications_in_two_threads_have_their_own(names):
    other = Names([Router({"/other": ABOUT})])

    def within():
        with names.active():
            started.set()
            ended.wait(10)
            return url_for("misc.about")

    started, ended = threading.Event(), threading.Event()
    with other.active():
        found = []
        thread = threading.Thread(target=lambda: found.append(within()))
        thread.start()
        started.wait(10)
        assert url_for("misc.about") == "/other"
        ended.set()
        thread.join()
        assert found == ["/site/about/"]


def test_a_thread_of_the_application_has_its_names(names):
    with names.active():
        assert in_thread(lambda: url_for("misc.about")) == "/site/about/"


def test_a_server_knows_the_urls_of_its_routers(names, app):
    server = Server()
    server.add_router(MVCRouter("/app"))
    assert server.url_for("post.view", 7, query={"a": 1}) == "/app/post/view/7?a=1"


def test_a_controller_makes_whole_urls_of_its_request(names):
    controller = Controller(Request(url="/post", host="example.org:8000"))
    with names.active():
        assert controller.url_for("post.view", 7) == "/post/view/7"
        whole = controller.url_for("post.view", 7, fragment="a", external=True)
        assert whole == "http://example.org:8000/post/view/7#a"
        for hostless in (Controller(), Controller(Request(host=""))):
            with pytest.raises(RuntimeError, match="made of a request's host"):
                hostless.url_for("post.view", 7, external=True)


def test_names_are_asked_for_once():
    asked = []

    class Counting(Router):
        def names(self):
            asked.append(self)
            return super().names()

    names = Names([Counting({"/a": ABOUT})])
    assert asked == []
    assert [names.url_for("misc.about") for _ in range(2)] == ["/a", "/a"]
    assert len(asked) == 1
