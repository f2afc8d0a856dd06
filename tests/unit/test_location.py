import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava.location import checked, is_local, of_element

LOCAL = [
    "",
    "/",
    "/a/b?next=http://x/",
    "a",
    "?page=2",
    "#end",
    "../up",
    "/a//b",
    "a b",
]
AWAY = [
    "//evil",
    "///evil",
    "/\\evil",
    "\\\\evil",
    "\\/evil",
    " //evil",
    "\u2003//evil",
    "https://evil",
    "HTTPS:evil",
    "javascript:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
    "mailto:a@b",
]


@pytest.mark.parametrize("location", LOCAL)
def test_a_reference_without_a_host_stays(location):
    assert is_local(location)
    assert checked(location) == location


@pytest.mark.parametrize("location", AWAY)
def test_whatever_a_browser_takes_for_another_host_is_refused(location):
    assert not is_local(location)
    with pytest.raises(ValueError, match="another host"):
        checked(location)


@pytest.mark.parametrize("location", ["/\t/evil", "/\n/evil", "\0//evil", "/a\x7f"])
def test_control_characters_are_refused_even_when_it_may_leave(location):
    assert not is_local(location)
    with pytest.raises(ValueError, match="Location"):
        checked(location, external=True)


@pytest.mark.parametrize("location", ["https://pay.example/?a=1", "HTTP://other/"])
def test_another_host_is_allowed_where_that_is_said(location):
    assert checked(location, external=True) == location


@pytest.mark.parametrize(
    "location", ["javascript:alert(1)", "data:,x", "https:evil", "//evil", "https:///x"]
)
def test_only_the_web_is_another_host(location):
    with pytest.raises(ValueError, match="another host"):
        checked(location, external=True)


def test_what_is_not_ascii_is_escaped():
    assert checked("/caf\u00e9") == "/caf%C3%A9"


@given(st.text("/\\:ab.@?# \t\n\x0c\u3000"))
def test_what_stays_names_no_host_and_no_scheme_to_a_browser(location):
    """As the URL standard reads it: trimmed, without tabs and line breaks, and a
    backslash is a slash."""
    if not is_local(location):
        return
    read = location.strip("".join(map(chr, range(33)))).replace("\\", "/")
    read = read.translate({9: None, 10: None, 13: None})
    assert not read.startswith("//")
    assert not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", read)


@pytest.mark.parametrize(
    ("path", "id", "element"),
    [
        ("/api/users", "10", "/api/users/10"),
        ("/api/users/", "10", "/api/users/10"),
        ("/api/a%2Fb/friends", "a/b?c#d", "/api/a%2Fb/friends/a%2Fb%3Fc%23d"),
        ("//evil/../api/users", "10", "/api/users/10"),
        ("//evil", "10", "/evil/10"),
        ("/", "caf\u00e9", "/caf%C3%A9"),
        ("/days", date(2026, 11, 24), "/days/2026-11-24"),
    ],
)
def test_an_element_is_one_segment_below_its_collection(path, id, element):
    assert of_element(path, id) == element


@pytest.mark.parametrize("id", ["", ".", ".."])
def test_what_can_be_no_segment_is_no_element(id):
    with pytest.raises(ValueError, match="no segment"):
        of_element("/api/users", id)
