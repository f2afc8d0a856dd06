"""MultiDict: the last value by key, and all of them."""

import gc
import weakref
from urllib.parse import parse_qsl, urlencode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guava._core import MultiDict, parse_query

TEXT = st.text(st.characters(codec="utf-8"), max_size=5)


def test_the_last_value_is_the_value_and_the_list_has_all():
    query = parse_query("a=1&b=2&a=3&%61=%2b+")
    assert query == {"a": "+ ", "b": "2"}
    assert query.getlist("a") == ["1", "3", "+ "]
    assert query.getlist("b") == ["2"]
    assert query.getlist("c") == []


def test_bytes_are_a_query_too():
    assert parse_query(b"a=%ff&a=\xe2\x98\xbe").getlist("a") == ["\ufffd", "\u263e"]
    with pytest.raises(TypeError):
        parse_query(bytearray(b"a=1"))


def test_a_list_that_was_asked_for_is_the_askers():
    query = parse_query("a=1&a=2")
    query.getlist("a").append("3")
    assert query.getlist("a") == ["1", "2"]


def test_what_was_changed_is_what_is_told():
    query = parse_query("a=1&a=2&b=1&b=2")
    query["a"] = "9"
    del query["b"]
    query["c"] = "3"
    assert [query.getlist(key) for key in "abc"] == [["9"], [], ["3"]]


def test_one_can_be_made_of_lists():
    mine = [1, 2]
    made = MultiDict({"a": mine, "b": 3, "c": []})
    mine.append(4)
    assert made == {"a": 2, "b": 3}
    assert [made.getlist(key) for key in "abc"] == [[1, 2], [3], []]
    assert MultiDict() == {}
    assert MultiDict().getlist("a") == []
    with pytest.raises(AttributeError):
        MultiDict(7)


def test_it_is_a_dict_for_everybody_else():
    query = parse_query("a=1&a=2")
    assert isinstance(query, dict)
    assert msgspec.json.encode(query) == b'{"a":"2"}'
    assert (repr(query), query | {"b": "3"}) == ("{'a': '2'}", {"a": "2", "b": "3"})


def test_a_key_that_can_not_be_one_is_an_error():
    with pytest.raises(TypeError):
        parse_query("a=1").getlist([])


def test_values_that_can_not_be_compared_raise():
    class Wrong:
        def __eq__(self, other):
            raise RuntimeError("eclipse")

    made = MultiDict({"a": [Wrong(), Wrong()]})
    made["a"] = Wrong()
    with pytest.raises(RuntimeError, match="eclipse"):
        made.getlist("a")


def test_cycles_through_its_lists_are_collected():
    class Moon:
        pass

    moon = Moon()
    moon.orbit = MultiDict({"a": [moon, 1]})
    gone = weakref.ref(moon)
    del moon
    gc.collect()
    assert gone() is None


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_every_pair_of_a_query_is_there_in_order(pairs):
    query = parse_query(urlencode(pairs))
    assert dict(query) == dict(pairs)
    for key in query:
        assert query.getlist(key) == [value for name, value in pairs if name == key]


@given(st.text(st.sampled_from("ab=&%+4\u00e9;"), max_size=30))
def test_any_text_is_read_as_the_standard_library_reads_it(text):
    query = parse_query(text)
    pairs = parse_qsl(text, keep_blank_values=True)
    for key in {name for name, _ in pairs}:
        assert query.getlist(key) == [value for name, value in pairs if name == key]
    assert set(query) == {name for name, _ in pairs}
