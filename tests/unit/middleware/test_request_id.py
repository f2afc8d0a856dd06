import logging

import pytest

from guava.middleware import RequestID
from guava.request import Request
from guava.response import Response


@pytest.fixture(autouse=True)
def _own_factory():
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


def record():
    return logging.getLogger().makeRecord("app", logging.INFO, "f", 1, "m", (), None)


def test_records_carry_the_id_of_the_request_that_runs():
    middleware, request = RequestID(), Request()
    assert record().request_id is None
    middleware.process_request(request)
    assert record().request_id == request.id == request.state["request_id"]
    response = Response()
    middleware.process_response(request, response)
    assert record().request_id is None
    assert response.headers == []


def test_a_request_that_is_gone_leaves_no_id_behind():
    request = Request()
    RequestID().process_request(request)
    del request
    assert record().request_id is None


def test_an_id_that_is_passed_on_goes_before_and_comes_back():
    middleware = RequestID("X-Correlation-ID")
    request = Request(HEADERS={"X-Correlation-ID": "checkout-42"})
    middleware.process_request(request)
    assert record().request_id == "checkout-42"
    response = Response(headers={"x-correlation-id": "7"})
    middleware.process_response(request, response)
    assert response.headers == [("X-Correlation-ID", "checkout-42")]


@pytest.mark.parametrize("sent", ["", "a b", "a\tb", "x" * 129, '"', "ä"])
def test_an_id_that_would_spoil_a_log_is_not_taken(sent):
    middleware = RequestID("X-Correlation-ID")
    request = Request(HEADERS={"X-Correlation-ID": sent})
    middleware.process_request(request)
    assert request.state["request_id"] == request.id


@pytest.mark.parametrize("header", ["", "X Trace", "Content-Length", "Date"])
def test_a_field_that_no_answer_can_have_is_refused(header):
    with pytest.raises(ValueError, match=r"header|Content-Length|Date"):
        RequestID(header)


def test_records_are_marked_once_however_many_there_are():
    RequestID()
    factory = logging.getLogRecordFactory()
    RequestID("X-Other")
    assert logging.getLogRecordFactory() is factory
