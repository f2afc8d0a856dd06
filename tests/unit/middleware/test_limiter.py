import os
from secrets import token_hex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guava import shared
from guava.middleware import limiter
from guava.middleware.limiter import Limiter, Rate, parse_rate

SECOND = 10**9


@pytest.fixture
def clock(monkeypatch):
    """The time, in nanoseconds, which stands unless it is set."""

    class Clock:
        now = 10**15

    monkeypatch.setattr(limiter, "clock_gettime_ns", lambda clock: Clock.now)
    return Clock


@pytest.fixture
def name():
    """Of a limit that nobody else has."""
    return token_hex(8)


def takes(limit, key="a", times=1):
    return [limit.take(key).wait == 0 for _ in range(times)]


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("100/m", (100, 60)),
        ("5/s", (5, 1)),
        ("1000/h", (1000, 3600)),
        ("1/d", (1, 86400)),
        ("5/10m", (5, 600)),
    ],
)
def test_a_rate_is_a_number_in_a_time(text, rate):
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "100", "0/m", "100/0m", "1.5/s", "100/w", "-1/s"])
def test_anything_else_is_no_rate(text):
    with pytest.raises(ValueError, match="not a rate"):
        parse_rate(text)


def test_as_many_as_the_burst_are_let_through_at_once(clock, name):
    assert takes(Limiter(name, Rate(60, 60), 5), times=7) == [True] * 5 + [False] * 2


def test_one_more_each_interval(clock, name):
    limit = Limiter(name, Rate(60, 60), 5)
    takes(limit, times=5)
    clock.now += SECOND - 1
    assert takes(limit) == [False]
    clock.now += 1
    assert takes(limit, times=2) == [True, False]
    clock.now += 10 * SECOND
    assert takes(limit, times=6) == [True] * 5 + [False]


def test_what_is_refused_costs_nothing(clock, name):
    limit = Limiter(name, Rate(1, 1), 1)
    assert takes(limit, times=100) == [True] + [False] * 99
    clock.now += SECOND
    assert takes(limit) == [True]


def test_the_standing_is_told_in_whole_seconds(clock, name):
    limit = Limiter(name, Rate(2, 60), 2)
    assert limit.take("a") == (1, 30, 0)
    assert limit.take("a") == (0, 60, 0)
    clock.now += SECOND // 2
    assert limit.take("a") == (0, 60, 30)
    clock.now += 59 * SECOND
    assert limit.take("a") == (0, 31, 0)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 3 * SECOND), min_size=1, max_size=60))
def test_no_stretch_of_time_has_more_than_its_burst_and_its_rate(pauses):
    limit, burst = Limiter(token_hex(8), Rate(1, 1), 3), 3
    now, taken = 10**15, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limiter, "clock_gettime_ns", lambda clock: now)
        for pause in pauses:
            now += pause
            if takes(limit) == [True]:
                taken.append(now)
    for first, begin in enumerate(taken):
        for count, end in enumerate(taken[first:], 1):
            assert count <= burst + (end - begin) // SECOND


def test_keys_names_rates_and_bursts_stand_apart(clock, name):
    rate = Rate(1, 60)
    assert takes(Limiter(name, rate, 1), "a", 2) == [True, False]
    assert takes(Limiter(name, rate, 1), "b") == [True]
    assert takes(Limiter(name + "x", rate, 1), "a") == [True]
    assert takes(Limiter(name, Rate(2, 60), 1), "a") == [True]
    assert takes(Limiter(name, rate, 2), "a") == [True]
    assert takes(Limiter(name, rate, 1), "a") == [False]


def test_a_process_that_is_forked_counts_on(name):
    limit = Limiter(name, Rate(3, 3600), 3)
    assert takes(limit) == [True]
    child = os.fork()
    if child == 0:
        is_right = False
        try:
            is_right = takes(limit, times=3) == [True, True, False]
        finally:
            os._exit(0 if is_right else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert takes(limit) == [False]


def keys():
    environment = shared.environment()
    database = environment.open_db(b"guava.rate_limit")
    with environment.begin() as transaction:
        return transaction.stat(database)["entries"]


def test_what_is_paid_off_is_swept_away(clock, name):
    limit = Limiter(name, Rate(1, 1), 1)
    for number in range(500):
        limit.take(f"old {number}")
    most = keys()
    assert most >= 500
    clock.now += 3600 * SECOND
    for number in range(500):
        limit.take(f"new {number}")
    assert keys() <= most


def test_there_are_never_too_many_keys(clock, name, monkeypatch):
    limit = Limiter(name, Rate(1, 3600), 1)
    limit.take("first")
    most = keys() + 10
    monkeypatch.setattr(limiter, "_KEYS_MAX", most)
    for number in range(100):
        limit.take(f"{number}")
        assert keys() <= most
