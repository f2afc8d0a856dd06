"""Controllers of every make, and what becomes of their answers."""

from dataclasses import dataclass

import msgspec
import pytest
from http_client import request
from live import Live, acting, answering

from guava._core import Action, Controller, File, Redirect, Request, Resource
from guava.handler import Handler
from guava.response import Response


class Text(str):
    __slots__ = ()


class Data(bytes):
    __slots__ = ()


class Pairs(dict):
    __slots__ = ()


class Items(list):
    __slots__ = ()


@dataclass
class Point:
    x: int
    y: int


class Moon(msgspec.Struct):
    phase: str


def view(self):
    return f"{type(self).__name__} {self.request.path}"


class Plain(Controller):
    view = view


class Init(Controller):
    def __init__(self, request):
        super().__init__(request)
        self.path = self.request.path

    def view(self):
        return f"Init {self.path}"


class InitWithoutSuper(Controller):
    def __init__(self, request):
        assert self.request is None

    view = view


class InitOfNothing(Controller):
    def __init__(self, *_):
        super().__init__()

    view = view


class New(Controller):
    def __new__(cls, request):
        made = super().__new__(cls)
        made.before = request.path
        return made

    def view(self):
        return f"New {self.before}"


class NewMakesAnother(Controller):
    def __new__(cls, request):
        return Plain(request)

    view = view


class Calling(type):
    def __call__(cls, request):
        made = super().__call__(request)
        made.called = request.path
        return made


class MetaclassCall(Controller, metaclass=Calling):
    def view(self):
        return f"MetaclassCall {self.called}"


class Slots(Controller):
    __slots__ = ("mine",)

    def view(self):
        self.mine = self.request.path
        return f"Slots {self.mine}"


class Mixin:
    def __init__(self, *args):
        super().__init__(*args)
        self.mixed = self.request.path

    def view(self):
        return f"{type(self).__name__} {self.mixed}"


class MixinFirst(Mixin, Controller):
    pass


class MixinLast(Controller, Mixin):
    view = view


class Diamond(MixinFirst, Plain):
    pass


class Method(Controller):
    @staticmethod
    def view(controller):
        return f"Method {controller.request.path}"


@pytest.mark.parametrize(
    "controller",
    [
        *(Plain, Init, InitWithoutSuper, InitOfNothing, New, MetaclassCall, Slots),
        *(MixinFirst, MixinLast, Diamond, Method),
    ],
)
def test_a_controller_is_made_as_its_class_says(controller):
    routes = {"/view": Action(controller, "view")}
    with Live(lambda server: server.mount_table("/", routes)) as live:
        for _ in range(3):
            answer = live.ask(request("/view"))
            assert answer.text == f"{controller.__name__} /view", live.log
        assert live.log == ""


def test_new_may_make_another_controller():
    routes = {"/view": Action(NewMakesAnother, "view")}
    with Live(lambda server: server.mount_table("/", routes)) as live:
        assert live.ask(request("/view")).text == "Plain /view"


def making(outcome):
    """Classes of controllers whose call has this outcome."""

    class ByNew(Controller):
        def __new__(cls, request):
            return outcome()

        view = view

    class Meta(type):
        def __call__(cls, request):
            return outcome()

    class ByMeta(Controller, metaclass=Meta):
        view = view

    return ByNew, ByMeta


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("made", [None, 5, "text", Request(), object(), Controller])
def test_what_makes_no_controller_is_an_error_and_the_worker_lives(made, which):
    controller = making(lambda: made)[which]
    routes = {"/view": Action(controller, "view"), "/plain": Action(Plain, "view")}
    with Live(lambda server: server.mount_table("/", routes)) as live:
        with live.client() as client:
            for _ in range(3):
                assert client.ask(request("/view")).status == 500
                assert client.ask(request("/plain")).text == "Plain /plain"
        assert live.log.count("TypeError: ") == 3
        assert "made no Controller" in live.log


