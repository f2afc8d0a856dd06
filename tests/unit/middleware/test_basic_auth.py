from base64 import b64encode
from hashlib import pbkdf2_hmac

import pytest

from guava import password
from guava.errors import Unauthorized
from guava.middleware import BasicAuth
from guava.middleware.basic_auth import Users
from guava.request import Request


def hashed(text):
    """A hash that costs nothing."""
    digest = pbkdf2_hmac("sha256", text.encode(), b"salt", 1)
    return f"pbkdf2:sha256:1$salt${digest.hex()}"


def basic(credentials):
    return "Basic " + b64encode(credentials.encode()).decode()


def asking(field=None, path="/"):
    return Request(path, HEADERS={} if field is None else {"Authorization": field})


def user(auth, request):
    assert auth.process_request(request) is None
    return request.state.get("user")


def refused(auth, request):
    with pytest.raises(Unauthorized) as caught:
        auth.process_request(request)
    assert "user" not in request.state
    [(name, value)] = caught.value.headers
    assert name == "WWW-Authenticate"
    return value


USERS = {"ada": "secret", "bob": hashed("hidden"), "zoë": "a:b ü"}


@pytest.mark.parametrize("credentials", ["ada:secret", "bob:hidden", "zoë:a:b ü"])
def test_who_knows_the_password_is_let_in(credentials):
    auth = BasicAuth(USERS)
    name = credentials.partition(":")[0]
    for _ in range(2):
        assert user(auth, asking(basic(credentials))) == name


@pytest.mark.parametrize(
    "credentials",
    ["ada:", "ada:Secret", "bob:secret", "eve:hidden", "eve:secret", ":", "ada", "ada:"
     + hashed("secret"), "bob:" + hashed("hidden"), "ada:secret\n"],
)  # fmt: skip
def test_nobody_else_is(credentials):
    auth = BasicAuth(USERS)
    for _ in range(2):
        challenge = refused(auth, asking(basic(credentials)))
        assert challenge == 'Basic realm="guava", charset="UTF-8"'


@pytest.mark.parametrize(
    "field",
    [None, "", "Basic", "Basic ", "Bearer YQ==", "Basic YQ=", "Basic ****",
     "Basic _w==", "Basic /w==", "Basic YTpi YTpi"],
)  # fmt: skip
def test_what_is_no_credentials_is_asked_for_them(field):
    refused(BasicAuth({"a": "b"}), asking(field))


def test_the_scheme_has_no_case():
    assert user(BasicAuth({"a": "b"}), asking("bASIC  YTpi")) == "a"


def test_only_the_paths_are_asked_for():
    auth = BasicAuth({"a": "b"}, paths=["/admin"])
    refused(auth, asking(path="/admin/users"))
    refused(auth, asking(path="//admin"))
    assert user(auth, asking(path="/")) is None


def test_a_function_may_be_asked_instead():
    asked = []

    def verify(name, secret):
        asked.append((name, secret))
        return name == "ada"

    auth = BasicAuth(verify=verify)
    assert user(auth, asking(basic("ada:x"))) == "ada"
    refused(auth, asking(basic("bob:y")))
    assert asked == [("ada", "x"), ("bob", "y")]


def test_a_function_may_be_named():
    auth = BasicAuth(verify="operator.eq")
    assert user(auth, asking(basic("same:same"))) == "same"
    refused(auth, asking(basic("same:other")))


def test_a_realm_is_quoted():
    challenge = refused(BasicAuth({"a": "b"}, realm='a "b" \\'), asking())
    assert challenge.startswith(r'Basic realm="a \"b\" \\", ')


def test_a_right_password_is_hashed_once_and_a_wrong_one_each_time(monkeypatch):
    hashed_texts = []
    verify = password.verify

    def counting(text, stored):
        hashed_texts.append(text)
        return verify(text, stored)

    monkeypatch.setattr(password, "verify", counting)
    users = Users({"bob": hashed("hidden")})
    assert [users.verify("bob", "hidden") for _ in range(3)] == [True] * 3
    assert [users.verify("bob", "wrong") for _ in range(2)] == [False] * 2
    assert not users.verify("eve", "hidden")
    assert hashed_texts == ["hidden", "wrong", "wrong", "hidden"]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({}, ValueError, "users: expected either"),
        ({"users": {"a": "b"}, "verify": print}, ValueError, "users: expected either"),
        ({"users": {"a:b": "c"}}, ValueError, "users: 'a:b' can not be"),
        ({"users": {"": "c"}}, ValueError, "users: '' can not be"),
        ({"users": {"a": 7}}, TypeError, "users: expected text"),
        ({"users": ["a"]}, TypeError, "users: expected passwords by name"),
        ({"users": {"a": ""}}, ValueError, "users: a has no password"),
        (
            {"users": {"a": "scrypt:32768:8:1$x"}},
            ValueError,
            "users: a has no password",
        ),
        ({"verify": "verify"}, ValueError, "verify: expected a function such as"),
        ({"verify": "operator.none"}, TypeError, "verify: expected a function"),
        ({"users": {"a": "b"}, "realm": "a\nb"}, ValueError, "realm: expected"),
        ({"users": {"a": "b"}, "paths": ["x"]}, ValueError, "paths: expected a path"),
    ],
)
def test_a_wrong_option_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        BasicAuth(**options)
