"""What stands around an application: in which order, and around which answers."""

import gc
import logging

import pytest
from http_client import post, request
from live import Live
from surrounding import Early, Note, On, divide, refuse

from guava import _core
from guava._core import Action, Controller, Resource
from guava.errors import NotFound
from guava.middleware import RequestID
from guava.middleware.compression import Coded
from guava.response import SENT_BY_ENGINE, Response


class IndexController(Controller):
    def index(self):
        self.set_header("X-Own", "set")
        return "index"

    def missing(self):
        raise NotFound("nothing")

    def broken(self):
        raise RuntimeError("broken by intent")

    def streamed(self):
        self.write("first,")
        return (f"{number}," for number in range(3))

    def state(self):
        return self.request.state

    def method(self):
        return self.request.method

    def users(self):
        return "unused"


class UsersController(Controller):
    def get_all(self):
        return []

    def update_one(self, id):
        return {"updated": id}


def serving(around=(), own=(), files=None):
    """A server with middleware around all, and of the MVC router at /."""

    def mount(server):
        names = ("index", "missing", "broken", "streamed", "state", "method")
        actions = {name: Action(IndexController, name) for name in names}
        if files is not None:
            server.mount_static("/files/", str(files))
        users = {
            name: Action(UsersController, name, max_args=1) for name in ("get_all",)
        }
        users["update_one"] = Action(
            UsersController, "update_one", min_args=1, max_args=1
        )
        server.mount_rest("/api/", {"users": Resource(users)})
        server.set_surroundings(own)
        server.mount_mvc("/", {"index": actions})
        server.set_surroundings(own)
        server.set_surroundings_of_all(around)

    return Live(mount)


@pytest.fixture
def notes():
    return []


def test_middleware_is_asked_in_order_and_in_reverse_on_the_way_out(notes):
    around = [Note("A", notes), Note("B", notes)]
    with serving(around, [Note("C", notes)]) as live:
        answer = live.ask()
    assert notes == [
        *("A in /", "B in /", "C in /"),
        *("C out 200", "B out 200", "A out 200"),
    ]
    assert answer.text == "index"
    assert answer.headers["x-own"] == "set"
    assert {"x-a", "x-b", "x-c"} <= set(answer.headers)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_an_early_answer_passes_those_whose_turn_had_come(notes):
    around = [Note("A", notes), Early("B", notes, lambda: "early"), Note("C", notes)]
    with serving(around) as live:
        assert live.ask().text == "early"
    assert notes == ["A in /", "B in /", "B out 200", "A out 200"]


@pytest.mark.parametrize(
    ("answer", "status"),
    [(refuse, 403), (divide, 500), (lambda: Response("made", 202), 202), (dict, 200)],
)
def test_whatever_an_action_may_answer_middleware_may(notes, answer, status):
    with serving([Early("A", notes, answer)]) as live:
        given = live.ask()
        assert given.status == status
        assert given.headers["x-a"] == "was here"
        assert ("ZeroDivisionError" in live.log) == (status == 500)


@pytest.mark.parametrize(
    ("path", "status", "is_of_the_router"),
    [
        ("/missing", 404, True),
        ("/broken", 500, True),
        ("/no/such/action", 404, False),
        ("/%zz", 400, False),
        ("/api", 308, False),
    ],
)
def test_errors_pass_on_their_way_out(notes, path, status, is_of_the_router):
    target = path if path.startswith(("/%", "/api", "/no")) else f"/index{path}"
    with serving([Note("A", notes)], [Note("R", notes)]) as live:
        answer = live.ask(request(target))
    assert answer.status == status
    assert "x-a" in answer.headers
    assert ("x-r" in answer.headers) == is_of_the_router


@pytest.mark.parametrize("method", ["OPTIONS", "DELETE"])
def test_a_refused_method_is_of_the_router_that_refuses_it(notes, method):
    with serving([], [Note("R", notes)]) as live:
        answer = live.ask(request("/api/users", method=method))
    assert answer.headers["x-r"] == "was here"
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.status == (204 if method == "OPTIONS" else 405)


def test_a_preflight_can_be_answered_before_options_is(notes):
    early = Early("R", notes, lambda: Response("", 204, {"X-Preflight": "yes"}))
    with serving([], [early]) as live:
        answer = live.ask(request("/api/users", method="OPTIONS"))
    assert answer.headers["x-preflight"] == "yes"
    assert "allow" not in answer.headers


