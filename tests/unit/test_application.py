from pathlib import Path

import pytest

from guava import _core, application
from guava.config import loader
from guava.config.loader import ConfigError
from guava.handler import Handler, RedirectHandler, StaticHandler
from guava.importing import LoadError
from guava.request import Request
from guava.router import MVCRouter, RESTRouter, Router, StaticRouter

POST = """
    from decimal import Decimal
    import guava

    class PostController(guava.controller.Controller):
        def view(self, id: int): ...
        def about(self): ...
        def buy(self, price: Decimal): ...
"""
ROUTERS = """
    import guava

    class Moon(guava.router.Router):
        def __init__(self, mount_point="/moon", name="moon"):
            super().__init__(mount_point=mount_point)
            self.name = name

        def route(self, request):
            return None

    class Broken(guava.router.Router):
        def __init__(self):
            raise RuntimeError("eclipse")

    class Unloaded(guava.router.Router):
        def load(self):
            raise RuntimeError("new moon")

    class Leaving(guava.router.Router):
        def __init__(self):
            raise SystemExit("bye")

    class Other: ...
"""


def read(folder: Path, routers: str):
    """The configuration with these routers, from guava.yaml."""
    path = folder / "guava.yaml"
    path.write_text(f"routers:\n{routers}")
    return loader.load(str(path))


# Building


def test_every_kind_of_router_is_built(app):
    folder = app({"routers.py": ROUTERS, "notes.txt": "clear"})
    config = read(
        folder,
        "- {type: static, mount_point: /static, directory: ., allow_index: true}\n"
        "- {type: rest, mount_point: /api, package: api}\n"
        "- {type: mvc, package: controllers}\n"
        "- type: table\n"
        "  routes:\n"
        "    /about: {module: post, controller: PostController, action: view,"
        " args: ['1']}\n"
        "    /old: {redirect: /about, status: 301}\n"
        "    /notes: {file: notes.txt}\n"
        "- {type: python, class: routers.Moon, options: {name: Luna}}\n",
    )
    static, rest, mvc, table, moon = application.build(config)
    assert isinstance(static, StaticRouter)
    assert (static.mount_point, static.directory) == ("/static/", str(folder))
    assert static.allow_index
    assert isinstance(rest, RESTRouter)
    assert (rest.mount_point, rest.package) == ("/api/", "api")
    assert isinstance(mvc, MVCRouter)
    assert (mvc.mount_point, mvc.package) == ("/", "controllers")
    assert type(table) is Router
    assert table.routes() == {
        "/about": Handler(".", "post", "PostController", "view", ("1",)),
        "/old": RedirectHandler("/about", 301),
        "/notes": StaticHandler(str(folder / "notes.txt")),
    }
    assert (moon.mount_point, moon.name) == ("/moon/", "Luna")


def test_a_mount_point_overrides_that_of_a_python_router(app):
    folder = app({"routers.py": ROUTERS})
    text = "- {type: python, class: routers.Moon, mount_point: /sky}\n"
    [moon] = application.build(read(folder, text))
    assert moon.mount_point == "/sky/"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Other", "routers.Other is not a guava.router.Router"),
        ("Broken", "routers.Broken: routers.py:14: RuntimeError: eclipse"),
        ("Leaving", "routers.Leaving: routers.py:22: SystemExit: bye"),
        ("Mon", 'routers has no class "Mon"; did you mean "Moon"?'),
    ],
)
def test_a_class_that_is_no_router_is_told(app, name, message):
    folder = app({"routers.py": ROUTERS})
    config = read(folder, f"- {{type: python, class: routers.{name}}}\n")
    with pytest.raises(LoadError) as caught:
        application.build(config)
    assert str(caught.value) == message


# Checking


def test_an_application_that_is_all_there_has_no_faults(app):
    folder = app({"controllers/post.py": POST, "routers.py": ROUTERS})
    config = read(
        folder,
        "- {type: mvc, package: controllers}\n"
        "- type: table\n"
        "  routes:\n"
        "    /about: {package: controllers, module: post,"
        " controller: PostController, action: about}\n"
        "- {type: python, class: routers.Moon}\n",
    )
    assert application.check(config) == []


def test_a_failing_import_is_told_with_both_places(app, capfd):
    folder = app({"controllers/post.py": "import os\n\nprint(x)\n"})
    config = read(folder, "- {type: mvc, package: controllers}\n")
    assert application.check(config) == [
        f"{folder}/guava.yaml:2:24: package controllers: controllers/post.py:3: "
        "NameError: name 'x' is not defined"
    ]
    traceback = capfd.readouterr().err
    assert "[error]" in traceback
    assert "Traceback (most recent call last):" in traceback
    assert f'File "{folder}/controllers/post.py", line 3' in traceback
    assert "importlib" not in traceback


