"""Errors that an action of the application answers."""

import os

import pytest
from http_client import Client, post, request

ERRORS = """\
import guava
from guava import errors
from guava.response import FileResponse, JSONResponse, Response

CALLS = []

class ErrorsController(guava.controller.Controller):
    def before_action(self):
        self.set_header("X-Before", "yes")

    def missing(self):
        return f"<p>nothing at {self.request.path}"

    def told(self):
        error = self.request.error
        detail = getattr(error, "detail", None)
        self.set_header("Content-Type", "text/plain")
        return f"{self.status_code} {type(error).__name__} {detail}"

    def large(self):
        return {"status": self.status_code, "body": len(self.request.body)}

    def gathered(self):
        self.write("written")

    def streamed(self):
        return iter(["stream", "ed"])

    def response(self):
        return JSONResponse({"own": True})

    def other_status(self):
        self.set_status_code(503)
        return "other"

    def no_error(self):
        self.set_status_code(200)
        return "all is well"

    def teapot(self):
        return Response("short and stout", 418)

    def file(self):
        return FileResponse("errors/page.html")

    def no_file(self):
        return FileResponse("errors/none.html")

    def fails(self):
        self.set_header("X-Half", "done")
        self.write("half")
        raise RuntimeError("the handler is broken")

    def refuses(self):
        raise errors.Forbidden("even this")

    def spoilt(self):
        response = Response("text")
        response.headers = [("X-Half", "done"), ("Content-Length", "7")]
        return response

    def counts(self):
        CALLS.append(self.request.path)
        return str(len(CALLS))

    def user(self):
        return self.SESSION["user"]

    def session(self):
        self.request.state["seen"] = self.request.state.get("seen", 0) + 1
        return str(self.request.state)
"""
POST = """\
import guava
from guava import errors
from guava.response import FileResponse

class PostController(guava.controller.Controller):
    def gone(self): raise errors.Gone("private", detail="since 1994")
    def broken(self):
        self.set_header("X-Half", "done")
        return 1 / 0
    def number(self, value: int): return str(value)
    def unauthorized(self): raise errors.Unauthorized(challenge="Basic")
    def own(self):
        self.set_status_code(404)
        return "of my own"
    def state(self):
        self.request.state["seen"] = 7
        raise errors.Conflict
    def file(self, name):
        self.request.state["seen"] = 7
        return FileResponse(f"public/{name}", "shown.txt")
    def login(self):
        self.SESSION["user"] = "ada"
        raise errors.Conflict
"""


def handler(action):
    return {"module": "errors", "controller": "ErrorsController", "action": action}


def site(make, pages, routers=(), **sections):
    """A guavad whose pages of all paths are these."""
    guavad = make(
        server={"workers": 1},
        error_pages={status: handler(name) for status, name in pages.items()},
        routers=[
            *routers,
            {"type": "static", "mount_point": "/files", "directory": "public"},
            {"type": "mvc", "package": "controllers"},
        ],
        **sections,
    )
    guavad.write("errors.py", ERRORS)
    guavad.write("controllers/post.py", POST)
    guavad.write("public/there.txt", "there")
    guavad.write("errors/page.html", "<p>page")
    guavad.start()
    return guavad


@pytest.fixture
def make_site(make_guavad):
    return lambda pages, *args, **sections: site(make_guavad, pages, *args, **sections)


def ask(guavad, data, method="GET"):
    with Client(guavad.port, data) as client:
        return client.read(method)


def test_an_action_answers_what_nobody_answers(make_site):
    guavad = make_site({404: "missing"})
    for path in ("/none", "/post/none", "/files/none", "/post/number/x", "/files/"):
        answer = ask(guavad, request(path))
        assert (answer.status, answer.text) == (404, f"<p>nothing at {path}")
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["x-before"] == "yes"
    head = ask(guavad, request("/none", method="HEAD"), "HEAD")
    assert head.headers["content-length"] == str(len("<p>nothing at /none"))
    assert ask(guavad, request("/post/own")).text == "of my own"
    assert "[error]" not in guavad.log_text()


