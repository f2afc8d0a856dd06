import io
import os
import sys
from itertools import chain, count, repeat
from pathlib import Path

import pytest

import guava
from guava import hooks
from guava.config.loader import ConfigError
from guava.errors import Forbidden
from guava.events import EventStream
from guava.importing import LoadError
from guava.middleware import RateLimit
from guava.response import RedirectResponse, Response
from guava.router import MVCRouter
from guava.server import Server
from guava.session import File
from guava.testing import Client

CONFIGURATION = """\
python: {path: [code], env: {GREETING: Hello}}
server: {working_directory: work}
routers: [{type: mvc, package: things}]
"""
THING = """\
    import os
    import guava

    class ThingController(guava.controller.Controller):
        def greet(self, name):
            return f"{os.environ['GREETING']} {name} in {os.path.basename(os.getcwd())}"

        def form(self):
            files = [(f.filename, f.content_type, f.file.read().decode())
                     for f in self.FILES.values()]
            return {"fields": self.POST, "files": files}
"""


@pytest.fixture
def configuration(app):
    folder = app({"guava.yaml": CONFIGURATION, "code/things/thing.py": THING})
    folder.joinpath("work").mkdir()
    return folder / "guava.yaml"


def client_of(handler, middleware=(), **options):
    """A client of an application that is one function."""
    return Client(Server(handler=handler, middleware=middleware), **options)


def seen(request):
    """What a request is to the application."""
    return {
        "method": request.method,
        "url": request.url,
        "scheme": request.scheme,
        "host": request.host,
        "client": request.client,
        "cookies": request.COOKIES,
        "fields": dict(request.HEADERS),
        "body": request.body.decode(),
    }


# What is asked


def test_a_configuration_is_served_as_a_worker_would(configuration):
    with Client(configuration) as client:
        assert client.get("/thing/greet/Ada").text == "Hello Ada in work"


def test_a_router_is_served(app):
    app(
        {
            "pages/index.py": "from guava.controller import Controller\n"
            "class IndexController(Controller):\n"
            "    def index(self): return 'a page'\n"
        }
    )
    with Client(MVCRouter(package="pages")) as client:
        assert client.get("/").text == "a page"
        assert client.get("/none").status == 404


def test_a_client_leaves_the_process_as_it_was(configuration, monkeypatch):
    monkeypatch.setenv("GREETING", "Good day")
    before = [*sys.path], dict(os.environ), Path.cwd()
    with Client(configuration) as client:
        assert os.environ["GREETING"] == "Hello"
        client.get("/thing/greet/Ada")
        assert Path.cwd() == before[2]
    assert ([*sys.path], dict(os.environ), Path.cwd()) == before


def test_what_can_not_be_served_is_raised_and_leaves_the_process_as_it_was(
    configuration,
):
    before = [*sys.path], dict(os.environ)
    configuration.write_text(CONFIGURATION.replace("things", "thinks"))
    with pytest.raises(LoadError, match="thinks"):
        Client(configuration)
    configuration.write_text("routers: 7\n")
    with pytest.raises(ConfigError, match=r"guava.yaml:1:10: expected a list"):
        Client(configuration)
    assert ([*sys.path], dict(os.environ)) == before


def test_hooks_run_from_start_to_close(monkeypatch):
    calls = []
    monkeypatch.setattr(hooks, "_starting", [lambda: calls.append("start")])
    monkeypatch.setattr(hooks, "_leaving", [lambda: calls.append("stop")])
    with client_of(lambda request: calls.append("request")) as client:
        client.get("/")
        assert calls == ["start", "request"]
    client.close()
    assert calls == ["start", "request", "stop"]


def test_middleware_stands_around_requests():
    class Stamp:
        def process_response(self, request, response):
            response.set_header("X-Stamp", request.path)

    with client_of(seen, [Stamp()]) as client:
        assert client.get("/x").headers["x-stamp"] == "/x"


def test_urls_are_made_by_name_for_requests_and_in_the_test(configuration):
    with Client(configuration) as client:
        url = guava.url_for("thing.greet", "Ada")
        with client_of(lambda request: guava.url_for("thing.greet", "Ada")) as other:
            with pytest.raises(LookupError, match="no route"):
                other.get("/")
        assert client.get(url).status == 200
    with pytest.raises(RuntimeError, match="knows no routes"):
        guava.url_for("thing.greet", "Ada")


def test_a_session_lasts_as_long_as_the_client(tmp_path):
    def login(request):
        if request.path == "/login":
            request.SESSION.regenerate()
            request.SESSION["user"] = "Ada"
        return request.SESSION.get("user", "nobody")

    server = Server(handler=login, session=File(str(tmp_path)))
    with Client(server, base_url="https://localhost") as client:
        assert client.get("/").text == "nobody"
        assert client.get("/login").text == "Ada"
        assert client.get("/").text == "Ada"
        client.cookies.clear()
        assert client.get("/").text == "nobody"


