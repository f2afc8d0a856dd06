"""Error pages of a router's own, for every error that the engine answers."""

import pytest
from http_client import HERE, Client, post, request
from live import Live

import guava

HTML = "text/html; charset=utf-8"
LARGE = "large " * 200000
ROUTER = """
import guava

class Picky(guava.router.Router):
    def route(self, request):
        if request.path.endswith("/broken"):
            raise RuntimeError("broken")
        return None
"""
ERRORS = """
import guava

class ErrorsController(guava.controller.Controller):
    def missing(self):
        raise guava.errors.NotFound("here")

    def gone(self):
        raise guava.errors.Gone("away")

    def broken(self):
        self.set_header("X-Half", "done")
        return 1 / 0

    def number(self, value: int):
        return str(value)

    def own(self):
        self.set_status_code(404)
        return "of my own"

    def empty(self):
        self.set_status_code(404)
"""


@pytest.fixture(scope="module")
def server(make_shared_guavad):
    guavad = make_shared_guavad(
        server={"workers": 1},
        python={"path": [".", str(HERE)]},
        limits={"body": "100B"},
        timeouts={"body": "200ms"},
        routers=[
            {
                "type": "static",
                "mount_point": "/files",
                "directory": "public",
                "error_pages": {404: "errors/file.html"},
            },
            {"type": "static", "mount_point": "/files/plain", "directory": "public"},
            {
                "type": "rest",
                "mount_point": "/api",
                "package": "engine.api",
                "error_pages": {404: "errors/api.json", 405: "errors/api.json"},
            },
            {
                "type": "table",
                "mount_point": "/table",
                "routes": {
                    "/gone": {"file": "public/gone.txt"},
                    "/there": {"file": "public/there.txt"},
                },
                "error_pages": {
                    404: "errors/large.html",
                    405: "errors/method.txt",
                    408: "errors/large.html",
                    413: "errors/large.html",
                },
            },
            {
                "type": "python",
                "class": "picky.Picky",
                "mount_point": "/picky",
                "error_pages": {500: "errors/picky.html"},
            },
            {
                "type": "mvc",
                "package": "controllers",
                "error_pages": {
                    400: "errors/site.html",
                    404: "errors/site.html",
                    408: "errors/site.html",
                    413: "errors/site.html",
                    500: "errors/broken.html",
                },
            },
        ],
    )
    guavad.write("picky.py", ROUTER)
    guavad.write("controllers/errors.py", ERRORS)
    guavad.write("errors/site.html", "<p>site</p>")
    guavad.write("errors/file.html", "<p>file</p>")
    guavad.write("errors/broken.html", "<p>broken</p>")
    guavad.write("errors/picky.html", "<p>picky</p>")
    guavad.write("errors/method.txt", "method")
    guavad.write("errors/api.json", '{"api":"error"}')
    guavad.write("errors/large.html", LARGE)
    guavad.write("public/there.txt", "there")
    guavad.write("public/gone.txt", "gone")
    guavad.start()
    (guavad.folder / "public/gone.txt").unlink()
    return guavad


@pytest.fixture
def ask(server):
    def ask(data, method="GET"):
        with Client(server.port, data) as client:
            return client.read(method)

    return ask


@pytest.mark.parametrize(
    ("target", "status", "text"),
    [
        ("/none", 404, "<p>site</p>"),
        ("/errors/none", 404, "<p>site</p>"),
        ("/errors/missing", 404, "<p>site</p>"),
        ("/errors/number/x", 404, "<p>site</p>"),
        ("/errors/number", 404, "<p>site</p>"),
        ("/errors/broken", 500, "<p>broken</p>"),
        ("/files/none", 404, "<p>file</p>"),
        ("/files/", 404, "<p>file</p>"),
        ("/files/plain/none", 404, "<p>file</p>"),
        ("/api/none", 404, '{"api":"error"}'),
        ("/picky/none", 404, "<p>site</p>"),
        ("/picky/broken", 500, "<p>picky</p>"),
        ("/none/../files/x", 404, "<p>file</p>"),
        ("/%66iles/x", 404, "<p>file</p>"),
        ("/filesystem", 404, "<p>site</p>"),
        ("/table/gone", 404, LARGE),
    ],
)
def test_an_error_has_the_page_of_the_router_of_its_path(ask, target, status, text):
    answer = ask(request(target))
    assert answer.status == status
    assert answer.text == text
    kind = "application/json" if target.startswith("/api") else HTML
    assert answer.headers["content-type"] == kind


