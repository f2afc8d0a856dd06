"""split_path, parse_query and parse_cookies, beside Python's own."""

import re
from http.cookies import SimpleCookie
from urllib.parse import parse_qsl, quote, quote_plus, unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava import cookie
from guava._core import parse_cookies, parse_query, split_path

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SEGMENTS = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")).filter(
        lambda text: text not in ("", ".", "..")
    )
)
NAMES = st.text(st.sampled_from("abcXYZ019!#$%&'*+-.^_`|~"), min_size=1)
MESSY = st.text(st.sampled_from("a=&+%;2fFeE \u00e9\u20ac"))


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    ("path", "mount_point", "segments"),
    [
        ("/", "/", ()),
        ("/a", "/", ("a",)),
        ("/a/", "/", ("a",)),
        ("/a//b", "/", ("a", "", "b")),
        ("//", "/", ("",)),
        ("/m/", "/m/", ()),
        ("/m/a/b", "/m/", ("a", "b")),
        ("/m%2Da/b", "/m-a/", ("b",)),
        ("/a%2Fb/c", "/", ("a/b", "c")),
        ("/a/../b/./c", "/", ("b", "c")),
        ("/a/%2e%2E/b", "/", ("b",)),
        ("/../../a", "/", ("a",)),
        ("/a+b", "/", ("a+b",)),
        ("/caf%C3%A9", "/", ("caf\u00e9",)),
        ("/caf\u00e9", "/", ("caf\u00e9",)),
        (Text("/a"), Text("/"), ("a",)),
    ],
)
def test_a_path_is_split(path, mount_point, segments):
    assert split_path(path, mount_point) == segments


@pytest.mark.parametrize(
    ("path", "mount_point"),
    [
        ("", "/"),
        ("a", "/"),
        ("/m", "/m/"),
        ("/n/a", "/m/"),
        ("/m/../a", "/m/"),
        ("/m%2Fa", "/m/"),
        ("/%", "/"),
        ("/%4", "/"),
        ("/%zz", "/"),
        ("/%00", "/"),
        ("/%ff", "/"),
        ("/%C0%AF", "/"),
        ("/%ED%A0%80", "/"),
    ],
)
def test_what_is_not_below_the_mount_point_is_none(path, mount_point):
    assert split_path(path, mount_point) is None


@pytest.mark.parametrize("arguments", [(b"/", "/"), ("/", b"/"), ("/",), (None, "/")])
def test_paths_are_text(arguments):
    with pytest.raises(TypeError):
        split_path(*arguments)


@given(SEGMENTS)
def test_segments_survive_their_escapes(segments):
    path = "/m/" + "/".join(quote(segment, safe="") for segment in segments)
    assert split_path(path, "/m/") == tuple(segments)


@given(SEGMENTS.filter(lambda segments: not any("/" in one for one in segments)))
def test_what_needs_no_escape_needs_none(segments):
    path = "/" + "/".join(segment.replace("%", "%25") for segment in segments)
    assert split_path(path, "/") == tuple(segments)


def model_of_split(raw):
    """What split_path(raw, "/") is to return, by other means."""
    if re.search("%(?![0-9A-Fa-f]{2})|%00", raw):
        return None
    kept, ends_in_dots = [], False
    for segment in raw.split("/")[1:]:
        try:
            text = unquote_to_bytes(segment).decode()
        except UnicodeDecodeError:
            return None
        ends_in_dots = text in (".", "..")
        if text == "..":
            kept = kept[:-1]
        elif text != ".":
            kept.append(text)
    if kept and kept[-1] == "" and not ends_in_dots:
        kept.pop()
    return tuple(kept)


PIECES = st.sampled_from(
    [
        *(
            "/",
            ".",
            "a",
            "%",
            "2",
            "+",
            "\u00e4",
            "//",
            "..",
            "/..",
            "/.",
            "%2e",
            "%2E",
        ),
        *("%2f", "%2F", "%25", "%00", "%c3", "%a4", "%e2%98%be", "%ED%A0%80", "%zz"),
    ]
)