def test_a_router_that_fails_to_load_is_told_at_its_place(app, capfd):
    folder = app({"routers.py": ROUTERS})
    config = read(folder, "- {type: python, class: routers.Unloaded}\n")
    assert application.check(config) == [
        f"{folder}/guava.yaml:2:25: routers.py:18: RuntimeError: new moon"
    ]
    assert "Traceback (most recent call last):" in capfd.readouterr().err


def test_every_fault_is_told_where_it_stands(app):
    folder = app({"controllers/post.py": POST, "routers.py": ROUTERS})
    target = "package: controllers, module: post, controller: PostController"
    config = read(
        folder,
        "- {type: mvc, package: contrullers}\n"
        "- {type: rest, package: .}\n"
        "- type: table\n"
        "  routes:\n"
        f"    /a: {{{target}, action: abuot}}\n"
        f"    /b: {{{target}, action: view, args: [x]}}\n"
        f"    /d: {{{target}, action: buy, args: [x]}}\n"
        "    /c: {module: nowhere, controller: PostController, action: about}\n"
        "- {type: python, class: nowhere.Moon}\n",
    )
    assert application.check(config) == [
        f"{folder}/guava.yaml:{line}"
        for line in (
            "2:24: there is no package contrullers",
            '3:25: expected a package such as controllers, found "."',
            '6:82: PostController has no action "abuot"; did you mean "about"?',
            "7:94: PostController.view: invalid literal for int() with base 10: 'x'",
            "8:93: PostController.buy: InvalidOperation:"
            " [<class 'decimal.ConversionSyntax'>]",
            "9:18: there is no module nowhere",
            "10:25: there is no module nowhere",
        )
    ]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (
            "{phase: full}",
            "Router.__init__() got an unexpected keyword argument 'phase'",
        ),
        ("{mount_point: /a/../b}", "'/a/../b' is not a mount point"),
    ],
)
def test_options_that_a_router_does_not_take_are_told_at_their_place(
    app, options, what
):
    folder = app({})
    text = f"- {{type: python, class: guava.router.Router, options: {options}}}\n"
    [found] = application.check(read(folder, text))
    assert found == f"{folder}/guava.yaml:2:55: guava.router.Router: {what}"


# Middleware

AROUND = """
    class Timing:
        def __init__(self, precision: int = 1):
            if isinstance(precision, str): raise ValueError(precision)
        def process_request(self, request): ...

    class Late:
        before_routing = True
        def process_request(self, request): ...

    class Nothing: ...
"""


def around(folder: Path, everywhere: str, own: str = "[]"):
    """The configuration with these lists of middleware."""
    path = folder / "guava.yaml"
    routers = f"routers:\n- {{type: table, routes: {{}}, middleware: {own}}}\n"
    path.write_text(f"middleware: {everywhere}\n{routers}")
    return loader.load(str(path))


def test_middleware_that_can_be_made_has_no_faults(app):
    folder = app({"around.py": AROUND})
    both = "[around.Timing, {class: around.Timing, options: {precision: 3}}]"
    assert application.check(around(folder, both, both)) == []
    assert application.check(around(folder, "[around.Late]")) == []


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ("[nowhere.Timing]", "14: there is no module nowhere"),
        ("[around.Tming]", '14: around has no class "Tming"; did you mean "Timing"?'),
        (
            "[around.Nothing]",
            "14: around.Nothing has neither process_request() nor process_response()",
        ),
        (
            "[{class: around.Timing, options: {exact: 1}}]",
            "46: around.Timing: Timing.__init__() got an unexpected keyword argument"
            " 'exact'",
        ),
        (
            "[{class: around.Timing, options: {precision: fine}}]",
            "46: around.Timing: around.py:4: ValueError: fine",
        ),
        (
            "[{class: guava.middleware.RateLimit, options: {rate: often}}]",
            "59: guava.middleware.RateLimit: rate: expected a rate such as 100/m,"
            " found 'often'",
        ),
        (
            "[guava.middleware.Timming]",
            '14: guava.middleware has no class "Timming"; did you mean "Timing"?',
        ),
    ],
)
def test_middleware_that_can_not_be_made_is_told_at_its_place(app, listed, fault):
    folder = app({"around.py": AROUND})
    [found] = application.check(around(folder, listed))
    assert found == f"{folder}/guava.yaml:1:{fault}"


def test_what_acts_before_routing_can_not_be_a_routers(app):
    folder = app({"around.py": AROUND})
    assert application.check(around(folder, "[]", "[around.Late]")) == [
        f"{folder}/guava.yaml:3:42: Late acts before routing: "
        "list it for the whole server"
    ]


# Sessions

STORE = """\
import guava

class Own(guava.session.SessionStore):
    def __init__(self, size):
        self.size = int(size)

    def get(self, sid): ...
    def set(self, sid, value): ...
    def delete(self, sid): ...
    def clear(self, sid): ...

class Half(guava.session.SessionStore):
    def get(self, sid): ...

class Other: ...
"""


def kept(folder: Path, sections: str, session: str = "main"):
    path = folder / "guava.yaml"
    routers = "routers: [{type: table, routes: {}}]\n"
    path.write_text(f"sessions: {{{sections}}}\nsession: {session}\n{routers}")
    return loader.load(str(path))


