"""What actions may return, raise and see, through a live guavad."""

import json

import httpx
import pytest

APP = """\
import guava
import logging
from guava.response import Response

class IndexController(guava.controller.Controller):
    def index(self): return "Hello World!"
    def raw(self): return b"\\x00\\xff"
    def mapping(self): return {"a": [1, None, "\\u263e"]}
    def listing(self): return [{"a": 1}]
    def nothing(self): pass
    def gathered(self):
        self.write("caf\\u00e9 ")
        self.write(b"au lait")
    def before_return(self):
        self.write("one ")
        return "two"
    def stream(self):
        yield "one "
        yield b"two"
    def response(self):
        return Response("made", 202, {"X-Made": "yes"}, "text/plain")
    def response_stream(self):
        return Response(iter(["a", "b"]), content_type="text/plain")
    def empty(self): return Response(status=204)
    def status(self, code: int):
        self.set_status_code(code)
        return "as asked"
    def typed(self):
        self.set_header("Content-Type", "text/csv")
        return "a,b"
    def cookies(self):
        self.set_cookie("one", "1")
        self.set_cookie("two", "2", max_age=60)
        return self.COOKIES
    def cookie_and_response(self):
        self.set_cookie("one", "1")
        return Response("made")
    def go(self): return self.redirect("/elsewhere", 303)
    def go_bare(self): self.redirect("/else\\u00e9")
    def go_with_cookie(self):
        self.set_cookie("one", "1")
        return self.redirect("/elsewhere")
    def wrong(self): raise RuntimeError("eclipse")
    def wrong_kind(self): return object()
    def missing(self): raise guava.errors.NotFound("note 7")
    def forbidden(self): raise guava.errors.Forbidden
    def teapot(self): raise guava.errors.HTTPError("tea", 418)
    def log(self):
        logging.getLogger("moon").warning("it is\\nfull")
        return "logged"
    def output(self):
        print("printed")
        return "printed"
    def echo(self):
        request = self.request
        return {
            "method": request.method, "url": request.url, "path": request.path,
            "query": request.query, "host": request.host, "version": request.version,
            "client": request.client, "scheme": request.scheme,
            "get": self.GET, "agent": self.HEADERS["User-Agent"],
            "body": request.body.decode(),
        }
    def form(self):
        return {
            "fields": self.POST,
            "files": {
                name: [f.filename, f.content_type, f.size, f.file.read().decode()]
                for name, f in self.FILES.items()
            },
        }
"""
HOOKS = """\
import guava

class HooksController(guava.controller.Controller):
    def before_action(self):
        self.set_header("X-Before", "yes")
        if "stop" in self.GET:
            return "stopped"
        if "login" in self.GET:
            return self.redirect("/login")

    def after_action(self):
        self.set_header("X-After", self.request.path)

    def index(self): return "ran"
"""


@pytest.fixture
def site(make_guavad):
    daemon = make_guavad(server={"workers": 1})
    daemon.write("controllers/index.py", APP)
    daemon.write("controllers/hooks.py", HOOKS)
    daemon.start()
    return daemon


def test_what_an_action_returns_is_the_answer(site):
    for action, status, kind, body in [
        ("index", 200, "text/html; charset=utf-8", b"Hello World!"),
        ("raw", 200, "application/octet-stream", b"\x00\xff"),
        (
            "mapping",
            200,
            "application/json",
            '{"a":[1,null,"\u263e"]}'.encode(),
        ),
        ("listing", 200, "application/json", b'[{"a":1}]'),
        ("nothing", 200, "text/html; charset=utf-8", b""),
        ("gathered", 200, "text/html; charset=utf-8", "caf\u00e9 au lait".encode()),
        ("before_return", 200, "text/html; charset=utf-8", b"one two"),
        ("stream", 200, "text/html; charset=utf-8", b"one two"),
        ("response", 202, "text/plain", b"made"),
        ("response_stream", 200, "text/plain", b"ab"),
        ("status/201", 201, "text/html; charset=utf-8", b"as asked"),
        ("typed", 200, "text/csv", b"a,b"),
    ]:
        answer = site.get(f"/index/{action}")
        got = (answer.status_code, answer.headers["Content-Type"], answer.content)
        assert got == (status, kind, body), action
    assert site.get("/index/response").headers["X-Made"] == "yes"


def test_no_content_has_none(site):
    answer = site.get("/index/empty")
    assert (answer.status_code, answer.content) == (204, b"")
    assert "Content-Length" not in answer.headers


def test_an_iterator_is_streamed(site):
    answer = site.get("/index/stream")
    assert answer.headers["Transfer-Encoding"] == "chunked"


def test_head_has_the_head_alone(site):
    answer = httpx.head(site.url("/index/index"))
    assert (answer.headers["Content-Length"], answer.content) == ("12", b"")


