"""What a client is told by an exception of application code, and what it is not."""

import json

import pytest
from http_client import request
from live import answering

from guava import errors

JSON = "Accept: application/json"


def raising(error):
    def handler(_):
        raise error

    return answering(handler)


def test_a_detail_is_told_in_the_form_that_the_client_prefers():
    with raising(errors.UnprocessableEntity("private", detail="<a> & b")) as live:
        html = live.ask(request("/"))
        data = live.ask(request("/", JSON))
    assert (html.status, data.status) == (422, 422)
    assert "<p>&lt;a&gt; &amp; b</p>" in html.text
    assert json.loads(data.text) == {
        "status": 422,
        "error": "Unprocessable Content",
        "detail": "<a> & b",
    }
    assert "private" not in html.text + data.text


def test_a_page_without_a_detail_says_nothing_of_one():
    with raising(errors.NotFound("note 7")) as live:
        assert live.ask(request("/", JSON)).text == (
            '{"status":404,"error":"Not Found"}\n'
        )


def test_a_long_detail_is_cut():
    with raising(errors.BadRequest(detail="é" * 100_000)) as live:
        detail = json.loads(live.ask(request("/", JSON)).text)["detail"]
    assert detail == "é" * 512


def test_a_detail_that_is_no_unicode_is_still_told():
    with raising(errors.BadRequest(detail="\udcff\0!")) as live:
        assert json.loads(live.ask(request("/", JSON)).text)["detail"] == "?\0!"


def test_the_fields_of_an_error_are_sent():
    error = errors.MethodNotAllowed(allow=["GET"], headers={"X-Moon": "full"})
    with raising(error) as live:
        answer = live.ask(request("/"))
    assert answer.status == 405
    assert (answer.headers["allow"], answer.headers["x-moon"]) == ("GET", "full")


def test_the_page_knows_its_own_type():
    with raising(errors.Gone(headers={"content-type": "image/png"})) as live:
        assert live.ask(request("/")).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "fields",
    [
        {"X-Moon": "full\r\nX-Evil: yes"},
        {"X Moon": "full"},
        {"Content-Length": "0"},
        {"X-Moon": 7},
        [("X-Moon",)],
    ],
)
def test_fields_that_can_not_be_sent_are_a_500_and_a_log_entry(fields):
    with raising(errors.NotFound("note 7", headers=fields)) as live:
        answer = live.ask(request("/"))
        log = live.log
    assert answer.status == 500
    assert "x-evil" not in answer.headers
    assert "NotFound: note 7" in log  # what it was, and what is wrong with it
    assert "During handling of the above exception" in log


def test_a_detail_of_another_kind_is_a_500_and_a_log_entry():
    with raising(errors.NotFound(detail=7)) as live:
        assert live.ask(request("/")).status == 500
        assert "HTTPError.detail is str or None, not int" in live.log


def test_an_error_whose_class_calls_no_init_is_its_status():
    class Eclipse(errors.HTTPError):
        status = 503

        def __init__(self):
            pass

    with raising(Eclipse()) as live:
        assert live.ask(request("/")).status == 503


class Unprintable(Exception):
    def __str__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("secret"),
        Unprintable("secret"),
        ExceptionGroup("secret", [ValueError("secret")]),
        RecursionError("secret"),
        SystemExit("secret"),
        KeyboardInterrupt("secret"),
        MemoryError("secret"),
    ],
)
def test_a_client_never_sees_a_traceback(error):
    with raising(error) as live:
        pages = [live.ask(request("/")), live.ask(request("/", JSON))]
        assert [page.status for page in pages] == [500, 500]
        assert type(error).__name__ in live.log
    for page in pages:
        whole = page.text + str(page.headers)
        for word in ("secret", "Traceback", "File", ".py", type(error).__name__):
            assert word not in whole