def test_a_client_has_the_memory_of_a_guavad_of_its_own():
    def limited():
        return client_of(lambda request: "", [RateLimit(rate="1/d")])

    with limited() as client:
        with limited() as other:
            assert client.get("/").status == 200
            assert other.get("/").status == 200
            assert client.get("/").status == 429
    with limited() as client:
        assert client.get("/").status == 200


def test_another_visitor_has_other_cookies_and_the_same_application(monkeypatch):
    calls = []
    monkeypatch.setattr(hooks, "_starting", [lambda: calls.append("start")])
    with client_of(counting, headers={"X-A": "1"}) as client:
        with client.another() as other:
            client.get("/")
            assert other.get("/").text == "{}"
            other.headers["X-A"] = "2"
        assert client.cookies["count"] == "1"
        assert client.headers == {"X-A": "1"}
        assert client.get("/").text == "{'count': '1'}"
    assert calls == ["start"]


def test_a_closed_client_asks_no_more():
    client = client_of(seen)
    client.close()
    with pytest.raises(RuntimeError, match="closed"):
        client.get("/")


def test_an_action_can_not_ask_its_own_client():
    with client_of(lambda request: client.get("/").text) as client:
        with pytest.raises(RuntimeError):
            client.get("/")
        assert "RuntimeError" in client.log


# Requests


def test_a_request_is_that_of_a_client_on_this_host():
    with client_of(seen) as client:
        got = client.get("/a%2Fb?x=1#part").json()
    assert got["method"] == "GET"
    assert got["url"] == "/a%2Fb?x=1"
    assert (got["scheme"], got["host"]) == ("http", "localhost")
    assert got["client"] == "127.0.0.1"


def test_a_base_url_gives_scheme_and_host():
    base = "https://shop.example:8443"
    with client_of(seen, base_url=base, client="192.0.2.7") as client:
        got = client.get("/").json()
        elsewhere = client.get("http://other.example/").json()
    assert (got["scheme"], got["host"]) == ("https", "shop.example:8443")
    assert got["client"] == "192.0.2.7"
    assert (elsewhere["scheme"], elsewhere["host"]) == ("http", "other.example")


def test_who_asks_has_an_address():
    with client_of(seen, client="nobody") as client:
        with pytest.raises(ValueError, match="nobody is not the address"):
            client.get("/")


def test_nobody_is_a_trusted_proxy():
    with client_of(seen) as client:
        fields = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}
        got = client.get("/", headers=fields).json()
    assert (got["scheme"], got["client"]) == ("http", "127.0.0.1")


def test_a_query_is_added_to_that_of_the_url():
    with client_of(seen) as client:
        got = client.get("/s?a=1", query={"q": "a b&c", "n": [1, 2]}).json()
        assert got["url"] == "/s?a=1&q=a+b%26c&n=1&n=2"
        assert client.get("/ü b").json()["url"] == "/%C3%BC%20b"


def test_fields_of_a_request_go_before_those_of_the_client():
    with client_of(seen, headers={"accept": "a/b", "x-one": "1"}) as client:
        fields = client.get("/", headers={"ACCEPT": "c/d"}).json()["fields"]
    assert fields["accept"] == "c/d"
    assert fields["x-one"] == "1"
    assert fields["user-agent"] == "guava.testing"


@pytest.mark.parametrize(
    "fields",
    [{"X": "a\r\nB: c"}, {"a b": "c"}, {"": "c"}, {"Content-Length": "7"}],
)
def test_a_field_that_can_not_be_sent_is_refused(fields):
    with client_of(seen) as client, pytest.raises(ValueError, match="field"):
        client.get("/", headers=fields)


@pytest.mark.parametrize("url", ["thing", "ftp://localhost/", ""])
def test_a_url_is_a_path_or_one_of_http(url):
    with client_of(seen) as client, pytest.raises(ValueError, match="neither"):
        client.get(url)


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "options"])
def test_each_method_has_a_function_of_its_name(method):
    with client_of(seen) as client:
        assert getattr(client, method)("/").json()["method"] == method.upper()


def test_the_answer_to_head_has_no_body():
    with client_of(lambda request: "seven b") as client:
        answer = client.head("/")
    assert answer.body == b""
    assert answer.headers["Content-Length"] == "7"


# Bodies


def test_a_form_is_sent_as_a_browser_does(configuration):
    with Client(configuration) as client:
        got = client.post("/thing/form", data={"a": "1 & 2", "n": 3}).json()
    assert got == {"fields": {"a": "1 & 2", "n": "3"}, "files": []}