def test_the_server_as_a_whole_is_asked_within_what_is_around_it(notes):
    with serving([Note("A", notes)]) as live:
        answer = live.ask(request("*", method="OPTIONS"))
    assert (answer.status, answer.headers["x-a"]) == (204, "was here")


def test_an_exception_on_the_way_out_is_the_answer_for_those_after_it(notes):
    def fail(request, response):
        response.set_header("X-Lost", "with the answer")
        raise RuntimeError("on the way out")

    with serving([Note("A", notes), On(fail)]) as live:
        answer = live.ask()
        assert "on the way out" in live.log
    assert answer.status == 500
    assert answer.headers["x-a"] == "was here"
    assert "x-lost" not in answer.headers
    assert notes[-1] == "A out 500"


def test_a_response_can_be_replaced(notes):
    with serving([On(lambda request, response: Response("other", 201))]) as live:
        answer = live.ask()
    assert (answer.status, answer.text) == (201, "other")
    assert "x-own" not in answer.headers


def test_what_is_no_response_is_an_error():
    with serving([On(lambda request, response: "text")]) as live:
        assert live.ask().status == 500
        assert "expected a Response or None" in live.log


@pytest.mark.parametrize(
    ("name", "value"), [("X", "a\r\nB: c"), ("Content-Length", "3"), ("a b", "c")]
)
def test_a_field_that_would_split_the_answer_is_an_error(name, value):
    def spoil(request, response):
        response.headers.append((name, value))

    with serving([On(spoil)]) as live:
        assert live.ask().status == 500


def test_a_body_can_be_rewritten():
    def shout(request, response):
        response.body = response.body.upper()

    with serving([On(shout)]) as live:
        answer = live.ask()
    assert answer.text == "INDEX"
    assert answer.headers["x-own"] == "set"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_stream_is_left_alone():
    with serving([On(lambda request, response: None)]) as live:
        assert live.ask(request("/index/streamed")).text == "first,0,1,2,"


def test_a_stream_can_be_wrapped():
    def wrap(request, response):
        body = response.body
        response.body = (b"<" + as_bytes(chunk) + b">" for chunk in body)

    def as_bytes(chunk):
        return chunk if isinstance(chunk, bytes) else chunk.encode()

    with serving([On(wrap)]) as live:
        answer = live.ask(request("/index/streamed"))
    assert answer.text == "<first,><0,><1,><2,>"


class Source:
    """An iterator of one chunk, which notes that it is closed."""

    def __init__(self, notes):
        self.notes = notes
        self.chunks = iter(["chunk"])

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.chunks)

    def close(self):
        self.notes.append("closed")


def streaming(notes, process_response):
    """A server whose one action writes, and streams from a Source behind that."""

    class Streams(Controller):
        def index(self):
            self.write("first,")
            return Source(notes)

    def mount(server):
        server.mount_mvc("/", {"index": {"index": Action(Streams, "index")}})
        server.set_surroundings_of_all([On(process_response)])

    return Live(mount)


def wrapped(request, response):
    response.body = Coded(response.body, Plain())


class Plain:
    """Codes a stream as it is."""

    def chunk(self, data):
        return data

    def end(self):
        return b""


def replaced(request, response):
    response.body = "replaced"


@pytest.mark.parametrize(
    ("process_response", "text"),
    [(wrapped, "first,chunk"), (replaced, "replaced")],
)
def test_a_stream_is_closed_once_whatever_becomes_of_it(notes, process_response, text):
    with streaming(notes, process_response) as live:
        assert live.ask().text == text
    assert notes == ["closed"]


def test_a_file_is_sent_by_the_engine_all_the_same(notes, tmp_path):
    (tmp_path / "moon.txt").write_text("full")
    seen = []
    spy = On(lambda request, response: seen.append(response.body))
    with serving([Note("A", notes), spy], files=tmp_path) as live:
        answer = live.ask(request("/files/moon.txt", "Range: bytes=1-2"))
    assert (answer.status, answer.text) == (206, "ul")
    assert answer.headers["x-a"] == "was here"
    assert answer.headers["content-range"] == "bytes 1-2/4"
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert seen[0] is SENT_BY_ENGINE or isinstance(seen[0], bytes)


