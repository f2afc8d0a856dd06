"""The status address: what the master tells of itself and its workers."""

import os
import re
import signal
from pathlib import Path

import httpx
import pytest
from http_client import Client, old_request
from prometheus_client.parser import text_string_to_metric_families
from status_client import free_port, in_background, request

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def status(make_status):
    """A guavad that serves, with two workers and a status address."""
    return make_status()


def crash(daemon, path):
    with pytest.raises(httpx.RemoteProtocolError):
        daemon.get(path)


# Health


def test_a_guavad_that_serves_is_live_and_ready(status):
    assert status.get("/live").status_code == 200
    answer = status.get("/ready")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_it_is_live_and_not_ready_while_it_starts(make_status):
    status = make_status(start=False, server={"workers": 1})
    gate = status.daemon.folder / "gate"
    os.mkfifo(gate)
    # The check imports it first and does not wait; the worker waits for the gate.
    status.daemon.write(
        "controllers/slow.py",
        "import os\n"
        "from pathlib import Path\n"
        "if Path('checked').exists():\n"
        "    open('gate').close()\n"
        "Path('checked').touch()\n",
    )
    status.daemon.launch()
    status.daemon.wait_for_log("starting generation 1", name="error.log")
    assert status.get("/live").status_code == 200
    answer = status.get("/ready")
    assert (answer.status_code, answer.text) == (
        503,
        "not ready: guavad is starting\n",
    )
    gate.open("w").close()
    status.wait_until(lambda seen: seen["ready"], "readiness")
    assert status.get("/ready").status_code == 200


def test_it_is_not_ready_while_it_stops(make_status):
    status = make_status(server={"workers": 1})
    client = in_background(lambda: status.daemon.get("/act/sleep/1.5"))
    status.daemon.wait_for_running("/act/sleep/1.5")
    status.daemon.signal(signal.SIGQUIT)
    status.daemon.wait_for_log("stopping when all")
    answer = status.get("/ready")
    assert (answer.status_code, answer.text) == (
        503,
        "not ready: guavad is stopping\n",
    )
    assert status.json()["workers"][0]["state"] == "draining"
    client.join()
    assert status.daemon.wait() == 0


def test_it_answers_and_is_not_ready_when_every_worker_is_stuck(make_status):
    status = make_status(server={"workers": 1})
    client = in_background(lambda: status.daemon.get("/act/sleep/5"))
    status.daemon.wait_for_running("/act/sleep/5")
    seen = status.wait_until(lambda seen: not seen["ready"], "a stale heartbeat")
    assert seen["unready"] == "no worker is ready and responsive"
    [worker] = seen["workers"]
    assert worker["state"] == "stuck"
    assert worker["heartbeat_age_ms"] >= 3000
    running = worker["running"]
    assert (running["method"], running["path"]) == ("GET", "/act/sleep/5")
    assert re.fullmatch("[0-9a-f]{16}", running["id"])
    assert running["age_ms"] >= 2000
    assert status.get("/live").status_code == 200
    assert status.metrics()[("guava_workers", "stuck")] == 1
    client.join()
    status.wait_until(lambda seen: seen["ready"], "readiness")


# Counters


def test_answers_are_counted_by_router_and_class(status):
    for path in ["/", "/", "/none", "/act/sleep/x"]:
        status.daemon.get(path)
    metrics = status.metrics()
    assert metrics[("guava_requests_total", "mvc /", "2xx")] == 2
    assert metrics[("guava_requests_total", "none", "4xx")] == 1
    # An argument that does not convert is the router's answer.
    assert metrics[("guava_requests_total", "mvc /", "4xx")] == 1
    assert metrics[("guava_request_duration_seconds_count",)] == 4


def test_a_static_router_is_counted_by_its_mount_point(make_status):
    status = make_status(
        routers=[
            {"type": "mvc", "package": "controllers"},
            {"type": "static", "mount_point": "/s", "directory": "."},
        ]
    )
    status.daemon.get("/s/guava.yaml")
    status.daemon.get("/")
    metrics = status.metrics()
    assert metrics[("guava_requests_total", "static /s/", "2xx")] == 1
    assert metrics[("guava_requests_total", "mvc /", "2xx")] == 1


def test_routers_beyond_the_first_32_are_counted_together(make_status):
    static = {"type": "static", "directory": "."}
    many = [{**static, "mount_point": f"/s{number}"} for number in range(35)]
    status = make_status(routers=many)
    for number in (0, 31, 32, 34):
        status.daemon.get(f"/s{number}/guava.yaml")
    metrics = status.metrics()
    assert metrics[("guava_requests_total", "static /s0/", "2xx")] == 1
    assert metrics[("guava_requests_total", "static /s31/", "2xx")] == 1
    assert metrics[("guava_requests_total", "other", "2xx")] == 2


