"""What the benchmark reads in the output of wrk."""

import pytest

from benchmark.machine import Cpu
from benchmark.servers import Fault
from benchmark.wrk import Load, figures

GOOD = """\
Running 2s test @ http://127.0.0.1:8000/
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency   371.21us   63.07us   1.53ms   95.50%
    Req/Sec   172.90k     3.54k  176.71k    90.00%
  344123 requests in 2.00s, 51.20MB read
Requests/sec: 172061.42
Transfer/sec:     25.60MB
"""
BREAKS = "  Socket errors: connect 1, read 20, write 300, timeout 2000\n"
REFUSALS = "  Non-2xx or 3xx responses: 1000\n"
HELLO = Load("hello")
PIPELINED = Load("hello", depth=16)
CPU = Cpu(0.5, 1.5)


def test_requests_a_second_and_cpu_a_request_are_read():
    found = figures(GOOD, CPU, HELLO)
    assert found["requests_per_second"] == 172061.42
    assert found["cpu_microseconds"] == pytest.approx(2e6 / 344123)
    assert found["user_microseconds"] == pytest.approx(0.5e6 / 344123)
    assert found["failed"] == 0


def test_every_kind_of_failure_is_counted():
    found = figures(GOOD + BREAKS + REFUSALS, CPU, HELLO)
    assert found["failed"] == 3321


def test_what_was_answered_with_an_error_was_not_served():
    found = figures(GOOD + REFUSALS, CPU, HELLO)
    served = 344123 - 1000
    assert found["requests_per_second"] == pytest.approx(172061.42 * served / 344123)
    assert found["cpu_microseconds"] == pytest.approx(2e6 / served)


def test_a_close_that_was_asked_for_is_no_break():
    output = GOOD + "  Socket errors: connect 0, read 344120, write 0, timeout 0\n"
    assert figures(output, CPU, Load("hello", closes=True))["failed"] == 0
    with pytest.raises(Fault, match="344,120 breaks"):
        figures(output, CPU, HELLO)


def test_a_server_that_gives_no_answer_stalls():
    output = GOOD.replace("344123 requests", "0 requests")
    with pytest.raises(Fault, match="stalls"):
        figures(output, CPU, HELLO)


def test_a_server_that_answers_once_a_connection_and_no_more_stalls():
    output = GOOD.replace("344123 requests", "64 requests")
    with pytest.raises(Fault, match="stalls"):
        figures(output, CPU, PIPELINED)


@pytest.mark.parametrize("failed", ["4000", "344123"])
def test_a_server_of_which_too_much_fails_errs(failed):
    with pytest.raises(Fault, match=r"errs: (4,000|344,123) errors"):
        figures(GOOD + REFUSALS.replace("1000", failed), CPU, HELLO)


def test_output_of_something_else_is_not_taken_for_figures():
    with pytest.raises(RuntimeError, match="wrk printed no"):
        figures("wrk: command not found", CPU, HELLO)
