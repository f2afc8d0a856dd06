from datetime import timedelta

import pytest

from guava import errors

NAMED = [
    value
    for value in vars(errors).values()
    if isinstance(value, type)
    and issubclass(value, errors.HTTPError)
    and not value.__name__.startswith("_")
]


@pytest.mark.parametrize("kind", NAMED)
def test_every_error_is_an_http_error_with_its_status(kind):
    error = kind()
    assert isinstance(error, errors.HTTPError)
    assert f"{error.status}" in (kind.__doc__ or "") or kind is errors.HTTPError
    assert str(error)


def test_a_message_is_for_the_log():
    error = errors.NotFound("note 7")
    assert (error.status, error.message, str(error)) == (404, "note 7", "note 7")


def test_any_status_of_an_error_may_be_raised():
    assert errors.HTTPError("I am a teapot", 418).status == 418


@pytest.mark.parametrize("status", [200, 302, 399, 600])
def test_a_status_of_no_error_is_refused(status):
    with pytest.raises(ValueError, match=str(status)):
        errors.HTTPError(status=status)


def test_a_detail_stands_in_for_a_message_in_the_log():
    error = errors.UnprocessableEntity(detail="a price is a number")
    assert (error.detail, error.message) == ("a price is a number", "")
    assert str(error) == "a price is a number"


def test_header_fields_may_be_a_mapping_or_pairs():
    for given in ({"X-Moon": "full"}, [("X-Moon", "full")]):
        assert errors.HTTPError(headers=given).headers == [("X-Moon", "full")]


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (errors.MethodNotAllowed(allow=["GET", "PUT"]), ("Allow", "GET, PUT")),
        (
            errors.Unauthorized(challenge='Basic realm="staff"'),
            ("WWW-Authenticate", 'Basic realm="staff"'),
        ),
        (errors.TooManyRequests(retry_after=60), ("Retry-After", "60")),
        (errors.TooManyRequests(retry_after=0.2), ("Retry-After", "1")),
        (
            errors.ServiceUnavailable(retry_after=timedelta(minutes=2)),
            ("Retry-After", "120"),
        ),
    ],
)
def test_what_goes_with_a_status_is_a_header_field(error, field):
    assert error.headers == [field]


def test_what_goes_with_a_status_stands_beside_other_fields():
    error = errors.TooManyRequests("quota", retry_after=1, headers={"X-Quota": "9"})
    assert error.headers == [("X-Quota", "9"), ("Retry-After", "1")]
    assert errors.MethodNotAllowed().headers == []


def test_nobody_can_ask_again_in_the_past():
    with pytest.raises(ValueError, match="-1 seconds"):
        errors.TooManyRequests(retry_after=-1)


def test_the_methods_that_there_are_are_a_list():
    with pytest.raises(TypeError, match=r"such as \['GET'\]"):
        errors.MethodNotAllowed(allow="GET")
