"""Sessions as text: what comes back is what was stored."""

import json
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import IntEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava.session import codec

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.binary()
    | st.uuids()
    | st.dates()
    | st.datetimes()
    | st.datetimes(timezones=st.just(UTC))
)
KEYS = st.text() | st.sampled_from(["$datetime", "$dict", "$bytes", "$"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(KEYS, VALUES, max_size=4))
def test_what_was_stored_comes_back(values):
    text = codec.encode(values)
    assert codec.decode(text) == values
    assert codec.encode(codec.decode(text)) == text


@pytest.mark.parametrize(
    "value",
    [
        datetime(2026, 1, 2, 3, 4, 5, 678901),
        datetime(2026, 1, 2, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        date(2026, 1, 2),
        uuid.UUID(int=7),
        b"\x00\xff",
        True,
        1.0,
        2**70,
    ],
)
def test_a_value_keeps_its_type(value):
    found = codec.decode(codec.encode({"a": [value]}))["a"][0]
    assert (found, type(found)) == (value, type(value))


def test_subclasses_come_back_as_what_they_are_of():
    class Text(str):
        __slots__ = ()

    class Number(IntEnum):
        ONE = 1

    found = codec.decode(codec.encode({Text("a"): [Text("b"), Number.ONE]}))
    assert found == {"a": ["b", 1]}
    assert [type(value) for value in found["a"]] == [str, int]


def test_plain_values_are_plain_json():
    assert codec.encode({"user": 10, "cart": ["tea"]}) == b'{"user":10,"cart":["tea"]}'


def test_a_tuple_comes_back_as_a_list():
    assert codec.decode(codec.encode({"a": (1, (2,))})) == {"a": [1, [2]]}


@pytest.mark.parametrize(
    "values",
    [
        {"$datetime": "2026-01-01"},
        {"a": {"$bytes": "eA=="}, "at": date(2026, 1, 1)},
        {"a": {"$dict": {"$date": date(2026, 1, 1)}}},
    ],
)
def test_a_mapping_that_looks_like_a_tag_is_none(values):
    assert codec.decode(codec.encode(values)) == values


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"tags": {1, 2}}, r'SESSION\["tags"\]: a set can not be stored'),
        ({"a": [{"b": object()}]}, r'SESSION\["a"\]\[0\]\["b"\]: a object can not'),
        ({"price": Decimal("1.5")}, r'SESSION\["price"\]: a Decimal can not be stored'),
        ({"a": float("nan")}, r'SESSION\["a"\]: nan can not be stored'),
        ({"a": float("-inf")}, r'SESSION\["a"\]: -inf can not be stored'),
        ({"by_id": {1: "x"}}, r'SESSION\["by_id"\]: the key 1 can not be stored'),
        ({1: "x"}, r"SESSION: the key 1 can not be stored"),
        ({"a": "\ud800"}, r'SESSION\["a"\]: surrogates not allowed'),
    ],
)
def test_what_can_not_be_stored_is_named_with_its_place(values, message):
    with pytest.raises(TypeError, match=message):
        codec.encode(values)


def test_a_value_that_holds_itself_can_not_be_stored():
    values = {}
    values["self"] = values
    with pytest.raises(TypeError, match="nested too deep, or holds itself"):
        codec.encode(values)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[]",
        b"!",
        b'!{"a":{"$pickle":"x"}}',
        b'!{"a":{"$date":"x"}}',
        b"\xff",
    ],
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011
        codec.decode(text)


def test_the_text_is_json_behind_its_mark():
    text = codec.encode({"at": datetime(2026, 1, 1)})
    assert json.loads(text[1:]) == {"at": {"$datetime": "2026-01-01T00:00:00"}}
