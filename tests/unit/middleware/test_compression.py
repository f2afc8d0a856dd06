import sys
import zlib

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from guava.events import EventStream
from guava.middleware import Compression
from guava.request import Request
from guava.response import SENT_BY_ENGINE, Response

TEXT = "The moon is full. " * 100


def decoded(coding, data):
    """As a client with a window of 8 MiB decodes."""
    if coding == "gzip":
        return zlib.decompress(data, 31)
    decoder = zstandard.ZstdDecompressor(max_window_size=8 << 20)
    return decoder.decompressobj().decompress(data)


def answer(response, accept="gzip", compression=None, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if accept is not None:
        named["Accept-Encoding"] = accept
    request = Request(method=method, HEADERS=named)
    (compression or Compression()).process_response(request, response)
    names = [name.lower() for name, _ in response.headers]
    assert len(names) == len(set(names))
    return dict(response.headers)


def text(body=TEXT, content_type="text/plain", **options):
    return Response(body, content_type=content_type, **options)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("body", [TEXT, TEXT.encode()])
def test_text_is_coded(coding, body):
    response = text(body)
    headers = answer(response, coding)
    assert headers["Content-Encoding"] == coding
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Content-Type"] == "text/plain"
    assert len(response.body) < len(TEXT) / 5
    assert decoded(coding, response.body).decode() == TEXT


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
@pytest.mark.parametrize("level", ["least", "most"])
def test_every_level_can_be_decoded(coding, level):
    number = {"least": 1, "most": {"gzip": 9, "zstd": 19}[coding]}[level]
    response = text(TEXT * 1000)
    answer(response, coding, Compression(levels={coding: number}))
    assert decoded(coding, response.body).decode() == TEXT * 1000


@pytest.mark.parametrize("accept", [None, "br", "gzip;q=0", "identity"])
def test_who_does_not_accept_it_gets_it_plain_and_caches_know(accept):
    response = text()
    assert answer(response, accept)["Vary"] == "Accept-Encoding"
    assert response.body == TEXT
    assert "Content-Encoding" not in dict(response.headers)


@pytest.mark.parametrize(
    "response",
    [
        text("short"),
        text(""),
        text(content_type="image/png"),
        text(content_type="application/octet-stream"),
        Response(TEXT),
        text(SENT_BY_ENGINE),
        text(status=206),
        text(headers={"Content-Encoding": "br"}),
        text(headers={"Accept-Ranges": "bytes"}),
        text(headers={"Content-Range": "bytes 0-1/2"}),
        text(headers={"Cache-Control": "max-age=5, no-transform"}),
    ],
)
def test_what_gains_nothing_or_must_not_change_is_left(response):
    body, headers = response.body, list(response.headers)
    answer(response)
    assert response.body == body
    assert response.headers == headers


def test_no_transform_holds_in_any_line_of_its_field():
    lines = [("Cache-Control", "public"), ("cache-control", "No-Transform")]
    response = text(headers=lines)
    Compression().process_response(
        Request(HEADERS={"Accept-Encoding": "gzip"}), response
    )
    assert response.body == TEXT


@pytest.mark.parametrize(
    ("content_type", "is_coded"),
    [
        ("TEXT/HTML; charset=utf-8", True),
        ("application/json", True),
        ("application/problem+json", True),
        ("image/svg+xml", True),
        ("application/jsonx", False),
        ("video/mp4", False),
        ("textual/html", False),
    ],
)
def test_the_type_decides(content_type, is_coded):
    headers = answer(text(content_type=content_type))
    assert ("Content-Encoding" in headers) == is_coded


def test_types_and_size_can_be_chosen():
    compression = Compression(types=["application/x-moon"], minimum=4)
    moon = {"content_type": "application/x-moon", "compression": compression}
    own = text("1234", content_type=moon["content_type"])
    assert "Content-Encoding" in answer(own, compression=compression)
    less = text("123", content_type=moon["content_type"])
    assert answer(less, compression=compression) == {
        "Content-Type": "application/x-moon"
    }
    assert "Content-Encoding" not in answer(text(), compression=compression)


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_each_chunk_of_a_stream_can_be_decoded_when_it_has_come(coding):
    asked = []

    def chunks():
        for chunk in ("event: one\n\n", b"event: two\n\n", "", "event: thr\u00e9e\n\n"):
            asked.append(chunk)
            yield chunk

    response = text(chunks())
    assert answer(response, coding)["Content-Encoding"] == coding
    decoder = (
        zlib.decompressobj(31)
        if coding == "gzip"
        else zstandard.ZstdDecompressor().decompressobj()
    )
    for expected in (
        b"event: one\n\n",
        b"event: two\n\n",
        b"",
        "event: thr\u00e9e\n\n".encode(),
    ):
        assert decoder.decompress(next(response.body)) == expected
    assert len(asked) == 4
    assert decoder.decompress(b"".join(response.body)) == b""
    assert decoder.eof
    assert list(response.body) == []


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(["gzip", "zstd"]), st.lists(st.text() | st.binary() | st.none()))
def test_whatever_is_streamed_comes_out_as_it_went_in(coding, chunks):
    plain = [c.encode() if isinstance(c, str) else c or b"" for c in chunks]
    response = text(iter(chunks))
    answer(response, coding)
    coded = [chunk or b"" for chunk in response.body]
    assert len(coded) == len(chunks) + 1
    assert decoded(coding, b"".join(coded)) == b"".join(plain)


