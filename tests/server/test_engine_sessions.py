"""Whose session a request has, and when it is opened and saved."""

from http_client import request
from live import Live
from surrounding import On, divide, refuse

from guava._core import Action, Controller
from guava.errors import Forbidden


class Sessions:
    """Keeps one session for everybody, and what was asked of it."""

    def __init__(self):
        self.stored = {}
        self.asked = []
        self.fail = None

    def open(self, request):
        self.asked.append("open")
        return dict(self.stored)

    def save(self, request, session):
        self.asked.append("save")
        if self.fail is not None:
            raise self.fail
        self.stored = dict(session)
        return [("Set-Cookie", "sid=1"), ("Vary", "Cookie")]


class CountController(Controller):
    def count(self):
        self.SESSION["count"] = self.SESSION.get("count", 0) + 1
        return str(self.SESSION["count"])

    def count_and_fail(self):
        self.count()
        raise RuntimeError("afterwards")

    def count_and_refuse(self):
        self.count()
        raise Forbidden("afterwards")

    def untouched(self):
        return "untouched"


def with_sessions(own=None, everywhere=None, middleware=()):
    names = ("count", "count_and_fail", "count_and_refuse", "untouched")
    actions = {name: Action(CountController, name) for name in names}

    def mount(server):
        server.mount_mvc("/", {"c": actions})
        server.set_surroundings((), own)
        server.set_surroundings_of_all(middleware, everywhere)

    return Live(mount)


def test_a_session_is_opened_when_touched_and_saved_before_the_answer_leaves():
    sessions = Sessions()
    with with_sessions(sessions) as live:
        answer = live.ask(request("/c/count"))
        assert answer.text == "1"
        assert answer.headers["set-cookie"] == "sid=1"
        assert live.ask(request("/c/count")).text == "2"
    assert sessions.asked == ["open", "save"] * 2


def test_a_request_that_does_not_touch_it_asks_nothing_of_it():
    sessions = Sessions()
    with with_sessions(sessions) as live:
        assert "set-cookie" not in live.ask(request("/c/untouched")).headers
    assert sessions.asked == []


def test_a_router_without_sessions_has_those_of_the_server():
    own, everywhere = Sessions(), Sessions()
    with with_sessions(None, everywhere) as live:
        assert live.ask(request("/c/count")).text == "1"
    with with_sessions(own, everywhere) as live:
        assert live.ask(request("/c/count")).text == "1"
    assert (own.stored, everywhere.stored) == ({"count": 1}, {"count": 1})


def test_what_a_failed_request_changed_is_dropped():
    sessions = Sessions()
    with with_sessions(sessions) as live:
        assert live.ask(request("/c/count_and_fail")).status == 500
        assert sessions.stored == {}
        assert live.ask(request("/c/count_and_refuse")).status == 403
        assert sessions.stored == {"count": 1}


def test_a_store_that_fails_is_the_answer():
    sessions = Sessions()
    sessions.fail = Forbidden("not now")
    with with_sessions(sessions) as live:
        answer = live.ask(request("/c/count"))
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


def test_middleware_shares_the_session_of_the_action():
    class Greets:
        def process_request(self, request):
            request.SESSION["count"] = 10

    sessions = Sessions()
    with with_sessions(None, sessions, [Greets()]) as live:
        assert live.ask(request("/c/count")).text == "11"
    assert sessions.asked[:2] == ["open", "save"]
    assert sessions.stored == {"count": 11}


def test_what_middleware_changes_on_the_way_out_is_saved_too():
    def mark(request, response):
        request.SESSION["out"] = True

    sessions = Sessions()
    with with_sessions(sessions, Sessions(), [On(mark)]) as live:
        live.ask(request("/c/count"))
    assert sessions.stored == {"count": 1, "out": True}


def test_a_session_is_saved_once_when_the_answer_is_made():
    sessions = Sessions()
    with with_sessions(
        sessions, middleware=[On(lambda request, response: None)]
    ) as live:
        assert live.ask(request("/c/count")).headers["set-cookie"] == "sid=1"
    assert sessions.asked == ["open", "save"]


def test_an_answer_that_fails_on_its_way_out_saves_nothing():
    sessions = Sessions()
    with with_sessions(sessions, middleware=[On(lambda *_: divide())]) as live:
        answer = live.ask(request("/c/count"))
    assert answer.status == 500
    assert "set-cookie" not in answer.headers
    assert sessions.stored == {}


def test_an_answer_that_is_refused_on_its_way_out_has_its_sessions_cookie():
    sessions = Sessions()
    with with_sessions(sessions, middleware=[On(lambda *_: refuse())]) as live:
        answer = live.ask(request("/c/count"))
    assert answer.status == 403
    assert answer.headers["set-cookie"] == "sid=1"
    assert sessions.stored == {"count": 1}


def test_a_router_that_declines_saves_nothing():
    class Touches:
        def process_request(self, request):
            request.SESSION["count"] = 1

    def mount(server):
        server.mount_python("/", lambda request: None, lambda handler: None)
        server.set_surroundings([Touches()], sessions)

    sessions = Sessions()
    with Live(mount) as live:
        answer = live.ask()
    assert answer.status == 404
    assert "set-cookie" not in answer.headers
    assert sessions.stored == {}


def test_a_request_without_sessions_says_what_is_missing():
    with with_sessions() as live:
        assert live.ask(request("/c/count")).status == 500
        assert "this request has no session" in live.log
