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
ERRORS = "  Socket errors: connect 1, read 20, write 300, timeout 4000\n"
REFUSALS = "  Non-2xx or 3xx responses: 50000\n"
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
    found = figures(GOOD + ERRORS + REFUSALS, CPU, HELLO)
    assert found["failed"] == 54321


def test_a_server_that_gives_no_answer_stalls():
    output = GOOD.replace("344123 requests", "0 requests")
    with pytest.raises(Fault, match="stalls"):
        figures(output, CPU, HELLO)


def test_a_server_that_answers_once_a_connection_and_no_more_stalls():
    output = GOOD.replace("344123 requests", "64 requests")
    with pytest.raises(Fault, match="stalls"):
        figures(output, CPU, PIPELINED)


def test_a_server_that_refuses_everything_errs():
    with pytest.raises(Fault, match="errs"):
        figures(GOOD + REFUSALS.replace("50000", "344123"), CPU, HELLO)


def test_output_of_something_else_is_not_taken_for_figures():
    with pytest.raises(RuntimeError, match="wrk printed no"):
        figures("wrk: command not found", CPU, HELLO)
