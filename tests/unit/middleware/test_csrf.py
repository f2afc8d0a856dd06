import pytest

from guava.controller import Controller
from guava.errors import Forbidden
from guava.middleware import CSRF
from guava.request import Request
from guava.response import Response

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def page(csrf, tokens=1, cookie=None):
    """The cookie and the tokens of a page."""
    request = Request(COOKIES={} if cookie is None else {"csrf": cookie})
    csrf.process_request(request)
    made = [Controller(request).csrf_token for _ in range(tokens)]
    response = Response()
    csrf.process_response(request, response)
    headers = dict(response.headers)
    if "Set-Cookie" in headers:
        name, _, rest = headers["Set-Cookie"].partition("=")
        assert name == "csrf"
        cookie, _, attributes = rest.partition("; ")
        assert attributes == "Path=/; HttpOnly; SameSite=Lax"
    assert (headers.get("Vary") == "Cookie") == (tokens > 0)
    return cookie, made


def send(csrf, cookie=None, token=None, path="/", **headers):
    """A POST of a form with that token."""
    body = b"" if token is None else f"csrf_token={token}".encode()
    cookies = {} if cookie is None else {"csrf": cookie}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(
        path,
        host="example.org",
        method="POST",
        HEADERS=FORM | named,
        body=body,
        COOKIES=cookies,
    )
    csrf.process_request(request)


def is_refused(csrf, *args, **named):
    try:
        send(csrf, *args, **named)
    except Forbidden as error:
        return error.detail is not None
    return False


def test_a_form_with_a_token_of_the_page_is_let_through():
    csrf = CSRF()
    cookie, [token] = page(csrf)
    send(csrf, cookie, token)
    send(csrf, cookie, X_CSRF_Token=token)


def test_every_token_is_another_text_and_all_of_them_hold():
    csrf = CSRF()
    cookie, tokens = page(csrf, 20)
    assert len(set(tokens)) == 20
    for token in tokens:
        send(csrf, cookie, token)


def test_a_cookie_is_kept_and_not_set_again():
    csrf = CSRF()
    cookie, _ = page(csrf)
    again, [token] = page(csrf, cookie=cookie)
    assert again == cookie
    send(csrf, cookie, token)


@pytest.mark.parametrize("bad", ["", "x", "x" * 43 + "=", "ä" * 43])
def test_a_malformed_cookie_is_replaced(bad):
    cookie, _ = page(CSRF(), cookie=bad)
    assert len(cookie) == 43


def test_a_page_without_a_form_sets_and_says_nothing():
    assert page(CSRF(), tokens=0) == (None, [])


@pytest.mark.parametrize("token", [None, "", "x", "A" * 86, "A" * 87, "ä" * 86])
def test_without_a_right_token_it_is_refused(token):
    csrf = CSRF()
    cookie, _ = page(csrf)
    assert is_refused(csrf, cookie, token)


def test_a_token_of_another_client_is_refused():
    csrf = CSRF()
    cookie, [token] = page(csrf)
    other, _ = page(csrf)
    assert is_refused(csrf, other, token)
    assert is_refused(csrf, None, token)
    assert is_refused(csrf, "x", token)
    send(csrf, cookie, token)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "TRACE"])
def test_what_changes_nothing_is_let_through(method):
    CSRF().process_request(Request(method=method))


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_whatever_else_is_checked(method):
    with pytest.raises(Forbidden):
        CSRF().process_request(Request(method=method))


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://example.org"},
        {"Sec_Fetch_Site": "same-origin"},
        {"Sec_Fetch_Site": "none"},
        {"Sec_Fetch_Site": "same-origin", "Origin": "https://behind.a.proxy"},
        {"Origin": "https://partner.example", "Sec_Fetch_Site": "cross-site"},
        {"Origin": "https://partner.example"},
    ],
)
def test_the_site_itself_and_those_it_trusts_may_send(headers):
    csrf = CSRF(trusted_origins=["https://partner.example"])
    cookie, [token] = page(csrf)
    send(csrf, cookie, token, **headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "https://example.org"},
        {"Origin": "http://example.org:8080"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "cross-site", "Origin": "http://example.org"},
        {"Sec_Fetch_Site": ""},
    ],
)
def test_other_sites_may_not_even_with_a_token(headers):
    csrf = CSRF(trusted_origins=["https://partner.example"])
    cookie, [token] = page(csrf)
    assert is_refused(csrf, cookie, token, **headers)


def test_a_trusted_origin_still_needs_a_token():
    csrf = CSRF(trusted_origins=["https://partner.example"])
    assert is_refused(csrf, Origin="https://partner.example")


def test_exempt_paths_are_not_checked():
    csrf = CSRF(exempt=["/hooks"])
    send(csrf, path="/hooks/paid")
    assert is_refused(csrf, path="/hooksy")


def test_the_names_can_be_chosen():
    csrf = CSRF(cookie="c", field="f", header="X-T")
    request = Request()
    csrf.process_request(request)
    token = csrf.token(request)
    response = Response()
    csrf.process_response(request, response)
    cookie = dict(response.headers)["Set-Cookie"].partition(";")[0].removeprefix("c=")
    for headers, body in ((FORM, f"f={token}".encode()), ({"X-T": token}, b"")):
        csrf.process_request(
            Request(method="POST", HEADERS=headers, body=body, COOKIES={"c": cookie})
        )


def test_two_of_them_share_a_secret_that_is_set_once():
    outer, inner, request = CSRF(), CSRF(), Request()
    outer.process_request(request)
    inner.process_request(request)
    _ = Controller(request).csrf_token
    response = Response()
    inner.process_response(request, response)
    outer.process_response(request, response)
    assert [name for name, _ in response.headers] == ["Vary", "Set-Cookie"]


def test_a_token_whose_cookie_can_no_longer_be_set_is_an_error():
    csrf, request = CSRF(), Request()
    csrf.process_request(request)
    csrf.process_response(request, Response())
    with pytest.raises(RuntimeError, match="the answer has left"):
        _ = Controller(request).csrf_token


@pytest.mark.parametrize("request_", [None, Request()])
def test_without_the_middleware_a_token_is_an_error_that_says_so(request_):
    with pytest.raises(RuntimeError, match=r"guava\.middleware\.CSRF"):
        _ = Controller(request_).csrf_token


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"trusted_origins": ["partner.example"]},
            "trusted_origins: expected an origin",
        ),
        ({"exempt": ["hooks"]}, "exempt: expected a path"),
        ({"trusted_origins": ["null"]}, '"null" is anybody'),
        ({"cookie": ""}, "cookie: expected"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        CSRF(**options)
