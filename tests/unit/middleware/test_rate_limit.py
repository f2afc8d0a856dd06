from secrets import token_hex

import pytest

from guava.errors import TooManyRequests
from guava.middleware import RateLimit
from guava.middleware.rate_limit import _by_client
from guava.request import Request
from guava.response import Response


@pytest.fixture
def name():
    """Of a limit that nobody else has."""
    return token_hex(8)


def ask(limit, path="/", **headers):
    """The header fields of the answer, or the TooManyRequests in its place."""
    request = Request(
        path, HEADERS={n.replace("_", "-"): v for n, v in headers.items()}
    )
    response = Response()
    try:
        limit.process_request(request)
    except TooManyRequests as error:
        response = Response(status=error.status, headers=error.headers)
    limit.process_response(request, response)
    return response.status, dict(response.headers)


def test_answers_say_how_the_client_stands(name):
    limit = RateLimit("2/h", name=name)
    policy = f'"{name}";q=2;w=3600'
    assert ask(limit) == (
        200,
        {"RateLimit-Policy": policy, "RateLimit": f'"{name}";r=1;t=1800'},
    )
    assert ask(limit)[1]["RateLimit"] == f'"{name}";r=0;t=3600'
    status, headers = ask(limit)
    assert status == 429
    assert headers["RateLimit-Policy"] == policy
    assert headers["RateLimit"].startswith(f'"{name}";r=0;t=')
    assert 1790 <= int(headers["Retry-After"]) <= 1800


def test_a_burst_is_what_may_come_at_once(name):
    limit = RateLimit("60/h", burst=2, name=name)
    assert ask(limit)[1]["RateLimit-Policy"] == f'"{name}";q=2;w=120'
    assert [ask(limit)[0] for _ in range(2)] == [200, 429]


def test_a_field_may_tell_clients_apart(name):
    limit = RateLimit("1/h", key="header:X-Key", name=name)
    statuses = [ask(limit, X_Key=key)[0] for key in ("a", "b", "a", "b")]
    assert statuses == [200, 200, 429, 429]
    assert [ask(limit)[0] for _ in range(2)] == [200, 429]


def test_a_function_may_too_and_lets_through_whom_it_does_not_name(name):
    limit = RateLimit("1/h", key=lambda request: request.GET.get("user"), name=name)
    asked = [ask(limit, f"/?user={user}")[0] for user in "aba"]
    assert asked == [200, 200, 429]
    assert [ask(limit) for _ in range(3)] == [(200, {})] * 3


def test_only_the_paths_are_limited(name):
    limit = RateLimit("1/h", paths=["/login"], name=name)
    assert [ask(limit, "/login")[0] for _ in range(2)] == [200, 429]
    assert ask(limit, "/") == (200, {})


def test_limits_of_one_name_are_one(name):
    first, second = (RateLimit("1/h", name=name) for _ in range(2))
    assert [ask(limit)[0] for limit in (first, second)] == [200, 429]


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1:2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("unix", "unix", True),
    ],
)
def test_a_client_is_an_address_or_a_network_of_64_bits(one, other, is_same):
    class From:
        def __init__(self, client):
            self.client = client

    assert (_by_client(From(one)) == _by_client(From(other))) == is_same


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rate": "often"}, "rate: expected a rate such as 100/m, found 'often'"),
        ({"rate": "1/m", "burst": 0}, "burst: expected 1"),
        ({"rate": "1/m", "key": "address"}, "key: expected a function such as"),
        ({"rate": "1/m", "key": "header:"}, "key: expected a token"),
        ({"rate": "1/9999d"}, "rate: its window in seconds: expected 1 to"),
        ({"rate": "1/d", "burst": 10**6}, "rate: its window in seconds: expected"),
        ({"rate": "1/m", "name": 'a"'}, "name: expected letters"),
        ({"rate": "1/m", "paths": ["login"]}, "paths: expected a path"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        RateLimit(**options)
