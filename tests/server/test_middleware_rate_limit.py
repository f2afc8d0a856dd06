"""RateLimit over all workers of a live guavad."""

import os
import re
import signal
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import httpx
from http_client import Client, request

ASKED = 200


def limited(make, workers=4, **options):
    limit = {"class": "guava.middleware.RateLimit", "options": options}
    router = {"type": "mvc", "package": "controllers", "middleware": [limit]}
    daemon = make(
        server={"workers": workers},
        routers=[router],
        proxy={"trusted": ["127.0.0.0/8"]},
    )
    daemon.start()
    return daemon


def statuses(daemon, times, client="192.0.2.1"):
    """Of so many requests, each on a connection of its own, some at the same time; and
    the workers that have answered."""
    asked = request("/act/pid", f"X-Forwarded-For: {client}")

    def ask(_):
        with Client(daemon.port) as connection:
            return connection.ask(asked)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(times)))
    workers = {answer.text for answer in answers if answer.status == 200}
    return Counter(answer.status for answer in answers), workers


def test_four_workers_let_exactly_as_many_through_as_one_limit_says(make_guavad):
    daemon = limited(make_guavad, rate="1/d", burst=50)
    counts, workers = statuses(daemon, ASKED)
    assert counts == {200: 50, 429: ASKED - 50}
    assert len(workers) > 1
    assert statuses(daemon, 60, "192.0.2.2")[0] == {200: 50, 429: 10}


def test_whoever_asks_too_often_is_told_when_to_ask_again(make_guavad):
    daemon = limited(make_guavad, workers=1, rate="1/d")
    assert daemon.get().headers["RateLimit"] == '"default";r=0;t=86400'
    answer = daemon.get(headers={"Accept": "application/json"})
    assert answer.status_code == 429
    assert 86300 <= int(answer.headers["Retry-After"]) <= 86400
    assert re.fullmatch(r"Ask again in \d+ s\.", answer.json()["detail"])
    assert answer.headers["RateLimit-Policy"] == '"default";q=1;w=86400'


def test_counts_outlive_a_reload_and_a_worker_that_is_killed(make_guavad):
    daemon = limited(make_guavad, workers=1, rate="1/d", burst=2)
    assert daemon.get().status_code == 200
    daemon.signal(signal.SIGHUP)
    daemon.wait_for_log("generation 2 serves")
    assert daemon.get().status_code == 200
    assert daemon.get().status_code == 429
    [pid] = daemon.worker_pids()
    os.kill(pid, signal.SIGKILL)
    daemon.eventually(lambda: daemon.worker_pids() not in ([], [pid]), "another worker")
    assert daemon.get().status_code == 429


def test_a_network_of_ipv6_is_one_client(make_guavad):
    daemon = limited(make_guavad, workers=1, rate="1/d")

    def ask(client):
        return daemon.get(headers={"X-Forwarded-For": client}).status_code

    assert [ask(f"2001:db8::{number}") for number in (1, 2)] == [200, 429]
    assert ask("2001:db8:0:1::1") == 200


def test_a_limit_of_the_whole_server_counts_what_nobody_answers_too(make_guavad):
    limit = {"class": "guava.middleware.RateLimit", "options": {"rate": "2/d"}}
    daemon = make_guavad(server={"workers": 1}, middleware=[limit])
    daemon.start()
    with httpx.Client(base_url=daemon.url("")) as client:
        asked = [client.get(path).status_code for path in ("/", "/none", "/", "/none")]
    assert asked == [200, 404, 429, 429]
