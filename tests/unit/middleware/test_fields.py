import pytest

from guava.middleware import fields
from guava.response import Response


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ([], ["Origin"]),
        (["Cookie"], ["Cookie, Origin"]),
        (["Accept", "X-Tenant"], ["Accept, X-Tenant, Origin"]),
        (["cookie, ORIGIN"], ["cookie, ORIGIN"]),
        (["Cookie", "Origin"], ["Cookie", "Origin"]),
        (["*"], ["*"]),
    ],
)
def test_vary_names_a_field_once_and_keeps_all_that_is_there(said, becomes):
    response = Response(headers=[("vary", line) for line in said])
    fields.vary(response, "Origin")
    assert [value for _, value in response.headers] == becomes


def test_names_are_in_lower_case():
    response = Response(headers=[("X-A", "1"), ("x-a", "2")])
    assert fields.names(response) == {"x-a"}
    assert fields.value(response, "x-a") == "1, 2"
    assert fields.value(response, "x-b") is None