def test_a_large_file_shows_as_sent_by_the_engine_and_can_be_replaced(tmp_path):
    (tmp_path / "large.bin").write_bytes(b"x" * 1_000_000)
    seen = []

    def replace(request, response):
        seen.append(response.body)
        response.body = "instead"

    with serving([On(replace)], files=tmp_path) as live:
        assert live.ask(request("/files/large.bin")).text == "instead"
    assert seen == [SENT_BY_ENGINE]


def test_head_has_the_length_of_what_get_would_send():
    with serving([On(lambda request, response: None)]) as live:
        with live.client() as client:
            answer = client.ask(request("/", method="HEAD"), method="HEAD")
    assert answer.headers["content-length"] == "5"


def test_state_is_passed_on():
    class Marks:
        def process_request(self, request):
            assert request.state == {}
            request.state["user"] = "Ada"

    with serving([Marks()]) as live:
        assert live.ask(request("/index/state")).text == '{"user":"Ada"}'
        assert live.ask(request("/index/state")).text == '{"user":"Ada"}'


class Override:
    def process_request(self, request):
        request.method = request.HEADERS.get("X-Method", request.method)


def test_the_method_can_be_set_before_routing():
    with serving([Override()]) as live:
        answer = live.ask(post("/api/users/7", b"", "X-Method: PUT"))
        assert answer.text == '{"updated":"7"}'
        assert live.ask(request("/index/method", "X-Method: PATCH")).text == "PATCH"


def test_the_method_is_fixed_once_the_request_is_routed():
    with serving([], [Override()]) as live:
        assert live.ask(request("/", "X-Method: PUT")).status == 500
        assert "before it is routed" in live.log


def test_a_method_that_is_not_served_can_not_be_set():
    with serving([Override()]) as live:
        assert live.ask(request("/", "X-Method: BREW")).status == 500
        assert "no method that guava serves" in live.log


def test_a_request_that_is_kept_outlives_its_answer():
    kept = []

    class Keeps:
        def process_request(self, request):
            kept.append(request)

    with serving([Keeps()], [Keeps()]) as live:
        live.ask(request("/index/state?a=1", "X-Field: kept"))
    first, second = kept
    assert first is second
    assert (first.path, first.GET) == ("/index/state", {"a": "1"})
    assert first.HEADERS["X-Field"] == "kept"
    with pytest.raises(RuntimeError, match="no session"):
        _ = first.SESSION


def test_what_is_no_middleware_is_refused():
    server = _core.Server()
    with pytest.raises(TypeError, match="neither process_request"):
        server.set_surroundings_of_all([object()])
    with pytest.raises(RuntimeError, match="nothing is mounted"):
        server.set_surroundings([])


def test_a_server_and_its_middleware_are_collected_together():
    class Holds:
        def process_request(self, request): ...

        def __del__(self):
            gone.append(self.name)

    gone = []
    server = _core.Server()
    for name in ("all", "mount"):
        holds = Holds()
        holds.name, holds.server = name, server
        if name == "all":
            server.set_surroundings_of_all([holds])
        else:
            server.mount_callable("/", lambda request: "")
            server.set_surroundings([holds])
    del server, holds
    gc.collect()
    assert sorted(gone) == ["all", "mount"]


def test_a_router_that_declines_leaves_no_id_behind():
    class Logs(Controller):
        def index(self):
            record = logging.getLogger().makeRecord("", 0, "", 0, "", (), None)
            return f"{record.request_id}"

    def mount(server):
        server.mount_python("/", lambda request: None, lambda handler: None)
        server.set_surroundings([RequestID()])
        server.mount_mvc("/", {"index": {"index": Action(Logs, "index")}})

    before = logging.getLogRecordFactory()
    try:
        with Live(mount) as live:
            assert live.ask().text == "None"
    finally:
        logging.setLogRecordFactory(before)


class Errors(Controller):
    def state(self):
        return self.request.state


@pytest.mark.parametrize("fails", ["handler", "route", "resolve"])
def test_who_answers_an_error_has_the_request_that_failed(fails):
    def fail(request):
        request.state["seen"] = True
        raise RuntimeError("by intent")

    def found(request):
        request.state["seen"] = True
        return "a handler"

    def mount(server):
        if fails == "handler":
            server.mount_callable("/", fail)
        elif fails == "route":
            server.mount_python("/", fail, lambda handler: None)
        else:
            server.mount_python("/", found, lambda handler: divide())
        server.set_error_pages({500: Action(Errors, "state")})

    with Live(mount) as live:
        assert live.ask().text == '{"seen":true}'
