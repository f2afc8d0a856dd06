"""The cookie of a session."""

import pytest

from guava.session import SessionCookie


def test_it_is_for_guava_alone_unless_told():
    field = SessionCookie().build("abc", 60, "http")
    assert field == "sid=abc; Max-Age=60; Path=/; HttpOnly; SameSite=Lax"


def test_it_is_as_secure_as_the_request():
    assert "; Secure" in SessionCookie().build("abc", 60, "https")
    assert "; Secure" in SessionCookie(secure=True).build("abc", 60, "http")
    assert "; Secure" not in SessionCookie(secure=False).build("abc", 60, "https")


@pytest.mark.parametrize("prefix", ["__Host-", "__Secure-"])
def test_a_prefix_makes_it_secure(prefix):
    field = SessionCookie("id", prefix=prefix).build("abc", 60, "http")
    assert field.startswith(f"{prefix}id=abc; ")
    assert "; Secure" in field


def test_all_else_is_as_it_is_told():
    cookie = SessionCookie(
        path="/app",
        domain="example.com",
        http_only=False,
        same_site="None",
        secure=True,
    )
    assert cookie.build("abc", 60, "http") == (
        "sid=abc; Max-Age=60; Domain=example.com; Path=/app; Secure; SameSite=None"
    )


@pytest.mark.parametrize(
    "options",
    [
        {"name": "a b"},
        {"same_site": "None"},
        {"same_site": "None", "secure": False},
        {"prefix": "__Host-", "secure": False},
        {"prefix": "__Host-", "path": "/app"},
        {"prefix": "__Host-", "domain": "example.com"},
        {"prefix": "__Secure-", "secure": False},
    ],
)
def test_what_browsers_would_drop_is_refused(options):
    with pytest.raises(ValueError, match=r"cookie|same_site"):
        SessionCookie(**options)
