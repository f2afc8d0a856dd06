import pytest

from guava.middleware import fields
from guava.response import Response


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        (None, "Origin"),
        ("Cookie", "Cookie, Origin"),
        ("cookie, ORIGIN", "cookie, ORIGIN"),
        ("*", "*"),
    ],
)
def test_vary_names_a_field_once(said, becomes):
    response = Response(headers={} if said is None else {"vary": said})
    fields.vary(response, "Origin")
    assert [value for _, value in response.headers] == [becomes]


def test_names_are_in_lower_case():
    response = Response(headers=[("X-A", "1"), ("x-a", "2")])
    assert fields.names(response) == {"x-a"}
    assert fields.value(response, "x-a") == "1"
    assert fields.value(response, "x-b") is None