def fail(*_):
    raise ZeroDivisionError("the moon")


@pytest.mark.parametrize("name", ["__init__", "__new__", "before_action", "view"])
def test_an_exception_anywhere_is_an_error_and_the_worker_lives(name):
    controller = type("Failing", (Controller,), {"view": view, name: fail})
    routes = {"/view": Action(controller, "view")}
    with Live(lambda server: server.mount_table("/", routes)) as live:
        with live.client() as client:
            assert client.ask(request("/view")).status == 500
            assert client.ask(request("/view")).status == 500
        assert live.log.count("ZeroDivisionError: the moon") == 2


def test_an_exception_after_the_action_takes_its_answer_back():
    class Failing(Controller):
        def view(self):
            self.set_header("X-Moon", "full")
            return "secret"

        after_action = fail

    with acting(Failing) as live:
        answer = live.ask(request("/c/view"))
    assert answer.status == 500
    assert "x-moon" not in answer.headers
    assert b"secret" not in answer.body


def test_an_init_that_takes_no_request_is_an_error():
    class Narrow(Controller):
        def __init__(self):
            super().__init__()

        view = view

    with acting(Narrow) as live:
        assert live.ask(request("/c/view")).status == 500
        assert "TypeError" in live.log


def test_constants_come_before_arguments():
    class Post(Controller):
        def view(self, *args):
            return "-".join(map(str, args))

    actions = {
        "few": Action(Post, "view", args=[1], max_args=2, converters=[int]),
        "many": Action(Post, "view", args=range(16), max_args=-1),
    }
    with Live(lambda server: server.mount_mvc("/", {"post": actions})) as live:
        assert live.ask(request("/post/few/2/x")).text == "1-2-x"
        assert live.ask(request("/post/few/x")).status == 404
        assert live.ask(request("/post/few/1/2/3")).status == 404
        path = "/".join("abcdefghijklmnop")
        everything = [*map(str, range(16)), *"abcdefghijklmnop"]
        assert live.ask(request(f"/post/many/{path}")).text == "-".join(everything)
        assert live.ask(request(f"/post/many/{path}/q")).status == 404


def test_an_integer_is_digits_and_maybe_a_sign():
    class Number(Controller):
        def of(self, number):
            return repr(number)

    action = Action(Number, "of", min_args=1, max_args=1, converters=[int])

    def routed(request):
        number = request.path.removeprefix("/routed/")
        return Handler(".", "m", "Number", "of", (number,))

    def mount(server):
        server.mount_mvc("/", {"number": {"of": action}})
        server.mount_python("/routed/", routed, lambda _: action)

    with Live(mount) as live:
        for way in ("/number/of", "/routed"):
            for text in ["0", "-7", "007", "9" * 18, "9" * 19, "-" + "9" * 40]:
                assert live.ask(request(f"{way}/{text}")).text == str(int(text))
            for text in ["-", "--1", "+1", "1_0", "%201", "1.0", "%EF%BC%91", "1%2F2"]:
                assert live.ask(request(f"{way}/{text}")).status == 404, text
            assert live.ask(request(f"{way}/{'9' * 5000}")).status == 404


class Form(Controller):
    def form(self, *_):
        return "form"

    def save(self, *_):
        return "saved"


def test_the_method_decides_between_actions_of_one_name():
    form = Action(Form, "form", max_args=1, methods=["GET"])
    save = Action(Form, "save", max_args=1, methods=["POST", "PUT"])

    def mount(server):
        server.mount_mvc("/", {"post": {"edit": (form, save)}})
        server.mount_table("/", {"/save": save})

    def ask(method, path):
        with live.client(request(path, method=method)) as client:
            return client.read(method)

    with Live(mount) as live:
        assert ask("GET", "/post/edit/1").text == "form"
        assert ask("HEAD", "/post/edit/1").headers["content-length"] == "4"
        assert ask("PUT", "/post/edit/1").text == "saved"
        assert ask("DELETE", "/post/edit/1/2").status == 404
        assert ask("POST", "/save").text == "saved"
        for method, path, status, allow in [
            ("DELETE", "/post/edit", 405, "GET, HEAD, POST, PUT, OPTIONS"),
            ("OPTIONS", "/post/edit/1", 204, "GET, HEAD, POST, PUT, OPTIONS"),
            ("GET", "/save", 405, "POST, PUT, OPTIONS"),
        ]:
            answer = ask(method, path)
            assert (answer.status, answer.headers["allow"]) == (status, allow)