def test_bytes_are_counted_both_ways(status):
    data = request()
    with Client(status.daemon.port) as client:
        client.ask(data)
        before = status.json()["totals"]
        client.ask(data)
        after = status.json()["totals"]
    assert after["received_bytes"] - before["received_bytes"] == len(data)
    assert after["sent_bytes"] - before["sent_bytes"] > len("Hello World!")


def test_a_large_answer_is_counted_whole(make_status):
    status = make_status(routers=[{"type": "static", "directory": "."}])
    size = 5_000_000
    status.daemon.write("large", "x" * size)
    assert len(status.daemon.get("/large").content) == size
    assert size < status.json()["totals"]["sent_bytes"] < size + 1000


def test_connections_are_counted_by_what_they_wait_for(make_status):
    status = make_status(server={"workers": 1})
    port = status.daemon.port
    body = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"
    with Client(port) as idle, Client(port, b"GET /"), Client(port, body):
        idle.ask(request())

        def is_expected(seen):
            now = seen["connections"]
            return (now["reading_head"], now["reading_body"], now["idle"]) == (1, 1, 1)

        seen = status.wait_until(is_expected, "three connections")
        assert seen["connections"]["open"] == 3
    status.wait_until(lambda seen: seen["connections"]["open"] == 0, "no connections")


def test_a_slow_answer_is_slow_in_the_histogram(status):
    status.daemon.get("/act/sleep/0.3")
    totals = status.json()["totals"]
    [[bucket, count]] = totals["latency_us"]
    assert count == 1
    assert 229_376 <= bucket <= 600_000
    metrics = status.metrics()
    assert metrics[("guava_request_duration_seconds_bucket", "0.262144")] == 0
    assert metrics[("guava_request_duration_seconds_bucket", "+Inf")] == 1
    assert metrics[("guava_request_duration_seconds_sum",)] >= 0.3


def test_counters_outlive_a_killed_worker(make_status):
    status = make_status(server={"workers": 1})
    for _ in range(3):
        status.daemon.get("/")
    crash(status.daemon, "/act/die/SIGKILL")
    status.daemon.wait_for_log("is ready", times=2)
    status.daemon.get("/")
    seen = status.json()
    assert seen["totals"]["requests"] == 4
    assert seen["workers"][0]["requests"] == 1
    assert seen["restarts"] == [{"cause": "SIGKILL", "count": 1}]


def test_restarts_are_counted_by_their_cause(make_status):
    status = make_status(server={"workers": 1}, timeouts={"request": "300ms"})
    crash(status.daemon, "/act/leave/7")
    status.daemon.wait_for_log(") is ready", times=2)
    assert status.daemon.get("/act/sleep/30").status_code == 504
    status.daemon.wait_for_log(") is ready", times=3)
    metrics = status.metrics()
    assert metrics[("guava_worker_restarts_total", "exit")] == 1
    assert metrics[("guava_worker_restarts_total", "aborted")] == 1


def test_counters_outlive_a_reload_and_its_renamed_routers(make_status):
    status = make_status()
    status.daemon.get("/")
    status.daemon.configure(
        routers=[{"type": "mvc", "mount_point": "/new", "package": "controllers"}],
        **status.sections,
    )
    assert status.daemon.run("-s", "reload").returncode == 0
    status.daemon.get("/new/")
    status.wait_until(lambda seen: len(seen["generations"]) == 1, "the old one's end")
    metrics = status.metrics()
    assert metrics[("guava_requests_total", "mvc /", "2xx")] == 1
    assert metrics[("guava_requests_total", "mvc /new/", "2xx")] == 1
    assert metrics[("guava_generation",)] == 2
    assert metrics[("guava_reloads_total", "done")] == 1


def test_a_failed_reload_is_told_with_its_reason(status):
    status.daemon.config.write_text("routers: 7\n")
    status.daemon.signal(signal.SIGHUP)
    status.daemon.wait_for_log("reload failed")
    last = status.json()["reloads"]["last"]
    assert last["done"] is False
    assert "guava.yaml:1:10" in last["message"]
    metrics = status.metrics()
    assert metrics[("guava_reloads_total", "failed")] == 1
    assert metrics[("guava_last_reload_successful",)] == 0
    assert status.get("/ready").status_code == 200


def test_the_accept_queue_is_told(make_status):
    status = make_status(server={"workers": 1, "backlog": 100})
    client = in_background(lambda: status.daemon.get("/act/sleep/2"))
    status.daemon.wait_for_running("/act/sleep/2")
    waiting = [status.daemon.raw() for _ in range(3)]
    [listener] = status.json()["listeners"]
    assert listener == {
        "address": f"127.0.0.1:{status.daemon.port}",
        "queue": 3,
        "queue_limit": 100,
    }
    client.join()
    for connection in waiting:
        connection.close()


