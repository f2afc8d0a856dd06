"""Parts of files (RFC 9110, section 14)."""

import re
from email.parser import BytesParser

import pytest
from http_client import request
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pattern import pattern
from static_site import MODIFIED, Site

SIZES = [0, 1, 12, 1000, 100_000]
RANGES_MAX = 16
SPEC = re.compile(r"(\d*)-(\d*)")
HUGE = 10**30


@pytest.fixture(scope="module")
def site(make_shared_guavad):
    site = Site(make_shared_guavad)
    for size in SIZES:
        site.write(f"{size}.txt", pattern(size), MODIFIED)
    site.write("large.txt", pattern(20_000_000), MODIFIED)
    return site.start()


# What a server is to do, told another way


def asked_ranges(value, size):
    """The (first, end) that are to be sent, in order; None: all of it. An empty list:
    none can be."""
    unit, equals, specs = value.partition("=")
    texts = [text.strip(" \t") for text in specs.split(",")]
    texts = [text for text in texts if text]
    if unit.lower() != "bytes" or not equals or not 0 < len(texts) <= RANGES_MAX:
        return None
    wanted = []
    for text in texts:
        found = SPEC.fullmatch(text)
        if found is None or text == "-":
            return None
        first, last = found.groups()
        if first and last and int(last) < int(first):
            return None
        if size == 0 and not first and int(last) > 0:
            return None  # the last bytes of nothing are all that there is
        start = int(first) if first else max(0, size - int(last))
        end = min(size, int(last) + 1 if first and last else size)
        if start < end:
            wanted = merge(wanted, (start, end))
    return wanted


def merge(ranges, new):
    """`ranges` with `new`: in the place of the first that it touches, with all that
    it joins to one."""
    touched = [one for one in ranges if one[0] <= new[1] and new[0] <= one[1]]
    if not touched:
        return [*ranges, new]
    joined = (
        min(first for first, _ in [*touched, new]),
        max(end for _, end in [*touched, new]),
    )
    place = ranges.index(touched[0])
    before = [one for one in ranges[:place] if one not in touched]
    after = [one for one in ranges[place:] if one not in touched]
    # What has grown may touch one that it did not; then all is merged once more.
    grown = [*before, joined, *after]
    if any(
        one != joined and one[0] <= joined[1] and joined[0] <= one[1] for one in grown
    ):
        rest = [one for one in grown if one != joined]
        return merge(rest, joined)
    return grown


def parts_of(answer):
    """The (Content-Range, body) of a multipart/byteranges answer."""
    head = f"Content-Type: {answer.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser().parsebytes(head + answer.body)
    assert message.get_content_type() == "multipart/byteranges"
    assert not message.defects
    parts = message.get_payload()
    assert {part["Content-Type"] for part in parts} == {"text/plain; charset=utf-8"}
    return [(part["Content-Range"], part.get_payload(decode=True)) for part in parts]


def named(first, end, size):
    return f"bytes {first}-{end - 1}/{size}"


def check(answer, value, size):
    content = pattern(size)
    wanted = asked_ranges(value, size)
    if wanted is None:
        assert (answer.status, answer.body) == (200, content)
        assert answer.headers["accept-ranges"] == "bytes"
    elif not wanted:
        assert answer.status == 416
        assert answer.headers["content-range"] == f"bytes */{size}"
    elif len(wanted) == 1:
        [(first, end)] = wanted
        assert (answer.status, answer.body) == (206, content[first:end])
        assert answer.headers["content-range"] == named(first, end, size)
    else:
        assert answer.status == 206
        assert "content-range" not in answer.headers
        assert parts_of(answer) == [
            (named(first, end, size), content[first:end]) for first, end in wanted
        ]


number = st.one_of(st.integers(0, 20), st.integers(0, 120_000), st.just(HUGE))
spec = st.one_of(
    st.tuples(number, number).map(lambda pair: f"{pair[0]}-{pair[1]}"),
    st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}"),
    number.map(lambda first: f"{first}-"),
    number.map(lambda length: f"-{length}"),
)
odd = st.one_of(spec, st.text("0123456789-, \tx=", max_size=6))
separator = st.sampled_from([",", ", ", " ,\t", ",,"])


@st.composite
def range_fields(draw):
    unit = draw(st.sampled_from(["bytes", "bytes", "bytes", "Bytes", "items", ""]))
    specs = draw(st.lists(draw(st.sampled_from([spec, odd])), max_size=20))
    text = f"{unit}=" + draw(separator).join(specs)
    return text.rstrip(" \t")


@settings(max_examples=400, deadline=None, derandomize=True)
@given(value=range_fields(), size=st.sampled_from(SIZES))
@example("bytes=0-0,-1", 12)
@example("bytes=5-4,5-", 12)
@example("bytes=0-,0-,0-,0-", 100_000)
@example("bytes=-0", 12)
@example("bytes=0-", 0)
@example("bytes=8-9,0-1,4-5,2-3", 12)
@example("bytes=" + ",".join(f"{n * 100}-{n * 100 + 1}" for n in range(16)), 100_000)
@example("bytes=" + ",".join(f"{n * 100}-{n * 100 + 1}" for n in range(17)), 100_000)
def test_what_is_sent_is_what_the_range_field_asks_for(site, value, size):
    with site.connect(request(f"/{size}.txt", f"Range: {value}")) as client:
        check(client.read(), value, size)


def test_a_range_is_only_of_a_get(site):
    head = site.head("/12.txt", "Range: bytes=0-1")
    assert head.status == 200
    assert head.headers["content-length"] == "12"


def test_a_range_field_that_stands_twice_is_ignored(site):
    answer = site.get("/12.txt", "Range: bytes=0-1", "Range: bytes=0-1")
    assert (answer.status, len(answer.body)) == (200, 12)


def test_parts_know_what_they_are_parts_of(site):
    whole = site.get("/12.txt")
    for value in ("bytes=0-1", "bytes=0-1,5-6"):
        part = site.get("/12.txt", f"Range: {value}")
        for name in ("etag", "last-modified", "accept-ranges"):
            assert part.headers[name] == whole.headers[name]


def test_a_boundary_is_another_each_time(site):
    kinds = {
        site.get("/12.txt", "Range: bytes=0-1,5-6").headers["content-type"]
        for _ in range(3)
    }
    assert len(kinds) == 3


def test_ranges_of_a_large_file_arrive_at_a_slow_reader(site):
    value = "bytes=15000000-19999999,0-4999999,7000000-7000000"
    fields = request("/large.txt", f"Range: {value}") + request("/12.txt")
    with site.connect(fields, receive_buffer=4096) as client:
        parts = parts_of(client.read())
        assert client.read().body == pattern(12)
    content = pattern(20_000_000)
    assert parts == [
        (named(first, end, 20_000_000), content[first:end])
        for first, end in [
            (15_000_000, 20_000_000),
            (0, 5_000_000),
            (7_000_000, 7_000_001),
        ]
    ]


def test_a_download_that_broke_off_is_taken_up_again(site):
    content = pattern(20_000_000)
    with site.connect(request("/large.txt")) as client:
        etag = client.head().headers["etag"]
        have = client._exactly(1_234_567)
    rest = site.get("/large.txt", f"Range: bytes={len(have)}-", f"If-Range: {etag}")
    assert rest.status == 206
    assert have + rest.body == content