def test_what_stands_for_several_actions_is_a_tuple_of_them():
    def mount(server):
        for wrong in ([Action(Form, "form")], (Action(Form, "form"), None)):
            with pytest.raises(TypeError, match="expected an Action"):
                server.mount_mvc("/", {"post": {"edit": wrong}})

    with Live(mount):
        pass


def test_an_action_that_a_python_router_leads_to_has_its_methods():
    save = Action(Form, "save", methods=["POST"])

    def mount(server):
        server.mount_python(
            "/", lambda _: Handler(".", "m", "Form", "save"), lambda _: save
        )

    with Live(mount) as live:
        assert live.ask(request("/", method="POST")).text == "saved"
        answer = live.ask(request("/"))
        assert (answer.status, answer.headers["allow"]) == (405, "POST, OPTIONS")


def test_descriptions_may_be_changed_when_they_are_mounted():
    class Mine(Controller):
        def view(self, *ids):
            return "view"

        get_all = view

    def mount(server):
        modules = {"post": {"view": Action(Mine, "view")}}
        actions = {"get_all": Action(Mine, "get_all", max_args=-1)}
        children = {"friends": Resource(actions)}
        resources = {"users": Resource(actions, children)}
        routes = {"/about": Action(Mine, "view"), "/old": Redirect("/about")}
        server.mount_mvc("/", modules)
        server.mount_rest("/api/", resources)
        server.mount_table("/", routes)
        modules["post"]["view"] = modules["post"]["new"] = None
        for described in (modules, actions, children, resources, routes):
            described.clear()
            described[5] = Action(Mine, "view")

    with Live(mount) as live:
        for path in ("/post/view", "/api/users", "/api/users/1/friends", "/about"):
            assert live.ask(request(path)).text == "view"
        assert live.ask(request("/old")).headers["location"] == "/about"
        assert live.ask(request("/post/new")).status == 404


# Answers


@pytest.mark.parametrize(
    ("result", "kind", "body"),
    [
        (Text("caf\u00e9"), "text/html; charset=utf-8", "caf\u00e9".encode()),
        (Data(b"\xff"), "application/octet-stream", b"\xff"),
        (Pairs(a=1), "application/json", b'{"a":1}'),
        (Items([1, "a"]), "application/json", b'[1,"a"]'),
        ((1, 2), "application/json", b"[1,2]"),
        (Point(1, 2), "application/json", b'{"x":1,"y":2}'),
        (Moon("full"), "application/json", b'{"phase":"full"}'),
        ([Moon("new")], "application/json", b'[{"phase":"new"}]'),
        (iter([Text("a"), Data(b"b"), "", b""]), "text/html; charset=utf-8", b"ab"),
    ],
)
def test_subclasses_of_answers_are_answers(result, kind, body):
    with answering(lambda asked: result) as live:
        answer = live.ask()
    assert (answer.headers["content-type"], answer.body) == (kind, body), live.log


@pytest.mark.parametrize(
    "result",
    [5, object(), True, "\ud800", {1j: 2}, [object()], bytearray(b"x"), Plain, Point],
)
def test_what_is_no_answer_is_an_error(result):
    with answering(lambda asked: result) as live, live.client() as client:
        assert client.ask(request()).status == 500
        assert client.ask(request()).status == 500
        assert live.log.count("Error: ") == 2