def test_two_streams_go_on_beside_each_other():
    compression = Compression()
    one, two = (text(iter([name, TEXT, name])) for name in ("one", "two"))
    answer(one, "zstd", compression)
    answer(two, "zstd", compression)
    coded = {"one": b"", "two": b""}
    for _ in range(4):
        coded["one"] += next(one.body)
        coded["two"] += next(two.body)
        answer(text(), "zstd", compression)
    for name, data in coded.items():
        assert decoded("zstd", data).decode() == name + TEXT + name


def test_a_stream_that_nobody_reads_on_is_closed():
    closed = []

    def chunks():
        try:
            yield "one"
        finally:
            closed.append(True)

    response = text(chunks())
    answer(response)
    next(response.body)
    response.body.close()
    assert closed == [True]
    plain = text(iter(["one"]))
    answer(plain)
    plain.body.close()
    plain.body.finish()


def test_events_are_coded_and_come_to_their_end_with_the_worker():
    response = EventStream(iter(["one", None, "two"]))
    answer(response)
    decoder = zlib.decompressobj(31)
    assert decoder.decompress(next(response.body)) == b"data: one\n\n"
    assert next(response.body) is None
    response.body.finish()
    assert decoder.decompress(b"".join(response.body)) == b""
    assert decoder.eof


def test_what_a_stream_raises_comes_through():
    def chunks():
        yield "one"
        raise RuntimeError("broken by intent")

    response = text(chunks())
    answer(response)
    next(response.body)
    with pytest.raises(RuntimeError, match="by intent"):
        next(response.body)


def test_a_strong_tag_becomes_a_weak_one():
    assert answer(text(headers={"ETag": '"7"'}))["ETag"] == 'W/"7"'
    assert answer(text(headers={"ETag": 'W/"7"'}))["ETag"] == 'W/"7"'
    assert answer(text(headers={"ETag": '"7"'}), "br")["ETag"] == '"7"'


def test_an_answer_of_304_names_the_tag_that_the_client_has():
    def tag(known):
        response = Response(status=304, headers={"ETag": '"7"'})
        return answer(response, If_None_Match=known)

    assert tag('"6", W/"7"') == {"ETag": 'W/"7"', "Vary": "Accept-Encoding"}
    assert tag('"7"') == {"ETag": '"7"', "Vary": "Accept-Encoding"}


def test_an_answer_of_304_varies_as_what_it_stands_for():
    assert answer(Response(status=304), accept=None) == {"Vary": "Accept-Encoding"}


def test_without_a_module_for_zstd_there_is_gzip(monkeypatch):
    monkeypatch.setitem(sys.modules, "guava.middleware.zstd", None)
    assert answer(text(), "zstd, gzip")["Content-Encoding"] == "gzip"
    with pytest.raises(ValueError, match=r"guava\[zstd\]"):
        Compression(levels={"zstd": 3})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"levels": {}}, "levels: expected at least one"),
        ({"levels": {"br": 5}}, "levels: expected zstd or gzip, found 'br'"),
        ({"levels": {"gzip": 10}}, "levels: gzip: expected 1 to 9"),
        ({"levels": {"zstd": 20}}, "levels: zstd: expected 1 to 19"),
        ({"minimum": "1KB"}, "minimum: expected a size"),
        ({"types": ["text"]}, "types: expected a media type"),
        ({"types": ["*/*"]}, "types: expected a media type"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        Compression(**options)
