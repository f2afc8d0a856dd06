import pytest

from guava.errors import BadRequest
from guava.middleware import MethodOverride
from guava.request import Request

HEADER = "X-HTTP-Method-Override"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def method(middleware=None, **parts):
    request = Request(**({"method": "POST"} | parts))
    (middleware or MethodOverride()).process_request(request)
    return request.method


@pytest.mark.parametrize("named", ["PUT", "PATCH", "DELETE", "delete"])
def test_a_post_stands_for_the_method_that_it_names(named):
    assert method(HEADERS={HEADER: named}) == named.upper()
    assert method(HEADERS=FORM, body=f"_method={named}".encode()) == named.upper()


def test_the_header_goes_before_the_form_which_is_not_read():
    broken = {"Content-Type": "multipart/form-data", HEADER: "PUT"}
    assert method(HEADERS=broken, body=b"malformed") == "PUT"


def test_a_post_that_names_none_stays_one():
    assert method() == "POST"
    assert method(HEADERS=FORM, body=b"method=PUT") == "POST"


@pytest.mark.parametrize("own", ["GET", "HEAD", "PUT", "OPTIONS"])
def test_only_a_post_can_stand_for_another(own):
    assert method(method=own, HEADERS={HEADER: "DELETE"}) == own


@pytest.mark.parametrize("named", ["GET", "CONNECT", "BREW", ""])
def test_for_no_other_method(named):
    with pytest.raises(BadRequest):
        method(HEADERS={HEADER: named})


def test_either_place_can_be_left_out():
    by_form, by_header = MethodOverride(header=None), MethodOverride(field=None)
    named = {HEADER: "PUT"} | FORM
    assert method(by_form, HEADERS=named, body=b"_method=PATCH") == "PATCH"
    assert method(by_header, HEADERS=FORM, body=b"_method=PATCH") == "POST"
    with pytest.raises(ValueError, match="header"):
        MethodOverride(None, None)
