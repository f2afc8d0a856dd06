import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava.events import Event, EventStream

LINE_ENDS = re.compile("\r\n|\r|\n")


def read(stream):
    """What a client makes of it (the HTML standard, section 9.2.6): the events that it
    dispatches, and in the end the id that it holds and the time it waits."""
    events, data, kind, last, retry = [], [], "", "", None
    for line in LINE_ENDS.split(stream.decode()):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if not line:
            if data:
                events.append(("\n".join(data), kind or "message", last))
            data, kind = [], ""
        elif name == "data":
            data.append(value)
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            last = value
        elif name == "retry" and value.isdigit():
            retry = int(value)
    return events, last, retry


@pytest.mark.parametrize(
    ("event", "encoded"),
    [
        (Event("full"), b"data: full\n\n"),
        (Event("a\nb\r\nc\rd"), b"data: a\ndata: b\ndata: c\ndata: d\n\n"),
        (Event(""), b"data: \n\n"),
        (Event(" indented"), b"data:  indented\n\n"),
        (Event({"day": date(2026, 7, 1)}), b'data: {"day":"2026-07-01"}\n\n'),
        (Event([1, None]), b"data: [1,null]\n\n"),
        (
            Event("full", "phase", 7, 2.5),
            b"event: phase\nid: 7\nretry: 2500\ndata: full\n\n",
        ),
        (Event(id=""), b"id: \n\n"),
        (Event(comment="one\ntwo"), b": one\n: two\n\n"),
        (Event(), b"\n"),
    ],
)
def test_an_event_is_lines_and_an_empty_one(event, encoded):
    assert event.encoded == encoded


@pytest.mark.parametrize(
    "fault",
    [
        {"event": "a\nb"},
        {"event": "a\r"},
        {"id": "a\ndata: b"},
        {"id": "a\0"},
        {"retry": -1},
    ],
)
def test_a_field_that_would_be_two_is_refused(fault):
    with pytest.raises(ValueError, match="can"):
        Event("data", **fault)


def test_what_is_no_json_is_refused():
    with pytest.raises(TypeError):
        Event(object())


@given(st.lists(st.tuples(st.text(), st.from_regex(r"[^\r\n]*", fullmatch=True))))
def test_a_client_reads_what_was_sent(sent):
    stream = b"".join(Event(data, kind).encoded for data, kind in sent)
    events, _, _ = read(stream)
    expected = [
        (LINE_ENDS.sub("\n", data), kind or "message", "") for data, kind in sent
    ]
    assert events == expected


def test_an_id_and_a_time_have_their_effect_without_data():
    assert read(Event(id="7", retry=3).encoded) == ([], "7", 3000)


def test_a_stream_says_what_it_is():
    response = EventStream([], headers={"X-Own": "1"})
    assert dict(response.headers) == {
        "X-Own": "1",
        "Content-Type": "text/event-stream",
        "Cache-Control": "no-store",
        "X-Accel-Buffering": "no",
    }


def test_whatever_is_yielded_becomes_an_event():
    response = EventStream(iter(["full", {"a": 1}, Event("x", "y"), None, 7]))
    assert list(response.body) == [
        b"data: full\n\n",
        b'data: {"a":1}\n\n',
        b"event: y\ndata: x\n\n",
        None,
        b"data: 7\n\n",
    ]


def test_silence_is_filled_with_comments():
    body = EventStream(iter([None, None, "full", None]), ping=1e-9).body
    assert list(body) == [b":\n\n", b":\n\n", b"data: full\n\n", b":\n\n"]


@pytest.mark.parametrize("ping", [0, -1, float("nan")])
def test_a_ping_takes_time(ping):
    with pytest.raises(ValueError, match="ping"):
        EventStream([], ping)


def test_a_stream_that_is_to_finish_asks_for_no_more():
    def source():
        try:
            yield "one"
            yield "two"
        finally:
            closed.append(True)

    closed = []
    body = EventStream(source()).body
    assert next(body) == b"data: one\n\n"
    body.finish()
    assert list(body) == []
    body.close()
    assert closed == [True]