def test_files_are_sent_beside_the_fields_of_a_form(configuration):
    files = {
        "text": ('no"tes.txt', "hello"),
        "typed": ("x", b"bytes", "image/png"),
        "plain": io.BytesIO(b"from a file"),
    }
    with Client(configuration) as client:
        got = client.post("/thing/form", data={"a": "1"}, files=files).json()
    assert got["fields"] == {"a": "1"}
    assert got["files"] == [
        ['no"tes.txt', "text/plain", "hello"],
        ["x", "image/png", "bytes"],
        ["plain", "application/octet-stream", "from a file"],
    ]


def test_json_is_sent_and_read():
    with client_of(seen) as client:
        got = client.post("/", json={"n": [1]}).json()
    assert got["body"] == '{"n":[1]}'
    assert got["fields"]["content-type"] == "application/json"


def test_a_body_is_sent_as_it_is():
    with client_of(seen) as client:
        got = client.put("/", body="täxt", headers={"Content-Type": "text/x"}).json()
    assert got["body"] == "täxt"
    assert got["fields"]["content-type"] == "text/x"


def test_a_request_has_one_body():
    with client_of(seen) as client, pytest.raises(TypeError, match="body and json"):
        client.post("/", json=1, body="1")


def test_bodies_and_answers_may_be_larger_than_a_socket_holds():
    large = os.urandom(900_000)
    with client_of(lambda request: request.body * 4) as client:
        assert client.post("/", body=large).body == large * 4


def test_a_body_over_the_limit_is_refused_as_live():
    with client_of(seen) as client:
        assert client.post("/", body=b"x" * 5_000_000).status == 413


# Answers


def test_a_stream_is_gathered():
    with client_of(lambda request: iter(["one ", "two"])) as client:
        assert client.get("/").text == "one two"


def endless(request):
    """Counts, for as long as somebody listens."""
    try:
        for number in count():
            yield f"data: {number}\n\n"
    finally:
        request.state["left"].append(True)


def test_a_stream_that_never_ends_is_left_when_that_will_do():
    left = []

    class Ears:
        def process_request(self, request):
            request.state["left"] = left

    with client_of(endless, [Ears()]) as client:
        answer = client.get("/", until=lambda so_far: "data: 3\n" in so_far.text)
        assert answer.text.startswith("data: 0\n\ndata: 1\n\n")
        assert left == [True]
        assert client.get("/", until=lambda so_far: so_far.status == 200).status == 200
        with pytest.raises(ZeroDivisionError):
            client.get("/", until=lambda so_far: 1 / 0)
    assert left == [True] * 3


@pytest.mark.parametrize("raised", [KeyboardInterrupt, pytest.fail.Exception])
def test_whatever_ends_the_test_meanwhile_does(raised):
    def until(so_far):
        raise raised

    with client_of(lambda request: repeat("tick")) as client:
        with pytest.raises(raised):
            client.get("/", until=until)


def test_an_answer_that_ends_before_that_will_do_is_whole():
    with client_of(lambda request: iter(["one ", "two"])) as client:
        assert client.get("/", until=lambda so_far: False).text == "one two"


def test_events_are_read_until_one_has_come():
    def ticking(request):
        return EventStream(chain([None, None, "one", None, "two"], repeat(None)))

    with client_of(ticking) as client:
        answer = client.get("/", until=lambda so_far: "two" in so_far.text)
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.text.count("data:") == 2


def test_fields_are_found_by_any_case_and_one_by_one():
    def answer(request):
        return Response("", headers=[("X-A", "1"), ("x-a", "2"), ("Set-Cookie", "b=3")])

    with client_of(answer) as client:
        got = client.get("/")
    assert got.headers["x-A"] == "1, 2"
    assert got.headers.getlist("X-a") == ["1", "2"]
    assert "X-a" in got.headers
    assert got.headers.getlist("none") == []
    assert got.cookies == {"b": "3"}


def test_text_is_decoded_as_the_content_type_says():
    latin = Response("ä".encode("latin-1"), content_type="text/plain; charset=latin-1")
    with client_of(lambda request: latin) as client:
        assert client.get("/").text == "ä"


def test_json_is_read_as_a_type():
    with client_of(lambda request: [1, 2]) as client:
        assert client.get("/").json(set[int]) == {1, 2}


# Failures


def fail(request):
    raise LookupError("no such star")


def test_an_exception_of_the_application_is_raised_in_the_test(capsys):
    with client_of(fail) as client:
        with pytest.raises(LookupError, match="no such star") as caught:
            client.get("/")
        assert caught.traceback[-1].name == "fail"
        assert "in fail" in client.log
    assert "no such star" in capsys.readouterr().err


def test_or_it_is_the_page_that_a_visitor_gets():
    with client_of(fail, raise_exceptions=False) as client:
        answer = client.get("/")
    assert answer.status == 500
    assert "star" not in answer.text
    assert "no such star" in client.log