def test_the_metrics_are_in_prometheus_format(status):
    status.daemon.get("/")
    answer = status.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    families = list(text_string_to_metric_families(answer.text))
    for family in families:
        assert family.name.startswith("guava_")
        assert family.documentation.endswith(".")
        assert family.type in ("counter", "gauge", "histogram")
    names = [family.name for family in families]
    assert len(names) == len(set(names))
    buckets = [
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == "guava_request_duration_seconds_bucket"
    ]
    assert buckets == sorted(buckets)
    assert buckets[-1] == status.metrics()[("guava_request_duration_seconds_count",)]


def test_memory_and_versions_are_told(status):
    seen = status.json()
    assert seen["version"]
    assert seen["python"].startswith("3.")
    assert seen["pid"] == status.daemon.pid
    pids = sorted(worker["pid"] for worker in seen["workers"])
    assert pids == status.daemon.worker_pids()
    assert all(worker["resident_bytes"] > 1_000_000 for worker in seen["workers"])
    assert seen["config"] == str(status.daemon.config)


# The address


def test_a_reload_may_move_it(make_status):
    status = make_status()
    with free_port() as holder:
        port = holder.getsockname()[1]
        status.daemon.configure(status={"listen": f"127.0.0.1:{port}"})
        assert status.daemon.run("-s", "reload").returncode == 0
        with pytest.raises(httpx.ConnectError):
            status.get("/live")
        status.port = port
        assert status.get("/live").status_code == 200


def test_a_reload_may_end_it(status):
    status.daemon.configure()
    assert status.daemon.run("-s", "reload").returncode == 0
    with pytest.raises(httpx.ConnectError):
        status.get("/live")


def test_an_address_in_use_fails_the_reload(status):
    with free_port() as holder:
        holder.listen()
        port = holder.getsockname()[1]
        status.daemon.configure(status={"listen": f"127.0.0.1:{port}"})
        done = status.daemon.run("-s", "reload")
        assert done.returncode == 1
        assert f"can not listen on 127.0.0.1:{port}" in done.stderr
        assert status.get("/ready").status_code == 200


def test_it_may_be_a_unix_socket(make_status):
    status = make_status(
        status={"listen": {"address": "unix:status.sock", "mode": "0600"}}
    )
    path = status.daemon.folder / "status.sock"
    assert path.stat().st_mode & 0o777 == 0o600
    transport = httpx.HTTPTransport(uds=str(path))
    with httpx.Client(transport=transport) as client:
        assert client.get("http://guavad/ready").text == "ready\n"
    done = status.daemon.run("-s", "status")
    assert done.returncode == 0
    assert "state        serving, ready" in done.stdout


def test_a_reload_may_change_the_mode_of_its_socket(make_status):
    listen = {"address": "unix:status.sock", "mode": "0600"}
    status = make_status(status={"listen": listen})
    path = status.daemon.folder / "status.sock"
    before = path.stat().st_ino
    status.daemon.configure(status={"listen": listen | {"mode": "0666"}})
    assert status.daemon.run("-s", "reload").returncode == 0
    assert path.stat().st_mode & 0o777 == 0o666
    assert path.stat().st_ino == before
    assert status.daemon.run("-s", "stop").returncode == 0
    assert not path.exists()


def test_a_kept_address_serves_through_a_reload(status):
    with Client(status.port) as client:
        assert client.ask(request("/live")).status == 200
        assert status.daemon.run("-s", "reload").returncode == 0
        assert client.ask(request("/live")).status == 200


# The protocol


def test_it_keeps_connections_and_answers_in_order(status):
    with Client(status.port) as client:
        client.send(request("/live") + request("/none") + request("/ready"))
        assert [client.read().status for _ in range(3)] == [200, 404, 200]
        head = client.ask(request("/status.json", method="HEAD"), "HEAD")
        assert head.status == 200
        assert int(head.headers["content-length"]) > 100
        assert client.ask(request("/live")).text == "live\n"


def test_an_old_client_gets_one_answer(status):
    with Client(status.port, old_request("/live")) as client:
        assert client.read().text == "live\n"
        assert client.at_end()


def test_nothing_can_be_changed_there(status):
    with Client(status.port) as client:
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            answer = client.ask(request("/live", method=method))
            assert answer.status == 405
            assert answer.headers["allow"] == "GET, HEAD"


def test_a_body_is_not_waited_for(status):
    with Client(status.port) as client:
        client.send(request("/live", "Content-Length: 999"))
        answer = client.read()
        assert (answer.status, answer.is_last) == (200, True)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"GET\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 20000, 431),
    ],
)
def test_a_bad_request_is_refused(status, data, expected):
    with Client(status.port, data) as client:
        answer = client.read()
        assert (answer.status, answer.is_last) == (expected, True)
        assert client.at_end()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", 200),
        ("localhost:99", 200),
        ("LOCALHOST", 200),
        ("[::1]:99", 200),
        ("192.0.2.1:99", 200),
        ("rebound.example", 421),
        ("localhost.example:99", 421),
        ("127.0.0.1.example", 421),
    ],
)
def test_another_site_s_name_for_a_loopback_address_is_refused(status, host, expected):
    data = f"GET /status.json HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    with Client(status.port, data) as client:
        assert client.read().status == expected


