"""Request, made by hand."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava._core import Headers, MultiDict, Request
from guava.errors import BadRequest

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ATTRIBUTES = [
    *("method", "url", "path", "raw_path", "query", "host", "scheme", "version"),
    *("client", "id", "body", "body_file", "HEADERS", "GET", "POST", "FILES"),
    *("COOKIES", "SESSION"),
]


class Text(str):
    __slots__ = ()


def test_a_request_of_nothing_asks_for_the_root():
    request = Request()
    assert (request.method, request.url, request.path) == ("GET", "/", "/")
    assert (request.raw_path, request.query, request.host) == ("/", "", "")
    assert (request.scheme, request.version) == ("http", "1.1")
    assert (request.client, request.id) == ("", "0" * 16)
    assert (request.body, request.body_file.read()) == (b"", b"")
    assert request.GET == request.POST == request.FILES == request.COOKIES == {}
    assert request.SESSION == request.HEADERS == {}
    assert request.SESSION.is_new
    assert isinstance(request.HEADERS, Headers)
    assert repr(request) == "<Request GET />"


@pytest.mark.parametrize(
    ("url", "host", "path", "query"),
    [
        ("/a%20b/c?x=1&y", "", "/a b/c", "x=1&y"),
        ("/a/./b/../c", "", "/a/c", ""),
        ("/a%2Fb", "", "/a/b", ""),
        ("/caf%C3%A9", "", "/caf\u00e9", ""),
        ("/%zz", "", "/%zz", ""),
        ("/?a?b", "", "/", "a?b"),
        ("/?", "", "/", ""),
        ("http://example.org:8080/a?b", "example.org:8080", "/a", "b"),
        ("http://[::1]?b", "[::1]", "", "b"),
        ("/login?next=http://example.org/a", "", "/login", "next=http://example.org/a"),
    ],
)
def test_a_url_is_taken_apart(url, host, path, query):
    request = Request(url)
    assert (request.url, request.host) == (url, host)
    assert (request.path, request.query) == (path, query)


def test_what_is_given_takes_the_place_of_what_the_url_says():
    request = Request(
        "http://a/b?c=d", path="/e", host="f", GET={"g": "h"}, method="PUT"
    )
    assert (request.path, request.raw_path, request.host) == ("/e", "/e", "f")
    assert (request.GET, request.query, request.method) == ({"g": "h"}, "c=d", "PUT")


def test_what_is_given_is_what_is_seen():
    cookies, session = {"c": "3"}, {}
    get, post, files = MultiDict({"a": "1"}), MultiDict({"b": "2"}), MultiDict()
    request = Request(GET=get, POST=post, COOKIES=cookies, SESSION=session, FILES=files)
    assert request.GET is get
    assert request.POST is post
    assert request.COOKIES is cookies
    assert request.SESSION is session
    assert request.FILES is files


def test_a_list_that_is_given_is_all_values_of_its_key():
    request = Request(GET={"a": ["1", "2"]}, POST={"b": "3"}, FILES={"c": [4, 5]})
    assert (request.GET, request.POST, request.FILES) == (
        {"a": "2"},
        {"b": "3"},
        {"c": 5},
    )
    assert request.GET.getlist("a") == ["1", "2"]
    assert request.POST.getlist("b") == ["3"]
    assert request.FILES.getlist("c") == [4, 5]


def test_headers_that_are_given_are_copied():
    fields = {"Host": "a"}
    request = Request(HEADERS=fields)
    fields["Host"] = "b"
    assert request.HEADERS["HOST"] == "a"


@pytest.mark.parametrize("name", ["HEADERS", "GET", "POST", "FILES", "COOKIES", "body"])
def test_what_is_decoded_is_decoded_once(name):
    request = Request("/?a=1", body=b"a=1", HEADERS={**FORM, "Cookie": "a=1"})
    assert getattr(request, name) is getattr(request, name)


def test_each_body_file_begins_at_the_start():
    request = Request(body=b"moonlight")
    first, second = request.body_file, request.body_file
    assert first.read(4) == b"moon"
    assert second.read() == b"moonlight"
    assert first.read() == b"light"


def test_forms_and_cookies_are_parsed():
    request = Request(
        method="POST", body=b"a=1&b=caf%C3%A9", HEADERS={**FORM, "Cookie": "c=d; e=f"}
    )
    assert request.POST == {"a": "1", "b": "caf\u00e9"}
    assert request.COOKIES == {"c": "d", "e": "f"}


def test_the_method_can_be_set():
    request = Request()
    request.method = "PUT"
    assert request.method == "PUT"
    for error, wrong in ((ValueError, "BREW"), (ValueError, "put"), (TypeError, 7)):
        with pytest.raises(error):
            request.method = wrong
    with pytest.raises(AttributeError):
        del request.method


def test_a_malformed_form_is_a_bad_request_each_time():
    fields = {"Content-Type": "multipart/form-data; boundary=b"}
    request = Request(method="POST", body=b"no form", HEADERS=fields)
    for name in ("POST", "FILES", "POST"):
        with pytest.raises(BadRequest):
            getattr(request, name)
    assert request.body == b"no form"


def test_the_files_of_a_form_are_there_when_its_fields_were_given():
    body = b'--b\r\nContent-Disposition: form-data; name="n"\r\n\r\nv\r\n--b--\r\n'
    fields = {"Content-Type": "multipart/form-data; boundary=b"}
    request = Request(body=body, HEADERS=fields, POST={"mine": "1"})
    assert request.FILES == {}
    assert request.POST == {"mine": "1"}


@pytest.mark.parametrize("name", [name for name in ATTRIBUTES if name != "method"])
def test_attributes_are_read_only(name):
    request = Request()
    with pytest.raises(AttributeError):
        setattr(request, name, None)
    with pytest.raises(AttributeError):
        delattr(request, name)


def test_a_request_has_no_other_attributes_and_no_subclasses():
    with pytest.raises(AttributeError):
        Request().user = "Ada"
    with pytest.raises(TypeError, match="base type"):
        type("Mine", (Request,), {})


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"url": b"/"}, TypeError),
        ({"url": None}, TypeError),
        ({"url": "/\0"}, ValueError),
        ({"url": "/\ud800"}, ValueError),
        ({"method": 5}, TypeError),
        ({"method": None}, TypeError),
        ({"body": "text"}, TypeError),
        ({"body": bytearray(b"x")}, TypeError),
        ({"HEADERS": 5}, (AttributeError, TypeError)),
        ({"nonsense": 1}, TypeError),
    ],
)
def test_what_is_no_request_is_refused(options, error):
    with pytest.raises(error):
        Request(**options)


def test_subclasses_of_text_are_text():
    request = Request(Text("/a%20b?c=d"), method=Text("PUT"), host=Text("e"))
    assert (request.path, request.GET) == ("/a b", {"c": "d"})
    assert (request.method, request.host) == ("PUT", "e")


@pytest.mark.parametrize("name", ["method", "url", "path", "query", "host", "body"])
def test_a_request_that_init_never_saw_says_so(name):
    request = Request.__new__(Request)
    with pytest.raises(RuntimeError, match="__init__"):
        getattr(request, name)


def test_what_needs_no_init_can_be_seen_without():
    request = Request.__new__(Request)
    assert (request.scheme, request.version, request.client) == ("http", "1.1", "")
    assert request.HEADERS == request.COOKIES == request.SESSION == {}
    for name in ("GET", "POST", "FILES", "body_file"):
        with pytest.raises(RuntimeError, match="__init__"):
            getattr(request, name)
    with pytest.raises(RuntimeError, match="__init__"):
        repr(request)


def test_requests_that_are_made_again_remember_nothing():
    for number in range(200):
        request = Request(f"/{number}?n={number}", COOKIES={"n": str(number)})
        assert request.GET == request.COOKIES == {"n": str(number)}
        del request
        assert Request().COOKIES == Request().GET == {}


@given(st.dictionaries(TEXT, TEXT))
def test_queries_and_forms_are_as_urllib_writes_them(pairs):
    text = urlencode(pairs)
    request = Request(f"/?{text}", body=text.encode(), HEADERS=FORM)
    assert request.GET == request.POST == pairs


@given(TEXT.filter(lambda text: "\0" not in text))
def test_paths_are_as_urllib_writes_them(text):
    request = Request(f"/={quote(text, safe='')}")
    assert request.path == f"/={text}"


@given(TEXT.filter(lambda text: "\0" not in text))
def test_any_text_is_a_url(text):
    request = Request(text)
    assert request.url == text
    assert isinstance(request.path, str)
    assert isinstance(request.GET, dict)
