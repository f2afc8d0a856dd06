"""Headers: lower-case names, looked up in any case."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava._core import Headers, Request

NAMES = st.text(
    st.sampled_from("abcxyzABCXYZ0189!#$%&'*+-.^_`|~"), min_size=1, max_size=20
)


class Name(str):
    __slots__ = ()


def test_names_are_kept_in_lower_case():
    headers = Headers({"Content-Type": "a", "X-B": "c"})
    assert dict(headers) == {"content-type": "a", "x-b": "c"}
    assert list(headers) == ["content-type", "x-b"]
    assert isinstance(headers, dict)


@pytest.mark.parametrize("name", ["x-moon", "X-Moon", "X-MOON", Name("X-mOON")])
def test_look_ups_ignore_the_case(name):
    headers = Headers({"X-Moon": "full"})
    assert headers[name] == "full"
    assert name in headers
    assert headers.get(name) == headers.get(name, "new") == "full"
    headers[name] = "half"
    assert dict(headers) == {"x-moon": "half"}
    del headers[name]
    assert headers == {}


def test_what_is_missing_is_missing():
    headers = Headers()
    assert "X" not in headers
    assert headers.get("X") is None
    assert headers.get("X", "y") == "y"
    with pytest.raises(KeyError, match="'X'"):
        headers["X"]
    with pytest.raises(KeyError):
        del headers["X"]


def test_names_that_are_no_fields_are_just_keys():
    headers = Headers({"\u00c9": "e", "": "empty"})
    assert headers["\u00c9"] == "e"
    assert headers[""] == "empty"
    assert "\u00e9" not in headers
    assert 5 not in headers
    with pytest.raises(KeyError):
        headers[None]


def test_keys_that_can_not_be_hashed_are_refused():
    with pytest.raises(TypeError, match="unhashable"):
        [] in Headers()  # noqa: B015
    with pytest.raises(TypeError, match="unhashable"):
        Headers().get([])


@pytest.mark.parametrize("arguments", [(5,), (["X"],), ({}, {}), (None,)])
def test_headers_are_made_from_a_mapping(arguments):
    with pytest.raises((AttributeError, TypeError)):
        Headers(*arguments)


def test_a_mapping_of_ones_own_will_do():
    class Fields:
        def items(self):
            return [("X-A", "1"), ("x-a", "2")]

    class Odd:
        def items(self):
            return ["X-A"]

    assert Headers(Fields()) == {"x-a": "2"}
    with pytest.raises(TypeError, match="a pair"):
        Headers(Odd())


def test_a_subclass_has_the_same_look_ups():
    class Mine(Headers):
        @property
        def moon(self):
            return self["X-Moon"]

    assert Mine({"x-MOON": "new"}).moon == "new"


def test_a_request_has_the_same_look_ups():
    assert Request(HEADERS={"X-Moon": "new"}).HEADERS["x-MOON"] == "new"


@given(st.dictionaries(NAMES, st.text()))
def test_every_case_of_a_name_is_that_name(fields):
    headers = Headers(fields)
    assert set(headers) == {name.lower() for name in fields}
    for name in fields:
        assert headers[name.upper()] == headers[name.lower()] == headers[name]
        assert name.swapcase() in headers
