import re

import pytest

from guava.middleware import Timing, measure
from guava.request import Request
from guava.response import Response


def told(timing, request):
    response = Response()
    timing.process_response(request, response)
    [(name, value)] = response.headers
    assert name == "Server-Timing"
    return value


def test_the_whole_is_told_in_milliseconds():
    timing, request = Timing("whole"), Request()
    timing.process_request(request)
    assert re.fullmatch(r"whole;dur=\d+\.\d{3}", told(timing, request))


def test_what_is_measured_within_is_told_by_name_and_adds_up():
    timing, request = Timing(), Request()
    timing.process_request(request)
    for name in ("db", "render", "db"):
        with measure(request, name):
            pass
    durations = dict(
        entry.split(";dur=") for entry in told(timing, request).split(", ")
    )
    assert list(durations) == ["app", "db", "render"]
    assert all(float(part) <= float(durations["app"]) for part in durations.values())


def test_what_fails_is_measured_too():
    timing, request = Timing(), Request()
    timing.process_request(request)
    with pytest.raises(ZeroDivisionError), measure(request, "db"):
        _ = 1 / 0
    assert ", db;dur=" in told(timing, request)


def test_one_within_another_keeps_its_own_time():
    outer, inner, request = Timing("outer"), Timing("inner"), Request()
    outer.process_request(request)
    inner.process_request(request)
    assert told(inner, request).startswith("inner;")
    assert told(outer, request).startswith("outer;")


@pytest.mark.parametrize("name", ["", "a b", 'a"b', "a;b", "a,b", "ä"])
def test_a_name_is_a_token(name):
    with pytest.raises(ValueError, match="token"):
        Timing(name)
    with pytest.raises(ValueError, match="token"), measure(Request(), name):
        pass