def test_a_handler_is_told_what_was_raised(make_site):
    told = dict.fromkeys((400, 401, 404, 405, 410, 412, 416, 500), "told")
    guavad = make_site(told)
    for data, text in [
        (request("/post/gone"), "410 Gone since 1994"),
        (request("/post/broken"), "500 ZeroDivisionError None"),
        (request("/none"), "404 NoneType None"),
        (request("/%zz"), "400 NoneType None"),
        (post("/files/there.txt", b""), "405 NoneType None"),
        (request("/files/there.txt", "Range: bytes=99-"), "416 NoneType None"),
        (request("/files/there.txt", 'If-Match: "x"'), "412 NoneType None"),
    ]:
        answer = ask(guavad, data)
        assert answer.text == text
        assert answer.headers["content-type"] == "text/plain"
        assert "x-half" not in answer.headers
    guavad.wait_for_log("ZeroDivisionError")
    assert guavad.log_text().count("Traceback") == 1


def test_the_fields_of_an_error_stay(make_site):
    guavad = make_site({401: "missing", 405: "missing", 416: "missing"})
    challenged = ask(guavad, request("/post/unauthorized"))
    assert challenged.headers["www-authenticate"] == "Basic"
    refused = ask(guavad, post("/files/there.txt", b""))
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
    missed = ask(guavad, request("/files/there.txt", "Range: bytes=99-"))
    assert missed.headers["content-range"] == "bytes */5"


@pytest.mark.parametrize(
    ("action", "status", "text"),
    [
        ("gathered", 404, "written"),
        ("streamed", 404, "streamed"),
        ("response", 404, '{"own":true}'),
        ("file", 404, "<p>page"),
        ("other_status", 503, "other"),
        ("no_error", 200, "all is well"),
        ("teapot", 418, "short and stout"),
    ],
)
def test_a_handler_answers_as_any_action_does_with_the_errors_status(
    make_site, action, status, text
):
    guavad = make_site({404: action})
    answer = ask(guavad, request("/none", "Range: bytes=1-2"))
    assert (answer.status, answer.text) == (status, text)


@pytest.mark.parametrize(
    ("action", "logged"),
    [
        ("fails", "RuntimeError: the handler is broken"),
        ("refuses", "guava.errors.Forbidden: even this"),
        ("spoilt", "Content-Length"),
        ("no_file", "FileNotFoundError: there is no file b'errors/none.html'"),
    ],
)
def test_a_handler_that_fails_leaves_the_small_page_and_one_log_entry(
    make_site, action, logged
):
    guavad = make_site({404: action, 405: action, 500: action, 403: action})
    answer = ask(guavad, request("/none"))
    assert (answer.status, "<h1>404 Not Found</h1>" in answer.text) == (404, True)
    assert not {"x-half", "x-before"} & answer.headers.keys()
    guavad.wait_for_log(logged)
    assert guavad.log_text().count("in the handler of its error") == 1
    assert guavad.log_text().count("[error]") == 1
    refused = ask(guavad, post("/files/there.txt", b""))
    assert refused.headers["allow"] == "GET, HEAD, OPTIONS"
    assert ask(guavad, request("/files/there.txt")).text == "there"


def test_a_handler_runs_once_for_each_error(make_site):
    guavad = make_site({404: "counts"})
    assert [ask(guavad, request("/none")).text for _ in range(3)] == ["1", "2", "3"]


def test_the_handler_of_the_nearest_router_answers(make_site):
    files = {
        "type": "static",
        "mount_point": "/own",
        "directory": "public",
        "error_pages": {404: handler("teapot"), 405: "errors/page.html"},
    }
    guavad = make_site({404: "missing", 405: "missing"}, [files])
    assert ask(guavad, request("/own/none")).status == 418
    assert ask(guavad, post("/own/there.txt", b"")).text == "<p>page"
    assert ask(guavad, request("/files/none")).text == "<p>nothing at /files/none"


def test_a_handler_sees_the_same_request(make_site):
    guavad = make_site({409: "session", 404: "session"})
    assert ask(guavad, request("/post/state")).text == "{'seen': 8}"
    assert ask(guavad, request("/none")).text == "{'seen': 1}"


def test_a_file_that_is_not_there_is_a_handlers_to_answer(make_site):
    guavad = make_site({404: "session", 416: "session"})
    for name, fields, status in [
        ("none.txt", [], 404),
        ("there.txt", ["Range: bytes=99-"], 416),
    ]:
        answer = ask(guavad, request(f"/post/file/{name}", *fields))
        assert (answer.status, answer.text) == (status, "{'seen': 8}")
        assert "content-disposition" not in answer.headers