def test_answers_are_for_no_other_site(status):
    headers = status.get("/").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "access-control-allow-origin" not in headers


def test_silent_clients_hold_up_nothing(status):
    silent = [Client(status.port, b"GET /") for _ in range(100)]
    assert status.get("/ready").status_code == 200
    status.daemon.signal(signal.SIGHUP)
    status.daemon.wait_for_log("generation 2 serves")
    status.daemon.signal(signal.SIGTTIN)
    status.wait_until(lambda seen: len(seen["workers"]) >= 3, "one worker more")
    # Only so many are kept: the others have been closed by now.
    assert status.get("/ready").status_code == 200
    descriptors = os.listdir(f"/proc/{status.daemon.pid}/fd")
    assert len(descriptors) < 70
    for client in silent:
        client.socket.close()


def test_a_client_that_reads_nothing_holds_up_nothing(status):
    greedy = Client(status.port, receive_buffer=4096)
    greedy.send(request("/status.json", "Host2: a") * 200)
    for _ in range(20):
        assert status.get("/ready").status_code == 200
    status.daemon.signal(signal.SIGHUP)
    status.daemon.wait_for_log("generation 2 serves")
    greedy.socket.close()


def test_workers_do_not_hold_the_address(make_status):
    status = make_status(server={"workers": 1})
    client = in_background(lambda: status.daemon.get("/act/sleep/1"))
    status.daemon.wait_for_running("/act/sleep/1")
    status.daemon.signal(signal.SIGKILL)
    status.daemon.process.wait()
    with pytest.raises(httpx.ConnectError):
        status.get("/live")
    client.join()
    status.daemon.eventually(lambda: not status.daemon.processes(), "the end")
    status.daemon.pidfile.unlink()


# guavad -s status


def test_the_verb_prints_a_table(status):
    status.daemon.get("/")
    done = status.daemon.run("-s", "status")
    assert done.returncode == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0].startswith("guavad ")
    assert f"pid {status.daemon.pid}" in lines[0]
    assert "requests     1" in lines
    assert re.search(r"^mvc / +1 +0 +0 +0$", done.stdout, re.M)
    for pid in status.daemon.worker_pids():
        assert re.search(rf"^\d +1 +{pid} +ready ", done.stdout, re.M)


def test_the_verb_shows_what_runs(status):
    client = in_background(lambda: status.daemon.get("/act/sleep/2"))
    status.daemon.wait_for_running("/act/sleep/2")
    printed = status.daemon.run("-s", "status").stdout
    assert re.search(
        r"GET /act/sleep/2 \(request [0-9a-f]{16}, \d+ ms\)$", printed, re.M
    )
    client.join()


def test_the_verb_says_what_it_lacks(guavad):
    done = guavad.run("-s", "status")
    assert done.returncode == 1
    assert "status: {listen: 127.0.0.1:8001}" in done.stderr


def test_the_verb_says_that_nobody_answers(make_status):
    status = make_status(start=False)
    done = status.daemon.run("-s", "status")
    assert done.returncode == 1
    assert f"nobody answers on 127.0.0.1:{status.port}" in done.stderr


def test_the_manual_has_every_metric(status):
    manual = (DOCS / "status.md").read_text()
    documented = re.findall(r"^\| `(guava_\w+)` \| (\w+) \|", manual, re.M)
    assert status.daemon.run("-s", "reload").returncode == 0
    families = text_string_to_metric_families(status.get("/metrics").text)
    told = {
        family.name + "_total" * (family.type == "counter"): family.type
        for family in families
    }
    assert dict(documented) == told
    assert len(documented) == len(told)


def test_a_mold_is_shown_and_is_no_worker(make_status):
    status = make_status(server={"workers": 2, "preload": True})
    seen = status.json()
    assert [(each["number"], each["state"]) for each in seen["workers"]] == [
        (0, "mold"),
        (1, "ready"),
        (2, "ready"),
    ]
    assert [each["workers"] for each in seen["generations"]] == [2]
    assert status.metrics()[("guava_workers", "ready")] == 2


def test_recycled_workers_are_counted(make_status):
    status = make_status(server={"workers": 1}, recycle={"age": "1s"})
    status.daemon.wait_for_log("another takes its place", name="error.log")
    status.daemon.eventually(
        lambda: status.metrics().get(("guava_worker_restarts_total", "recycled")),
        "a count",
    )
