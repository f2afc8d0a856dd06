import re
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guava import url
from guava.url import URL, parse_url

WHOLE = "https://ada:moon%21@example.org:8443/a%2Fb/c?d=e&f=%20#g?h"


def test_ascii_is_left_as_it_is():
    assert url.escape("/a%20b?c=d&e=%ff#g") == "/a%20b?c=d&e=%ff#g"


def test_what_is_not_ascii_is_escaped_and_nothing_else():
    assert url.escape("/caf\u00e9?x=1&y=%20#\u263e") == "/caf%C3%A9?x=1&y=%20#%E2%98%BE"


def test_a_url_has_its_parts():
    parsed = parse_url(WHOLE)
    assert (parsed.scheme, parsed.host, parsed.port) == ("https", "example.org", 8443)
    assert (parsed.username, parsed.password) == ("ada", "moon!")
    assert (parsed.path, parsed.query, parsed.fragment) == (
        "/a%2Fb/c",
        "d=e&f=%20",
        "g?h",
    )
    assert parsed.queries == {"d": "e", "f": " "}


def test_what_is_not_there_is_none_or_empty():
    parsed = parse_url("/moon")
    assert (parsed.scheme, parsed.host, parsed.port) == ("", None, None)
    assert (parsed.username, parsed.password) == (None, None)
    assert (parsed.path, parsed.query, parsed.fragment) == ("/moon", "", "")
    assert parse_url("http://ada@h/").password is None
    assert parse_url("http://ada:@h/").password == ""


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        "",
        "/",
        "moon",
        "./moon:full",
        "?a=b",
        "#top",
        "//example.org/x",
        "http://h",
        "http://h?a",
        "http://h/a//b/../c",
        "http://h/?a[]=1&b=%5b%5D&&=",
        "http://ada@h/",
        "http://:secret@h/",
        "http://[2001:db8::1]:80/",
        "http://127.0.0.1:0/",
        "http://a_b.example./",
        "file:///tmp/moon",
        "mailto:ada@example.org",
        "urn:isbn:1",
        "redis://:p%40ss@h:6379/0",
    ],
)
def test_a_text_that_is_a_url_stays_as_it_is(text):
    assert str(parse_url(text)) == text


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("HTTP://Example.ORG/A", "http://example.org/A"),
        ("http://h:/?#", "http://h/"),
        ("http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/"),
        ("http://h/caf\u00e9?\u263e#\u263e", "http://h/caf%C3%A9?%E2%98%BE#%E2%98%BE"),
        ('http://h/"<>^`{|}', "http://h/%22%3C%3E%5E%60%7B%7C%7D"),
        ("http://m\u00fcller.example/", "http://xn--mller-kva.example/"),
        ("/a#b#c", "/a#b%23c"),
        ("http://a\u00e9@h/", "http://a%C3%A9@h/"),
    ],
)
def test_what_may_be_written_otherwise_has_one_form(text, normal):
    assert str(parse_url(text)) == normal
    assert parse_url(text) == parse_url(normal)
    assert hash(parse_url(text)) == hash(parse_url(normal))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("http://h/a b", "' ' .here at 10"),
        (" http://h/", "' '"),
        ("http://h/\n", r"'\\n'"),
        ("http://h/\x7f", "x7f"),
        ("http://h\\@evil/", "here at 8"),
        ("http://h/\udcff", "udcff"),
        ("http://h/%", "malformed escape .here at 9"),
        ("http://h/%4", "malformed escape"),
        ("/?a=%zz", "malformed escape"),
        ("http:", "http needs a host"),
        ("http:///x", "http needs a host"),
        ("http:example.org", "http needs a host"),
        ("http://:80/", "needs a host"),
        ("http://ada@/", "needs a host"),
        ("file://:80/", "needs a host"),
        ("http://h:80a/", "port"),
        ("http://h:+80/", "port"),
        ("http://h:\u0664\u0662/", "port"),
        ("http://h:65536/", "port"),
        ("http://h:99999999/", "port"),
        ("http://h:80:80/", "authority"),
        ("http://a@b@c/", "authority"),
        ("http://[::1/", "authority"),
        ("http://::1]/", "authority"),
        ("http://[::1]x/", "authority"),
        ("http://x[::1]/", "authority"),
        ("http://[[::1]]/", "authority"),
        ("http://2001:db8::1/", "authority"),
        ("http://[moon]/", "brackets"),
        ("http://[]/", "brackets"),
        ("http://[v1.a:b]/", "IPv6"),
        ("http://[fe80::1%25eth0]/", "IPv6"),
        ("http://[::g]/", "IPv6"),
        ("http://127.1/", "IPv4"),
        ("http://2130706433/", "IPv4"),
        ("http://0x7f.0.0.1/", "IPv4"),
        ("http://0177.0.0.1/", "IPv4"),
        ("http://h.0x/", "IPv4"),
        ("http://\u2460\u2461\u2466.1/", "IPv4"),
        ("http://ex%61mple.org/", "no host"),
        ('http://a"b/', "no host"),
        ("http://a\u2100b/", "no host"),  # its equivalent is a/c
        ("http://\u00fc" + "a" * 70 + "/", "no host"),
        ("http://" + "a" * 256 + "/", "no host"),
        ("1http://h/", "no scheme"),
        ("ht\u00fcp://h/", "no scheme"),
        (":moon", "colon"),
        ("://h/", "colon"),
    ],
)
def test_what_readers_could_take_for_different_urls_is_none(text, why):
    with pytest.raises(ValueError, match=why):
        parse_url(text)