def test_a_handler_and_the_action_that_failed_have_one_session(make_site):
    guavad = make_site(
        {409: "user"}, sessions={"main": {"store": "mem"}}, session="main"
    )
    answer = ask(guavad, request("/post/login"))
    assert (answer.status, answer.text) == (409, "ada")
    assert answer.headers["set-cookie"].count("sid=") == 1


def test_a_body_that_is_too_large_is_a_handlers_to_answer(make_site):
    guavad = make_site({413: "large", 411: "large"}, limits={"body": "10B"})
    with Client(guavad.port, post("/post/own", b"x" * 11)) as client:
        answer = client.read()
        assert answer.is_last
    assert (answer.status, answer.text) == (413, '{"status":413,"body":0}')
    chunked = request("/post/own", "Transfer-Encoding: chunked", method="POST")
    assert ask(guavad, chunked + b"b\r\nxxxxxxxxxxx\r\n").text == answer.text


def test_a_body_that_does_not_come_is_a_handlers_to_answer(make_site):
    guavad = make_site({408: "large"}, timeouts={"body": "200ms"})
    half = request("/post/own", "Content-Length: 9", method="POST") + b"x"
    answer = ask(guavad, half)
    assert (answer.status, answer.text) == (408, '{"status":408,"body":0}')


def test_what_is_no_request_has_the_small_page(make_site):
    guavad = make_site({400: "missing", 431: "missing"})
    answer = ask(guavad, b"GET / HTTP/1.1\r\nno field\r\n\r\n")
    assert (answer.status, "<h1>400 Bad Request</h1>" in answer.text) == (400, True)


def test_a_file_of_all_paths_goes_with_what_is_no_request_too(make_guavad):
    guavad = make_guavad(server={"workers": 1}, error_pages={400: "bad.html"})
    guavad.write("bad.html", "<p>bad")
    guavad.start()
    assert ask(guavad, b"GET / HTTP/1.1\r\nno field\r\n\r\n").text == "<p>bad"
    assert ask(guavad, request("/%zz")).text == "<p>bad"
    json = ask(guavad, request("/%zz", "Accept: application/json"))
    assert json.text == '{"status":400,"error":"Bad Request"}\n'


def test_a_request_over_its_time_has_the_small_page(make_site):
    guavad = make_site({504: "missing"}, timeouts={"request": "500ms"})
    answer = ask(guavad, request("/act/sleep/30"))
    assert (answer.status, "<h1>504" in answer.text) == (504, True)


def test_middleware_sees_what_a_handler_answers(make_site):
    own = [{"class": "guava.middleware.SecurityHeaders"}]
    guavad = make_site({404: "missing"}, middleware=own)
    answer = ask(guavad, request("/none"))
    assert answer.text == "<p>nothing at /none"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_preloaded_application_has_its_handlers_loaded(make_guavad):
    guavad = make_guavad(
        server={"workers": 1, "preload": True}, error_pages={404: handler("missing")}
    )
    guavad.write("errors.py", ERRORS)
    guavad.start()
    os.rename(guavad.folder / "errors.py", guavad.folder / "away.py")
    assert ask(guavad, request("/none")).text == "<p>nothing at /none"


@pytest.mark.parametrize(
    ("page", "place", "message"),
    [
        ("{module: lost, controller: X, action: y}", "7:19", "there is no module lost"),
        (
            "{module: errors, controller: ErrorController, action: missing}",
            "7:39",
            'errors has no controller "ErrorController"; did you mean',
        ),
        (
            "{module: errors, controller: ErrorsController, action: mising}",
            "7:65",
            'did you mean "missing"?',
        ),
    ],
)
def test_a_handler_that_is_not_there_is_told_at_its_place(
    make_guavad, page, place, message
):
    guavad = make_guavad()
    guavad.write("errors.py", ERRORS)
    guavad.config.write_text(
        "server:\n  listen: 127.0.0.1:1\nrouters:\n"
        f"- type: mvc\n  package: controllers\n  error_pages:\n    404: {page}\n"
    )
    said = guavad.run("-t", "-c", str(guavad.config))
    assert said.returncode != 0
    text = said.stdout + said.stderr
    assert f"guava.yaml:{place}: " in text, text
    assert message in text, text
