import pytest

from guava.errors import Forbidden
from guava.middleware import CORS
from guava.request import Request
from guava.response import Response

HERE = "https://app.example.org"
PREFLIGHT = {"Access-Control-Request-Method": "PUT"}


def preflight(cors, origin=HERE, **more):
    request = Request(method="OPTIONS", HEADERS={"Origin": origin} | PREFLIGHT | more)
    response = cors.process_request(request)
    cors.process_response(request, response)
    assert response.status == 204
    return dict(response.headers)


def answer(cors, origin=None, **headers):
    request = Request(HEADERS={} if origin is None else {"Origin": origin})
    response = Response(headers=headers)
    assert cors.process_request(request) is None
    cors.process_response(request, response)
    names = [name for name, _ in response.headers]
    assert len(names) == len(set(names))
    return dict(response.headers)


def test_a_preflight_is_answered_in_full():
    cors = CORS([HERE], headers=["X-Key", "Content-Type"], max_age="1h")
    assert preflight(cors) == {
        "Access-Control-Allow-Origin": HERE,
        "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
        "Access-Control-Allow-Headers": "X-Key, Content-Type",
        "Access-Control-Max-Age": "3600",
        "Vary": "Origin",
    }


def test_a_preflight_of_another_origin_is_refused():
    with pytest.raises(Forbidden):
        preflight(CORS([HERE]), "https://evil.example.org")


@pytest.mark.parametrize("headers", [{"Origin": HERE}, PREFLIGHT, {}])
def test_options_that_are_no_preflight_are_the_applications(headers):
    request = Request(method="OPTIONS", HEADERS=headers)
    assert CORS([HERE]).process_request(request) is None


def test_an_origin_that_is_allowed_may_read_the_answer():
    assert answer(CORS([HERE], expose=["X-Total"]), HERE) == {
        "Vary": "Origin",
        "Access-Control-Allow-Origin": HERE,
        "Access-Control-Expose-Headers": "X-Total",
    }


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://app.example.org",
        "https://app.example.org:8443",
        "https://app.example.org.evil.net",
        "https://evil.net/https://app.example.org",
        "",
    ],
)
def test_any_other_is_told_nothing_and_caches_know(origin):
    assert answer(CORS([HERE]), origin) == {"Vary": "Origin"}


def test_a_pattern_matches_whole_origins():
    cors = CORS(origin_regex=r"https://[a-z]+\.example\.org")
    assert "Access-Control-Allow-Origin" in answer(cors, "https://a.example.org")
    for other in ("https://a.example.org.evil.net", "xhttps://a.example.org"):
        assert answer(cors, other) == {"Vary": "Origin"}


@pytest.mark.parametrize("credentials", [False, True])
def test_no_pattern_matches_null(credentials):
    cors = CORS(origin_regex=".*", credentials=credentials)
    assert answer(cors, "null") == {"Vary": "Origin"}
    with pytest.raises(Forbidden):
        preflight(cors, "null")


def test_all_origins_share_one_answer():
    cors = CORS("*")
    assert answer(cors, HERE) == {"Access-Control-Allow-Origin": "*"}
    assert answer(cors) == {}


def test_credentials_are_for_origins_by_name():
    headers = answer(CORS([HERE], credentials=True), HERE)
    assert headers["Access-Control-Allow-Origin"] == HERE
    assert headers["Access-Control-Allow-Credentials"] == "true"


def test_null_is_allowed_where_it_is_named():
    assert answer(CORS(["null"]), "null")["Access-Control-Allow-Origin"] == "null"


def test_what_the_action_has_said_stays():
    own = {"Access-Control-Allow-Origin": "https://other.example.org"}
    assert answer(CORS([HERE]), HERE, **own) == {"Vary": "Origin"} | own


@pytest.mark.parametrize(
    ("asked", "allowed"),
    [("X-A, X-B", "X-A, X-B"), ("X-A", "X-A"), ("X A", None), ("", None)],
)
def test_any_header_is_allowed_by_its_name(asked, allowed):
    headers = preflight(
        CORS([HERE], headers="*"), **{"Access-Control-Request-Headers": asked}
    )
    assert headers.get("Access-Control-Allow-Headers") == allowed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "origins: expected at least one"),
        ({"origins": ["https://a.example.org/"]}, "an origin such as"),
        ({"origins": ["a.example.org"]}, "an origin such as"),
        ({"origins": ["*"]}, "an origin such as"),
        ({"origins": ["https://*.example.org"]}, "an origin such as"),
        ({"origins": ["https://a.example.org:443"]}, "an origin such as"),
        ({"origins": [HERE], "headers": ["X Key"]}, "headers: expected a token"),
        ({"origins": [HERE], "methods": ["*,"]}, "methods: expected a token"),
        ({"origins": ["HTTPS://A.example.org"]}, "an origin such as"),
        ({"origins": "*", "credentials": True}, "origins: expected a list"),
        ({"origins": ["null"], "credentials": True}, '"null" is anybody'),
        ({"origins": [HERE], "credentials": True, "expose": ["*"]}, "expose"),
        ({"origin_regex": "("}, "origin_regex: "),
        ({"origins": [HERE], "max_age": "long"}, "max_age: expected a duration"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        CORS(**options)


def test_a_single_origin_is_no_list():
    with pytest.raises(TypeError, match="origins: expected a list"):
        CORS(HERE)