@pytest.mark.parametrize(
    "change",
    [
        {"status": 99},
        {"status": "200"},
        {"headers": 5},
        {"headers": [5]},
        {"headers": [("X",)]},
        {"headers": [("X", 5)]},
        {"headers": [("X", "a\r\nY: b")]},
        {"headers": [("Content-Length", "5")]},
        {"body": 5},
    ],
)
def test_a_response_that_was_spoilt_is_an_error(change):
    response = Response("body", headers={"X-Moon": "full"})
    for name, value in change.items():
        setattr(response, name, value)
    with answering(lambda asked: response) as live, live.client() as client:
        for _ in range(2):
            answer = client.ask(request())
            assert answer.status == 500
            assert "x-moon" not in answer.headers


@pytest.mark.parametrize(
    "body", ["text", b"bytes", iter(["text"]), "", pytest.param(iter([]), id="none")]
)
def test_a_content_type_is_sent_once(body):
    class Typed(Controller):
        def view(self):
            self.set_header("Content-Type", "text/plain")
            self.set_header("content-TYPE", "text/css")
            return Response(body, headers=[("CONTENT-type", "image/png")])

    with acting(Typed) as live:
        answer = live.ask(request("/c/view"))  # Client refuses a second one
    assert answer.headers["content-type"] == "image/png", live.log


@pytest.mark.parametrize(
    "result",
    ["text", b"bytes", {}, iter(["text"]), Response("text"), Response(iter([b"x"]))],
)
def test_the_type_that_a_controller_sets_stands(result):
    class Typed(Controller):
        def view(self):
            self.set_header("content-type", "text/plain")
            return result

    with acting(Typed) as live:
        answer = live.ask(request("/c/view"))
    assert answer.headers["content-type"] == "text/plain", live.log


def test_what_was_written_comes_before_what_is_returned():
    class Writing(Controller):
        def view(self):
            self.write("caf\u00e9 ")
            self.write(b"au ")
            self.set_status_code(201)
            self.add_header("X-A", "1")
            self.add_header("X-A", "\u00e9")
            return "lait"

    with acting(Writing) as live, live.client(request("/c/view")) as client:
        answer = client.read()
    assert (answer.status, answer.text) == (201, "caf\u00e9 au lait")


# The log


@pytest.mark.parametrize(
    ("message", "logged"),
    [
        ("a\ud800b", "a\\ud800b"),
        ("a\0b", "a\\x00b"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("caf\u00e9", "caf\u00e9"),
        ("one\ntwo", "one\n\ttwo"),
        ("%s%n", "%s%n"),
    ],
)
def test_every_traceback_is_logged(message, logged):
    def handler(asked):
        raise RuntimeError(message)

    with answering(handler) as live:
        assert live.ask(request("/moon")).status == 500
        assert f"RuntimeError: {logged}\n" in live.log
        assert "in handler" in live.log
        assert "GET /moon: Traceback" in live.log


def test_an_exception_that_can_not_be_shown_is_named():
    class Shy(Exception):
        def __str__(self):
            raise ZeroDivisionError

        __repr__ = __str__

    def handler(asked):
        raise Shy

    with answering(handler) as live:
        assert live.ask().status == 500
        assert "Shy" in live.log


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, GeneratorExit])
def test_no_exception_gets_past_the_door(error):
    def handler(asked):
        raise error

    with answering(handler) as live, live.client() as client:
        assert client.ask(request()).status == 500
        assert client.ask(request()).status == 500
        assert error.__name__ in live.log


@pytest.mark.parametrize("kind", [Action, Redirect, File, Resource, Response])
def test_what_a_python_router_leads_to_must_be_whole(kind):
    def mount(server):
        server.mount_python(
            "/", lambda asked: asked, lambda handler: kind.__new__(kind)
        )

    with Live(mount) as live, live.client() as client:
        assert client.ask(request()).status == 404
        assert client.ask(request()).status == 404