def test_an_error_does_not_tell_the_password():
    with pytest.raises(ValueError, match="port") as raised:
        parse_url("http://ada:secret@h:moon/")
    assert "secret" not in str(raised.value)


def test_a_password_is_not_shown():
    parsed = parse_url("redis://ada:secret@h/0")
    assert repr(parsed) == "URL('redis://ada:***@h/0')"
    assert "secret" in str(parsed)
    assert repr(parse_url("http://ada@h/")) == "URL('http://ada@h/')"


def test_a_url_can_be_put_together():
    made = URL(scheme="HTTP", host="::1", port=80, path="/caf\u00e9", query="a=b")
    assert str(made) == "http://[::1]:80/caf%C3%A9?a=b"


@pytest.mark.parametrize(
    "parts",
    [
        {"path": "//evil.example/"},
        {"path": "a:b"},
        {"host": "h", "path": "moon"},
        {"host": "h", "port": 65536},
        {"host": "h", "port": -1},
        {"host": "a/b"},
        {"host": "h", "userinfo": "a b"},
        {"scheme": "http", "path": "/moon"},
        {"port": 80},
        {"path": "/a\r\nb"},
        {"path": "/%"},
    ],
)
def test_parts_that_make_no_url_are_refused(parts):
    with pytest.raises(ValueError, match=r"URL|host|port|path"):
        URL(**parts)


def test_delimiters_in_a_part_do_not_leave_it():
    made = URL(scheme="http", host="h", userinfo="a@b", path="/c?d#e", query="f#g")
    assert str(made) == "http://a%40b@h/c%3Fd%23e?f%23g"
    assert made.username == "a@b"


def test_a_url_does_not_change():
    with pytest.raises(AttributeError):
        parse_url("http://h/").host = "evil"


def test_a_query_field_takes_the_place_of_those_of_its_name():
    parsed = parse_url("/list?q=%20a&page=1&p%61ge=2&&sort=up")
    assert str(parsed.set_query(page=3)) == "/list?q=%20a&sort=up&page=3"
    assert str(parsed) == "/list?q=%20a&page=1&p%61ge=2&&sort=up"


def test_query_fields_may_be_several_or_none():
    parsed = parse_url("http://h/?a=1&b=2#c")
    changed = parsed.set_query({"a": None, "x y": ["1", 2, "&="]}, b=0.5)
    assert str(changed) == "http://h/?x+y=1&x+y=2&x+y=%26%3D&b=0.5#c"
    assert str(parsed.set_query(a=None, b=[])) == "http://h/#c"


def test_credentials_are_escaped():
    parsed = parse_url("http://old:one@h/").set_credentials("a:da", "p@ss%/\u263e")
    assert (parsed.username, parsed.password) == ("a:da", "p@ss%/\u263e")
    assert str(parsed) == "http://a%3Ada:p%40ss%25%2F%E2%98%BE@h/"
    assert parsed.set_credentials("ada").password is None


def test_people_read_what_is_printable():
    parsed = parse_url("http://h/caf%c3%a9%20%2F?%E2%98%BE=%ff%E2%80%AE#%C3%A9%41")
    assert parsed.decoded() == (
        "http://h/caf\u00e9%20%2F?\u263e=%FF%E2%80%AE#\u00e9%41"
    )


TEXTS = st.text(st.characters(codec="utf-8"), max_size=12)
PIECES = st.lists(
    st.sampled_from([*"/:?#@[]%&=+.a0Z-~", "%41", "%ff", "//", "::1", "\u00e9", "127"])
)


@given(
    st.one_of(TEXTS, PIECES.map("".join), PIECES.map(lambda p: "s://h" + "".join(p)))
)
@example("//[::]")
def test_a_text_is_a_url_that_stays_one_or_none(text):
    try:
        parsed = parse_url(text)
    except ValueError:
        return
    assert str(parsed).isascii()
    assert not re.search(r"[\0-\x20\x7f\\]", str(parsed))
    assert parse_url(str(parsed)) == parsed
    decoded = parse_url(parsed.decoded())
    assert str(decoded).lower() == str(parsed).lower()


@given(
    st.builds(
        dict,
        scheme=st.sampled_from(["", "http", "ftp", "moon"]),
        userinfo=st.none() | TEXTS,
        host=st.none() | st.sampled_from(["", "h", "::1", "10.0.0.1", "xn--mller-kva"]),
        port=st.none() | st.integers(0, 65535),
        path=TEXTS | TEXTS.map(lambda text: f"/{text}"),
        query=TEXTS,
        fragment=TEXTS,
    )
)
def test_what_is_put_together_comes_apart_again(parts):
    try:
        made = URL(**parts)
    except ValueError:
        return
    assert parse_url(str(made)) == made


@given(st.dictionaries(TEXTS, TEXTS, max_size=4))
def test_query_fields_come_back(fields):
    assert parse_url("http://h/?a=b").set_query(fields).queries == {"a": "b"} | fields


def test_a_worker_that_needs_no_urls_imports_nothing_for_them():
    heavy = "{'urllib.parse', 'ipaddress'}"
    code = f"import sys, guava.url; sys.exit(bool({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
