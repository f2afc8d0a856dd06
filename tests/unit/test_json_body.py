import datetime
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava import bodies
from guava.errors import (
    BadRequest,
    PayloadTooLarge,
    UnprocessableEntity,
    UnsupportedMediaType,
)
from guava.request import Request


class Item(msgspec.Struct):
    name: str
    price: float


class Order(msgspec.Struct):
    items: list[Item]
    day: datetime.date | None = None


@dataclass
class Point:
    x: int


def request(body, content_type="application/json"):
    fields = {} if content_type is None else {"Content-Type": content_type}
    return Request(method="POST", body=body, HEADERS=fields)


def test_json_is_decoded():
    assert request(b'{"a": [1, 2.5, null, "\xe2\x98\xbe"]}').json() == {
        "a": [1, 2.5, None, "\u263e"]
    }
    assert request(b"7").json(type=int) == request(b"7").json(int) == 7
    assert request(b'{"x": 1}').json(Point) == Point(1)


def test_a_type_is_made_of_json():
    body = b'{"items": [{"name": "lamp", "price": 7}], "day": "2026-07-01"}'
    order = request(body).json(type=Order)
    assert order == Order([Item("lamp", 7.0)], datetime.date(2026, 7, 1))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b'{"items": [{"name": "a", "price": "7"}]}', "at `$.items[0].price`"),
        (b'{"items": [{"name": "a"}]}', "required field `price` - at `$.items[0]`"),
        (b'{"items": [], "day": "moonday"}', "at `$.day`"),
        (b"[]", "Expected `object`, got `array`"),
    ],
)
def test_what_does_not_fit_its_type_says_where(body, fault):
    with pytest.raises(UnprocessableEntity) as raised:
        request(body).json(type=Order)
    assert fault in raised.value.detail


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=utf-8",
        "application/problem+json",
        " application/vnd.api+json ; a=b",
    ],
)
def test_types_of_json_are_taken(content_type):
    assert request(b"[]", content_type).json() == []


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "text/json",
        "application/jsonp",
        "json",
        "+json",
        "text/plain; application/json",
        "application/json, text/plain",
    ],
)
def test_other_types_are_not_looked_into(content_type):
    with pytest.raises(UnsupportedMediaType) as raised:
        request(b"[]", content_type).json()
    assert raised.value.headers == [("Accept", "application/json")]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{}x",
        b"{'a': 1}",
        b"NaN",
        b"[1,]",
        b"\xef\xbb\xbf[]",
        b'"\xff"',
        b'"\xc0\x80"',
        b'"\xed\xa0\x80"',
        b'"\\ud800"',
        b'"\n"',
        "[]".encode("utf-16"),
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_json_is_a_bad_request(body):
    with pytest.raises(BadRequest) as raised:
        request(body).json()
    assert "JSON" in raised.value.detail


class Tree(msgspec.Struct):
    below: list["Tree"] = []


def test_a_type_that_is_nested_is_no_way_in():
    with pytest.raises(BadRequest):
        request(b'{"below":[' * 100_000).json(type=Tree)


def test_json_may_have_so_many_bytes(monkeypatch):
    monkeypatch.setattr(bodies, "limits", bodies.limits)
    bodies.set_limits(parts=1, decoded=4)
    assert request(b"[12]").json() == [12]
    with pytest.raises(PayloadTooLarge, match="a JSON text may have 4 bytes"):
        request(b"[123]").json()


def test_what_was_decoded_is_the_callers():
    asked = request(b"[1]")
    asked.json().append(2)
    assert asked.json() == [1]
    assert asked.body == b"[1]"


def test_a_type_that_nobody_knows_is_the_applications_mistake():
    with pytest.raises(TypeError):
        request(b"[]").json(type=7)


@given(st.binary(max_size=50))
def test_any_bytes_are_json_or_a_bad_request(body):
    for wanted in (object, Order):
        try:
            request(body).json(type=wanted)
        except (BadRequest, UnprocessableEntity) as error:
            told = error.detail
            assert told


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(VALUES)
def test_what_is_encoded_comes_back(value):
    assert request(msgspec.json.encode(value)).json() == value
