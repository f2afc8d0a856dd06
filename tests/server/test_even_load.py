"""How connections are shared out among workers."""

import os
import signal
import threading
import time

import httpx
import pytest
from http_client import Client, request
from sharing import at_once, held, one_by_one, unevenness, wake_ups

EVEN = 1.25


@pytest.fixture
def four(make_guavad):
    daemon = make_guavad(server={"workers": 4})
    daemon.start()
    return daemon


def test_400_connections_at_once_are_shared_out(four):
    for _ in range(3):
        with at_once(four.port, 400):
            counts = held(four)
        assert sum(counts.values()) == 400
        assert unevenness(counts) <= EVEN
        four.eventually(lambda: sum(held(four).values()) == 0, "closed connections")


def test_400_connections_one_by_one_are_shared_out(four):
    with one_by_one(four.port, 400):
        counts = held(four)
    assert sum(counts.values()) == 400
    assert unevenness(counts) <= EVEN


def test_a_connection_wakes_one_worker(four):
    with at_once(four.port, 40):
        pass  # every worker has had its first
    pids = four.worker_pids()
    before = sum(map(wake_ups, pids))
    started = time.monotonic()
    for _ in range(200):
        with one_by_one(four.port, 1):
            pass
    ticks = 4 * len(pids) * (time.monotonic() - started)
    woken = sum(map(wake_ups, pids)) - before - ticks
    # To accept, to answer and to close; were all woken, four more.
    assert woken / 200 < 4


def test_a_worker_that_is_held_up_is_left_alone(four):
    with Client(four.port, request("/act/sleep/5")):
        four.wait_for_running("/act/sleep/5")
        started = time.monotonic()
        with one_by_one(four.port, 150):
            taken = time.monotonic() - started
            counts = sorted(held(four).values())
    assert taken < 3
    assert counts[0] <= 2
    assert counts[-1] <= EVEN * 50


def test_a_worker_that_stands_still_keeps_nobody_waiting(four):
    with at_once(four.port, 40):
        victim = four.worker_pids()[0]
    os.kill(victim, signal.SIGSTOP)
    try:
        started = time.monotonic()
        with one_by_one(four.port, 50):
            taken = time.monotonic() - started
    finally:
        os.kill(victim, signal.SIGCONT)
    assert taken < 3


def test_a_worker_that_is_killed_takes_only_its_own_connections_along(four):
    victim = four.worker_pids()[0]
    with at_once(four.port, 100) as clients:
        own = held(four)[victim]
        os.kill(victim, signal.SIGKILL)
        lost = 0
        for client in clients:
            try:
                assert client.ask(request("/")).status == 200
            except (AssertionError, ConnectionError):
                lost += 1
        assert lost == own
    four.wait_for_log(") is ready", times=5)
    with at_once(four.port, 100):
        assert unevenness(held(four)) <= EVEN


def test_a_worker_that_has_its_share_leaves_the_rest_to_others(make_guavad):
    daemon = make_guavad(server={"workers": 1})
    daemon.start()
    with at_once(daemon.port, 100):
        daemon.signal(signal.SIGTTIN)
        daemon.wait_for_log(") is ready", times=2)
        with one_by_one(daemon.port, 60), at_once(daemon.port, 40):
            assert unevenness(held(daemon)) <= EVEN


def test_nobody_is_lost_while_generations_change(four):
    failures = []
    enough = threading.Event()

    def ask():
        while not enough.is_set():
            try:
                with at_once(four.port, 20):
                    pass
            except (AssertionError, OSError, httpx.HTTPError) as error:
                failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for generation in range(2, 6):
        four.signal(signal.SIGHUP)
        four.wait_for_log(f"generation {generation} serves")
    enough.set()
    for thread in threads:
        thread.join()
    assert failures == []