def test_an_application_that_tests_another_fails_by_itself():
    def ask_and_fail(request):
        with pytest.raises(LookupError):
            other.get("/")
        raise ZeroDivisionError

    with client_of(fail) as other, client_of(ask_and_fail) as client:
        with pytest.raises(ZeroDivisionError):
            client.get("/")


def test_an_interrupt_is_raised_in_any_case():
    def interrupt(request):
        raise KeyboardInterrupt

    with client_of(interrupt, raise_exceptions=False) as client:
        with pytest.raises(KeyboardInterrupt):
            client.get("/")


def test_an_http_error_is_an_answer():
    def refuse(request):
        raise Forbidden("not yours")

    with client_of(refuse) as client:
        assert client.get("/").status == 403
        assert client.log == ""


def test_a_stream_that_fails_is_raised_or_cut_off():
    def halves(request):
        yield "one half"
        raise LookupError("no other half")

    with client_of(halves) as client:
        with pytest.raises(LookupError):
            client.get("/")
        client.raise_exceptions = False
        with pytest.raises(ConnectionError, match="cut off"):
            client.get("/")


# Redirections


def places(request):
    """Leads /303, /307 and the like to /end, /out to another host, /loop to itself."""
    name = request.path.strip("/")
    if name.isdigit():
        return RedirectResponse("/end", int(name))
    if name == "out":
        return RedirectResponse("https://other.example/", external=True)
    if name == "loop":
        return RedirectResponse("/loop")
    return f"{request.method} {request.path} {request.body.decode()}"


def test_a_redirection_is_an_answer_unless_it_is_to_be_followed():
    with client_of(places) as client:
        assert client.get("/303").headers["Location"] == "/end"
        answer = client.get("/303", follow_redirects=True)
    assert answer.text == "GET /end "
    assert answer.url == "http://localhost/end"
    assert [each.status for each in answer.history] == [303]


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (301, "GET /end "),
        (302, "GET /end "),
        (303, "GET /end "),
        (307, "POST /end b"),
        (308, "POST /end b"),
    ],
)
def test_a_redirection_is_followed_by_the_method_of_its_status(status, text):
    with client_of(places, follow_redirects=True) as client:
        assert client.post(f"/{status}", body="b", query={"q": 1}).text == text


def test_a_file_is_sent_again_where_a_redirection_keeps_the_method():
    with client_of(places, follow_redirects=True) as client:
        answer = client.post("/307", files={"plan": io.BytesIO(b"observe")})
    assert "observe" in answer.text


def test_a_redirection_to_another_host_is_not_followed():
    with client_of(places, follow_redirects=True) as client:
        assert client.get("/out").status == 303


def test_redirections_in_a_circle_are_given_up():
    with client_of(places, follow_redirects=True) as client:
        with pytest.raises(RuntimeError, match="again and again"):
            client.get("/loop")


# Cookies


def counting(request):
    """Counts visits in a cookie; /scoped and /secure set one of that kind."""
    response = Response(str(request.COOKIES))
    if request.path == "/scoped":
        response.set_cookie("scoped", "1", path="/scoped")
    elif request.path == "/secure":
        response.set_cookie("secure", "1", secure=True)
    elif request.path == "/forget":
        response.delete_cookie("count")
    else:
        response.set_cookie("count", str(int(request.COOKIES.get("count", 0)) + 1))
    return response


def test_cookies_are_kept_and_sent_back():
    with client_of(counting) as client:
        client.get("/")
        client.get("/")
        assert client.cookies["count"] == "2"
        client.get("/forget")
        assert "count" not in client.cookies


def test_a_cookie_goes_where_its_path_and_scheme_allow():
    with client_of(counting) as client:
        client.get("/scoped")
        client.get("/secure")
        assert client.get("/forget").text == "{}"
        assert client.get("/scoped/below").text == "{'scoped': '1'}"
        assert "secure" in client.get("https://localhost/forget").text


def test_a_test_sets_and_removes_cookies():
    with client_of(counting) as client:
        client.cookies["count"] = "7"
        client.get("/")
        assert client.cookies.get("count") == "8"
        del client.cookies["count"]
        assert client.cookies.get("count") is None
        with pytest.raises(KeyError):
            client.cookies["count"]
        with pytest.raises(KeyError):
            del client.cookies["count"]


def test_cookies_of_one_request_are_not_kept():
    with client_of(seen) as client:
        client.cookies["a"] = "kept"
        client.cookies["b"] = "kept"
        got = client.get("/", cookies={"a": "given"}).json()["cookies"]
        assert got == {"a": "given", "b": "kept"}
        assert client.get("/").json()["cookies"] == {"a": "kept", "b": "kept"}
