from datetime import date

import pytest

from guava.response import JSONResponse, RedirectResponse, Response, StreamResponse


def test_a_response_holds_what_the_engine_reads():
    response = Response("text", 201, {"X-One": "1"}, "text/plain")
    assert response.status == 201
    assert response.body == "text"
    assert response.headers == [("X-One", "1"), ("Content-Type", "text/plain")]


def test_the_default_is_empty_and_ok():
    response = Response()
    assert (response.status, response.body, response.headers) == (200, b"", [])


def test_headers_may_be_pairs_and_come_twice():
    pairs = [("Link", "</a>"), ("Link", "</b>")]
    assert Response(headers=pairs).headers == pairs


def test_the_content_type_replaces_that_of_the_headers():
    response = Response(headers={"content-type": "a/b"}, content_type="c/d")
    assert response.headers == [("Content-Type", "c/d")]


def test_an_iterable_body_becomes_an_iterator():
    assert next(Response(["a", "b"]).body) == "a"


@pytest.mark.parametrize("status", [0, 100, 199, 600])
def test_a_status_of_no_answer_is_refused(status):
    with pytest.raises(ValueError, match=str(status)):
        Response(status=status)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("", "a"),
        ("X Y", "a"),
        ("X:", "a"),
        ("X", "a\r\nSet-Cookie: b=c"),
        ("X", "a\nb"),
        ("X", "a\0b"),
        ("X\n", "a"),
        ("Content-Length", "7"),
        ("transfer-encoding", "chunked"),
        ("Server", "mine"),
        ("Connection", "close"),
        ("Date", "today"),
    ],
)
def test_a_field_that_could_split_or_frame_the_answer_is_refused(name, value):
    with pytest.raises(ValueError, match="field"):
        Response(headers={name: value})
    with pytest.raises(ValueError, match="field"):
        Response().set_header(name, value)
    with pytest.raises(ValueError, match="field"):
        Response().add_header(name, value)


def test_set_replaces_and_add_does_not():
    response = Response()
    response.add_header("X-One", "1")
    response.add_header("x-one", "2")
    assert len(response.headers) == 2
    response.set_header("X-ONE", "3")
    assert response.headers == [("X-ONE", "3")]


def test_cookies_stand_beside_each_other():
    response = Response()
    response.set_cookie("a", "1", max_age=60)
    response.set_cookie("b", "2")
    assert [name for name, _ in response.headers] == ["Set-Cookie", "Set-Cookie"]
    assert response.headers[0][1].startswith("a=1; Max-Age=60; ")


def test_json_is_encoded_at_once():
    response = JSONResponse({"day": date(2026, 7, 1)}, 201)
    assert (response.body, response.status) == (b'{"day":"2026-07-01"}', 201)
    assert response.headers == [("Content-Type", "application/json")]
    with pytest.raises(TypeError):
        JSONResponse(object())


def test_a_redirection_asks_for_its_location_by_get():
    response = RedirectResponse("/caf\u00e9")
    assert (response.status, response.body) == (303, "")
    assert response.headers == [("Location", "/caf%C3%A9")]


def test_a_redirection_leaves_the_host_only_where_that_is_said():
    with pytest.raises(ValueError, match="another host"):
        RedirectResponse("https://other.example/")
    away = RedirectResponse("https://other.example/", 307, external=True)
    assert away.headers == [("Location", "https://other.example/")]


@pytest.mark.parametrize("status", [200, 300, 304, 305, 306, 400])
def test_a_status_that_redirects_nobody_is_refused(status):
    with pytest.raises(ValueError, match="redirection"):
        RedirectResponse("/", status)


@pytest.mark.parametrize("text", ["text", b"bytes"])
def test_a_single_text_is_no_stream(text):
    with pytest.raises(TypeError, match="iterable"):
        StreamResponse(text)


def test_a_stream_is_asked_for_nothing_until_it_is_sent():
    asked = []
    response = StreamResponse(asked.append(1) for _ in range(3))
    assert asked == []
    assert repr(response) == "<StreamResponse 200>"


def test_a_cookie_is_deleted_in_its_scope():
    response = Response()
    response.delete_cookie("a", path="/shop")
    assert response.headers == [
        ("Set-Cookie", "a=; Max-Age=0; Path=/shop; HttpOnly; SameSite=Lax")
    ]