def test_sessions_that_can_be_made_have_no_faults(app):
    folder = app({"store.py": STORE})
    own = "own: {store: python, class: store.Own, options: {size: 1}}"
    sections = f"main: {{store: mem}}, kept: {{store: file, directory: .}}, {own}"
    assert application.check(kept(folder, sections)) == []


@pytest.mark.parametrize(
    ("section", "fault"),
    [
        ("{store: python, class: none.Own}", "41: there is no module none"),
        (
            "{store: python, class: store.Onw}",
            '41: store has no class "Onw"; did you mean "Own"?',
        ),
        (
            "{store: python, class: store.Other}",
            "41: store.Other is not a guava.session.SessionStore",
        ),
        (
            "{store: python, class: store.Own, options: {size: x}}",
            "61: store.Own: store.py:5: ValueError: invalid literal for int() with"
            " base 10: 'x'",
        ),
        (
            "{store: mem, cookie: {same_site: none}}",
            "39: same_site None needs a cookie that is always secure",
        ),
        (
            "{store: mem, cookie: {prefix: __Host-, path: /a}}",
            "39: the cookie __Host-sid needs the path / and no domain",
        ),
        (
            "{store: mem, cookie: {prefix: __Secure-, secure: false}}",
            "39: the cookie __Secure-sid needs to be secure",
        ),
    ],
)
def test_sessions_that_can_not_be_made_are_told_at_their_place(app, section, fault):
    folder = app({"store.py": STORE})
    [found] = application.check(kept(folder, f"main: {section}"))
    assert found == f"{folder}/guava.yaml:1:{fault}"


def test_a_store_lacks_methods(app):
    folder = app({"store.py": STORE})
    [found] = application.check(
        kept(folder, "main: {store: python, class: store.Half}")
    )
    assert found.endswith("store.Half: Half has no set, delete")


@pytest.mark.parametrize(
    ("sections", "hint"),
    [
        ("mane: {store: mem}", '; did you mean "mane"?'),
        ("other: {store: mem}", "; expected one of other"),
        ("", "; there are none"),
    ],
)
def test_a_session_that_there_is_not_is_told_at_its_place(app, sections, hint):
    folder = app({})
    with pytest.raises(ConfigError) as caught:
        kept(folder, sections)
    where = f"{folder}/guava.yaml:2:10"
    assert caught.value.errors == [f'{where}: unknown sessions "main"{hint}']


def test_two_sessions_in_use_can_not_have_one_cookie(app):
    folder = app({})
    path = folder / "guava.yaml"
    sessions = (
        "sessions: {a: {store: mem}, b: {store: mem, cookie: {http_only: false}}}"
    )
    routers = "routers: [{type: table, routes: {}, session: b}]"
    path.write_text(f"{sessions}\n{routers}\n")
    assert loader.load(str(path)).session is None
    path.write_text(f"{sessions}\nsession: a\n{routers}\n")
    with pytest.raises(ConfigError) as caught:
        loader.load(str(path))
    what = 'the cookie of sessions "b" is that of "a"'
    assert caught.value.errors == [f"{path}:1:53: {what}"]


# Mounting


def test_mounting_loads_the_application(app):
    app({"controllers/post.py": POST})
    router = MVCRouter(package="controllers")
    application.mount(_core.Server(), [router])
    assert router.route(Request(url="/nobody")) is None


def test_mounting_what_can_not_be_loaded_raises(app):
    app({"controllers/post.py": "1 / 0"})
    with pytest.raises(ExceptionGroup, match="package controllers"):
        application.mount(_core.Server(), [MVCRouter(package="controllers")])
    about = Handler(module="nowhere", controller="MiscController", action="about")
    with pytest.raises(LoadError, match="nowhere"):
        application.mount(_core.Server(), [Router({"/about": about})])


# Error pages


def test_every_kind_of_router_has_error_pages(app):
    folder = app({"routers.py": ROUTERS, "no.html": "no"})
    config = read(
        folder,
        "- {type: static, directory: ., error_pages: &pages {404: no.html}}\n"
        "- {type: rest, package: api, error_pages: *pages}\n"
        "- {type: mvc, package: controllers, error_pages: *pages}\n"
        "- {type: table, routes: {}, error_pages: *pages}\n"
        "- {type: python, class: routers.Moon, error_pages: *pages}\n",
    )
    for router in application.build(config):
        assert router.error_pages == {404: str(folder / "no.html")}


def test_an_error_page_that_can_not_be_read_is_told_at_its_place(app):
    folder = app({"no.html": "no"})
    text = "- {type: static, directory: ., error_pages: {404: no.html}}\n"
    config = read(folder, text)
    (folder / "no.html").unlink()
    assert application.check(config) == [
        f"{folder}/guava.yaml:2:45: cannot read {folder}/no.html:"
        " No such file or directory"
    ]