@given(st.lists(PIECES).map("".join))
def test_any_path_is_decoded_once_and_its_dots_removed_once(text):
    assert split_path("/" + text, "/") == model_of_split("/" + text)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", {}),
        ("&&", {}),
        ("a=1&a=2", {"a": "2"}),
        ("a&b=&=c", {"a": "", "b": "", "": "c"}),
        ("a=b=c", {"a": "b=c"}),
        ("a;b=c", {"a;b": "c"}),
        ("a+b=c%2Bd", {"a b": "c+d"}),
        ("a=%zz%4", {"a": "%zz%4"}),
        ("a=%00", {"a": "\0"}),
        ("a=%ff", {"a": "\ufffd"}),
        (b"a=\xff", {"a": "\ufffd"}),
        (b"a=caf\xc3\xa9", {"a": "caf\u00e9"}),
        (Text("a=1"), {"a": "1"}),
    ],
)
def test_a_query_is_parsed(text, pairs):
    assert parse_query(text) == pairs


@pytest.mark.parametrize("parse", [parse_query, parse_cookies])
@pytest.mark.parametrize("text", [None, 5, bytearray(b"a=1"), ["a=1"]])
def test_nothing_but_text_is_parsed(parse, text):
    with pytest.raises(TypeError):
        parse(text)


@pytest.mark.parametrize("parse", [parse_query, parse_cookies])
def test_half_a_character_is_no_text(parse):
    with pytest.raises(UnicodeEncodeError):
        parse("a=\ud800")


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_what_urllib_writes_is_read(pairs):
    assert parse_query(urlencode(pairs)) == dict(pairs)
    assert parse_query(urlencode(pairs, quote_via=quote)) == dict(pairs)
    assert parse_query(urlencode(pairs).encode()) == dict(pairs)


@given(TEXT | MESSY)
def test_anything_is_read_as_urllib_does(text):
    expected = dict(parse_qsl(text, keep_blank_values=True))
    assert parse_query(text) == expected
    assert parse_query(text.encode()) == expected


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ("a=1;b=2;", {"a": "1", "b": "2"}),
        ("a=1; a=2", {"a": "1"}),
        ('a="1 2"; b="', {"a": "1 2", "b": '"'}),
        (" a = 1 ;; b", {"a": "1"}),
        ("a=b=c", {"a": "b=c"}),
        ("a=%20+", {"a": "%20+"}),
        ("a=caf\u00e9", {"a": "caf\u00e9"}),
    ],
)
def test_cookies_are_parsed(text, pairs):
    assert parse_cookies(text) == pairs


def test_cookies_come_as_text():
    with pytest.raises(TypeError):
        parse_cookies(b"a=1")


@given(st.dictionaries(NAMES, TEXT.map(quote_plus)))
def test_cookies_are_read_back(pairs):
    text = "; ".join(f"{name}={value}" for name, value in pairs.items())
    assert parse_cookies(text) == pairs


VALUES = st.text(
    st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters='",;\\')
)


@given(NAMES, VALUES)
def test_a_cookie_that_was_built_comes_back(name, value):
    sent = cookie.build(name, value).partition(";")[0]
    assert parse_cookies(sent) == {name: value}


@given(st.dictionaries(st.text("abcXYZ019-_", min_size=1), VALUES, max_size=5))
def test_cookies_are_read_as_pythons_own_are(pairs):
    text = "; ".join(f"{name}={value}" for name, value in pairs.items())
    theirs = {name: morsel.value for name, morsel in SimpleCookie(text).items()}
    assert parse_cookies(text) == pairs
    assert theirs == {} or theirs.items() <= pairs.items()


@given(NAMES, st.text())
def test_a_cookie_is_built_well_formed_or_not_at_all(name, value):
    try:
        built = cookie.build(name, value)
    except ValueError:
        return
    assert re.fullmatch("[!-~ ]+", built)
    assert built.count(";") == 3
