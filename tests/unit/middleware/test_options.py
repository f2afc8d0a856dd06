from operator import eq

import pytest

from guava.middleware import options


def test_durations_are_seconds_or_text_with_a_unit():
    assert options.seconds("age", 600) == options.seconds("age", "10m") == 600
    assert options.seconds("age", 0) == options.seconds("age", "0") == 0


def test_sizes_are_bytes_or_text_with_a_unit():
    assert options.size("least", 1024) == options.size("least", "1KiB") == 1024


def test_a_list_of_text_is_no_text():
    assert options.texts("names", ["a", "b"]) == ("a", "b")
    with pytest.raises(TypeError, match="names: expected a list"):
        options.texts("names", "ab")


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (options.text, 7),
        (options.token, 7),
        (options.tokens, "X-Key"),
        (options.texts, 7),
        (options.texts, [7]),
        (options.flag, "yes"),
        (options.flag, 1),
        (options.seconds, 1.5),
        (options.seconds, True),
        (options.size, None),
    ],
)
def test_another_type_is_refused_by_name(function, value):
    with pytest.raises(TypeError, match="name: expected"):
        function("name", value)


def test_a_function_may_be_named():
    assert options.function("verify", "operator.eq") is options.function("verify", eq)


@pytest.mark.parametrize("value", ["nowhere.verify", "operator.nowhere.verify"])
def test_a_module_that_there_is_not_is_named(value):
    with pytest.raises(ValueError, match=r"verify: there is no module .*nowhere"):
        options.function("verify", value)


@pytest.mark.parametrize(
    ("function", "value"),
    [
        (options.text, ""),
        (options.text, "a\r\nb"),
        (options.text, "ä"),
        (options.token, ""),
        (options.token, "X Key"),
        (options.tokens, ["X-Key:"]),
        (options.seconds, "10"),
        (options.seconds, -1),
        (options.size, "1KB"),
        (options.size, -1),
    ],
)
def test_another_value_is_refused_by_name(function, value):
    with pytest.raises(ValueError, match="name: expected"):
        function("name", value)
