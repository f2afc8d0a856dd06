import pytest

from guava import errors

NAMED = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, errors.HTTPError)
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