def test_cookies_go_both_ways(site):
    answer = site.get("/index/cookies", headers={"Cookie": "a=1; b=2"})
    assert answer.json() == {"a": "1", "b": "2"}
    assert answer.headers.get_list("Set-Cookie") == [
        "one=1; Path=/; HttpOnly; SameSite=Lax",
        "two=2; Max-Age=60; Path=/; HttpOnly; SameSite=Lax",
    ]


def test_a_response_keeps_what_the_controller_set(site):
    answer = site.get("/index/cookie_and_response")
    assert answer.text == "made"
    assert "one=1" in answer.headers["Set-Cookie"]


def test_a_redirection_has_one_location(site):
    for action, status, location in [
        ("go", 303, "/elsewhere"),
        ("go_bare", 302, "/else%C3%A9"),
        ("go_with_cookie", 302, "/elsewhere"),
    ]:
        answer = site.get(f"/index/{action}")
        assert answer.status_code == status
        assert answer.headers.get_list("Location") == [location]


def test_an_http_error_is_its_page(site):
    for action, status in [("missing", 404), ("forbidden", 403), ("teapot", 418)]:
        assert site.get(f"/index/{action}").status_code == status
    assert "Traceback" not in site.log_text()


def test_an_exception_is_an_error_page_and_a_traceback_in_the_log(site):
    before = site.worker_pids()
    answer = site.get("/index/wrong")
    assert answer.status_code == 500
    assert "eclipse" not in answer.text
    site.wait_for_log("RuntimeError: eclipse")
    line = site.wait_for_log("/index/wrong")
    assert "[error] worker 1" in line
    assert site.get("/").text == "Hello World!"
    assert site.worker_pids() == before


def test_an_answer_of_no_known_kind_is_an_error(site):
    assert site.get("/index/wrong_kind").status_code == 500
    site.wait_for_log("TypeError: expected str, bytes, dict, list, Response")


def test_the_applications_logging_goes_to_the_error_log(site):
    site.get("/index/log")
    assert "[warning] worker 1" in site.wait_for_log("moon: it is")


def test_what_the_application_prints_goes_to_standard_output(site):
    site.get("/index/output")
    assert "printed\n" in site.output()


def test_an_action_sees_the_request(site):
    answer = httpx.post(
        site.url("/index/echo?a=1&a=2&b=%C3%A9"),
        content=b"text",
        headers={"User-Agent": "test"},
    ).json()
    assert answer == {
        "method": "POST",
        "url": "/index/echo?a=1&a=2&b=%C3%A9",
        "path": "/index/echo",
        "query": "a=1&a=2&b=%C3%A9",
        "host": f"127.0.0.1:{site.port}",
        "version": "1.1",
        "client": "127.0.0.1",
        "scheme": "http",
        "get": {"a": "2", "b": "\u00e9"},
        "agent": "test",
        "body": "text",
    }


def test_forms_of_both_kinds_are_read(site):
    answer = httpx.post(site.url("/index/form"), data={"title": "Full moon"})
    assert answer.json() == {"fields": {"title": "Full moon"}, "files": {}}
    answer = httpx.post(
        site.url("/index/form"),
        data={"title": "Full moon"},
        files={"notes": ("a.txt", b"clear sky", "text/plain")},
    )
    assert answer.json() == {
        "fields": {"title": "Full moon"},
        "files": {"notes": ["a.txt", "text/plain", 9, "clear sky"]},
    }


def test_a_form_that_is_larger_than_memory_takes_is_read_from_its_file(site):
    text = "x" * 300_000
    answer = httpx.post(site.url("/index/form"), files={"notes": ("a.txt", text)})
    assert answer.json()["files"]["notes"][2:] == [300_000, text]


def test_a_malformed_form_is_a_bad_request(site):
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = httpx.post(site.url("/index/form"), content=b"nonsense", headers=kind)
    assert answer.status_code == 400


def test_before_and_after_run_around_the_action(site):
    answer = site.get("/hooks")
    assert answer.text == "ran"
    assert (answer.headers["X-Before"], answer.headers["X-After"]) == ("yes", "/hooks")


def test_what_before_action_returns_is_the_answer(site):
    answer = site.get("/hooks?stop")
    assert answer.text == "stopped"
    assert answer.headers["X-Before"] == "yes"
    assert "X-After" not in answer.headers
    answer = site.get("/hooks?login")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login")


def test_hooks_are_no_actions(site):
    for name in ["before_action", "after_action", "write", "redirect", "set_cookie"]:
        assert site.get(f"/hooks/{name}").status_code == 404


def test_an_error_page_is_json_where_that_is_asked_for(site):
    answer = site.get("/index/missing", headers={"Accept": "application/json"})
    assert answer.status_code == 404
    assert json.loads(answer.text)