def test_a_page_leaves_the_connection_open(server):
    with Client(server.port) as client:
        for target in ("/none", "/table/gone", "/files/plain/there.txt", "/none"):
            answer = client.ask(request(target))
            assert answer.status == (200 if "there" in target else 404)


@pytest.mark.parametrize("target", ["/none", "/errors/broken", "/table/gone"])
def test_a_head_is_the_same_without_the_page(ask, target):
    whole, head = ask(request(target)), ask(request(target, method="HEAD"), "HEAD")
    for answer in (whole, head):
        del answer.headers["date"], answer.headers["x-request-id"]
    assert head.headers == whole.headers
    assert head.status == whole.status
    assert int(head.headers["content-length"]) == len(whole.body)


def test_a_method_that_is_not_allowed_has_a_page_and_says_what_is(ask):
    answer = ask(request("/table/there", method="DELETE"))
    assert (answer.status, answer.text) == (405, "method")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    answer = ask(request("/api/things", method="DELETE"))
    assert (answer.status, answer.text) == (405, '{"api":"error"}')
    assert ask(request("/api/things", method="OPTIONS")).status == 204


@pytest.mark.parametrize("accept", ["application/json", "application/*, text/*;q=0.5"])
def test_who_prefers_json_gets_it(ask, accept):
    answer = ask(request("/none", f"Accept: {accept}"))
    assert answer.text == '{"status":404,"error":"Not Found"}\n'
    assert answer.headers["content-type"] == "application/json"
    assert ask(request("/api/none", f"Accept: {accept}")).text == '{"api":"error"}'


def test_a_status_without_a_page_has_the_small_one(ask):
    answer = ask(request("/errors/gone"))
    assert answer.status == 410
    assert "<h1>410 Gone</h1>" in answer.text
    assert "<h1>405" in ask(request("/files/plain/there.txt", method="PUT")).text


@pytest.mark.parametrize(("action", "text"), [("own", "of my own"), ("empty", "")])
def test_an_application_answers_404_as_it_likes(ask, action, text):
    answer = ask(request(f"/errors/{action}"))
    assert (answer.status, answer.text) == (404, text)


def test_what_is_refused_before_it_is_routed_has_the_page_of_its_path(server, ask):
    large = b"x" * 101
    answer = ask(post("/post", large))
    assert (answer.status, answer.text) == (413, "<p>site</p>")
    answer = ask(post("/p%6fst?q", large, "Accept: application/json"))
    assert answer.text == '{"status":413,"error":"Content Too Large"}\n'
    with Client(server.port, request("/", "Content-Length: 5", method="POST")) as slow:
        answer = slow.read()
    assert (answer.status, answer.text) == (408, "<p>site</p>")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (post("/table/there", b"x" * 101), 413),
        (request("/table/there", "Content-Length: 5", method="POST"), 408),
    ],
)
def test_a_refused_client_gets_a_large_page_to_its_end(server, data, status):
    with Client(server.port, data, receive_buffer=4096) as client:
        answer = client.read()
        assert (answer.status, answer.text) == (status, LARGE)
        assert answer.is_last
        assert client.at_end()


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET\r\n\r\n",
        request("/%zz"),
        request("/%ff"),
        request("*"),
        request("/%00"),
    ],
)
def test_what_has_no_path_has_the_small_page(ask, data):
    answer = ask(data)
    assert answer.status == 400
    assert "<h1>400 Bad Request</h1>" in answer.text


def test_a_reload_reads_the_pages_again(make_guavad):
    daemon = make_guavad(
        routers=[
            {
                "type": "mvc",
                "package": "controllers",
                "error_pages": {404: "no.html"},
            }
        ]
    )
    page = daemon.write("no.html", "before")
    daemon.start()
    page.write_text("behind")
    assert daemon.get("/none/none").text == "before"
    assert daemon.run("-s", "reload", "-c", "guava.yaml").returncode == 0
    assert daemon.get("/none/none").text == "behind"
    page.unlink()
    checked = daemon.run("-t", "-c", "guava.yaml")
    assert checked.returncode != 0
    assert f"there is no file {page}" in checked.stderr


def test_a_server_of_plain_python_has_them_too(tmp_path):
    (tmp_path / "no.html").write_text("no")
    router = guava.router.StaticRouter(
        directory=str(tmp_path), error_pages={404: str(tmp_path / "no.html")}
    )
    with Live(router.mount) as live:
        answer = live.ask(request("/none"))
        assert (answer.status, answer.text) == (404, "no")
