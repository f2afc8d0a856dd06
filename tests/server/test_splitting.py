"""Whatever an application says of its answer, one well-formed answer is sent: never
two, and no field that it did not set."""

import pytest
from http_client import request
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live import Live, answering

import guava
from guava import _core

# What splits a head, and what else does not belong there.
EVIL = st.text(
    st.sampled_from('ab:; ,="\\/\t\r\n\0\x0b\x7f\x85\xa0\xe4\u010a\u2028\ud800')
)
TEXT = EVIL | st.text()
INJECTED = "a\r\nX-Injected: yes\r\n\r\nHTTP/1.1 200 OK\r\n"
FAULTS = [
    INJECTED,
    "a\nX-Injected: yes",
    "a\rX-Injected: yes",
    "\r\n",
    "\0",
    "a\x7f",
    "\x0b",
    "\ud800",
    b"bytes",
    None,
    7,
]
thorough = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)


class SplitController(guava.controller.Controller):
    """Runs what the test puts into `act`, on the controller."""

    act = None

    def run(self):
        return type(self).act(self)


@pytest.fixture(scope="module")
def live():
    action = _core.Action(SplitController, "run")
    mount = lambda server: server.mount_table("/", {"/": action})  # noqa: E731
    with Live(mount) as server:
        yield server


def answer_to(live, act):
    """The only answer to a request, when the action does this."""
    SplitController.act = staticmethod(act)
    with live.client(request("/", "Connection: close")) as client:
        answer = client.read()
        assert client.at_end()
    assert "x-injected" not in answer.headers
    return answer


def field(name, value):
    return lambda self: self.set_header(name, value)


def more(name, value):
    return lambda self: self.add_header(name, value)


def cookie(name, value):
    return lambda self: self.set_cookie(name, value)


def location(_, value):
    return lambda self: self.redirect(value)


def response_field(name, value):
    return lambda self: guava.response.Response("", headers=[(name, value)])


def response_type(_, value):
    return lambda self: guava.response.Response("", content_type=value)


def spoilt_response(name, value):
    """Past all that Response itself checks."""

    def act(self):
        response = guava.response.Response("")
        response.headers = [(name, value)]
        return response

    return act


def spoilt_stream(name, value):
    def act(self):
        response = guava.response.Response(iter(["a", "b"]))
        response.headers = [(name, value)]
        return response

    return act


WAYS = [
    field,
    more,
    cookie,
    location,
    response_field,
    response_type,
    spoilt_response,
    spoilt_stream,
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("value", FAULTS)
def test_a_value_that_would_split_the_answer_is_an_error_in_the_log(live, way, value):
    if way is response_type and value is None:
        return  # it stands for the type that a body has by itself
    before = live.log.count("[error]")
    assert answer_to(live, way("X-Field", value)).status == 500
    assert live.log.count("[error]") == before + 1


@pytest.mark.parametrize("way", [field, more, cookie, response_field, spoilt_response])
@pytest.mark.parametrize("name", [*FAULTS, "", "a b", "a:b", "\u00e4"])
def test_a_name_that_would_split_the_answer_is_an_error(live, way, name):
    assert answer_to(live, way(name, "value")).status == 500


@pytest.mark.parametrize("way", [field, more, response_field, spoilt_response])
@pytest.mark.parametrize(
    "name", ["Content-Length", "transfer-encoding", "Connection", "Upgrade", "Date"]
)
def test_an_application_does_not_frame_its_answer(live, way, name):
    assert answer_to(live, way(name, "7")).status == 500


@pytest.mark.parametrize("way", [field, more, response_field, spoilt_response])
def test_a_very_long_value_is_sent_whole(live, way):
    value = "x" * 1_000_000
    assert answer_to(live, way("X-Long", value)).headers["x-long"] == value


@pytest.mark.parametrize(
    "status", [0, 99, 100, 199, 600, 1000, -200, "200 OK\r\n", None]
)
def test_a_status_is_a_number_from_200_to_599(live, status):
    def spoilt(self):
        response = guava.response.Response("")
        response.status = status
        return response

    assert answer_to(live, lambda self: self.set_status_code(status)).status == 500
    assert answer_to(live, spoilt).status == 500


@thorough
@given(st.sampled_from(WAYS), TEXT, TEXT)
def test_any_text_makes_one_well_formed_answer(live, way, name, value):
    assert answer_to(live, way(name, value)).status in (200, 302, 500)


@thorough
@given(TEXT)
def test_a_redirection_of_the_engine_is_one_well_formed_answer(value):
    try:
        target = _core.Redirect(value)
    except ValueError:
        return
    with Live(lambda server: server.mount_table("/", {"/": target})) as live:
        with live.client(request("/", "Connection: close")) as client:
            assert client.read().status in (302, 500)
            assert client.at_end()


def test_a_redirection_that_would_split_the_answer_is_an_error_in_the_log():
    handler = guava.handler.RedirectHandler(INJECTED)

    def route(asked):
        return handler

    def resolve(found):
        return _core.Redirect(found.location)

    with Live(lambda server: server.mount_python("/", route, resolve)) as live:
        answer = live.ask()
        assert answer.status == 500
        assert "x-injected" not in answer.headers
        assert "redirect" in live.log.lower()


@thorough
@given(st.lists(EVIL, max_size=5))
def test_any_items_of_a_stream_are_one_well_formed_answer(items):
    with answering(lambda asked: iter(items)) as live:
        with live.client(request("/", "Connection: close")) as client:
            try:
                whole = client.read().body
            except AssertionError:
                assert any("\ud800" in item for item in items)  # it broke, and was cut
            else:
                assert whole == "".join(items).encode()
